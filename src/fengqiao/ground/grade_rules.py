"""The station's own rules of grading, kept in its settings; without its own the published default holds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fengqiao.ground.models import Station
from fengqiao.kit.grading import DEFAULT, Rules, read_rules
from fengqiao.store.scope import require_transaction

NAME = "grades"


def rules_of(station_id: int) -> Rules:
    held = _held(Station.objects.get(pk=station_id))
    return read_rules(held["rules"]) if held else DEFAULT


def changed_last(station_id: int) -> tuple[datetime, str] | None:
    """When and by whom the rules were last changed; None while the default holds."""
    held = _held(Station.objects.get(pk=station_id))
    return (datetime.fromisoformat(held["at"]), held["by"]) if held else None


def set_rules(*, station_id: int, rules: Rules, by_name: str, at: datetime) -> None:
    """Writes the rules only; the places are graded anew by `grade_premises`."""
    require_transaction()
    station = Station.objects.select_for_update().get(pk=station_id)
    held = {"rules": rules.plain(), "by": by_name, "at": at.isoformat()}
    station.settings = (station.settings or {}) | {NAME: held}
    station.save(update_fields=["settings"])


def _held(station: Station) -> dict[str, Any]:
    held: dict[str, Any] = (station.settings or {}).get(NAME, {})
    return held
