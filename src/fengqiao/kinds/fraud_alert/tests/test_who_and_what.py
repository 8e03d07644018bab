"""Who may do what with an alert, what is corrected in it, and what of its words remains."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fengqiao.kinds.fraud_alert.models import FraudAlert
from fengqiao.kinds.fraud_alert.tests.road import (
    DAY,
    NOT_HOME,
    SEARCHED,
    SIGNED,
    act,
    taken,
    walk,
)
from fengqiao.kit.problems import BadInput, Forbidden, OutOfTurn
from fengqiao.matters.commands.keeping import destroy_words
from fengqiao.matters.commands.performing import vault_of
from fengqiao.matters.models import Clock, Event, Matter
from fengqiao.people.roles import Role
from tests.station import SmallStation, person, small_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> SmallStation:
    return small_station()


def running(matter: Matter) -> set[str]:
    return set(Clock.objects.filter(matter=matter, stopped_at=None).values_list("name", flat=True))


def test_once_signed_for_an_alert_is_voided_by_the_chief_alone(place: SmallStation):
    fresh, signed = taken(place), walk(place, taken(place, reference="2"), ("desk", "sign", 1, {}))

    with pytest.raises(Forbidden, match="“作废”由所长办理"):
        act(place, signed, "desk", "void", 2, reason="测试录入")

    assert act(place, fresh, "desk", "void", 2, reason="测试录入").outcome == "voided"
    assert act(place, signed, "chief", "void", 3, reason="测试录入").outcome == "voided"


def test_nothing_is_merged_into_what_was_voided(place: SmallStation):
    void = act(place, taken(place), "desk", "void", 1, reason="测试录入")

    with pytest.raises(BadInput, match="已作废"):
        act(place, taken(place, reference="2"), "desk", "merge", 2, into=str(void.serial))


def test_a_grid_member_walks_the_road_of_the_lower_levels_and_no_other(place: SmallStation):
    place.people["grid"] = person(place.station, "海尾网格员", Role.GRID_MEMBER, place.haiwei)
    low, high = taken(place, level="low"), walk(place, taken(place, reference="2"), ("desk", "sign", 1, {}))

    with pytest.raises(Forbidden, match="“出发上门”由值班室、所长、社区警长、辅警办理"):
        act(place, high, "grid", "go", 3)
    met = walk(
        place,
        low,
        ("grid", "sign", 5, {}),
        ("grid", "go", 9, {}),
        ("grid", "not_home", 20, {}),
        ("grid", "go", 40, {}),
        ("grid", "meet", 50, {"identity_checked": True}),
    )

    assert met.stage == "persuading"


def test_words_about_an_alert_end_with_its_key(place: SmallStation):
    alert = walk(place, taken(place), *NOT_HOME)
    away = Event.objects.get(matter=alert, act="not_home")

    assert away.given == {}
    assert away.words


def test_not_found_and_destroyed_is_taken_in_anew_and_not_reopened(place: SmallStation):
    calls = tuple(("desk", "call", minute, {"result": "no_answer"}) for minute in (101, 102, 103))
    alert = walk(place, taken(place), *SEARCHED, *calls, ("chief", "exhaust", 111, {"tried": "都问过了"}))
    destroy_words(alert.raised_at + timedelta(days=40), 10)

    with pytest.raises(OutOfTurn):
        act(place, alert, "desk", "reopen", 41 * DAY, lead="family")


def test_a_mistyped_alert_is_corrected_and_races_the_clocks_of_its_true_level(place: SmallStation):
    alert = walk(
        place,
        taken(place, level="medium"),
        ("desk", "sign", 1, {}),
        ("desk", "call", 5, {"result": "no_answer"}),
    )

    right = act(
        place, alert, "desk", "correct", 10, level="high", phone="13911112222", reason="打错了等级和电话"
    )

    assert (right.level, right.stage, running(right)) == ("high", "calling", {"door"})
    door = Clock.objects.get(matter=alert, name="door")
    assert door.due_at - alert.raised_at == timedelta(minutes=40)
    detail = FraudAlert.objects.get(matter=alert)
    assert detail.target_phone.open(vault_of(right), "target_phone") == "13911112222"
    assert detail.target_name.open(vault_of(right), "target_name") == "事主甲"
    event = Event.objects.get(matter=alert, act="correct")
    assert event.given == {"level": "high"}
    assert right.burns_at == door.due_at


def test_a_correction_says_what_and_why_and_is_the_desks(place: SmallStation):
    alert = taken(place)

    with pytest.raises(BadInput, match="请填写要更正的内容"):
        act(place, alert, "desk", "correct", 2, reason="没有要改的")
    with pytest.raises(Forbidden):
        act(place, alert, "haiwei", "correct", 2, level="low", reason="想慢一点")


def test_a_corrected_name_moves_no_clock(place: SmallStation):
    alert = walk(place, taken(place), *SIGNED)
    before = {c.pk: c.due_at for c in Clock.objects.filter(matter=alert, stopped_at=None)}

    act(place, alert, "desk", "correct", 6, name="事主乙", level="high", reason="名字写错了")

    assert {c.pk: c.due_at for c in Clock.objects.filter(matter=alert, stopped_at=None)} == before
