"""What a check leaves with its place: when it was looked at, what is known of it, and when it is due again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Sum

from fengqiao.checks.queries import sheet_of
from fengqiao.ground.commands import note_check
from fengqiao.ground.inputs import Verified
from fengqiao.kinds.inspection.models import Inspection
from fengqiao.matters.grades import facts_at
from fengqiao.matters.models import Event, Matter

YEAR = timedelta(days=365)


def follows(matter: Matter, at: datetime) -> None:
    """After every act: a check that is done moves its place on, in the same transaction."""
    if matter.premises is None or matter.stage not in ("clean", "found"):
        return
    detail = Inspection.objects.get(pk=matter.pk)
    assert detail.inspected_at is not None
    note_check(
        premises=matter.premises,
        checked_at=detail.inspected_at,
        at=at,
        learnt=_learnt(detail) | _seen(matter, detail.inspected_at),
        facts=facts_at(matter.premises.pk, at=at),
    )


def _learnt(detail: Inspection) -> dict[str, Any]:
    """The facts of the register that items of the list answer (`Item.fact`)."""
    assert detail.version_id is not None
    given = {
        item.fact: detail.answers[item.code].get("value")
        for item in sheet_of(detail.version_id)
        if item.fact and item.code in detail.answers
    }
    return {fact: value == "yes" for fact, value in given.items() if value in ("yes", "no")}


def _seen(matter: Matter, at: datetime) -> dict[str, Any]:
    """Whoever checked the place from end to end has seen that it is there: it need not be verified as well."""
    place = matter.premises
    if place is None or (place.verified_at is not None and place.verified_at > at):
        return {}
    event = Event.objects.filter(matter=matter, act="inspect").select_related("by").latest("observed_at")
    by_name = event.by.name if event.by else ""
    return {
        "verified_at": at,
        "verified_what": Verified.ADDRESS.value,
        "verified_via": "",
        "verified_by": by_name[:60],
    }


def counts(places: Collection[UUID] | None, at: datetime) -> dict[UUID, dict[str, int]]:
    """What the year's checks came to."""
    held = Inspection.objects.filter(inspected_at__gt=at - YEAR, inspected_at__lte=at)
    if places is not None:
        held = held.filter(matter__premises__in=places)
    told = (
        held.order_by().values_list("matter__premises_id").annotate(checks=Count("pk"), hazards=Sum("found"))
    )
    return {place: {"checks_365d": checks, "found_365d": found or 0} for place, checks, found in told}
