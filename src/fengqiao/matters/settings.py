"""What a station sets for itself about its clocks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fengqiao.kit.calendar import parse_span
from fengqiao.matters import clocks
from fengqiao.matters.models import ClockSetting
from fengqiao.people.actors import Actor

Name = tuple[str, str, str]


def own_spans() -> dict[Name, str]:
    """(kind, clock, level) -> the station's own span."""
    rows = ClockSetting.objects.values_list("kind", "clock", "level", "span")
    return {(kind, clock, level): span for kind, clock, level, span in rows}


def last_changes() -> dict[Name, ClockSetting]:
    """(kind, clock, level) -> the row of whoever set it last, or went back to the default."""
    rows = ClockSetting.objects.select_related("changed_by")
    return {(row.kind, row.clock, row.level): row for row in rows}


def set_spans(*, spans: Mapping[Name, str], by: Actor, at: datetime) -> int:
    """Set or (with an empty span) go back to the default; gives the number of changes, each with its author.

    Raises ValueError for a span nobody can read. Running clocks keep the time they were given.
    """
    before, changed = own_spans(), 0
    for name, span in spans.items():
        if span == before.get(name, ""):
            continue
        changed += 1
        kind, clock, level = name
        own: dict[str, Any] = {"station_id": by.station_id, "kind": kind, "clock": clock, "level": level}
        value = {
            "span": str(parse_span(span)) if span else "",
            "changed_at": at,
            "changed_by_id": by.person_id,
        }
        ClockSetting.objects.update_or_create(**own, defaults=value)
    clocks.forget_rules()
    return changed
