"""What the round makes due: one check for each place whose day has come near, and none twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate

from fengqiao.checks.queries import listed_kinds
from fengqiao.ground.models import Premises
from fengqiao.matters.models import Matter
from fengqiao.matters.registry import Owed

# So many days before its last day a check appears on the officer's list.
AHEAD = timedelta(days=7)
# A round that was neglected is told as overdue, and still leaves some days to go there.
AT_LEAST = timedelta(days=3)
AT_ONCE = 500


def owes(station_id: int, at: datetime) -> Iterator[Owed]:
    """The places due within a week that have no open check, the longest waiting first; a kind of place without
    a regular list is not checked."""
    today = localdate(at)
    running = Matter.objects.filter(kind="inspection", premises=OuterRef("pk"), closed_at=None)
    due = (
        Premises.objects.filter(station_id=station_id, check_due__lte=today + AHEAD, kind__in=listed_kinds())
        .standing()
        .filter(~Exists(running))
        .order_by("check_due", "number")
        .values_list("pk", "check_due", "check_why")
    )
    for premises_id, day, why in due[:AT_ONCE]:
        given = {"premises": premises_id, "source": "round", "why": why, "due_on": max(day, today + AT_LEAST)}
        yield Owed(key=f"{premises_id}:{day}", given=given)
