"""What the round makes due: one check for each place whose day has come near, and none twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.timezone import localdate

from fengqiao.checks.queries import listed_kinds
from fengqiao.ground.merging import doubles
from fengqiao.ground.models import Premises
from fengqiao.matters.models import Matter
from fengqiao.matters.registry import Owed

# So many days before its last day a check appears on the officer's list.
AHEAD = timedelta(days=7)
# A round that was neglected is told as overdue, and still leaves some days to go there.
AT_LEAST = timedelta(days=3)
AT_ONCE = 500
# 本轮不查 holds for so long; then the place, still due, is asked for again.
SKIPPED_FOR = timedelta(days=30)


def owes(station_id: int, at: datetime) -> Iterator[Owed]:
    """The places due within a week that have no open check, the longest waiting first; a kind of place without
    a regular list is not checked."""
    today = localdate(at)
    checks = Matter.objects.filter(kind="inspection", premises=OuterRef("pk"))
    running = Q(closed_at=None) | Q(stage="skipped", closed_at__gt=at - SKIPPED_FOR)
    joined = doubles()
    by_double = Matter.objects.filter(kind="inspection", premises__in=joined, closed_at=None)
    begun = [joined[double] for double in by_double.values_list("premises_id", flat=True)]
    ended = checks.filter(closed_at__isnull=False).order_by("-closed_at").values("closed_at")[:1]
    due = (
        Premises.objects.filter(station_id=station_id, check_due__lte=today + AHEAD, kind__in=listed_kinds())
        .standing()
        .filter(~Exists(checks.filter(running)))
        .exclude(pk__in=begun)
        .order_by("check_due", "number")
        .annotate(ended=Subquery(ended))
        .values_list("pk", "check_due", "check_why", "ended")
    )
    for premises_id, day, why, before in due[:AT_ONCE]:
        given = {"premises": premises_id, "source": "round", "why": why, "due_on": max(day, today + AT_LEAST)}
        # one that was skipped or voided left the day as it was: the next is another
        yield Owed(key=f"{premises_id}:{day}:{before and localdate(before)}", given=given)
