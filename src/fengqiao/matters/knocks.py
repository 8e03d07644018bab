"""How often a door was knocked at, by all duties together: residents are not to be disturbed without need.

The station says how many knocks a month one place may have; beyond that whoever goes writes down why.
Somebody's several duties at one door on one day are one knock, and a merged double's door is the same door.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.timezone import localdate

from fengqiao.ground.merging import doubles, one_with_merged
from fengqiao.ground.models import Station
from fengqiao.kit.problems import BadInput
from fengqiao.matters.models import Event, Matter
from fengqiao.matters.registry import kind, kinds
from fengqiao.matters.service import AFAR
from fengqiao.matters.states import Standing
from fengqiao.people.actors import Actor
from fengqiao.store.scope import require_transaction

MONTH = timedelta(days=30)
# This product's default; `settings["knocks_a_month"]` of the station goes before it.
BUDGET, MOST = 4, 31
NAME = "knocks_a_month"
# Who came on which day.
Knock = tuple[UUID | None, date]


@dataclass(frozen=True, slots=True)
class Month:
    """The knocks of the last thirty days beside what the station allows; `came`: the asker came today already."""

    knocks: int
    allowed: int
    came: bool = False

    @property
    def full(self) -> bool:
        return self.knocks >= self.allowed

    @property
    def over(self) -> int:
        """What is allowed, where the asker's knock now would be one more; otherwise 0."""
        return self.allowed if self.full and not self.came else 0


def budget(station_id: int) -> int:
    """How many knocks in thirty days a place may have without a written reason."""
    own = own_budget(station_id)
    return BUDGET if own is None else own


def set_budget(*, station_id: int, given: str) -> None:
    """Empty goes back to the default. Raises BadInput for what is no number from 1 to 31."""
    require_transaction()
    if given and not (given.isascii() and given.isdigit() and 1 <= int(given[:3]) <= MOST):
        raise BadInput.at(NAME, f"请填 1 到 {MOST} 的整数")
    station = Station.objects.select_for_update().get(pk=station_id)
    others = {name: value for name, value in (station.settings or {}).items() if name != NAME}
    station.settings = others | ({NAME: int(given)} if given else {})
    station.save(update_fields=["settings"])


def own_budget(station_id: int) -> int | None:
    """What the station set itself; None where the default holds."""
    held: dict[str, int] = Station.objects.values_list("settings", flat=True).get(pk=station_id)
    return held.get(NAME)


def knock_acts() -> set[tuple[str, str]]:
    """(kind, act) of all that is done at a door; what races a clock for somebody does not count."""
    counted = [page for page in kinds() if page.at_door and not page.at_door.urgent]
    return {(page.slug, act.name) for page in counted for act in page.acts if act.knocks}


def knocks(premises_id: UUID, *, at: datetime) -> set[Knock]:
    """Who came on which day, in the thirty days before."""
    return {knock for one in _knocked(one_with_merged(premises_id), at).values() for knock in one}


def month_of(premises_id: UUID, *, by: Actor, at: datetime) -> Month:
    before = knocks(premises_id, at=at)
    return Month(len(before), budget(by.station_id), (by.person_id, localdate(at)) in before)


def month_for(matter: Matter, *, by: Actor, at: datetime) -> Month:
    """The month of the matter's door; an urgent matter, and one without a place, knocks at none."""
    declared = kind(matter.kind).at_door
    if matter.premises_id is None or (declared is not None and declared.urgent):
        return Month(0, BUDGET)
    return month_of(matter.premises_id, by=by, at=at)


def over_at(places: Collection[UUID], *, by: Actor, at: datetime) -> dict[UUID, int]:
    """Those of the places where this person's knock now would be one too many, with what is allowed."""
    allowed, joined, told = budget(by.station_id), doubles(), dict[UUID, set[Knock]]()
    asked = {joined.get(place, place) for place in places}
    for place, found in _knocked(
        [*asked, *(one for one, into in joined.items() if into in asked)], at
    ).items():
        told.setdefault(joined.get(place, place), set()).update(found)
    today = localdate(at)
    months = {
        place: Month(len(found), allowed, (by.person_id, today) in found) for place, found in told.items()
    }
    full = {place for place, month in months.items() if month.over}
    return {place: allowed for place in places if joined.get(place, place) in full}


def _knocked(places: Collection[UUID], at: datetime) -> dict[UUID, set[Knock]]:
    """By place. A paper that was served from afar is no knock."""
    counted = knock_acts()
    held = Event.objects.filter(
        matter__premises_id__in=places,
        standing=Standing.DONE,
        observed_at__gt=at - MONTH,
        observed_at__lte=at,
        act__in={act for _kind, act in counted},
    ).values_list("matter__premises_id", "matter__kind", "act", "by_id", "observed_at", "given__method")
    found: dict[UUID, set[Knock]] = defaultdict(set)
    for place, slug, act, by, seen, method in held:
        if (slug, act) in counted and method not in AFAR:
            found[place].add((by, localdate(seen)))
    return found
