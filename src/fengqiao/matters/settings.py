"""What a station sets for itself about its clocks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fengqiao.kit.calendar import parse_span
from fengqiao.matters import clocks
from fengqiao.matters.models import ClockSetting

Name = tuple[str, str, str]


def own_spans() -> dict[Name, str]:
    """(kind, clock, level) -> the station's own span."""
    rows = ClockSetting.objects.values_list("kind", "clock", "level", "span")
    return {(kind, clock, level): span for kind, clock, level, span in rows}


def set_spans(*, station_id: int, spans: Mapping[Name, str], at: datetime) -> int:
    """Set or (with an empty span) go back to the default; gives the number of changes.

    Raises ValueError for a span nobody can read. Running clocks keep the time they were given.
    """
    before, changed = own_spans(), 0
    for name, span in spans.items():
        if span == before.get(name, ""):
            continue
        changed += 1
        kind, clock, level = name
        own: dict[str, Any] = {"station_id": station_id, "kind": kind, "clock": clock, "level": level}
        if span:
            value = {"span": str(parse_span(span)), "changed_at": at}
            ClockSetting.objects.update_or_create(**own, defaults=value)
        else:
            ClockSetting.objects.filter(**own).delete()
    clocks.forget_rules()
    return changed
