"""Facts about matters that figures are made of, as expressions a kind's page can combine."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import (
    DurationField,
    Exists,
    Expression,
    ExpressionWrapper,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.functions import Extract

from fengqiao.matters.models import Clock

# What was taken out of the count by whoever keeps the register, in any kind.
COUNTED = ~Q(outcome__in=["voided", "duplicate"])


def clock_met(name: str, *, done_by: Sequence[str] = ()) -> Q:
    """The clock was stopped in time (by one of the acts `done_by`, where given); where it ran more than once,
    never late."""
    late = Q(stopped_at__gt=F("due_at")) | Q(stopped_at=None, fired_at__isnull=False)
    ever_late = Clock.objects.filter(late, matter=OuterRef("pk"), name=name)
    return Q(Exists(_stopped(name, done_by).filter(stopped_at__lte=F("due_at")))) & ~Q(Exists(ever_late))


def clock_due(name: str, *, done_by: Sequence[str] = ()) -> Q:
    """The clock has a result: stopped (by one of the acts `done_by`, where given), or run out."""
    ran_out = Clock.objects.filter(matter=OuterRef("pk"), name=name, fired_at__isnull=False)
    return Q(Exists(_stopped(name, done_by))) | Q(Exists(ran_out))


def _stopped(name: str, done_by: Sequence[str]) -> QuerySet[Clock]:
    found = Clock.objects.filter(matter=OuterRef("pk"), name=name, stopped_at__isnull=False)
    return found.filter(stopped_by__in=done_by) if done_by else found


def minutes(start: str, end: str) -> Expression:
    """Minutes between two columns of times, with decimals."""
    return _spell(start, end, 60.0)


def days(start: str, end: str) -> Expression:
    """Days between two columns of times, with decimals."""
    return _spell(start, end, 86400.0)


def _spell(start: str, end: str, unit: float) -> Expression:
    spell = ExpressionWrapper(F(end) - F(start), output_field=DurationField())
    return ExpressionWrapper(Extract(spell, "epoch") / unit, output_field=FloatField())
