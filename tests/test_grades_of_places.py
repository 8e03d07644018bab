"""The grade of a place follows from its matters as they stand: by the passing of days, and through merged doubles."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fengqiao.checks.starting import ensure_lists
from fengqiao.ground.models import Premises
from fengqiao.kinds.hazard.tests.road import DAY, PHOTO, SERVED, act, found, house, walk, with_place
from fengqiao.matters.commands.places import merge_places, part_places
from fengqiao.matters.grades import regrade
from tests.station import NOON, SmallStation

pytestmark = pytest.mark.django_db
KNOWN = {"contact_phone": "13900000000", "verified_at": NOON, "last_check_at": NOON}


@pytest.fixture
def place() -> SmallStation:
    held = with_place()
    ensure_lists(station_id=held.station.pk, at=NOON)
    return held


def night(place: SmallStation, days: int) -> None:
    """The nightly run so many days later."""
    regrade(station_id=place.station.pk, at=NOON + timedelta(days=days))


def grade(one: Premises) -> tuple[str, dict[str, int]]:
    held = Premises.objects.get(pk=one.pk)
    return held.grade, held.grade_facts


def test_two_deadlines_that_pass_turn_a_place_red_overnight_though_nobody_acts(place: SmallStation):
    one = house(place, **KNOWN)
    for item in ("wiring", "grille"):
        found(place, one, item=item, severity="minor", deadline="3d")
    assert grade(one) == ("green", {"open_minor": 2})

    night(place, 3)
    assert grade(one) == ("green", {"open_minor": 2})
    night(place, 5)
    assert grade(one) == ("red", {"open_minor": 2, "overdue": 2})


def test_a_second_deadline_is_the_one_that_counts(place: SmallStation):
    one = house(place, **KNOWN)
    hazard = found(place, one, severity="minor", deadline="15d")
    told = walk(
        place,
        hazard,
        ("haiwei", "notify", 10, {}),
        ("haiwei", "serve", 20, SERVED),
    )
    night(place, 17)
    assert grade(one)[1] == {"open_minor": 1, "overdue": 1}
    told = act(place, told, "second", "reinspect", 17 * DAY, result="not", seen="仍未改", photos=PHOTO)
    act(place, told, "haiwei", "notify", 17 * DAY + 10)

    assert grade(one)[1] == {"open_minor": 1}
    night(place, 28)
    assert grade(one)[1] == {"open_minor": 1, "overdue": 1}


def test_what_recurred_half_a_year_ago_is_forgotten_overnight(place: SmallStation):
    from fengqiao.kinds.hazard.tests.road import VERIFIED

    one = house(place, **KNOWN)
    walk(place, found(place, one), *VERIFIED)
    again = found(place, one, at=NOON + timedelta(days=40))
    act(place, again, "second", "unfounded", 10, seen="现场没有此事")
    assert grade(one)[1] == {}
    found(place, one, at=NOON + timedelta(days=41))
    assert grade(one)[1] == {"open_general": 1, "recurred_180d": 1}

    night(place, 41 + 181)
    assert grade(one)[1] == {"open_general": 1, "overdue": 1}


def test_a_double_brings_its_hazards_and_takes_them_along_again(place: SmallStation):
    one, double = house(place, **KNOWN), house(place, "P-2", **KNOWN)
    hazard = found(place, double, severity="serious")
    assert (grade(one)[0], grade(double)[0]) == ("", "red")

    merge_places(into=one, double=double, at=NOON)
    assert grade(one) == ("red", {"open_serious": 1})
    night(place, 0)
    assert grade(one) == ("red", {"open_serious": 1})
    part_places(double=Premises.objects.get(pk=double.pk), at=NOON)
    assert (grade(one), grade(double)[0]) == (("green", {}), "red")

    merge_places(into=one, double=Premises.objects.get(pk=double.pk), at=NOON)
    act(place, hazard, "second", "unfounded", 10, seen="现场没有此事")
    assert grade(one) == ("green", {})
