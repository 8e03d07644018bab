"""The clock scanner: fires every rung once, however late it comes to it, however many scanners run.

The matter's row is the lock for everything about it; a scanner skips what another writer holds and
finds it again at the next round. The event's unique key is the effect that cannot happen twice.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from fengqiao.matters import clocks
from fengqiao.matters.models import Clock, Event, Matter
from fengqiao.matters.states import Standing
from fengqiao.store.scope import require_transaction

BATCH = 200


def database_time() -> datetime:
    """The database's clock decides; a machine whose own clock jumped fires nothing early."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    return now  # type: ignore[no-any-return]


def fire_due(*, at: datetime, limit: int = BATCH) -> int:
    """Fire what is due by `at` in this station, in one transaction; gives the number of rungs fired."""
    require_transaction()
    due = (
        Clock.objects.filter(stopped_at=None, next_at__lte=at).order_by("next_at").values("matter_id")[:limit]
    )
    locked = (
        Matter.objects.filter(pk__in=due, closed_at=None).select_for_update(skip_locked=True).order_by("pk")
    )
    matters = {matter.pk: matter for matter in locked}
    running = Clock.objects.filter(matter_id__in=matters, stopped_at=None, next_at__lte=at)
    fired: list[Event] = []
    changed: list[Clock] = []
    for clock in running:
        fired += _fire(clock, matters[clock.matter_id], at)
        changed.append(clock)
    Event.objects.bulk_create(fired)
    Clock.objects.bulk_update(changed, ["rung", "next_at", "fired_at"])
    Matter.objects.bulk_update(matters.values(), ["escalation", "overdue_unexplained"])
    return len(fired)


def _fire(clock: Clock, matter: Matter, at: datetime) -> list[Event]:
    """Every rung that is due, each with the time it was due at."""
    events = []
    while clock.next_at is not None and clock.next_at <= at:
        clock.rung += 1
        events.append(_event(clock, matter))
        if clock.rung == clocks.DUE_RUNG:
            clock.fired_at = at
        if clock.rung == clocks.LAST_RUNG:
            matter.overdue_unexplained = True
        clock.next_at = clocks.rung_time(clock, clock.rung + 1)
    matter.escalation = max(matter.escalation, clock.rung)
    return events


def _event(clock: Clock, matter: Matter) -> Event:
    assert clock.next_at is not None
    return Event(
        station_id=matter.station_id,
        matter=matter,
        act=f"clock:{clock.name}:{clock.rung}",
        role="clock",
        observed_at=clock.next_at,
        key=f"clock:{clock.pk}:{clock.rung}",
        standing=Standing.DONE,
        stage_from=matter.stage,
        stage_to=matter.stage,
        version=matter.version,
        given={"why": clock.why, "due_at": clock.due_at.isoformat()},
    )
