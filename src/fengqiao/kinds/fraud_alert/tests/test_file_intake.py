"""Alerts that come as a file: judged row by row, taken in once, refused with the reason."""

from __future__ import annotations

import pytest

from fengqiao.ground import importing
from fengqiao.ground.importing import Context
from fengqiao.kit.tables import write_xlsx
from fengqiao.matters.models import Matter
from tests.station import NOON, SmallStation, small_station

pytestmark = pytest.mark.django_db

HEADERS = ["预警编号", "预警等级", "诈骗类型", "收到时间", "事主姓名", "事主电话", "地址", "社区"]
GOOD = [
    "FZ-1",
    "高",
    "冒充客服",
    "2022-05-10 11:50",
    "事主甲",
    "13900000001",
    "海尾大道 12 号",
    "440606006016",
]


@pytest.fixture
def place() -> SmallStation:
    return small_station()


def taken(place: SmallStation, *rows: list[str]) -> list[tuple[str, str]]:
    """The verdicts of a file with these rows; the good ones are written."""
    context = Context(station=place.station, at=NOON, filename="alerts.xlsx", by=place.actor("desk"))
    run = importing.preview(what="alerts", data=write_xlsx({"预警": [HEADERS, *rows]}), context=context)
    verdicts = importing.report(run).verdicts
    importing.commit(run_id=run.pk, context=context)
    headers = importing.importer("alerts").headers
    return [(str(v.standing), v.reason(headers)) for v in verdicts]


def changed(**cells: str) -> list[str]:
    return [cells.get(header, value) for header, value in zip(HEADERS, GOOD, strict=True)]


def test_good_rows_are_taken_in_and_a_second_run_changes_nothing(place: SmallStation):
    first = taken(place, GOOD, changed(预警编号="FZ-2", 预警等级="critical"))
    again = taken(place, GOOD)

    assert first == [("ok", "新增"), ("ok", "新增")]
    assert again == [("skipped", "已登记，内容相同")]
    levels = Matter.objects.order_by("reference").values_list("reference", "level", "holder__name")
    assert list(levels) == [("FZ-1", "high", "海尾社区警长"), ("FZ-2", "critical", "海尾社区警长")]


def test_every_fault_is_named_and_nothing_of_the_row_is_written(place: SmallStation):
    taken(place, GOOD)

    told = taken(
        place,
        changed(预警编号="FZ-3", 预警等级="极高"),
        changed(预警编号="FZ-4", 社区="440606009999"),
        changed(预警编号="FZ-5", 收到时间="昨天"),
        changed(预警编号="FZ-6", 事主电话="电话"),
        changed(诈骗类型="另一种"),
    )

    assert [standing for standing, _ in told] == ["failed"] * 5
    assert "预警等级：不在可选范围内" in told[0][1]
    assert told[1][1].startswith("社区：")
    assert "时间格式不对" in told[2][1]
    assert told[3][1].startswith("事主电话：")
    assert "已登记，内容不同" in told[4][1]
    assert Matter.objects.count() == 1


def test_one_reference_twice_in_a_file_is_taken_once(place: SmallStation):
    told = taken(place, GOOD, GOOD, changed(预警等级="低"))

    assert told == [
        ("ok", "新增"),
        ("skipped", "与第 2 行相同"),
        ("failed", "预警编号：与第 2 行编号相同，内容不同"),
    ]
    assert Matter.objects.count() == 1
