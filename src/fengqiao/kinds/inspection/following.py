"""What a check leaves with its place: when it was looked at, what is known of it, and when it is due again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Sum

from fengqiao.checks.queries import sheet_of
from fengqiao.ground.commands import note_check
from fengqiao.ground.inputs import Verified
from fengqiao.kinds.inspection.models import Inspection
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
        facts=_history(matter, at),
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


def _history(matter: Matter, at: datetime) -> dict[str, int]:
    """What the year's checks of this place came to."""
    held = Inspection.objects.filter(
        matter__premises=matter.premises, inspected_at__gt=at - YEAR, inspected_at__lte=at
    ).aggregate(checks=Count("pk"), found=Sum("found"))
    return {"checks_365d": held["checks"], "found_365d": held["found"] or 0}
