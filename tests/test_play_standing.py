"""The demo station has a campaign under way from its first day, part of it done, and plays the rest on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from fengqiao.checks.starting import ensure_lists
from fengqiao.ground.models import Station
from fengqiao.kinds.campaign.models import Campaign
from fengqiao.kinds.campaign.standing import STANDING
from fengqiao.kinds.inspection.models import Inspection
from fengqiao.matters.commands import raise_owed
from fengqiao.matters.models import Event, Matter
from fengqiao.people.demo import build_people
from fengqiao.play.live import LivePlay
from fengqiao.play.standing import play_standing
from fengqiao.server import demonstration
from fengqiao.server.player import books, standings
from fengqiao.store.scope import say
from tests.station import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]
A_FEW = replace(STANDING, share=0.25)


@pytest.fixture
def demo() -> Station:
    demonstration.build(at=NOON, build_people=build_people)
    station = Station.objects.order_by("-pk")[0]
    say(station=station.pk)
    ensure_lists(station_id=station.pk, at=NOON)
    return station


def test_a_kind_with_a_standing_matter_is_found_by_its_folder():
    assert [one.kind for one in standings()] == ["campaign"]


def test_a_campaign_is_under_way_with_departments_progress_and_letters(demo: Station):
    played = play_standing(demo.pk, A_FEW, books(), ends=NOON)
    say(station=demo.pk)
    campaign = Campaign.objects.select_related("matter").get()
    total = campaign.tally().total
    checks = Matter.objects.filter(parent=campaign.matter)

    assert campaign.matter.stage == "running"
    assert "消防救援" in campaign.departments
    assert localdate(NOON) - campaign.starts_on == timedelta(days=STANDING.days)
    assert played == checks.count() > 4
    assert total.checked == checks.filter(outcome__in=("clean", "found")).count() > 0
    assert total.places > total.checked
    assert Inspection.objects.filter(matter__parent=campaign.matter, letter_signed_on__isnull=False).exists()
    assert not Event.objects.filter(observed_at__gt=NOON).exists()


def test_what_was_played_is_neither_played_nor_owed_again(demo: Station):
    few = replace(STANDING, share=0.03)
    play_standing(demo.pk, few, books(), ends=NOON)
    say(station=demo.pk)
    before = Matter.objects.filter(parent__kind="campaign").count()

    again = play_standing(demo.pk, few, books(), ends=NOON)
    say(station=demo.pk)
    raise_owed(station_id=demo.pk, at=NOON)
    owed = Matter.objects.filter(parent__kind="campaign")

    assert (again, Campaign.objects.count()) == (0, 1)
    assert owed.count() > before
    assert owed.values("premises").distinct().count() == owed.count()


def test_the_present_goes_on_with_the_checks_that_count(demo: Station):
    raise_owed(station_id=demo.pk, at=NOON)
    play_standing(demo.pk, replace(STANDING, share=0.0), books(), ends=NOON)
    say(station=demo.pk)
    raise_owed(station_id=demo.pk, at=NOON)
    checks = Matter.objects.filter(kind="inspection")
    play = LivePlay(demo.pk, books(), [STANDING])

    for turn in range(12):
        play.round(at=NOON + timedelta(minutes=turn), speed=60)
        say(station=demo.pk)

    done = checks.filter(outcome__in=("clean", "found"))
    # What the calendar owes at its places counts for the campaign too.
    assert Campaign.objects.get().tally().total.checked == done.count() > 0
    assert not checks.filter(raised_at__gt=NOON).exists()
