"""A small station with its lists, and a house whose round ends in three days."""

from __future__ import annotations

import pytest
from django.utils.timezone import localdate

from fengqiao.checks.starting import ensure_lists
from fengqiao.ground.models import Premises
from fengqiao.kinds.inspection.tests.rounds import DAY, premises
from tests.station import NOON, SmallStation, small_station


@pytest.fixture
def place() -> SmallStation:
    held = small_station()
    ensure_lists(station_id=held.station.pk, at=NOON)
    return held


@pytest.fixture
def house(place: SmallStation) -> Premises:
    """A rental house whose round ends in three days."""
    return premises(place, "P-1", check_due=localdate(NOON) + 3 * DAY)
