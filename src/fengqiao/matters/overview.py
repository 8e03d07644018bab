"""The station at a glance: how much is open where, and what was done last. Nothing of a person is in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from fengqiao.matters.models import Event, Matter
from fengqiao.matters.registry import RAISE, kind, placed_kinds
from fengqiao.matters.states import Standing
from fengqiao.people.actors import Actor

# Acts by the station's own machinery say nothing to a passer-by.
LOOKED_THROUGH = 60


@dataclass(frozen=True, slots=True)
class Load:
    """Open matters of one community, and how many of them ran out of time."""

    open: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that was done: what, on what kind of matter, where, when."""

    says: str
    kind_says: str
    icon: str
    community_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Spot:
    """An open matter at a place the register knows. Degrees, WGS-84."""

    matter_id: UUID
    title: str
    place: str
    lon: float
    lat: float
    overdue: bool


def by_community(actor: Actor, *, at: datetime) -> dict[int | None, Load]:
    """Community id (None: not placed yet) -> how it stands there, of what this actor sees; the whole station's left out."""
    found = (
        Matter.objects.seen_by(actor)
        .open()
        .filter(kind__in=placed_kinds())
        .order_by()
        .values_list("community_id")
        .annotate(n=Count("pk"), late=Count("pk", filter=Q(burns_at__lte=at)))
    )
    return {community_id: Load(n, late) for community_id, n, late in found}


def spots(actor: Actor, *, at: datetime, most: int = 2000) -> list[Spot]:
    """Open matters that are at a place with coordinates."""
    found = (
        Matter.objects.seen_by(actor)
        .open()
        .filter(premises__lon__isnull=False, premises__lat__isnull=False)
        .order_by("pk")
        .values_list("pk", "kind", "title", "burns_at", "premises__name", "premises__lon", "premises__lat")
    )
    return [
        Spot(pk, title or kind(slug).says, place, lon, lat, burns_at is not None and burns_at <= at)
        for pk, slug, title, burns_at, place, lon, lat in found[:most]
        if lon is not None and lat is not None
    ]


def last_done(actor: Actor, *, most: int) -> list[Done]:
    """What was done last among what this actor sees, the newest first; clocks and notes left out."""
    seen = Matter.objects.seen_by(actor).values("pk")
    tail = Event.objects.filter(standing=Standing.DONE).exclude(role="clock").order_by("-id")
    if not actor.sees_station:
        tail = tail.filter(matter__in=seen)
    rows = tail.values_list("act", "matter__kind", "matter__community_id", "observed_at")
    told = [
        _done(act, slug, community, at)
        for act, slug, community, at in rows[:LOOKED_THROUGH]
        if act == RAISE or (kind(slug).has_act(act) and not kind(slug).act(act).anywhere)
    ]
    return told[:most]


def _done(act: str, slug: str, community: int | None, at: datetime) -> Done:
    page = kind(slug)
    icon = page.act(act).icon if page.has_act(act) else "inbox"
    return Done(page.act_says(act), page.says, icon or "check", community, at)
