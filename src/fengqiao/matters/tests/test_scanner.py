"""Clocks fire every rung once, however late anybody looks, and closed matters have none running."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fengqiao.kit.problems import BadInput, OutOfTurn
from fengqiao.matters import clocks
from fengqiao.matters.commands import perform, raise_matter
from fengqiao.matters.models import Clock, ClockSetting, Event, Matter
from fengqiao.matters.scanning import fire_due
from tests.station import NOON, SmallStation, small_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> SmallStation:
    clocks.forget_rules()
    return small_station()


def alert(place: SmallStation, level: str = "high") -> Matter:
    given = {
        "reference": f"R-{level}",
        "level": level,
        "fraud_type": "虚假贷款",
        "received_at": NOON,
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "海尾大道 12 号",
        "community": place.haiwei.code,
    }
    return raise_matter(kind_slug="fraud_alert", given=given, by=place.actor("desk"), at=NOON).matter


def rungs(matter: Matter) -> list[str]:
    return list(Event.objects.filter(matter=matter, role="clock").values_list("act", flat=True))


def test_each_rung_fires_at_its_time_and_once(place: SmallStation):
    matter = alert(place)

    fired = [fire_due(at=NOON + timedelta(seconds=s)) for s in (149, 150, 150, 240, 300, 600, 9999)]

    assert fired == [0, 1, 0, 1, 1, 1, 0]
    assert rungs(matter) == ["clock:sign:1", "clock:sign:2", "clock:sign:3", "clock:sign:4"]
    assert Matter.objects.get(pk=matter.pk).escalation == 4


def explain(matter: Matter, place: SmallStation, at: timedelta, **given: str) -> None:
    perform(
        matter_id=matter.pk,
        act="explain_overdue",
        given=given,
        by=place.actor("haiwei"),
        at=NOON + at,
        key=f"why-{at}",
    )


def unexplained(matter: Matter) -> bool:
    return Matter.objects.get(pk=matter.pk).overdue_unexplained


def test_what_went_up_to_the_chief_asks_why_once(place: SmallStation):
    matter = alert(place)
    fire_due(at=NOON + timedelta(minutes=5))
    with pytest.raises(OutOfTurn):
        explain(matter, place, timedelta(minutes=6), delay="busy")

    fire_due(at=NOON + timedelta(minutes=10))
    assert unexplained(matter)
    with pytest.raises(BadInput) as wrong:
        explain(matter, place, timedelta(minutes=11), delay="other")
    assert [error.field for error in wrong.value.errors] == ["given.words"]
    explain(matter, place, timedelta(minutes=11), delay="busy")

    assert not unexplained(matter)
    with pytest.raises(OutOfTurn):
        explain(matter, place, timedelta(minutes=12), delay="busy")
    assert Matter.objects.get(pk=matter.pk).escalation == 4


def test_the_reason_is_still_wanted_once_the_matter_is_closed(place: SmallStation):
    matter = alert(place)
    fire_due(at=NOON + timedelta(minutes=10))
    given = {"reason": "重复录入，以另一件为准"}
    perform(
        matter_id=matter.pk,
        act="void",
        given=given,
        by=place.actor("desk"),
        at=NOON + timedelta(minutes=20),
        key="v",
    )
    assert unexplained(matter)

    explain(matter, place, timedelta(minutes=30), delay="handed_on")

    closed = Matter.objects.get(pk=matter.pk)
    assert not closed.overdue_unexplained
    assert (closed.stage, closed.closed_at) == ("voided", NOON + timedelta(minutes=20))


def test_after_a_long_outage_every_missed_rung_fires_in_order(place: SmallStation):
    matter = alert(place)

    fired = fire_due(at=NOON + timedelta(days=3))

    assert fired == 4
    times = Event.objects.filter(matter=matter, role="clock").values_list("observed_at", flat=True)
    assert [int((at - NOON).total_seconds()) for at in times] == [150, 240, 300, 600]


def test_a_stopped_clock_fires_no_more_and_the_board_calms_down(place: SmallStation):
    matter = alert(place)
    fire_due(at=NOON + timedelta(minutes=4))

    perform(
        matter_id=matter.pk,
        act="sign",
        given={},
        by=place.actor("desk"),
        at=NOON + timedelta(minutes=4),
        key="s",
    )
    fire_due(at=NOON + timedelta(minutes=6))

    signed = Clock.objects.get(matter=matter, name="sign")
    assert (signed.met(), signed.fired_at) == (True, None)
    assert "clock:sign:3" not in rungs(matter)


def test_a_late_signature_stays_late(place: SmallStation):
    matter = alert(place)
    fire_due(at=NOON + timedelta(minutes=5))

    perform(
        matter_id=matter.pk,
        act="sign",
        given={},
        by=place.actor("desk"),
        at=NOON + timedelta(minutes=7),
        key="s",
    )

    signed = Clock.objects.get(matter=matter, name="sign")
    assert signed.met() is False
    assert signed.fired_at == NOON + timedelta(minutes=5)


def test_a_station_sets_its_own_length(place: SmallStation):
    ClockSetting.objects.create(
        station=place.station, kind="fraud_alert", clock="sign", level="high", span="8min", changed_at=NOON
    )
    clocks.forget_rules()

    matter = alert(place)

    assert Clock.objects.get(matter=matter).due_at == NOON + timedelta(minutes=8)
