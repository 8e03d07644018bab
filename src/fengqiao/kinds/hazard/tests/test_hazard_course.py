"""Hazards month by month, as their events tell: what stood open, what was overdue, what was seen to be put right."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from fengqiao.figures.computing import Window, breakdowns, by_part, find
from fengqiao.figures.course import course, course_rows
from fengqiao.kinds.hazard.tests.road import (
    DAY,
    NOT_FIXED,
    PHOTO,
    TOLD,
    VERIFIED,
    act,
    found,
    house,
    walk,
    with_place,
)
from fengqiao.kinds.hazard.workflow import KIND
from tests.doors import client_of
from tests.station import SmallStation

pytestmark = pytest.mark.django_db
START = datetime(2022, 5, 9, 2, 0, tzinfo=UTC)  # 15 days end on 24 May
LATER = datetime(2022, 8, 1, 2, 0, tzinfo=UTC)
MONTHS = [
    Window(date(2022, 4, 1), date(2022, 4, 30)),
    Window(date(2022, 5, 1), date(2022, 5, 31)),
    Window(date(2022, 6, 1), date(2022, 6, 30)),
]


@pytest.fixture
def place() -> SmallStation:
    """One put right in May; one overdue at its end and put right in June; one unfounded, which never counts."""
    held = with_place()
    walk(held, found(held, house(held, "P-1"), at=START), *VERIFIED)
    late = walk(held, found(held, house(held, "P-2", "shop"), at=START, item="exits_free"), *TOLD)
    act(held, late, "haiwei", "report_fixed", 30 * DAY, photos=PHOTO)
    act(held, late, "second", "reinspect", 31 * DAY, result="fixed", seen="逐项看过", photos=PHOTO)
    gone = found(held, house(held, "P-3"), at=START, source="complaint")
    act(held, gone, "haiwei", "unfounded", 60, seen="现场没有此情况", photos=PHOTO)
    return held


def told(place: SmallStation, as_of: datetime = LATER) -> list[tuple[int, int, int]]:
    return [
        (counts["open"], counts["overdue"], counts["rectified"])
        for _month, counts in course(place.actor("desk"), KIND, MONTHS, as_of=as_of)
    ]


def test_a_month_that_is_past_tells_how_it_stood_then(place: SmallStation):
    assert told(place) == [(0, 0, 0), (1, 1, 1), (0, 0, 1)]


def test_a_second_notice_moves_no_month_that_is_past(place: SmallStation):
    matter = walk(place, found(place, house(place, "P-4"), at=START), *NOT_FIXED)
    before = told(place)

    act(place, matter, "haiwei", "notify", 24 * DAY)  # 2 June, with seven days

    assert told(place) == before == [(0, 0, 0), (2, 2, 1), (1, 1, 1)]


def test_the_running_month_is_told_as_of_now(place: SmallStation):
    assert told(place, as_of=datetime(2022, 5, 10, 2, 0, tzinfo=UTC)) == [(0, 0, 0), (2, 0, 0), (2, 0, 0)]


def test_every_point_opens_to_its_rows(place: SmallStation):
    desk = place.actor("desk")

    overdue = course_rows(desk, KIND, "overdue", MONTHS[1], as_of=LATER)
    mended = course_rows(desk, KIND, "rectified", MONTHS[2], as_of=LATER)

    assert [one.premises.number for one in overdue if one.premises] == ["P-2"]
    assert list(mended) == list(overdue)


def test_a_figure_is_broken_down_by_item_and_by_kind_of_place(place: SmallStation):
    desk, parts = place.actor("desk"), breakdowns(*find("rectify_rate_due"))

    found_parts = {
        by.slug: {
            words: value.fraction
            for _key, words, value in by_part(desk, "rectify_rate_due", MONTHS[1], by, as_of=LATER)
        }
        for by in parts
    }

    assert found_parts["premises"] == {"出租屋": "1/1", "三小场所": "0/1"}
    assert found_parts["item"] == {
        "电动自行车在门厅、楼梯间、走道、安全出口或室内停放": "1/1",
        "占用、堵塞、封闭疏散通道、安全出口": "0/1",
    }


def test_the_page_draws_the_course_and_opens_a_point(place: SmallStation):
    client = client_of(place, "desk")

    page = client.get("/figures/rectify_rate_due/?from=2022-05-01&to=2022-05-31").content.decode()
    rows = client.get("/figures/hazard/course/overdue?from=2022-05-01&to=2022-05-31").content.decode()

    assert page.count("<polyline") == 3
    assert "按隐患项目" in page
    assert "/figures/hazard/course/overdue?from=2022-05-01&amp;to=2022-05-31" in page
    assert rows.count("首层楼梯间：") == 1
    assert client.get("/figures/hazard/course/nothing").status_code == 404
