"""A matter as one row of a list, prepared so that templates only print."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext

from fengqiao.matters.clocks import why_told
from fengqiao.matters.models import Clock, Matter
from fengqiao.matters.queries import number
from fengqiao.matters.registry import kind


def lines(found: Iterable[Matter]) -> list[dict[str, Any]]:
    return [line(matter) for matter in found]


def line(matter: Matter) -> dict[str, Any]:
    """Read the matter with `queries.shown`, or each row costs queries of its own."""
    page = kind(matter.kind)
    burning = _burning(matter)
    return {
        "url": reverse("desk:matter", args=[matter.pk]),
        "number": number(matter),
        "kind": gettext(page.says),
        "title": matter.title,
        "level": matter.level,
        "level_says": _said(page.level_says(matter.level)),
        "state": matter.state,
        "stage": gettext(page.stage(matter.stage).says),
        "outcome": _said(page.outcome_says(matter.outcome)),
        "outcome_tone": "good" if matter.outcome in page.solved else "plain",
        "community": matter.community.name if matter.community else gettext("全所"),
        "unplaced": matter.community is None and not page.everywhere,
        "holder": matter.holder.name if matter.holder else "",
        "raised_at": matter.raised_at,
        "raised": f"{localtime(matter.raised_at):%Y-%m-%d %H:%M}",
        "clock": burning,
        "clock_why": why_told(burning, matter) if burning else "",
        "clock_says": _said(page.act_says(f"clock:{burning.name}")) if burning else "",
        "escalation": matter.escalation,
        "unexplained": matter.overdue_unexplained,
    }


def _burning(matter: Matter) -> Clock | None:
    running = [clock for clock in matter.clocks.all() if clock.running]
    return min(running, key=lambda clock: clock.due_at, default=None)


def _said(words: str) -> str:
    """A kind's own word in the reader's language; nothing stays nothing."""
    return gettext(words) if words else ""
