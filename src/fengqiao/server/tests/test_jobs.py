"""The jobs of hour and night: what nobody counts any more goes; what days alone change is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from fengqiao.ground.commands import create_premises, verify_premises
from fengqiao.ground.models import Premises
from fengqiao.people.models import SignInTrial
from fengqiao.server.jobs import grade, tidy
from fengqiao.store.scope import say
from tests.station import small_station


@pytest.mark.django_db
def test_old_sign_in_trials_go_and_fresh_ones_stay():
    now = timezone.now()
    for age in (timedelta(hours=1), timedelta(days=2)):
        SignInTrial.objects.create(scope="account", digest="d", at=now - age)

    tidy(timestamp=0)

    assert SignInTrial.objects.count() == 1


@pytest.mark.django_db
def test_a_place_nobody_verified_for_a_year_turns_yellow_overnight():
    place, now = small_station(), timezone.now()
    given = {"number": "A-1", "kind": "shop", "name": "福安小店", "address": "海尾社区海尾路1号"}
    house = create_premises(station_id=place.station.pk, given=given, at=now)
    long_ago = now - timedelta(days=400)
    verify_premises(
        premises=house, given={"what": ["address"], "via": ""}, by_name="海尾社区警长", at=long_ago
    )
    Premises.objects.filter(pk=house.pk).update(grade="green", grade_why="")

    grade(timestamp=0)

    say(station=place.station.pk)  # the job went from station to station
    house.refresh_from_db()
    assert house.grade == "yellow"
    assert "12 个月内没有核实" in house.grade_why
