"""What was owed and done at one place: its open and closed matters, and who knocked there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from fengqiao.ground.models import Premises
from fengqiao.matters.models import Event, Matter, MatterQuerySet
from fengqiao.matters.ordering import BurningFirst
from fengqiao.matters.queries import shown
from fengqiao.matters.registry import CODE_CHECKED
from fengqiao.matters.states import Standing
from fengqiao.people.actors import Actor
from fengqiao.people.roles import Role

VISITS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Knock:
    """One visit to the place: when, by whom, and for how many of the matters the actor sees."""

    at: datetime
    by: str
    matters: int


def open_at(actor: Actor, premises: Collection[UUID], *, at: datetime) -> BurningFirst:
    """The duties of a place, what burns first; give the ids of its merged doubles too."""
    return BurningFirst(shown(_at(actor, premises).open()), at=at)


def closed_at(actor: Actor, premises: Collection[UUID]) -> MatterQuerySet:
    """What is settled there, the newest first."""
    return shown(_at(actor, premises).filter(closed_at__isnull=False)).order_by("-raised_at", "-id")


def may_ring(actor: Actor, premises: Premises, ids: Collection[UUID]) -> bool:
    """Whether the number of whoever answers for the place is shown in full: to the community's officers, and to who
    else serves there while something is open at the place; to nobody else."""
    if premises.community_id not in actor.community_ids:
        return False
    return Role.OFFICER in actor.roles_in(premises.community_id) or _at(actor, ids).open().exists()


def knocks(actor: Actor, premises: Collection[UUID]) -> list[Knock]:
    """The last visits that carried a matter of this place the actor sees."""
    seen = _at(actor, premises).values("pk")
    carried = Event.objects.filter(matter__in=seen, visit__isnull=False).order_by("-visit__observed_at")
    rows = carried.values_list("visit__observed_at", "visit__by__name", "visit_id")
    counted = rows.annotate(n=Count("matter_id", distinct=True))
    return [Knock(at, by, n) for at, by, _visit, n in counted[:VISITS_SHOWN]]


def chain(actor: Actor, premises: Collection[UUID]) -> QuerySet[Event]:
    """Everything that was done at a place, of whatever kind, the newest first: from the first visit to the outcome.

    Clocks and remarks are left to each matter's own page.
    """
    done = Event.objects.filter(matter__in=_at(actor, premises).values("pk"), standing=Standing.DONE)
    told = done.exclude(act__startswith="clock:").exclude(act__in=("note", CODE_CHECKED))
    return told.select_related("matter", "by").order_by("-observed_at", "-id")


def _at(actor: Actor, premises: Collection[UUID]) -> MatterQuerySet:
    return Matter.objects.seen_by(actor).filter(premises_id__in=premises)
