"""A campaign from its plan to the chief's closing: who is checked, what counts, what stays open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from fengqiao.checks.models import Checklist
from fengqiao.ground.models import Premises
from fengqiao.kinds.campaign.models import Campaign
from fengqiao.kinds.campaign.owing import owes
from fengqiao.kinds.campaign.progress import still_open, unchecked
from fengqiao.kinds.campaign.tests.running import (
    CAMPAIGN,
    DAY,
    FINISH,
    act,
    check_of,
    checked,
    houses,
    owed,
    planned,
    running,
    total,
    with_lists,
)
from fengqiao.kit.ids import uuid7
from fengqiao.kit.problems import BadInput, Forbidden, OutOfTurn
from fengqiao.matters.commands import raise_matter
from fengqiao.matters.commands.places import merge_places
from fengqiao.matters.grades import regrade
from fengqiao.matters.models import Clock, Matter
from fengqiao.matters.queries import allowed_acts, counts
from fengqiao.people.roles import Role
from tests.answering import a_photo
from tests.doors import client_of
from tests.station import NOON, SmallStation, person

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
OWN_LIST = {"checklist": "small-shop"}


@pytest.fixture
def place() -> SmallStation:
    return with_lists()


def checks() -> int:
    return Matter.objects.filter(kind="inspection").count()


def test_nothing_is_owed_before_it_has_started_nor_before_its_first_day(place: SmallStation):
    houses(place, 2)
    matter = planned(place, starts_on=localdate(NOON) + DAY)
    assert owed(place) == 0
    act(place, matter, "chief", "start")
    assert owed(place) == 0
    assert owed(place, NOON + DAY) == 2


def test_a_started_campaign_gives_each_place_of_its_scope_one_check_beneath_it(place: SmallStation):
    inside = houses(place, 2)
    houses(place, 1, kind="shop")
    Premises.objects.filter(pk=houses(place, 1)[0].pk).update(voided_at=NOON)
    matter = running(place)

    assert owed(place) == 2
    assert owed(place, NOON + HOUR) == 0
    for house in inside:
        check = check_of(house)
        clock = Clock.objects.get(matter=check)
        assert (check.parent_id, check.holder) == (matter.pk, place.people["haiwei"])
        assert localdate(clock.due_at - timedelta(minutes=1)) == CAMPAIGN["ends_on"]


def test_the_scope_is_narrowed_by_community_grade_and_e_bikes(place: SmallStation):
    houses(place, 1, grade="red", e_bikes=True)
    houses(place, 1, grade="green", e_bikes=True)
    houses(place, 1, grade="red", e_bikes=False)
    houses(place, 1, grade="red", e_bikes=True, community=place.dongfeng)
    running(place, communities=[place.haiwei.code], grades=["red", "yellow"], e_bikes_only=True)
    assert owed(place) == 1


def test_a_place_that_comes_into_the_register_meanwhile_is_in_it_too(place: SmallStation):
    matter = running(place)
    assert owed(place) == 0
    houses(place, 1)
    assert owed(place, NOON + HOUR) == 1
    assert total(matter) == (1, 0, 0, 0)


def test_a_place_stays_in_a_campaign_by_grade_whatever_its_grade_becomes(place: SmallStation):
    one, two, _three = houses(place, 3, grade="yellow", contact_phone="13900000000", verified_at=NOON)
    matter = running(place, grades=["yellow"])
    assert owed(place) == 3
    checked(place, one)
    checked(place, two, exits_free="no")
    regrade(station_id=place.station.pk, at=NOON)

    assert [Premises.objects.get(pk=pk).grade for pk in (one.pk, two.pk)] == ["green", "red"]
    assert total(matter) == (3, 2, 1, 0)
    (open_there,) = still_open(Campaign.objects.get(pk=matter.pk))
    assert open_there.premises == two


def test_each_round_takes_in_whoever_meets_the_conditions_by_then(place: SmallStation):
    houses(place, 1, grade="yellow")
    matter = running(place, grades=["yellow"], rounds=2)
    (late,) = houses(place, 1, grade="yellow")
    act(place, matter, "chief", "next_round", at=NOON + HOUR)
    Premises.objects.filter(pk=late.pk).update(grade="green")

    assert total(matter) == (2, 0, 0, 0)


def test_a_double_is_no_second_place_and_what_was_done_there_counts(place: SmallStation):
    one, double = houses(place, 2)
    matter = running(place)
    owed(place)
    checked(place, double, exits_free="no")
    assert total(matter) == (2, 1, 1, 0)
    merge_places(into=one, double=double, at=NOON)

    assert total(matter) == (1, 1, 1, 0)
    assert len(still_open(Campaign.objects.get(pk=matter.pk))) == 1
    assert list(unchecked(Campaign.objects.get(pk=matter.pk))) == []


def test_more_than_five_hundred_come_in_turns_and_those_left_out_hold_up_nobody(place: SmallStation):
    given = {"kind": "rental_house", "community": place.haiwei, "updated_at": NOON}
    houses(place, 1)
    Premises.objects.bulk_create(
        Premises(id=uuid7(), station=place.station, number=f"Q-{n:04}", name=f"屋{n}", address="路", **given)
        for n in range(600)
    )
    matter = running(place)
    first = [one.given["premises"] for one in owes(place.station.pk, NOON)]
    assert (len(first), len(set(first))) == (500, 500)

    # As if all of these had been raised and then left out this time: they are not asked for again.
    station = {"station": place.station, "kind": "inspection", "state": "closed", "stage": "skipped"}
    Matter.objects.bulk_create(
        Matter(
            id=uuid7(),
            premises_id=pk,
            parent=matter,
            outcome="skipped",
            raised_at=NOON,
            raised_day=localdate(NOON),
            closed_at=NOON,
            **station,
        )
        for pk in first
    )
    assert len(list(owes(place.station.pk, NOON + HOUR))) == 101


def test_a_check_that_was_due_anyway_is_waited_for_and_counts(place: SmallStation):
    (house,) = houses(place, 1, check_due=localdate(NOON) + 2 * DAY)
    assert owed(place, NOON - DAY) == 1
    matter = running(place)
    assert owed(place) == 0
    checked(place, house, at=NOON + DAY)

    assert total(matter) == (1, 1, 0, 0)
    assert owed(place, NOON + 2 * DAY) == 0
    assert checks() == 1


def test_a_check_done_before_the_campaign_began_does_not_count(place: SmallStation):
    (house,) = houses(place, 1, check_due=localdate(NOON))
    owed(place, NOON - 2 * DAY)
    checked(place, house, at=NOON - DAY)
    matter = running(place)
    assert total(matter) == (1, 0, 0, 0)
    assert owed(place) == 1


def test_a_list_of_its_own_asks_for_checks_of_its_own_and_counts_no_others(place: SmallStation):
    (house,) = houses(place, 1, check_due=localdate(NOON))
    owed(place, NOON - DAY)
    matter = running(place, **OWN_LIST)
    assert Campaign.objects.get(pk=matter.pk).checklist == "small-shop"
    assert owed(place) == 1
    regular = Matter.objects.get(kind="inspection", premises=house, parent=None)
    act(place, regular, "chief", "skip", reason="本轮由专项检查")
    assert total(matter) == (1, 0, 0, 0)


def test_a_list_that_is_the_regular_one_anyway_is_no_list_of_its_own(place: SmallStation):
    matter = planned(place, checklist="rental-house")
    assert Campaign.objects.get(pk=matter.pk).checklist == ""


def test_a_list_taken_out_of_use_owes_nothing_and_a_kind_without_a_list_is_refused(place: SmallStation):
    houses(place, 1)
    running(place, **OWN_LIST)
    Checklist.objects.update(retired_at=NOON)
    assert owed(place) == 0
    with pytest.raises(BadInput) as refused:
        planned(place)
    assert refused.value.errors[0].field == "checklist"
    assert "出租屋" in refused.value.errors[0].says


def test_a_second_round_looks_at_every_place_once_more_and_keeps_the_first(place: SmallStation):
    one, two, three = houses(place, 3)
    matter = running(place, rounds=2)
    owed(place)
    checked(place, one)
    checked(place, two, wiring="no")
    assert total(matter) == (3, 2, 1, 0)

    later = NOON + 10 * DAY
    act(place, matter, "chief", "next_round", at=later)
    assert total(matter) == (3, 0, 1, 0), "hazards are counted from the beginning on"
    assert Campaign.objects.get(pk=matter.pk).rounds_over()[0].total.checked == 2
    assert owed(place, later) == 2, "the third still has its check of the first round"
    checked(place, three, at=later)
    assert total(matter)[1] == 1
    with pytest.raises(BadInput, match="轮次已经查完"):
        act(place, matter, "chief", "next_round", at=later + HOUR)


def test_a_round_with_its_own_list_gives_no_second_check_while_the_first_is_open(place: SmallStation):
    houses(place, 1)
    matter = running(place, rounds=2, **OWN_LIST)
    owed(place)
    act(place, matter, "chief", "next_round", at=NOON + DAY)
    assert owed(place, NOON + DAY) == 0
    assert checks() == 1


def test_mended_is_what_somebody_else_saw_mended_and_the_rest_stays_open(place: SmallStation):
    place.people["second"] = person(place.station, "海尾民警", Role.OFFICER, place.haiwei)
    (house,) = houses(place, 1)
    matter = running(place)
    owed(place)
    checked(place, house, wiring="no", exits_free="no", extinguishers=1)
    hazards = Matter.objects.filter(kind="hazard")
    none, mended, left = (
        hazards.get(hazard__item=code) for code in ("exits_free", "wiring", "extinguishers")
    )
    photos = [a_photo(place)]
    act(place, none, "second", "unfounded", seen="是搬家临时堆放，当场已搬走")
    act(place, mended, "haiwei", "fix_on_spot", done="当场拆除", photos=photos)
    assert total(matter) == (1, 1, 2, 0)
    act(place, mended, "second", "reinspect", at=NOON + HOUR, result="fixed", seen="已拆除", photos=photos)

    assert total(matter) == (1, 1, 2, 1)
    assert still_open(Campaign.objects.get(pk=matter.pk)) == [left]


def test_an_extension_moves_the_clock_and_the_last_day(place: SmallStation):
    matter = running(place)
    with pytest.raises(BadInput) as refused:
        act(place, matter, "chief", "extend", ends_on=CAMPAIGN["ends_on"], reason="台风停查三天")
    assert refused.value.errors[0].field == "given.ends_on"

    longer = CAMPAIGN["ends_on"] + 10 * DAY
    act(place, matter, "chief", "extend", ends_on=longer, reason="台风停查三天")
    clock = Clock.objects.get(matter=matter, stopped_at=None)
    assert localdate(clock.due_at - timedelta(minutes=1)) == longer
    houses(place, 1)
    assert owed(place, NOON + 35 * DAY) == 1


def test_after_its_last_day_it_owes_nothing_and_is_extended_before_it_goes_on(place: SmallStation):
    houses(place, 1)
    late = NOON + 31 * DAY
    matter = planned(place)
    with pytest.raises(BadInput, match="请先延长"):
        act(place, matter, "chief", "start", at=late)
    matter = act(place, matter, "chief", "start")
    assert owed(place, late) == 0


def test_the_desk_finishes_the_chief_closes_and_the_numbers_stay_as_they_stood(place: SmallStation):
    one, two = houses(place, 2)
    matter = running(place)
    owed(place)
    checked(place, one, wiring="no")
    with pytest.raises(Forbidden):
        act(place, matter, "chief", "finish", **FINISH)
    matter = act(place, matter, "desk", "finish", at=NOON + DAY, **FINISH)
    checked(place, two, at=NOON + 2 * DAY)
    houses(place, 5)
    assert total(matter) == (2, 1, 1, 0)
    assert owed(place, NOON + 2 * DAY) == 0

    matter = act(place, matter, "chief", "close", at=NOON + 2 * DAY)
    assert (matter.stage, matter.outcome, matter.is_open) == ("closed", "done", False)
    assert not Clock.objects.filter(matter=matter, stopped_at=None).exists()
    assert Matter.objects.filter(kind="hazard", closed_at=None).count() == 1, "what is open is followed up"


def test_a_campaign_called_off_owes_no_more(place: SmallStation):
    houses(place, 1)
    matter = act(place, running(place), "chief", "call_off", reason="并入全区行动")
    assert (matter.outcome, owed(place)) == ("called_off", 0)


def test_who_may_do_what(place: SmallStation):
    with pytest.raises(Forbidden):
        raise_matter(kind_slug="campaign", given=CAMPAIGN, by=place.actor("haiwei"), at=NOON)
    matter = planned(place)
    with pytest.raises(Forbidden):
        act(place, matter, "desk", "start")
    acts = {act.name for act in allowed_acts(act(place, matter, "chief", "start"), place.actor("desk"))}
    assert acts & {"finish", "next_round", "extend", "close", "call_off"} == {"finish"}
    with pytest.raises(OutOfTurn):
        act(place, matter, "chief", "close")


def test_it_belongs_to_the_whole_station_and_waits_for_no_community(place: SmallStation):
    matter = planned(place)
    assert (matter.community, matter.holder) == (None, place.people["desk"])
    assert counts(place.actor("desk"), at=NOON)["unplaced"] == 0
    page = client_of(place, "desk").get(f"/matters/{matter.pk}").content.decode()
    assert "社区待确认" not in page
    assert "待确认社区" not in client_of(place, "desk").get("/map/").content.decode()


def test_the_form_offers_the_lists_and_communities_by_name(place: SmallStation):
    page = client_of(place, "desk").get("/matters/new/campaign").content.decode()
    for words in ("rental-house", "出租屋", place.haiwei.name, "检查清单"):
        assert words in page
    with pytest.raises(BadInput) as refused:
        planned(place, communities=["999"])
    assert refused.value.errors[0].field == "communities"
    with pytest.raises(BadInput, match="结束日期不能早于开始日期"):
        planned(place, ends_on=CAMPAIGN["starts_on"] - DAY)
