"""A month of 22 hazards, counted by hand: every figure of the kind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from fengqiao.figures.computing import Value, Window, compute, rows
from fengqiao.kinds.hazard.tests.road import (
    DAY,
    HANDED_OFF,
    NOT_FIXED,
    PHOTO,
    RECEIPTED,
    TOLD,
    VERIFIED,
    Step,
    act,
    found,
    house,
    walk,
    with_place,
)
from fengqiao.matters.models import Matter
from tests.station import SmallStation

pytestmark = pytest.mark.django_db

MAY = Window(date(2022, 5, 1), date(2022, 5, 31))
START = datetime(2022, 5, 9, 2, 0, tzinfo=UTC)  # a Monday; 15 days end on 24 May
SEEN = {"seen": "逐项看过", "photos": PHOTO}
# Reported on the twentieth day, five after the deadline; verified two days later, within ten working days of it.
LATE: tuple[Step, ...] = (
    *TOLD,
    ("haiwei", "report_fixed", 20 * DAY, {"photos": PHOTO}),
    ("second", "reinspect", 22 * DAY, {"result": "fixed", **SEEN}),
)
# Verified on the fortieth day: past the ten working days (8 June), it counts no more.
TOO_LATE: tuple[Step, ...] = (
    *NOT_FIXED,
    ("haiwei", "notify", 17 * DAY, {}),
    ("haiwei", "report_fixed", 38 * DAY, {"photos": PHOTO}),
    ("second", "reinspect", 40 * DAY, {"result": "fixed", **SEEN}),
)
REFUSED: tuple[Step, ...] = (
    ("haiwei", "notify", 10, {}),
    ("haiwei", "serve", 20, {"method": "left", "place": "门口", "refusal": "称与己无关", "recorded": True}),
)
UNFOUNDED: tuple[Step, ...] = (("haiwei", "unfounded", 60, {"seen": "现场没有此情况"}),)
SPOT: tuple[Step, ...] = (("second", "reinspect", DAY, {"result": "fixed", **SEEN}),)

MONTH: tuple[tuple[int, tuple[Step, ...]], ...] = (
    (8, VERIFIED),
    (2, LATE),
    (1, TOO_LATE),
    (2, TOLD),
    (1, REFUSED),
    (2, HANDED_OFF),
    (1, RECEIPTED),
    (2, UNFOUNDED),
    (3, SPOT),
)


@pytest.fixture
def month() -> SmallStation:
    """Each at a house of its own; the two unfounded are complaints, as are the two nobody answered."""
    place = with_place()
    serial = 0
    for number, road in MONTH:
        for _one in range(number):
            walk(place, raised(place, serial, road), *road)
            serial += 1
    act(place, found(place, house(place, "P-void"), at=START), "desk", "void", 1, reason="测试录入")
    return place


def raised(place: SmallStation, serial: int, road: tuple[Step, ...]) -> Matter:
    home = house(place, f"P-{serial}", verified_at=START - timedelta(days=30))
    by_others = road in (UNFOUNDED, TOLD)
    spot = {"fixed_on_spot": True, "after_photos": PHOTO, "deadline": "0d"} if road is SPOT else {}
    source = {"source": "complaint", "who": "desk"} if by_others else {}
    return found(place, home, at=START, **spot, **source)


def figures(place: SmallStation, as_of: datetime) -> dict[str, Value]:
    return {value.slug: value for value in compute(place.actor("chief"), MAY, as_of=as_of)}


def test_every_figure_of_a_month_is_what_a_hand_counts(month: SmallStation):
    value = figures(month, datetime(2023, 6, 1, tzinfo=UTC))

    def told(slug: str) -> str:
        return value[slug].fraction

    # 22 less 2 unfounded; all their deadlines have passed, the handed-off stay in.
    # Verified in time to count: 8 + 2 + 3 on the spot; the one of the fortieth day came too late.
    assert told("rectify_rate_due") == "13/20"
    assert told("rectify_rate_on_time") == "11/20"
    assert told("handed_off_share") == "3/20"
    # First looked at again: 8 + 3 in time, the 2 reported late within three working days of the report, 4 on the
    # sixteenth day, the first working day after the deadline; 3 never.
    assert told("reinspect_on_time") == "17/20"
    assert told("refusal_rate") == "1/17"
    # One receipt of three hand-offs.
    assert told("handoff_receipt_rate") == "1/3"
    # 20 less the 2 complaints that were true.
    assert told("self_found_share") == "18/20"
    assert told("recurrence_180d") == "0/14"
    assert (value["median_age_at_finding"].value, value["median_age_at_finding"].unit) == ("30.0", "天")


def test_a_deadline_to_come_is_not_yet_in_the_denominator(month: SmallStation):
    value = figures(month, datetime(2022, 5, 20, tzinfo=UTC))

    # Only those put right on the spot had to be fixed by then.
    assert value["rectify_rate_due"].fraction == "3/3"


def test_a_number_opens_to_its_rows(month: SmallStation):
    as_of = datetime(2023, 6, 1, tzinfo=UTC)

    behind = rows(month.actor("chief"), "handed_off_share", MAY, "numerator", as_of=as_of)

    assert sorted(behind.values_list("stage", flat=True)) == ["handed_off", "handed_off", "receipted"]


def test_what_comes_back_within_half_a_year_marks_the_earlier_one():
    place = with_place()
    home = house(place)
    first = walk(place, found(place, home, at=START), *VERIFIED)
    walk(place, found(place, house(place, "P-2"), at=START), *VERIFIED)
    again = found(place, home, at=START + timedelta(days=120))
    later = START + timedelta(days=365)

    assert figures(place, later)["recurrence_180d"].fraction == "1/2"
    behind = rows(place.actor("chief"), "recurrence_180d", MAY, "numerator", as_of=later)
    assert [matter.pk for matter in behind] == [first.pk]

    act(place, again, "desk", "void", 5, reason="录错了场所")
    assert figures(place, later)["recurrence_180d"].fraction == "0/2"


def test_an_extension_by_the_chief_moves_the_deadline_that_counts():
    place = with_place()
    steps: tuple[Step, ...] = (
        *TOLD,
        ("chief", "extend", 2 * DAY, {"until": "2022-06-10", "reason": "等待定制防火门"}),
    )
    walk(place, found(place, at=START), *steps, *LATE[2:])

    value = figures(place, datetime(2023, 6, 1, tzinfo=UTC))

    assert value["rectify_rate_on_time"].fraction == "1/1"
