"""A place is due, somebody knocks, the list is answered: what comes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from fengqiao.checks.queries import sheet_of
from fengqiao.evidence.models import Photo
from fengqiao.ground.models import Premises
from fengqiao.kinds.inspection.commands import sheet_for
from fengqiao.kinds.inspection.models import Inspection
from fengqiao.kinds.inspection.tests.rounds import DAY, due, fine, inspect, premises
from fengqiao.kit.problems import BadInput
from fengqiao.matters.commands import perform, raise_owed
from fengqiao.matters.commands.places import merge_places
from fengqiao.matters.models import Clock, Event, Matter
from fengqiao.people.roles import Role
from tests.answering import a_photo
from tests.station import NOON, SmallStation, person

pytestmark = pytest.mark.django_db


def test_a_place_whose_day_comes_near_gets_one_check_with_its_clock_and_its_officer(
    place: SmallStation, house: Premises
):
    premises(place, "P-2", check_due=localdate(NOON) + 40 * DAY)
    assert raise_owed(station_id=place.station.pk, at=NOON) == 1
    assert raise_owed(station_id=place.station.pk, at=NOON + DAY) == 0

    matter = Matter.objects.get(kind="inspection")
    assert (matter.premises, matter.community, matter.holder) == (house, place.haiwei, place.people["haiwei"])
    clock = Clock.objects.get(matter=matter)
    assert localdate(clock.due_at) == localdate(NOON) + 4 * DAY  # the end of the last day
    assert Inspection.objects.get(pk=matter.pk).version is not None


def test_a_clean_check_is_a_result_and_no_hazard_and_moves_the_place_on(place: SmallStation, house: Premises):
    matter = due(place)
    done = inspect(place, matter, fine(matter))

    assert (done.stage, done.outcome) == ("clean", "clean")
    assert not Matter.objects.filter(kind="hazard").exists()
    house.refresh_from_db()
    assert (house.last_check_at, house.e_bikes) == (NOON, False)
    assert house.check_due is not None
    assert house.check_due > localdate(NOON)


def test_what_becomes_a_hazard_has_its_photo_also_where_the_list_does_not_say_so(
    place: SmallStation, house: Premises
):
    matter = due(place)
    version = Inspection.objects.get(pk=matter.pk).version_id
    assert version is not None
    assert not sheet_of(version).by_code["gas_hose"].photo_needed
    gas = {"gas": ["bottle"], "gas_hose": "no"}

    with pytest.raises(BadInput) as bare:
        inspect(place, matter, fine(matter, **gas))
    done = inspect(place, matter, fine(matter, a_photo(place), **gas))

    assert [(e.field, e.says) for e in bare.value.errors] == [
        ("given.answers.gas_hose.photos", "发现隐患须拍照")
    ]
    assert done.stage == "found"
    assert Photo.objects.filter(subject=matter.pk).count() == 1


def test_each_finding_becomes_a_hazard_of_its_own_and_the_place_turns_red(
    place: SmallStation, house: Premises
):
    matter = due(place)
    done = inspect(
        place,
        matter,
        fine(
            matter,
            a_photo(place),
            exits_free="no",
            extinguishers=1,
            wiring="no",
            has_ebike="yes",
            charging_place="none",
        ),
    )

    hazards = Matter.objects.filter(kind="hazard").order_by("hazard__item")
    assert done.stage == "found"
    assert set(hazards.values_list("hazard__item", flat=True)) == {
        "charging_place",
        "exits_free",
        "extinguishers",
        "wiring",
    }
    assert all(
        h.parent_id == matter.pk and h.premises == house and h.holder == place.people["haiwei"]
        for h in hazards
    )
    assert hazards.get(hazard__item="exits_free").level == "serious"
    house.refresh_from_db()
    assert (house.grade, house.e_bikes, house.separated) == ("red", True, True)
    assert "严重隐患未整改" in house.grade_why


def test_what_is_being_mended_already_is_counted_and_not_raised_again(place: SmallStation, house: Premises):
    first = due(place)
    inspect(place, first, fine(first, a_photo(place), wiring="no"))
    Premises.objects.filter(pk=house.pk).update(check_due=localdate(NOON) + 2 * DAY)
    second = due(place)
    answers = fine(second, a_photo(place), wiring="no", exits_free="no")
    inspect(place, second, answers, at=NOON + DAY, key="k2")

    detail = Inspection.objects.get(pk=second.pk)
    assert (detail.found, detail.known) == (1, 1)
    assert Matter.objects.filter(kind="hazard").count() == 2


def test_the_same_check_sent_twice_finds_everything_once(place: SmallStation, house: Premises):
    matter = due(place)
    answers = fine(matter, a_photo(place), wiring="no")
    inspect(place, matter, answers)
    inspect(place, matter, answers)
    assert Matter.objects.filter(kind="hazard").count() == 1
    assert Event.objects.filter(matter=matter, act="inspect").count() == 1


def test_wrong_and_missing_answers_are_named_and_nothing_is_written(place: SmallStation, house: Premises):
    matter = due(place)
    answers = fine(matter) | {"extinguishers": {"value": -3}, "unheard_of": {"value": "yes"}}
    del answers["exits_free"]
    with pytest.raises(BadInput) as refused:
        inspect(place, matter, answers)
    assert {error.field for error in refused.value.errors} == {
        "given.answers.extinguishers",
        "given.answers.unheard_of",
        "given.answers.exits_free",
    }
    assert Matter.objects.get(pk=matter.pk).stage == "due"


def test_a_refused_signature_needs_a_witness_and_a_unit_two_officers(place: SmallStation):
    place.people["second"] = person(place.station, "海尾民警", Role.OFFICER, place.haiwei)
    premises(place, "S-1", kind="shop", check_due=localdate(NOON))
    premises(place, "E-1", kind="enterprise", check_due=localdate(NOON))
    raise_owed(station_id=place.station.pk, at=NOON)
    shop = Matter.objects.get(kind="inspection", premises__number="S-1")
    unit = Matter.objects.get(kind="inspection", premises__number="E-1")

    with pytest.raises(BadInput) as unsigned:
        inspect(place, shop, fine(shop), refused_signature=None, witness=None)
    with pytest.raises(BadInput) as alone:
        inspect(place, unit, fine(unit))
    assert unsigned.value.errors[0].field == "given.signature"
    assert alone.value.errors[0].field == "given.second_officer"
    assert inspect(place, unit, fine(unit), second_officer=place.people["second"].pk).stage in (
        "clean",
        "found",
    )


def test_a_fifth_knock_in_a_month_needs_a_written_reason(place: SmallStation, house: Premises):
    matter = due(place)
    for count in range(4):
        perform(
            matter_id=matter.pk,
            act="nobody_in",
            given={"left_notice": True},
            by=place.actor("haiwei"),
            at=NOON + count * DAY,
            key=f"knock-{count}",
        )
    later = NOON + 4 * DAY
    with pytest.raises(BadInput) as refused:
        inspect(place, matter, fine(matter), at=later)
    assert refused.value.errors[0].field == "given.knock_reason"
    assert "4 次" in refused.value.errors[0].says
    done = inspect(place, matter, fine(matter), at=later, knock_reason="房东约定今天在家")
    assert done.stage == "clean"
    assert Inspection.objects.get(pk=matter.pk).knock_reason == "房东约定今天在家"


def test_several_duties_at_one_door_on_one_day_are_one_knock(place: SmallStation, house: Premises):
    from fengqiao.matters.knocks import knocks

    matter = due(place)
    perform(
        matter_id=matter.pk,
        act="nobody_in",
        given={"left_notice": False},
        by=place.actor("haiwei"),
        at=NOON,
        key="a",
    )
    inspect(place, matter, fine(matter), at=NOON + timedelta(hours=3))
    assert len(knocks(house.pk, at=NOON + DAY)) == 1


def test_what_does_not_change_is_shown_and_not_asked_again(place: SmallStation, house: Premises):
    first = due(place)
    inspect(place, first, fine(first))
    Premises.objects.filter(pk=house.pk).update(check_due=localdate(NOON) + 2 * DAY)
    _sheet, known = sheet_for(due(place))
    assert known["residents"] == {"value": 5}
    assert "exits_free" not in known  # what may have turned bad is looked at each time


def test_a_double_that_joined_brings_its_open_check_its_hazards_and_what_it_told(
    place: SmallStation, house: Premises
):
    double = premises(place, "P-2", check_due=localdate(NOON) + 40 * DAY)
    first = due(place)
    inspect(place, first, fine(first, a_photo(place), wiring="no"))
    merge_places(into=double, double=house, at=NOON)
    Premises.objects.filter(pk=double.pk).update(check_due=localdate(NOON) + 2 * DAY)

    second = due(place)
    assert (second.premises, sheet_for(second)[1]["residents"]) == (double, {"value": 5})
    inspect(place, second, fine(second, a_photo(place), wiring="no"), at=NOON + DAY, key="k2")
    detail = Inspection.objects.get(pk=second.pk)
    assert (detail.found, detail.known) == (0, 1)
    assert Premises.objects.get(pk=double.pk).grade_facts["checks_365d"] == 2


def test_a_check_open_at_a_double_is_the_check_of_the_place_it_joined(place: SmallStation, house: Premises):
    into = premises(place, "P-2", check_due=localdate(NOON) + 40 * DAY)
    check = due(place)
    merge_places(into=into, double=house, at=NOON)
    Premises.objects.filter(pk=into.pk).update(check_due=localdate(NOON) + 2 * DAY)
    assert raise_owed(station_id=place.station.pk, at=NOON) == 0

    inspect(place, check, fine(check))
    into.refresh_from_db()
    assert (into.last_check_at, into.e_bikes) == (NOON, False)


def test_a_check_that_was_skipped_is_owed_again_after_a_month(place: SmallStation, house: Premises):
    matter = due(place)
    perform(
        matter_id=matter.pk,
        act="skip",
        given={"reason": "整栋装修，暂时空置"},
        by=place.actor("chief"),
        at=NOON,
        key="skip",
    )

    def owed(days: int) -> int:
        return raise_owed(station_id=place.station.pk, at=NOON + days * DAY)

    assert (owed(1), owed(29), owed(31), owed(32)) == (0, 0, 1, 0)


def test_a_check_that_was_voided_by_mistake_is_owed_again(place: SmallStation, house: Premises):
    matter = due(place)
    perform(
        matter_id=matter.pk,
        act="void",
        given={"reason": "误操作登记"},
        by=place.actor("chief"),
        at=NOON,
        key="void",
    )

    assert raise_owed(station_id=place.station.pk, at=NOON + DAY) == 1
    assert raise_owed(station_id=place.station.pk, at=NOON + 2 * DAY) == 0
