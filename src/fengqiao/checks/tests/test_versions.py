"""A list is published in versions: none is ever changed, the same content makes none, each can be read for ever."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, transaction

from fengqiao.checks.commands import amend_list, create_list, publish, restore_list, retire_list
from fengqiao.checks.models import Checklist, ChecklistVersion
from fengqiao.checks.queries import all_lists, current, current_for, sheet_of
from fengqiao.checks.starting import defaults, ensure_lists
from fengqiao.kit.problems import BadInput, NotFound
from fengqiao.kit.sheets import Sheet
from fengqiao.store.scope import say
from tests.station import NOON, SmallStation, small_station

pytestmark = pytest.mark.django_db
FIRST = Sheet.from_json([{"code": "exit", "says": "出口畅通", "good": ["yes"]}])
SECOND = Sheet.from_json([{"code": "exit", "says": "安全出口畅通", "good": ["yes"]}])


@pytest.fixture
def rental(place: SmallStation) -> Checklist:
    return create_list(station_id=place.station.pk, slug="rental", name="出租屋", kinds=["rental_house"])


def test_each_content_is_a_version_and_the_last_one_is_in_force(rental: Checklist, place: SmallStation):
    one = publish(checklist=rental, sheet=FIRST, at=NOON)
    again = publish(checklist=rental, sheet=FIRST, at=NOON)
    two = publish(checklist=rental, sheet=SECOND, at=NOON, by=place.people["chief"].pk, note="改了说法")

    assert (one.number, again.pk, two.number) == (1, one.pk, 2)
    assert current_for("rental_house") == two
    assert (sheet_of(one.pk), sheet_of(two.pk)) == (FIRST, SECOND)


def test_going_back_to_an_earlier_content_is_a_version_too(rental: Checklist):
    for sheet in (FIRST, SECOND, FIRST):
        last = publish(checklist=rental, sheet=sheet, at=NOON)

    assert (last.number, last.digest) == (3, FIRST.digest)


@pytest.mark.parametrize("how", ["update", "delete"])
def test_the_database_refuses_to_change_a_published_version(rental: Checklist, how: str):
    publish(checklist=rental, sheet=FIRST, at=NOON)
    versions = ChecklistVersion.objects.filter(number=1)

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        _ = versions.update(items=[]) if how == "update" else versions.delete()

    assert versions.get().items == FIRST.to_json()


def test_a_kind_of_place_has_one_regular_list(rental: Checklist, place: SmallStation):
    with pytest.raises(BadInput, match="出租屋已在用《出租屋》"):
        create_list(station_id=place.station.pk, slug="other", name="另一份", kinds=["rental_house"])

    amend_list(checklist=rental, name="出租屋", kinds=["shop"])
    other = create_list(station_id=place.station.pk, slug="other", name="另一份", kinds=["rental_house"])

    assert other.premises_kinds == ["rental_house"]


def test_a_retired_list_is_used_for_nothing_new_and_can_still_be_read(rental: Checklist, place: SmallStation):
    version = publish(checklist=rental, sheet=FIRST, at=NOON)
    retire_list(checklist=rental, at=NOON)

    assert current_for("rental_house") is None
    assert sheet_of(version.pk) == FIRST
    with pytest.raises(BadInput, match="已停用"):
        publish(checklist=rental, sheet=SECOND, at=NOON)

    create_list(station_id=place.station.pk, slug="new", name="新的一份", kinds=["rental_house"])
    with pytest.raises(BadInput, match="《新的一份》"):
        restore_list(checklist=rental)


def test_another_station_has_none_of_it(rental: Checklist, place: SmallStation):
    version = publish(checklist=rental, sheet=FIRST, at=NOON)
    small_station("别的所")

    assert (Checklist.objects.count(), current_for("rental_house")) == (0, None)
    with pytest.raises(NotFound):
        sheet_of(version.pk)
    say(station=place.station.pk)
    assert Checklist.objects.count() == 1


def test_a_station_starts_with_its_lists_and_keeps_what_it_made_of_them(place: SmallStation):
    made = ensure_lists(station_id=place.station.pk, at=NOON)
    rental = Checklist.objects.get(slug="rental-house")
    publish(checklist=rental, sheet=FIRST, at=NOON)

    assert made == ["charging-place", "rental-equipment", "rental-house", "small-shop", "units"]
    assert ensure_lists(station_id=place.station.pk, at=NOON) == []
    assert sheet_of(current_for("rental_house").pk) == FIRST
    assert current_for("shop").number == 1


def test_a_list_of_the_stations_own_keeps_its_kind_of_place(rental: Checklist, place: SmallStation):
    ensure_lists(station_id=place.station.pk, at=NOON)

    assert Checklist.objects.get(slug="rental-house").premises_kinds == []


@pytest.mark.parametrize("slug", [one.slug for one in defaults()])
def test_every_hazard_of_the_starting_lists_says_its_deadline_and_what_to_do(slug: str):
    sheet = next(one.sheet for one in defaults() if one.slug == slug)

    silent = [item.code for item in sheet if item.seeks and not (item.span and item.advice)]

    assert silent == []
    assert len(sheet) >= 14


def test_the_lists_and_their_versions_are_read_in_two_round_trips(
    place: SmallStation, django_assert_num_queries
):
    ensure_lists(station_id=place.station.pk, at=NOON)

    with django_assert_num_queries(2):
        listed = [(one.checklist.slug, one.version and one.version.number) for one in all_lists()]

    assert listed == [
        ("charging-place", 1),
        ("rental-equipment", 1),
        ("rental-house", 1),
        ("small-shop", 1),
        ("units", 1),
    ]


def test_a_list_without_a_version_has_none_in_force(rental: Checklist):
    assert current(rental) is None
    assert [one.version for one in all_lists()] == [None]
