"""Weeks of rounds walked: what the calendar owes is checked, what is found goes its road, and no promise is broken."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Count

from fengqiao.checks.starting import ensure_lists
from fengqiao.ground.demo import more_premises
from fengqiao.ground.models import Premises, Station
from fengqiao.kinds.hazard.sample import PLAYBOOK as HAZARDS
from fengqiao.kinds.inspection.sample import PLAYBOOK as CHECKS
from fengqiao.matters.models import Clock, Event, Matter
from fengqiao.people.demo import build_people
from fengqiao.play.history import Life
from fengqiao.play.promises import broken
from fengqiao.play.rounds import play_rounds
from fengqiao.play.summary import summary
from fengqiao.server import demonstration
from fengqiao.store.scope import say
from tests.station import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]
PLACES, DAYS = 60, 45
BOTH = ["hazard", "inspection"]


def walked(places: int = PLACES, days: int = DAYS, seed: int = 1) -> tuple[Station, list[Life]]:
    """A demo station of whose places only the invented ones are left."""
    demonstration.build(at=NOON, build_people=build_people)
    station = Station.objects.order_by("-pk")[0]
    say(station=station.pk)
    Premises.objects.update(voided_at=NOON)
    ensure_lists(station_id=station.pk, at=NOON)
    more_premises(station, places, seed=seed, at=NOON)
    lives = play_rounds(
        station.pk, [HAZARDS, CHECKS], begins=NOON, ends=NOON + timedelta(days=days), seed=seed
    )
    say(station=station.pk)
    return station, lives


def test_the_rounds_of_weeks_are_walked_and_no_promise_is_broken():
    station, lives = walked()
    end = NOON + timedelta(days=DAYS)
    found = summary(lives)

    assert [life.why for life in lives if life.stuck] == []
    assert found.raised > PLACES / 2
    assert broken(station.pk, BOTH, at=end).none
    checks, hazards = Matter.objects.filter(kind="inspection"), Matter.objects.filter(kind="hazard")
    assert checks.filter(closed_at__isnull=False).count() > PLACES / 2
    assert hazards.filter(state="verified").exists()
    assert not hazards.filter(parent=None).exists()
    assert not Event.objects.filter(observed_at__gt=end).exists()
    again = checks.order_by().values("premises").annotate(n=Count("pk")).filter(n__gt=1)
    assert again.exists()  # a place comes round again


def test_the_same_seed_walks_the_same_rounds():
    """The play as if it had never been, twice."""
    from django.db import transaction

    def figures(seed: int) -> dict[str, object]:
        with transaction.atomic():
            told = summary(walked(places=12, days=12, seed=seed)[1]).told()
            transaction.set_rollback(True)
        return told

    assert figures(1) == figures(1)


def test_what_is_broken_is_counted():
    """Each is found in the tables when it is there; the log itself nobody can change."""
    station, _lives = walked(places=12, days=20)
    end = NOON + timedelta(days=20)
    assert broken(station.pk, BOTH, at=end).none

    one = Matter.objects.filter(kind="inspection", closed_at__isnull=False)[0]
    Matter.objects.filter(pk=one.pk).update(holder=None)
    Clock.objects.filter(matter=one).update(due_at=one.raised_at, fired_at=None)
    never = Matter.objects.filter(kind="inspection", closed_at=None, stage="due").exclude(pk=one.pk)[0]
    Matter.objects.filter(pk=never.pk).update(closed_at=end, state="closed")

    found = broken(station.pk, BOTH, at=end)
    assert (found.unowned, found.unfired, found.unproven) == (1, 1, 1)

    Station.objects.filter(pk=station.pk).update(settings={"knocks_a_month": 0})
    assert broken(station.pk, BOTH, at=end).unexplained > 0
