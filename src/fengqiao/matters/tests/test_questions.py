"""What comes late is kept, shown to a named person, and settled once; nothing belongs to nobody."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from fengqiao.kit.ids import uuid7
from fengqiao.kit.inputs import validate
from fengqiao.kit.problems import BadInput, Forbidden, NotFound, OutOfTurn
from fengqiao.matters import queries
from fengqiao.matters.commands import hand_in, hand_over, perform, raise_matter, settle
from fengqiao.matters.commands.handing_in import Carried
from fengqiao.matters.commands.settling import SettleInput
from fengqiao.matters.models import Event, Matter
from fengqiao.people.models import Post
from tests.station import NOON, SmallStation, small_station

pytestmark = pytest.mark.django_db
TOMORROW = date(2022, 5, 11)


@pytest.fixture
def place() -> SmallStation:
    return small_station()


def alert(place: SmallStation, reference: str = "R-1") -> Matter:
    given = {
        "reference": reference,
        "level": "high",
        "fraud_type": "虚假贷款",
        "received_at": NOON - timedelta(hours=1),
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "海尾大道 12 号",
        "community": place.haiwei.code,
    }
    return raise_matter(kind_slug="fraud_alert", given=given, by=place.actor("desk"), at=NOON).matter


def hand(place: SmallStation, matter: Matter, act: str, key: str, **rest: Any) -> str:
    """One act of the officer's visit half an hour ago; gives its result."""
    day = rest.pop("day", date(2022, 5, 10))
    who, at = rest.pop("who", "haiwei"), rest.pop("at", NOON)
    carried = {
        "id": uuid7(),
        "observed_at": NOON - timedelta(minutes=30),
        "acts": [{"key": key, "matter": matter.pk, "act": act, **rest}],
    }
    handed = hand_in(carried=validate(Carried, carried), by=place.actor(who, day), at=at)
    return handed.acts[0].result


def decide(place: SmallStation, key: str, who: str = "desk", decision: str = "apply") -> Any:
    question = Event.objects.get(key=key)
    given = SettleInput(decision=decision, reason="与警长电话核对过")
    return settle(question_id=question.pk, given=given, by=place.actor(who), at=NOON, key=f"s-{key}-{who}")


def late_meeting(place: SmallStation) -> Matter:
    matter = alert(place)
    assert (
        hand(place, matter, "meet", "late", given={"identity_checked": True, "where": "楼下"}) == "question"
    )
    return matter


def test_an_accepted_question_is_done_in_its_authors_name_at_the_time_it_happened(place: SmallStation):
    matter = late_meeting(place)
    perform(matter_id=matter.pk, act="sign", given={}, by=place.actor("desk"), at=NOON, key="sign")

    decide(place, "late")

    assert Matter.objects.get(pk=matter.pk).stage == "persuading"
    told = {event.key: event for event in queries.timeline(matter)}
    assert told["late"].stands == "settled"
    done = told[f"settled:{told['late'].pk}"]
    assert (done.by, done.settled_by) == (place.people["haiwei"], place.people["desk"])
    assert done.observed_at == NOON - timedelta(minutes=30)
    assert list(queries.questions(place.actor("desk"))) == []


@pytest.mark.parametrize("decision", ["note", "reject"])
def test_a_question_kept_as_a_record_or_rejected_moves_nothing_and_stays_to_be_seen(
    place: SmallStation, decision: str
):
    matter = late_meeting(place)

    decide(place, "late", decision=decision)

    assert Matter.objects.get(pk=matter.pk).stage == "received"
    assert {event.act for event in queries.timeline(matter)} == {"raise", "meet", "settle"}


def test_what_still_is_not_its_turn_cannot_be_accepted_and_stays_open(place: SmallStation):
    late_meeting(place)

    with pytest.raises(OutOfTurn, match="待签收"):
        decide(place, "late")

    assert [question.key for question in queries.questions(place.actor("desk"))] == ["late"]


def test_nobody_settles_what_they_handed_in_and_nothing_is_settled_twice(place: SmallStation):
    late_meeting(place)

    with pytest.raises(Forbidden, match="他人核实"):
        decide(place, "late", who="haiwei")
    with pytest.raises(Forbidden, match="由值班室"):
        decide(place, "late", who="auxiliary")
    decide(place, "late", decision="note")
    assert decide(place, "late", decision="note").repeated
    with pytest.raises(OutOfTurn, match="已经核实过"):
        decide(place, "late", who="chief", decision="note")


def test_a_question_of_another_community_is_nobody_elses(place: SmallStation):
    late_meeting(place)

    assert list(queries.questions(place.actor("dongfeng"))) == []
    with pytest.raises(NotFound):
        decide(place, "late", who="dongfeng", decision="note")


def test_an_act_that_overtook_its_predecessor_is_done_as_soon_as_that_arrives(place: SmallStation):
    matter = alert(place)

    overtook = hand(place, matter, "go", "go", base=2)
    assert Matter.objects.get(pk=matter.pk).stage == "received"
    assert hand(place, matter, "sign", "sign", base=1) == "done"

    assert overtook == "question"
    assert Matter.objects.get(pk=matter.pk).stage == "dispatched"
    assert list(queries.questions(place.actor("desk"))) == []


def test_what_a_lost_beat_hands_in_waits_for_whoever_has_it_now(place: SmallStation):
    matter = alert(place)
    Post.objects.filter(person=place.people["haiwei"]).update(ends_on=date(2022, 5, 10))
    Matter.objects.filter(pk=matter.pk).update(holder=place.people["auxiliary"])

    result = hand(place, matter, "sign", "late", day=TOMORROW, at=NOON + timedelta(days=1))

    assert result == "question"
    assert Event.objects.get(key="late").reason == "办理时还在其辖区，送达时辖区或岗位已变动，由现责任人核实"
    assert [q.key for q in queries.questions(place.actor("desk"))] == ["late"]
    decide(place, "late")
    assert Matter.objects.get(pk=matter.pk).stage == "signed"


def test_what_was_done_before_the_matter_moved_is_accepted_by_the_new_beat_and_not_by_its_author(
    place: SmallStation,
):
    matter = alert(place)
    perform(
        matter_id=matter.pk,
        act="place",
        given={"community": place.dongfeng.code},
        by=place.actor("desk"),
        at=NOON - timedelta(minutes=10),
        key="moved",
    )
    assert hand(place, matter, "sign", "late", base=1) == "question"

    with pytest.raises(NotFound):
        decide(place, "late", who="haiwei")
    decide(place, "late", who="dongfeng")

    assert Matter.objects.get(pk=matter.pk).stage == "signed"
    done = Event.objects.get(key__startswith="settled:")
    assert (done.by, done.settled_by) == (place.people["haiwei"], place.people["dongfeng"])


def test_what_never_was_ones_own_is_still_not_there(place: SmallStation):
    matter = alert(place)

    assert hand(place, matter, "sign", "foreign", who="dongfeng") == "refused"
    assert not Event.objects.filter(key="foreign").exists()


def test_a_beat_is_handed_over_whole_and_a_repeat_changes_nothing(place: SmallStation):
    for reference in ("A", "B"):
        alert(place, reference)
    giver, taker = place.people["haiwei"].pk, place.people["auxiliary"].pk

    moved = hand_over(giver=giver, taker=taker, by=place.actor("chief"), at=NOON, key="k")
    again = hand_over(giver=giver, taker=taker, by=place.actor("chief"), at=NOON, key="k")

    assert (moved, again) == (2, 0)
    assert [(h.name, h.open) for h in queries.holders(place.actor("chief"), at=NOON)] == [("海尾辅警", 2)]
    assert Event.objects.filter(act="assign").count() == 2
    with pytest.raises(BadInput, match="不在可指派的岗位"):
        hand_over(giver=taker, taker=place.people["chief"].pk, by=place.actor("chief"), at=NOON, key="k2")
