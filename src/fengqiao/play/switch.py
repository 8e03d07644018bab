"""The demo station's switch: how fast it plays, and which days of the past it has played already.

Kept with the station's own settings: one row that every process of the program reads anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from fengqiao.ground.models import Station
from fengqiao.kit.problems import BadInput, Forbidden

# Paused, as fast as life, ten times, sixty times. A demo starts so that a newcomer sees it move.
SPEEDS = (0, 1, 10, 60)
FIRST_SPEED = 10
PAST = timedelta(days=30)
NAME = "play"


@dataclass(frozen=True, slots=True)
class Switch:
    """`past` are the bounds of the days to be played as history; `past_done` once they all are."""

    speed: float
    past: tuple[datetime, datetime] | None
    past_done: bool


def may_play(station: Station) -> bool:
    """Only a demo station is ever played, and only where the program was not told to leave it alone."""
    return bool(station.demo and settings.PLAY)


def read(station: Station) -> Switch:
    held: dict[str, Any] = (station.settings or {}).get(NAME, {})
    bounds = [datetime.fromisoformat(text) for text in held.get("past", [])]
    past = (bounds[0], bounds[1]) if len(bounds) == 2 else None
    return Switch(held.get("speed", FIRST_SPEED), past, held.get("past_done", False))


def set_speed(station_id: int, speed: float) -> None:
    """Raises Forbidden for a station that is no demo, BadInput for less than nothing or more than 600."""
    if not 0 <= speed <= 600:
        raise BadInput.at("speed", "演示速度须在 0 到 600 之间")
    _change(station_id, speed=speed)


def begin_past(station_id: int, *, at: datetime) -> Switch:
    """Fix, once, which days are the past: a play that was broken off goes on with the same ones."""
    return _change(station_id, past=[(at - PAST).isoformat(), at.isoformat()], past_done=False)


def end_past(station_id: int) -> None:
    _change(station_id, past_done=True)


def _change(station_id: int, **values: Any) -> Switch:
    with transaction.atomic():
        station = Station.objects.select_for_update().get(pk=station_id)
        if not station.demo:
            raise Forbidden("只有演示派出所可以演示")
        held = (station.settings or {}).get(NAME, {}) | values
        station.settings = (station.settings or {}) | {NAME: held}
        station.save(update_fields=["settings"])
    return read(station)
