"""Facts about matters that figures are made of, as expressions a kind's page can combine."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q

from fengqiao.matters.models import Clock


def clock_met(name: str) -> Q:
    """The clock was stopped in time."""
    met = Clock.objects.filter(matter=OuterRef("pk"), name=name, stopped_at__lte=F("due_at"))
    return Q(Exists(met))


def clock_due(name: str) -> Q:
    """The clock has a result: stopped, or run out."""
    ended = Q(stopped_at__isnull=False) | Q(fired_at__isnull=False)
    return Q(Exists(Clock.objects.filter(ended, matter=OuterRef("pk"), name=name)))
