"""The demo station's ground, small enough to build for each story."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fengqiao.ground.demo import build_ground
from fengqiao.ground.importing import Context
from fengqiao.ground.models import Station
from fengqiao.store.scope import say

NOON = datetime(2022, 5, 10, 4, 0, tzinfo=UTC)


@pytest.fixture
def station(db: None) -> Station:
    made = Station.objects.create(name="容桂派出所(演示)", short_name="容桂所", division_code="440606006000")
    say(station=made.pk)
    build_ground(made, seed=1)
    return made


@pytest.fixture
def empty_station(db: None) -> Station:
    made = Station.objects.create(name="容桂派出所", short_name="容桂所", division_code="440606006000")
    say(station=made.pk)
    return made


def context(station: Station, filename: str = "file.xlsx", **more: object) -> Context:
    return Context(station, NOON, filename, by_name="值班员", **more)
