"""Reading the histories, as somebody may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from fengqiao.ground.merging import one_with_merged
from fengqiao.ground.models import Premises
from fengqiao.ground.seeing import Viewer
from fengqiao.histories.models import OfPlaces, PastFinding, PastVisit
from fengqiao.kit.text import normalise

# What became of a finding, as the register asks for it.
OUTCOMES: dict[str, Q] = {
    "late": Q(rectification__late=True),
    "in_time": Q(rectification__late=False),
    "open": Q(rectification=None),
}


@dataclass(frozen=True, slots=True)
class PastFilters:
    """What the register is asked for; empty means all."""

    text: str = ""
    community: str = ""
    severity: str = ""
    state: str = ""
    source: str = ""
    outcome: str = ""
    first: date | None = None
    last: date | None = None


def past_findings(viewer: Viewer, asked: PastFilters) -> OfPlaces:
    """The newest first, with place, visit and what became of each."""
    given = {
        "premises__community__code": asked.community,
        "severity": asked.severity,
        "state": asked.state,
        "source": asked.source,
        "found_on__gte": asked.first,
        "found_on__lte": asked.last,
    }
    found: OfPlaces = PastFinding.objects.seen_by(viewer).filter(
        **{name: value for name, value in given.items() if value}
    )
    if asked.outcome:
        found = found.filter(OUTCOMES[asked.outcome])
    for word in normalise(asked.text).split():
        found = found.filter(_typed(word))
    return found.select_related("premises__community", "visit", "rectification").order_by("-found_on", "-pk")


def _typed(word: str) -> Q:
    return (
        Q(reference__icontains=word)
        | Q(item__icontains=word)
        | Q(says__icontains=word)
        | Q(premises__name__icontains=word)
        | Q(premises__address__icontains=word)
    )


def past_choices(viewer: Viewer) -> dict[str, list[str]]:
    """The words of the register's own columns: to choose from."""
    seen = PastFinding.objects.seen_by(viewer).order_by()
    return {
        name: sorted(filter(None, seen.values_list(name, flat=True).distinct()[:60]))
        for name in ("severity", "state", "source")
    }


def past_visits(premises: Premises) -> QuerySet[PastVisit]:
    """What was checked at this place, the newest first, with the findings of each visit."""
    findings = PastFinding.objects.select_related("rectification").order_by("severity", "reference")
    visits = PastVisit.objects.filter(premises__in=one_with_merged(premises.pk)).order_by("-day", "-pk")
    return visits.prefetch_related(Prefetch("findings", queryset=findings))


def past_counts(found: QuerySet[Any]) -> dict[str, int]:
    """How many findings, how many put right, late, or not at all."""
    return found.order_by().aggregate(
        total=Count("pk"),
        **{name: Count("pk", filter=condition) for name, condition in OUTCOMES.items()},
    )
