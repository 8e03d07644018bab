"""Days of the past, played: every alert ends, none is nobody's, and the same seed gives the same figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import Q

from fengqiao.ground.models import Station
from fengqiao.kinds.fraud_alert.sample import PLAYBOOK
from fengqiao.matters.models import Clock, Event, Matter
from fengqiao.people.demo import build_people
from fengqiao.people.roles import Role
from fengqiao.play.history import Life, play_history
from fengqiao.play.playbook import Move
from fengqiao.play.summary import summary
from fengqiao.server import demonstration
from fengqiao.store.scope import say
from tests.station import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]
DAYS, RATE, SEED = 2, 6.0, 7


def play(station: Station, *, days: int, seed: int = SEED) -> list[Life]:
    begins = NOON - timedelta(days=days)
    lives = play_history(station.pk, [PLAYBOOK], begins=begins, ends=NOON, seed=seed, rate=RATE)
    say(station=station.pk)
    return lives


def played(days: int = DAYS, after: int = 12, seed: int = SEED) -> list[Life]:
    """A demo station of its own, `days` of it played, with some days more for the last ones to end."""
    demonstration.build(at=NOON, build_people=build_people)
    station = Station.objects.order_by("-pk")[0]
    lives = play(station, days=days + after, seed=seed)
    return [life for life in lives if life.raised_at < NOON - timedelta(days=after)]


def test_every_alert_ends_and_none_is_nobodys():
    found = summary(played())

    assert found.raised >= 8
    assert (found.ended, found.waiting, found.stuck) == (found.raised, 0, 0), found.why_open
    assert found.unowned == 0
    assert found.longest_unowned_seconds <= 60
    assert found.reached > found.raised / 2
    assert Clock.objects.filter(stopped_at=None, matter__closed_at__isnull=False).count() == 0


def test_nothing_happens_before_its_cause_or_after_the_end():
    played(days=2, after=0)

    assert not Event.objects.filter(observed_at__gt=NOON).exists()
    assert not Clock.objects.filter(Q(stopped_at=None) & Q(next_at__lte=NOON)).exists()
    for matter in Matter.objects.all():
        road = Event.objects.filter(matter=matter).exclude(act__startswith="clock:").order_by("id")
        times = list(road.values_list("observed_at", flat=True))
        assert times == sorted(times)


def test_the_same_seed_gives_the_same_figures_and_another_does_not():
    def figures(seed: int) -> dict:
        """The play as if it had never been."""
        with transaction.atomic():
            found = summary(played(days=2, after=0, seed=seed)).told()
            transaction.set_rollback(True)
        return found

    assert figures(1) == figures(1)
    assert figures(1) != figures(2)


def test_playing_it_again_adds_nothing():
    lives = played(days=2, after=0)
    station = Station.objects.order_by("-pk")[0]
    before = (Matter.objects.count(), Event.objects.count())

    again = play(station, days=2)

    assert all(life.repeated for life in again)
    assert len(again) == len(lives)
    assert (Matter.objects.count(), Event.objects.count()) == before


def test_an_officer_is_at_one_door_at_a_time():
    played(days=3, after=0)
    at_doors = Event.objects.filter(act__in=["meet", "not_home"]).values_list("by", "observed_at")
    on_the_road = Event.objects.filter(act="go").values_list("by", "observed_at")

    assert len(set(at_doors)) == len(list(at_doors))
    assert on_the_road


def test_a_move_the_declaration_refuses_is_passed_over_and_told():
    """A sample that lags behind its declaration leaves the matter open, with the words of the refusal."""
    demonstration.build(at=NOON, build_people=build_people)
    signs = [move for move in PLAYBOOK.moves if move.act in ("place", "sign")]
    talks = Move("meet", Role.OFFICER, given=lambda scene: {"identity_checked": False})
    unknown = Move("teleport", Role.OFFICER)
    book = replace(PLAYBOOK, moves=(unknown, *signs, talks))
    station = Station.objects.order_by("-pk")[0]

    lives = play_history(station.pk, [book], begins=NOON - timedelta(days=1), ends=NOON, seed=SEED, rate=4)

    assert lives
    assert {life.stuck for life in lives} == {True}
    assert all("须先互相核对身份" in life.why for life in lives)
