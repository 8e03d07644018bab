"""The official table of divisions, whole and damaged."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from fengqiao.ground.commandline import run_import
from fengqiao.ground.importing import Standing, trial
from fengqiao.ground.models import Division, Station
from fengqiao.ground.tests.conftest import context

FILES = Path(__file__).parents[5] / "shared/data/divisions"
FOSHAN = FILES / "divisions_foshan_nbs2022.csv"
shared = pytest.mark.skipif(not FOSHAN.exists(), reason="../shared/data/divisions is absent")


@shared
def test_the_whole_city_is_in_within_two_seconds_and_a_second_time_changes_nothing(empty_station: Station):
    started = time.perf_counter()
    told, code = run_import("divisions", FOSHAN, station=empty_station, json=True)
    took = time.perf_counter() - started
    again, _ = run_import("divisions", FOSHAN, station=empty_station, json=True)

    assert (code, json.loads(told)["ok"], Division.objects.count()) == (0, 865, 865)
    assert took < 2
    counts = json.loads(again)
    assert (counts["ok"], counts["failed"], counts["skipped"]) == (0, 0, 865)
    assert Division.objects.get(code="440606006010").name == "细滘社区居委会"


@shared
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_other_encodings_keep_every_character(empty_station: Station, encoding: str):
    data = FOSHAN.read_text(encoding="utf-8").encode(encoding)

    _, found = trial(what="divisions", data=data, context=context(empty_station, "foshan.csv"))

    assert (found.ok, found.failed) == (865, 0)
    assert any("滘" in verdict.summary for verdict in found.verdicts)


def judged(station: Station, *lines: str) -> list[tuple[int, Standing, str]]:
    data = "\n".join(["代码,名称,级别,上级代码", *lines]).encode()
    _, found = trial(what="divisions", data=data, context=context(station, "t.csv"))
    return [(v.number, v.standing, v.reason({})) for v in found.verdicts]


def test_the_table_is_checked_as_a_tree(empty_station: Station):
    found = judged(
        empty_station,
        "440606000000,顺德区,3,",
        "440606006000,容桂街道,4,440606000000",
        "440606006016,海尾社区居委会,4,440606006000",
        "440606009001,悬空社区居委会,5,440606009000",
        "440606006016,海尾社区居委会,5,440606004000",
        "99,坏代码,1,",
        "440606006010,细?社区居委会,5,",
    )

    standings = {number: standing for number, standing, _ in found}
    reasons = {number: reason for number, _, reason in found}
    assert standings == {n: Standing.OK if n in (2, 3) else Standing.FAILED for n in range(2, 9)}
    assert "第 5 级" in reasons[4]
    assert "440606009000 不在表中" in reasons[5]
    assert "与第 4 行重复" in reasons[6]
    assert "99" in reasons[7]
    assert "丢失的字" in reasons[8]


def test_one_code_may_mean_another_place_in_another_system(empty_station: Station):
    line = "code,name\n440606001000,{}\n"
    for system, name in (("NBS", "某街道"), ("MCA", "容桂街道")):
        path = Path(f"{system.lower()}2022.csv")
        _, found = trial(
            what="divisions", data=line.format(name).encode(), context=context(empty_station, path.name)
        )
        assert found.verdicts[0].value.system == system
