"""How often a door was knocked at, by all duties together: residents are not to be disturbed without need.

The station says how many knocks a month one place may have; beyond that whoever goes writes down why.
Somebody's several duties at one door on one day are one knock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.timezone import localdate

from fengqiao.ground.models import Premises, Station
from fengqiao.kit.problems import BadInput
from fengqiao.matters.models import Event, Matter
from fengqiao.matters.registry import kind, kinds
from fengqiao.matters.states import Standing
from fengqiao.people.actors import Actor

MONTH = timedelta(days=30)
# This product's default; `settings["knocks_a_month"]` of the station goes before it.
BUDGET = 4
SHORTEST = 4


def budget(station_id: int) -> int:
    """How many knocks in thirty days a place may have without a written reason."""
    held = Station.objects.values_list("settings", flat=True).get(pk=station_id)
    return int(held.get("knocks_a_month", BUDGET))


def knocks(premises_id: UUID, *, at: datetime) -> set[tuple[UUID | None, date]]:
    """Who came on which day, in the thirty days before; alarms that race a clock for somebody do not count."""
    counted = {
        (page.slug, act)
        for page in kinds()
        if page.at_door and not page.at_door.urgent
        for act in page.at_door.acts
    }
    held = Event.objects.filter(
        matter__premises_id=premises_id,
        standing=Standing.DONE,
        observed_at__gt=at - MONTH,
        observed_at__lte=at,
        act__in={act for _kind, act in counted},
    ).values_list("matter__kind", "act", "by_id", "observed_at")
    return {(by, localdate(seen)) for slug, act, by, seen in held if (slug, act) in counted}


@dataclass(frozen=True, slots=True)
class Month:
    """The knocks of the last thirty days beside what the station allows."""

    knocks: int
    allowed: int

    @property
    def full(self) -> bool:
        return self.knocks >= self.allowed


def budget_of(premises: Premises, *, at: datetime) -> Month:
    return Month(len(knocks(premises.pk, at=at)), budget(premises.station_id))


def require_reason(matter: Matter, reason: str | None, *, by: Actor, at: datetime) -> str:
    """The reason for one knock more than the budget allows, or nothing where it is within. Raises BadInput."""
    page = kind(matter.kind)
    if matter.premises_id is None or (page.at_door is not None and page.at_door.urgent):
        return ""
    before = knocks(matter.premises_id, at=at)
    allowed = budget(matter.station_id)
    if (by.person_id, localdate(at)) in before or len(before) < allowed:
        return ""
    if reason is None or len(reason.strip()) < SHORTEST:
        raise BadInput.at(
            "given.knock_reason", f"近 30 天已上门 {len(before)} 次，超出每月 {allowed} 次的上限，请写明原因"
        )
    return reason.strip()
