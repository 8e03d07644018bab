"""How the matters of a window ended, beside the figures: one bar for each outcome, each opening to its rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from fengqiao.figures.computing import Window, find, rows
from fengqiao.matters.registry import Kind
from fengqiao.people.actors import Actor


def spread(caller: Actor, window: Window, slug: str, query: str, *, as_of: datetime) -> dict[str, Any]:
    """The denominator of a figure by outcome, in the order its kind declares; open ones come last.

    Counts only: the shares are the bars' lengths, so that no percentage stands without its n.
    """
    page, _figure = find(slug)
    found = (
        rows(caller, slug, window, "denominator", as_of=as_of)
        .order_by()
        .values_list("outcome")
        .annotate(Count("pk"))
    )
    counts = dict(found)
    bars = [_bar(page, name, count, slug, query) for name in _names(page) if (count := counts.get(name))]
    return {"kind": _(page.says), "bars": bars, "most": max(counts.values(), default=0)}


def _names(page: Kind) -> list[str]:
    return [*(outcome.slug for outcome in page.outcomes), ""]


def _bar(page: Kind, outcome: str, count: int, slug: str, query: str) -> dict[str, Any]:
    where = reverse("desk:figure_rows", args=[slug, "denominator"])
    return {
        "says": _(page.outcome_says(outcome)) if outcome else _("尚无结果"),
        "count": count,
        "tone": "good" if outcome in page.solved else "" if outcome else "idle",
        "url": f"{where}?{query}&outcome={outcome}",
    }
