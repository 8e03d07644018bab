"""A quarter of a year of hazards played: everything goes its whole road, through the one door."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fengqiao.ground.models import Station
from fengqiao.kinds.hazard.models import Hazard
from fengqiao.kinds.hazard.sample import PLAYBOOK
from fengqiao.matters.models import Issued, Matter
from fengqiao.people.demo import build_people
from fengqiao.play.history import play_history
from fengqiao.server import demonstration
from fengqiao.store.scope import say
from tests.station import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]


def test_what_is_found_is_told_put_right_and_seen_to_have_stayed_so():
    demonstration.build(at=NOON, build_people=build_people)
    station = Station.objects.order_by("-pk")[0]

    lives = play_history(
        station.pk, [PLAYBOOK], begins=NOON, ends=NOON + timedelta(days=160), seed=7, rate=0.25
    )

    say(station=station.pk)
    assert len(lives) > 20
    assert [life.why for life in lives if life.stuck] == []
    ended = Matter.objects.filter(kind="hazard", closed_at__isnull=False)
    assert ended.filter(outcome="fixed").exists()
    assert set(Matter.objects.values_list("kind", flat=True)) == {"hazard"}
    assert Matter.objects.filter(premises=None).count() == 0
    assert Issued.objects.filter(form="D01").exists()
    assert Issued.objects.filter(form="D04").exists()
    fixed = Hazard.objects.filter(matter__outcome="fixed")
    assert all(one.after_photos for one in fixed)
    assert all(one.photos for one in Hazard.objects.exclude(source="complaint"))
