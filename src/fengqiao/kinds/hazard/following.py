"""What the hazards of a place say of its grade: told to the register after every act, in the same transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from fengqiao.kinds.hazard.commands import NOT_COUNTED, RECURS_WITHIN
from fengqiao.kinds.hazard.models import Hazard
from fengqiao.matters.grades import retell
from fengqiao.matters.models import Matter

# Seen to be mended, or ended: no longer a danger that stands.
MENDED = Q(matter__state="verified") | Q(matter__closed_at__isnull=False)


def follows(matter: Matter, at: datetime) -> None:
    if matter.premises_id is not None:
        retell(matter.premises_id, station_id=matter.station_id, at=at)


def counts(places: Collection[UUID] | None, at: datetime) -> dict[UUID, dict[str, int]]:
    """What is open, over its last deadline, and recurred."""
    recent = Q(matter__raised_at__gt=at - RECURS_WITHIN)
    held = Hazard.objects.filter(~MENDED | recent, matter__premises__isnull=False).annotate(
        over_at=Coalesce("second_due_at", "due_at")
    )
    if places is not None:
        held = held.filter(matter__premises__in=places)
    facts = {f"open_{level}": ~MENDED & Q(matter__level=level) for level in ("serious", "general", "minor")}
    facts["overdue"] = ~MENDED & Q(over_at__lt=at)
    facts["recurred_180d"] = Q(earlier__isnull=False) & recent
    counted = held.exclude(matter__outcome__in=NOT_COUNTED).order_by().values("matter__premises_id")
    told = counted.annotate(**{fact: Count("pk", filter=which) for fact, which in facts.items()})
    rows: Iterable[tuple[Any, ...]] = told.values_list("matter__premises_id", *facts)
    return {place: dict(zip(facts, found, strict=True)) for place, *found in rows}
