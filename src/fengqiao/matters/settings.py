"""What a station sets for itself about its clocks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from fengqiao.kit.calendar import NO_SPAN, parse_span
from fengqiao.matters import clocks
from fengqiao.matters.models import ClockSetting
from fengqiao.matters.registry import Clock, Wait, kind

Name = tuple[str, str, str]


def own_spans() -> dict[Name, str]:
    """(kind, clock, level) -> the station's own span."""
    return {name: row.span for name, row in changes().items() if row.span}


def changes() -> dict[Name, ClockSetting]:
    """(kind, clock, level) -> the row of whoever set it last, or went back to the default."""
    rows = ClockSetting.objects.select_related("changed_by")
    return {(row.kind, row.clock, row.level): row for row in rows}


def set_spans(*, station_id: int, spans: Mapping[Name, str], at: datetime, by: UUID | None = None) -> int:
    """Set or (with an empty span) go back to the default, of clocks and waits; gives the number of changes, each
    with its author.

    Raises ValueError for a span nobody can read. Running clocks keep the time they were given.
    """
    before, changed = own_spans(), 0
    for name, span in spans.items():
        if span == before.get(name, ""):
            continue
        changed += 1
        slug, clock, level = name
        own: dict[str, Any] = {"station_id": station_id, "kind": slug, "clock": clock, "level": level}
        declared = next(one for one in kind(slug).timed if one.name == clock)
        value = {
            "span": read_span(declared, span) if span else "",
            "changed_at": at,
            "changed_by_id": by,
        }
        ClockSetting.objects.update_or_create(**own, defaults=value)
    clocks.forget_rules()
    return changed


def read_span(declared: Clock | Wait, text: str) -> str:
    """As it is kept; `0` only where nothing need be waited for. Raises ValueError."""
    if isinstance(declared, Wait) and text == NO_SPAN:
        return NO_SPAN
    return str(parse_span(text))
