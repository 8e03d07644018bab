"""The demo station: 容桂派出所 with its 26 real communities, its people as posts, and invented places."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from fengqiao.ground.demo import build_ground
from fengqiao.ground.models import Station
from fengqiao.kit.calendar import NO_SPAN
from fengqiao.matters.registry import kinds
from fengqiao.matters.settings import Name, set_spans
from fengqiao.store.scope import acting_for

SEED = 20220510
PASSWORD = "fengqiao-demo"  # noqa: S105 printed at the first start, for a station whose people are invented


def build(*, at: datetime, build_people: Callable[..., list[str]]) -> list[str]:
    """Give the lines to print: who can sign in."""
    station = Station.objects.create(
        name="容桂派出所(演示)", short_name="容桂所", division_code="440606006000", demo=True
    )
    with acting_for(station.pk):
        build_ground(station, seed=SEED, at=at)
        set_spans(station_id=station.pk, spans=no_waits(), at=at)
        return build_people(station, password=PASSWORD)


def no_waits() -> dict[Name, str]:
    """Its own setting, to be changed on its page like any station's: whoever looks around need not wait for days."""
    return {
        (page.slug, wait.name, level): NO_SPAN
        for page in kinds()
        for wait in page.waits
        for level in wait.within
    }
