"""A telecom-fraud alert by its main road: signed, called, not at home, met, dissuaded, confirmed, closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from fengqiao.kit.problems import BadInput, Forbidden, OutOfTurn, ReferenceReused
from fengqiao.matters.commands import perform, raise_matter
from fengqiao.matters.models import Clock, Event, Matter
from tests.station import NOON, SmallStation, small_station

pytestmark = pytest.mark.django_db

ALERT: dict[str, Any] = {
    "reference": "FZ-2022-0510-001",
    "level": "high",
    "fraud_type": "冒充客服",
    "received_at": NOON,
    "target": {"name": "事主甲", "phone": "13900000001"},
    "address": "海尾社区海尾大道 12 号",
    "community": "440606006016",
}


@pytest.fixture
def place() -> SmallStation:
    return small_station()


def taken(place: SmallStation, **changes: Any) -> Matter:
    done = raise_matter(kind_slug="fraud_alert", given=ALERT | changes, by=place.actor("desk"), at=NOON)
    return Matter.objects.get(pk=done.matter.pk)


def act(place: SmallStation, matter: Matter, who: str, name: str, minutes: int, **given: Any) -> Matter:
    at = NOON + timedelta(minutes=minutes)
    perform(
        matter_id=matter.pk,
        act=name,
        given=given,
        by=place.actor(who),
        at=at,
        key=f"{name}-{minutes}-{matter.pk}",
    )
    return Matter.objects.get(pk=matter.pk)


def test_an_alert_is_placed_put_in_charge_and_races_a_clock(place: SmallStation):
    alert = taken(place)

    assert alert.community == place.haiwei
    assert alert.holder == place.people["haiwei"]
    clock = Clock.objects.get(matter=alert)
    assert (clock.name, clock.due_at - NOON) == ("sign", timedelta(minutes=5))
    assert clock.why == "签收时限 5 分钟，高级反诈预警，自 05-10 12:00 起"
    assert alert.burns_at == clock.due_at


def test_the_main_road_ends_as_a_confirmed_success(place: SmallStation):
    alert = taken(place)

    act(place, alert, "desk", "sign", 1)
    act(place, alert, "desk", "call", 2, result="no_answer")
    act(place, alert, "haiwei", "go", 3)
    act(place, alert, "haiwei", "not_home", 12)
    act(place, alert, "haiwei", "meet", 40, identity_checked=True)
    act(place, alert, "haiwei", "dissuade", 60, result="dissuaded", contact_cut=True)
    act(place, alert, "desk", "confirm", 73 * 60, no_transfer=True)
    act(place, alert, "haiwei", "visit_again", 7 * 24 * 60, reached=True)
    closed = act(place, alert, "chief", "close", 7 * 24 * 60 + 5)

    assert (closed.state, closed.outcome, closed.burns_at) == ("closed", "dissuaded", None)
    assert Clock.objects.filter(matter=alert, stopped_at=None).count() == 0
    told = list(Event.objects.filter(matter=alert).values_list("act", flat=True))
    road = ["raise", "sign", "call", "go", "not_home", "meet", "dissuade", "confirm", "visit_again", "close"]
    assert told == road


def test_the_handler_never_verifies_own_work(place: SmallStation):
    alert = taken(place)
    act(place, alert, "desk", "sign", 1)
    act(place, alert, "haiwei", "meet", 10, identity_checked=True)
    act(place, alert, "haiwei", "dissuade", 20, result="dissuaded", contact_cut=True)

    with pytest.raises(Forbidden, match="经办人不能核查"):
        act(place, alert, "haiwei", "confirm", 30, no_transfer=True)


def test_who_turned_a_refusal_or_handed_a_loss_on_is_the_handler_then(place: SmallStation):
    talked = (("sign", "desk", {}), ("meet", "haiwei", {"identity_checked": True}))
    turned, lost = taken(place), taken(place, reference="FZ-2")
    for alert in (turned, lost):
        for minute, (name, who, given) in enumerate(talked, start=1):
            act(place, alert, who, name, minute, **given)
    act(place, turned, "auxiliary", "refuse", 20, warned=True)
    act(place, turned, "haiwei", "dissuade", 60, result="dissuaded", contact_cut=True)
    act(place, lost, "haiwei", "paid", 20, amount_lost="9000")
    act(place, lost, "desk", "hand_off", 26, to="centre", handoff_reference="ZF-1")

    with pytest.raises(Forbidden, match="经办人不能核查"):
        act(place, turned, "haiwei", "confirm", 60 + 72 * 60, no_transfer=True)
    with pytest.raises(Forbidden, match="经办人不能核查"):
        act(place, lost, "desk", "close", 24 * 60)

    assert act(place, turned, "auxiliary", "confirm", 61 + 72 * 60, no_transfer=True).stage == "confirmed"
    assert act(place, lost, "chief", "close", 25 * 60).stage == "closed"


def test_an_act_out_of_turn_is_refused_in_words(place: SmallStation):
    alert = taken(place)

    with pytest.raises(OutOfTurn, match="当前环节是“待签收”"):
        act(place, alert, "haiwei", "meet", 1, identity_checked=True)


def test_the_same_reference_gives_the_same_alert_and_other_content_is_refused(place: SmallStation):
    first = taken(place)

    again = raise_matter(kind_slug="fraud_alert", given=ALERT, by=place.actor("desk"), at=NOON)
    with pytest.raises(ReferenceReused):
        taken(place, level="low")

    assert (again.matter.pk, again.repeated) == (first.pk, True)
    assert Matter.objects.count() == 1


def test_success_without_cutting_the_contact_is_not_written(place: SmallStation):
    alert = taken(place)
    act(place, alert, "desk", "sign", 1)
    act(place, alert, "haiwei", "meet", 10, identity_checked=True)

    with pytest.raises(BadInput) as refused:
        act(place, alert, "haiwei", "dissuade", 20, result="dissuaded", contact_cut=False)

    assert refused.value.errors[0].field == "given.contact_cut"
    assert Matter.objects.get(pk=alert.pk).stage == "persuading"


def test_a_time_to_come_and_half_a_coordinate_are_refused(place: SmallStation):
    with pytest.raises(BadInput, match="不能晚于现在"):
        taken(place, received_at=NOON + timedelta(hours=1))
    with pytest.raises(BadInput, match="须同时填写"):
        taken(place, lon=113.2)

    assert Matter.objects.count() == 0
