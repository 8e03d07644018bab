"""Communities, grids and holidays from files."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from fengqiao.ground import importing
from fengqiao.ground.importing import Standing
from fengqiao.ground.locating import locate
from fengqiao.ground.models import Community, DayRule, Grid, ImportRun, Station
from fengqiao.ground.tests.conftest import context
from fengqiao.kit.problems import BadInput, Problem

SQUARE = [[113.20, 22.70], [113.21, 22.70], [113.21, 22.71], [113.20, 22.71], [113.20, 22.70]]


def imported(station: Station, what: str, data: bytes, filename: str) -> ImportRun:
    run = importing.preview(what=what, data=data, context=context(station, filename))
    return importing.commit(run_id=run.pk, context=context(station, filename))


def feature(ring: Any = SQUARE, kind: str = "Polygon", **properties: Any) -> dict[str, Any]:
    named = {"code": "440606006016", "name": "海尾社区居委会"} | properties
    coordinates = [ring] if kind == "Polygon" else ring
    return {"type": "Feature", "properties": named, "geometry": {"type": kind, "coordinates": coordinates}}


def collection(*features: dict[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_boundaries_place_coordinates_and_a_second_time_changes_nothing(empty_station: Station):
    data = collection(feature())

    first = imported(empty_station, "communities", data, "a.geojson")
    second = imported(empty_station, "communities", data, "b.geojson")

    assert (first.ok, second.ok, second.skipped) == (1, 0, 1)
    assert locate(station_id=empty_station.pk, lon=113.205, lat=22.705).community.code == "440606006016"


def test_gcj02_boundaries_are_moved_to_wgs84(empty_station: Station):
    imported(empty_station, "communities", collection(feature(datum="gcj02")), "a.geojson")

    lon, _lat = Community.objects.get().boundary["coordinates"][0][0]
    assert abs(lon - 113.20) > 0.003


BOWTIE = [[113.20, 22.70], [113.21, 22.71], [113.21, 22.70], [113.20, 22.71], [113.20, 22.70]]
WRONG = [
    (feature(BOWTIE), "边界图形不成立"),
    (feature([113.2, 22.7], kind="Point"), "边界应为面"),
    (feature([[2, 48], [3, 48], [3, 49], [2, 48]]), "不在中国境内"),
    (feature(datum="beijing54"), "不认识的坐标系"),
    (feature(system="MCA"), "代码体系"),
    (feature(code="440606004204"), "不在本所辖区"),
    (feature(code="123"), "12 位"),
    (feature(name=""), "必填"),
    (
        {
            "type": "Feature",
            "properties": {"code": "440606006016", "name": "甲"},
            "geometry": {"type": "Polygon"},
        },
        "几何图形",
    ),
]


@pytest.mark.parametrize(("wrong", "says"), WRONG, ids=[says for _, says in WRONG])
def test_a_wrong_boundary_is_named(empty_station: Station, wrong: dict[str, Any], says: str):
    _, found = importing.trial(
        what="communities", data=collection(wrong), context=context(empty_station, "a.geojson")
    )

    assert found.verdicts[0].standing is Standing.FAILED
    assert says in found.verdicts[0].reason({})


@pytest.mark.parametrize(
    "data", [b"{", b'{"type": "Feature"}', b'{"type": "FeatureCollection"}', b"[" * 100_000]
)
def test_a_broken_file_is_refused_as_a_whole(empty_station: Station, data: bytes):
    with pytest.raises(Problem):
        importing.trial(what="communities", data=data, context=context(empty_station, "a.geojson"))


def test_a_table_of_names_keeps_the_boundaries_that_are_there(station: Station):
    data = "code,name\n440606006000,容桂街道\n440606006016,海尾新社区居委会\n440606006099,新设社区居委会\n".encode(
        "gb18030"
    )

    run = imported(station, "communities", data, "list.csv")

    assert (run.ok, run.failed, run.skipped) == (2, 0, 1)
    changed = Community.objects.get(code="440606006016")
    assert (changed.name, bool(changed.boundary)) == ("海尾新社区居委会", True)


def test_grids_hang_on_a_community_by_code_or_name(station: Station):
    data = "网格编码,网格名称,社区\nG1,甲网格,海尾\nG2,乙网格,440606006010\nG3,丙网格,天河\n".encode()

    run = imported(station, "grids", data, "grids.csv")

    assert (run.ok, run.failed) == (2, 1)
    assert Grid.objects.get(code="G1").community.name == "海尾社区居委会"


def test_holidays_become_day_rules_once(empty_station: Station):
    notice = {
        "year": 2027,
        "days": [
            {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
            {"name": "元旦", "date": "2027-01-03", "isOffDay": False},
        ],
    }
    data = json.dumps(notice).encode()

    first = imported(empty_station, "holidays", data, "2027.json")
    second = imported(empty_station, "holidays", data, "2027.json")

    assert (first.ok, second.skipped) == (2, 2)
    assert DayRule.objects.get(day=date(2027, 1, 3)).works is True


def test_a_broken_notice_is_refused(empty_station: Station):
    with pytest.raises(BadInput):
        importing.trial(what="holidays", data=b"[]", context=context(empty_station, "x.json"))
