"""The present at play: things arrive and are done by the real clock, and nobody's own matters are touched."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import override_settings

from fengqiao.ground.models import Station
from fengqiao.kinds.fraud_alert.sample import PLAYBOOK
from fengqiao.kit.problems import Forbidden
from fengqiao.matters.commands import perform, raise_matter
from fengqiao.matters.models import Event, Matter
from fengqiao.people.demo import build_people
from fengqiao.play import switch
from fengqiao.play.live import MOST_OPEN, LivePlay
from fengqiao.server import demonstration, simulating
from fengqiao.store.scope import say
from tests.station import NOON, SmallStation, small_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo() -> Station:
    demonstration.build(at=NOON, build_people=build_people)
    station = Station.objects.order_by("-pk")[0]
    say(station=station.pk)
    return station


def play_on(play: LivePlay, minutes: int, *, speed: float = 60, since: datetime = NOON) -> int:
    """A round every five seconds."""
    rounds = [since + timedelta(seconds=5 * turn) for turn in range(minutes * 12)]
    return sum(play.round(at=at, speed=speed) for at in rounds)


def test_within_a_minute_something_has_come_in_and_been_taken_on(demo: Station):
    play_on(LivePlay(demo.pk, [PLAYBOOK]), 1)

    assert Matter.objects.filter(reference__startswith="DEMO-").exists()
    assert Event.objects.filter(act="sign").exists()


def test_people_act_sooner_but_no_time_runs_ahead(demo: Station):
    play_on(LivePlay(demo.pk, [PLAYBOOK]), 12)
    last = NOON + timedelta(minutes=12)

    assert Matter.objects.filter(closed_at__isnull=False).exists()
    assert Event.objects.count() > 30
    assert not Event.objects.filter(observed_at__gt=last).exists()
    assert not Matter.objects.filter(raised_at__gt=last).exists()
    assert Matter.objects.filter(closed_at=None).count() <= MOST_OPEN


def test_paused_nothing_happens(demo: Station):
    assert play_on(LivePlay(demo.pk, [PLAYBOOK]), 2, speed=0) == 0
    assert not Matter.objects.exists()


def test_what_a_human_raised_is_left_to_humans_and_acts_of_humans_are_followed(demo: Station):
    play = LivePlay(demo.pk, [PLAYBOOK])
    desk = play.staff.desk(NOON)
    address = {"address": "某街 1 号", "community": "440606006016"}
    given = {"reference": "FZ-1", "level": "high", "fraud_type": "冒充客服", "received_at": NOON}
    human = given | address | {"target": {"name": "事主甲", "phone": "13900000001"}}
    own = raise_matter(kind_slug="fraud_alert", given=human, by=desk, at=NOON).matter
    play.round(at=NOON, speed=1)
    played = Matter.objects.get(reference__startswith="DEMO-")
    while (stage := Matter.objects.get(pk=played.pk)).community_id is None:
        perform(
            matter_id=played.pk, act="place", given={"community": "440606006016"}, by=desk, at=NOON, key="p"
        )
    perform(matter_id=stage.pk, act="sign", given={}, by=desk, at=NOON, key="by hand")

    play_on(play, 10, since=NOON + timedelta(seconds=5))

    assert Matter.objects.get(pk=own.pk).version == 1
    assert Event.objects.filter(matter=played, act="sign").count() == 1
    assert Matter.objects.get(pk=played.pk).version > 3


def test_a_real_station_is_never_played():
    place: SmallStation = small_station()

    assert not switch.may_play(place.station)
    with pytest.raises(Forbidden, match="演示派出所"):
        switch.set_speed(place.station.pk, 10)
    with pytest.raises(Forbidden, match="正式派出所"):
        simulating.batch(days=1, seed=1, rate=None, ends=NOON)
    with pytest.raises(Forbidden, match="正式派出所"):
        simulating.live(speed=1, say=print)
    assert not Matter.objects.exists()


def test_a_demo_told_to_rest_is_not_played(demo: Station):
    assert switch.may_play(demo)
    with override_settings(PLAY=False):
        assert not switch.may_play(demo)


def test_the_switch_keeps_speed_and_past_apart(demo: Station):
    began = switch.begin_past(demo.pk, at=NOON)
    switch.set_speed(demo.pk, 60)
    switch.end_past(demo.pk)
    held = switch.read(Station.objects.get(pk=demo.pk))

    assert began.past == (NOON - timedelta(days=30), NOON)
    assert (held.speed, held.past, held.past_done) == (60, began.past, True)
