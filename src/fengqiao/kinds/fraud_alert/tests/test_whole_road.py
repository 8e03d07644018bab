"""Every branch of the road: searched, refused, paid, transferred, relapsed, merged, not found and found again."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from fengqiao.kinds.fraud_alert.models import FraudAlert
from fengqiao.kinds.fraud_alert.tests.road import (
    CONFIRMED,
    DAY,
    DISSUADED,
    MET,
    NOT_HOME,
    SEARCHED,
    SIGNED,
    act,
    taken,
    walk,
)
from fengqiao.kit.problems import BadInput, Forbidden, OutOfTurn
from fengqiao.matters.models import Clock, Event, Matter
from fengqiao.matters.settings import set_spans
from tests.station import NOON, SmallStation, small_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> SmallStation:
    return small_station()


def running(matter: Matter) -> set[str]:
    return set(Clock.objects.filter(matter=matter, stopped_at=None).values_list("name", flat=True))


def span(matter: Matter, name: str) -> str:
    return str(Clock.objects.filter(matter=matter, name=name).latest("id").span)


def test_not_at_home_then_searched_then_met_at_the_workplace_confirmed_and_rated(place: SmallStation):
    alert = walk(place, taken(place), *SEARCHED)
    assert running(alert) == {"first_call", "search"}
    assert span(alert, "search") == "2h"
    act(place, alert, "desk", "lead", 20, lead="neighbours", result="nothing")
    act(place, alert, "auxiliary", "lead", 25, lead="workplace", result="whereabouts", note="在某厂上班")
    act(place, alert, "haiwei", "meet", 50, identity_checked=True, where="单位门卫室")

    met = FraudAlert.objects.get(matter=alert)
    assert [(item["lead"], item["result"]) for item in met.leads] == [
        ("neighbours", "nothing"),
        ("workplace", "whereabouts"),
        ("family", ""),
    ]
    assert (met.found_in_search, met.visits, met.met_visits) == (True, 2, 1)
    assert running(alert) == set()

    act(place, alert, "haiwei", "dissuade", 70, result="dissuaded", contact_cut=True)
    assert running(alert) == {"call_back", "confirm", "visit_again"}
    act(place, alert, "haiwei", "call_back", 70 + DAY, reached=True)
    act(place, alert, "desk", "confirm", 70 + 3 * DAY, no_transfer=True)
    act(place, alert, "haiwei", "visit_again", 70 + 7 * DAY, reached=True)
    closed = act(place, alert, "chief", "close", 71 + 7 * DAY)
    rated = act(place, alert, "desk", "rate", 80 + 7 * DAY, rating="satisfied")

    assert (rated.state, rated.stage, rated.outcome) == ("closed", "closed", "dissuaded")
    assert rated.closed_at == closed.closed_at
    assert FraudAlert.objects.get(matter=alert).rating == "satisfied"


def test_a_wider_second_round_opens_more_leads_under_the_same_clock(place: SmallStation):
    alert = walk(place, taken(place), *SEARCHED)
    first = Clock.objects.get(matter=alert, name="search")

    act(place, alert, "desk", "widen", 40, leads=["bank", "other_station"])

    assert Clock.objects.get(matter=alert, name="search").due_at == first.due_at
    leads = FraudAlert.objects.get(matter=alert).leads
    assert [(item["lead"], item["round"]) for item in leads][-2:] == [("bank", 2), ("other_station", 2)]


def test_only_a_critical_alert_is_looked_for_jointly_and_only_by_the_chief(place: SmallStation):
    high = walk(place, taken(place), *SEARCHED)
    critical = walk(place, taken(place, reference="C", level="critical"), *SEARCHED)

    with pytest.raises(OutOfTurn):
        act(place, high, "chief", "joint", 30, parties=["grid"], plan="研判、现场、电话三路")
    with pytest.raises(Forbidden):
        act(place, critical, "haiwei", "joint", 30, parties=["grid"], plan="研判、现场、电话三路")
    joint = act(place, critical, "chief", "joint", 31, parties=["grid"], plan="研判、现场、电话三路")

    assert joint.stage == "joint_search"
    assert running(joint) == {"first_call", "search"}


def test_phone_and_door_go_side_by_side(place: SmallStation):
    alert = walk(place, taken(place), *SIGNED)

    alert = act(place, alert, "desk", "call", 5, result="no_answer")

    assert alert.stage == "dispatched"
    assert running(alert) == {"door"}


def test_reached_by_phone_alone_asks_for_the_identity_before_it_counts(place: SmallStation):
    alert = walk(place, taken(place), ("desk", "sign", 1, {}), ("desk", "call", 3, {"result": "reached"}))
    assert (alert.stage, running(alert)) == ("persuading", set())

    with pytest.raises(BadInput, match="须在电话中互相核对身份"):
        act(place, alert, "desk", "dissuade", 9, result="dissuaded", contact_cut=True)
    act(place, alert, "desk", "dissuade", 9, result="aware", contact_cut=True, identity_checked=True)

    assert Matter.objects.get(pk=alert.pk).outcome == "aware"


def test_refused_is_talked_to_again_and_turned(place: SmallStation):
    alert = walk(place, taken(place), *MET, ("haiwei", "refuse", 20, {"warned": True}))
    assert running(alert) == {"second_talk"}

    turned = act(place, alert, "haiwei", "dissuade", 90, result="dissuaded", contact_cut=True)

    assert (turned.stage, turned.outcome) == ("revisit", "dissuaded")
    assert FraudAlert.objects.get(matter=alert).refused_at is not None


def test_refused_is_closed_only_after_a_second_talk_with_a_second_officer(place: SmallStation):
    alert = walk(place, taken(place), *MET, ("haiwei", "refuse", 20, {"warned": True}))
    with pytest.raises(BadInput, match="须先做二次劝阻"):
        act(place, alert, "chief", "close_refused", 30, reason="仍不听劝")
    with pytest.raises(BadInput, match="第二名民警"):
        act(
            place, alert, "haiwei", "second_talk", 60, second_officer=False, family="not_told", bank_told=True
        )

    act(place, alert, "haiwei", "second_talk", 61, second_officer=True, family="consent", bank_told=True)
    closed = act(place, alert, "chief", "close_refused", 70, reason="两次劝阻仍拒绝")

    assert (closed.stage, closed.outcome) == ("refused_closed", "refused")


def test_paid_is_handed_to_stop_payment_within_ten_minutes_and_keeps_no_account(place: SmallStation):
    alert = walk(place, taken(place), *MET, ("haiwei", "paid", 20, {"amount_lost": "30000"}))
    assert (running(alert), span(alert, "hand_off")) == ({"hand_off"}, "10min")

    handed = act(place, alert, "haiwei", "hand_off", 26, to="centre", handoff_reference="ZF-1")
    act(place, handed, "desk", "call_back", 26 + DAY, reached=True)
    closed = act(place, handed, "chief", "close", 27 + DAY)

    assert (closed.stage, closed.outcome) == ("closed", "already_paid")
    assert FraudAlert.objects.get(matter=alert).handoff_reference == "ZF-1"


def test_a_transfer_counts_only_with_a_receipt(place: SmallStation):
    alert = walk(place, taken(place), *NOT_HOME, ("haiwei", "transfer", 20, {"station": "外地某所"}))
    assert (alert.state, alert.outcome, running(alert)) == ("assigned", "", {"receipt"})

    back = act(place, alert, "desk", "take_back", 60, reason="对方未接收")
    assert back.stage == "second_search"
    act(place, alert, "desk", "transfer", 70, station="外地某所")
    closed = act(place, alert, "desk", "receive", 75, receipt="回执 12 号")

    assert (closed.state, closed.outcome) == ("closed", "transferred")


def test_a_relapse_after_the_end_takes_the_success_back_and_starts_the_hand_off(place: SmallStation):
    alert = walk(
        place,
        taken(place),
        *CONFIRMED,
        ("haiwei", "visit_again", 7 * DAY, {"reached": True}),
        ("chief", "close", 7 * DAY + 1, {}),
    )

    relapsed = act(place, alert, "desk", "relapse", 20 * DAY, amount_lost="8000")

    assert (relapsed.state, relapsed.outcome, relapsed.closed_at) == ("acted", "relapsed", None)
    assert running(relapsed) == {"hand_off"}


def test_the_72_hour_call_that_finds_money_gone_takes_the_success_back(place: SmallStation):
    alert = walk(place, taken(place), *DISSUADED)

    told = act(place, alert, "desk", "confirm", 3 * DAY + 30, no_transfer=False, amount_lost="8000")

    assert (told.stage, told.outcome, running(told)) == ("already_paid", "relapsed", {"hand_off"})
    detail = FraudAlert.objects.get(matter=alert)
    assert (detail.paid_at, detail.amount_lost) == (detail.relapsed_at, Decimal("8000.00"))


def test_a_success_is_provisional_until_72_hours_are_over_and_the_call_is_due_a_day_later(
    place: SmallStation,
):
    alert = walk(place, taken(place), *DISSUADED)

    with pytest.raises(OutOfTurn, match="最早 05-13 12:30 起办理：劝阻成功到回访确认至少 72 小时"):
        act(place, alert, "desk", "confirm", 3 * DAY + 29, no_transfer=True)

    due = Clock.objects.get(matter=alert, name="confirm").due_at
    assert due - alert.raised_at == timedelta(days=4, minutes=30)
    assert act(place, alert, "desk", "confirm", 3 * DAY + 30, no_transfer=True).stage == "confirmed"


def test_a_station_may_set_another_wait_or_none(place: SmallStation):
    alert = walk(place, taken(place), *DISSUADED)
    name = ("fraud_alert", "confirm_from", "")

    set_spans(station_id=place.station.pk, spans={name: "48h"}, at=NOON)
    with pytest.raises(OutOfTurn, match="至少 48 小时"):
        act(place, alert, "desk", "confirm", 2 * DAY, no_transfer=True)
    set_spans(station_id=place.station.pk, spans={name: "0"}, at=NOON)

    assert act(place, alert, "desk", "confirm", 40, no_transfer=True).stage == "confirmed"


def test_not_reached_is_written_and_the_revisits_stay_due(place: SmallStation):
    alert = walk(place, taken(place), *DISSUADED)

    act(place, alert, "haiwei", "call_back", 30 + DAY, reached=False)
    tried = act(place, alert, "desk", "confirm", 3 * DAY + 30, reached=False, no_transfer=False)

    assert (tried.stage, tried.outcome) == ("revisit", "dissuaded")
    assert running(tried) == {"call_back", "confirm", "visit_again"}
    act(place, alert, "desk", "confirm", 3 * DAY + 60, reached=True, no_transfer=True)
    act(place, alert, "haiwei", "visit_again", 7 * DAY, reached=False)
    with pytest.raises(BadInput, match="须先做 7 日上门回访"):
        act(place, alert, "chief", "close", 7 * DAY + 1)
    detail = FraudAlert.objects.get(matter=alert)
    assert (detail.called_back_at, detail.visited_at) == (None, None)
    assert "visit_again" in running(alert)


def test_money_gone_after_a_refusal_was_closed_is_still_recorded(place: SmallStation):
    refused = walk(place, taken(place), *MET, ("haiwei", "refuse", 20, {"warned": True}))
    act(place, refused, "haiwei", "second_talk", 61, second_officer=True, family="consent", bank_told=True)
    act(place, refused, "chief", "close_refused", 70, reason="两次劝阻仍拒绝")

    lost = act(place, refused, "desk", "paid", DAY, amount_lost="30000")

    assert (lost.state, lost.outcome, running(lost)) == ("acted", "already_paid", {"hand_off"})


def test_a_relapse_is_told_only_of_a_success(place: SmallStation):
    paid = walk(place, taken(place), *MET, ("haiwei", "paid", 20, {"amount_lost": "30000"}))
    act(place, paid, "haiwei", "hand_off", 26, to="centre", handoff_reference="ZF-1")
    act(place, paid, "chief", "close", 27 + DAY)

    with pytest.raises(OutOfTurn):
        act(place, paid, "desk", "relapse", 2 * DAY, amount_lost="1")


def test_not_found_is_signed_only_after_a_search(place: SmallStation):
    calls = tuple(("desk", "call", minute, {"result": "no_answer"}) for minute in (101, 102, 103))
    alert = walk(place, taken(place), *NOT_HOME, *calls)

    with pytest.raises(OutOfTurn):
        act(place, alert, "chief", "exhaust", 110, tried="邻居、单位、家属都问过")


def test_not_found_is_signed_by_the_chief_after_three_calls_and_opens_again(place: SmallStation):
    alert = walk(place, taken(place), *SEARCHED)
    with pytest.raises(BadInput, match="至少拨打 3 次"):
        act(place, alert, "chief", "exhaust", 100, tried="邻居、单位、家属都问过")
    for minute in (101, 102, 103):
        act(place, alert, "desk", "call", minute, result="no_answer")
    with pytest.raises(Forbidden):
        act(place, alert, "desk", "exhaust", 110, tried="邻居、单位、家属都问过")

    ended = act(place, alert, "chief", "exhaust", 111, tried="邻居、单位、家属都问过")
    again = act(place, ended, "desk", "reopen", 2 * DAY, lead="family")

    assert (ended.state, ended.outcome) == ("closed", "exhausted")
    assert (again.state, again.stage, again.outcome, running(again)) == (
        "assigned",
        "second_search",
        "",
        {"search"},
    )


def test_a_duplicate_points_to_the_one_that_goes_on_and_can_be_restored(place: SmallStation):
    first = taken(place)
    twice = walk(place, taken(place, reference="again"), ("desk", "sign", 1, {}))
    before = {c.name: c.due_at for c in Clock.objects.filter(matter=twice, stopped_at=None)}

    merged = act(place, twice, "desk", "merge", 2, into=f"YJ2022-{first.serial:06d}")
    with pytest.raises(BadInput, match="也已并入"):
        act(place, taken(place, reference="third"), "desk", "merge", 3, into=str(twice.serial))
    with pytest.raises(BadInput, match="反过来合并"):
        act(place, first, "desk", "merge", 3, into=str(Matter.objects.get(reference="third").serial))
    assert (merged.state, merged.outcome, merged.merged_into, running(merged)) == (
        "closed",
        "duplicate",
        first,
        set(),
    )
    restored = act(place, twice, "desk", "restore", 5, reason="并错了一件")

    assert (restored.stage, restored.outcome, restored.merged_into) == ("signed", "", None)
    after = {c.name: c.due_at for c in Clock.objects.filter(matter=twice, stopped_at=None)}
    assert after == before
    assert restored.burns_at == min(before.values())


def test_a_wrong_address_is_the_sources_mistake_and_leads_to_the_search(place: SmallStation):
    alert = walk(place, taken(place), *SIGNED)

    told = act(place, alert, "haiwei", "wrong_address", 15, found="无此门牌")

    assert (told.stage, running(told)) == ("not_at_residence", {"report", "first_call"})
    assert FraudAlert.objects.get(matter=alert).wrong_visits == 1
    assert Event.objects.filter(matter=alert).count() == 4


def test_reached_by_phone_first_the_meeting_is_still_one_visit(place: SmallStation):
    alert = walk(place, taken(place), *SIGNED, ("desk", "call", 5, {"result": "reached"}))

    met = act(place, alert, "haiwei", "meet", 12, identity_checked=True)
    again = act(place, met, "auxiliary", "meet", 20, identity_checked=True)

    detail = FraudAlert.objects.get(matter=alert)
    assert (met.stage, again.stage) == ("persuading", "persuading")
    assert (detail.visits, detail.met_visits, detail.on_the_way) == (1, 1, False)
    assert detail.met_at == alert.raised_at + timedelta(minutes=12)


def test_who_refuses_on_the_phone_can_be_met_and_goes_on_refusing_until_turned(place: SmallStation):
    calls = (("desk", "sign", 1, {}), ("desk", "call", 3, {"result": "reached"}))
    alert = walk(place, taken(place), *calls, ("desk", "refuse", 6, {"warned": False}))

    met = act(place, alert, "haiwei", "meet", 30, identity_checked=True)

    detail = FraudAlert.objects.get(matter=alert)
    assert (met.stage, met.outcome, running(met)) == ("refused", "refused", {"second_talk"})
    assert (detail.visits, detail.met_visits) == (1, 1)


def test_an_unanswered_call_starts_the_door_clock_of_the_lower_levels(place: SmallStation):
    alert = walk(place, taken(place, level="medium"), ("desk", "sign", 1, {}))

    called = act(place, alert, "desk", "call", 5, result="no_answer")
    act(place, called, "haiwei", "go", 60)

    door = Clock.objects.get(matter=alert, name="door_after_call")
    assert (door.due_at - alert.raised_at, door.stopped_at) == (timedelta(minutes=245), None)


def test_setting_out_again_races_the_door_clock_again(place: SmallStation):
    alert = walk(place, taken(place), *NOT_HOME)
    assert running(alert) == {"report", "first_call"}

    act(place, alert, "haiwei", "go", 15)

    assert running(alert) == {"door", "first_call"}
    assert Clock.objects.get(
        matter=alert, name="door", stopped_at=None
    ).due_at == alert.raised_at + timedelta(minutes=45)
