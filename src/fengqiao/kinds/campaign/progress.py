"""How far a campaign is: places in scope, checked since the round began, and what was found there.

A check that was due anyway counts: nobody's door is knocked at twice for the same list. Only a campaign with a list of
its own asks for its own checks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from fengqiao.ground.merging import doubles
from fengqiao.ground.models import Community, Premises
from fengqiao.ground.seeing import PremisesQuerySet
from fengqiao.kinds.campaign.places import CampaignPlace, keep
from fengqiao.matters.models import Matter, MatterQuerySet
from fengqiao.matters.registry import kind
from fengqiao.matters.states import LoopState

CHECK, HAZARD = "inspection", "hazard"
DONE = ("clean", "found")
# How a hazard ends that was none.
NO_HAZARD = ("voided", "duplicate", "unfounded", "withdrawn")


class Scope(Protocol):
    """What of a campaign says which places it is about, and since when checks and findings count."""

    station_id: int
    matter_id: UUID
    matter: Matter
    kinds: list[str]
    communities: list[str]
    grades: list[str]
    e_bikes_only: bool
    checklist: str
    began_at: datetime | None
    round_began_at: datetime | None


@dataclass(frozen=True, slots=True)
class Row:
    """One community's part: places in scope, those checked this round; hazards found there since the campaign
    began, and those of them that are mended. `code`: the community's, while the round runs."""

    name: str
    places: int
    checked: int
    found: int
    mended: int
    code: str = ""

    @property
    def percent(self) -> int:
        """Whole percents, rounded down: nothing is done before all of it is."""
        return share(self.checked, self.places)


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a round is, by community; `total` is all of them together."""

    rows: tuple[Row, ...]

    @property
    def total(self) -> Row:
        held = self.rows
        return Row(
            "",
            sum(row.places for row in held),
            sum(row.checked for row in held),
            sum(row.found for row in held),
            sum(row.mended for row in held),
        )


def share(part: int, whole: int) -> int:
    return part * 100 // whole if whole else 0


def take_in(campaign: Scope, *, at: datetime) -> None:
    """Keep the places that meet the conditions now: whatever becomes of their grade, they stay in it."""
    keep(campaign.matter, _meant(campaign), at=at)


def scope(campaign: Scope) -> PremisesQuerySet:
    """The places a campaign is about, as a query over the register: those kept, and whatever meets the conditions
    by now; `done` tells which are checked this round."""
    kept = CampaignPlace.objects.filter(campaign=campaign.matter_id)
    joined = doubles()
    came_with = [joined[pk] for pk in kept.filter(premises__in=joined).values_list("premises_id", flat=True)]
    found = Premises.objects.filter(
        Q(pk__in=kept.values("premises")) | Q(pk__in=came_with) | Q(pk__in=_meant(campaign).values("pk"))
    ).standing()
    done = _where(_counting(campaign).filter(outcome__in=DONE), joined)
    marked: PremisesQuerySet = found.annotate(done=ExpressionWrapper(done, BooleanField()))
    return marked


def unchecked(campaign: Scope) -> QuerySet[Any]:
    """The places to be given a check: none done this round, none under way that would count, none given before."""
    here, joined = Matter.objects.filter(kind=CHECK), doubles()
    own = here.filter(parent=campaign.matter_id)
    under_way = (own if campaign.checklist else here).filter(closed_at=None)
    given = own.filter(raised_at__gte=_round_began(campaign))
    return scope(campaign).filter(~_where(under_way, joined), ~_where(given, joined), done=False)


def tally(campaign: Scope) -> Tally:
    """By community, the least advanced first; two queries, however many places."""
    by_community = scope(campaign).order_by().values("community")
    counted = by_community.annotate(places=Count("pk"), checked=Count("pk", filter=Q(done=True)))
    found = {row["premises__community"]: row for row in _found(campaign)}
    known = {one.pk: one for one in Community.objects.only("code", "name")}
    none = {"found": 0, "mended": 0}
    rows = [
        Row(known[pk].name, row["places"], row["checked"], told["found"], told["mended"], known[pk].code)
        for row in counted
        for pk in [row["community"]]
        for told in [found.get(pk, none)]
    ]
    return Tally(tuple(sorted(rows, key=lambda row: (row.percent, row.name))))


def still_open(campaign: Scope) -> list[Matter]:
    """The hazards at its places that are not mended, the next to run out first: the report must not hide any."""
    held = hazards(campaign).filter(closed_at=None).exclude(state=LoopState.VERIFIED)
    return list(held.select_related("premises").order_by("burns_at", "id"))


def _meant(campaign: Scope) -> PremisesQuerySet:
    """What meets the campaign's conditions now."""
    found = Premises.objects.filter(station_id=campaign.station_id, kind__in=campaign.kinds).standing()
    if campaign.communities:
        found = found.filter(community__code__in=campaign.communities)
    if campaign.grades:
        found = found.filter(grade__in=campaign.grades)
    if campaign.e_bikes_only:
        found = found.filter(e_bikes=True)
    return found


def _where(held: MatterQuerySet, joined: Mapping[UUID, UUID]) -> Q:
    """The places that have one of these matters, their own or one of a double that joined them."""
    by_double = held.filter(premises__in=joined).values_list("premises_id", flat=True) if joined else ()
    here = Q(Exists(held.filter(premises=OuterRef("pk"))))
    return here | Q(pk__in=[joined[double] for double in by_double])


def _counting(campaign: Scope) -> MatterQuerySet:
    """The checks that count: any by a regular list since the round began; where the campaign has a list of its
    own, its own checks alone."""
    since = _round_began(campaign)
    checks = Matter.objects.filter(Q(raised_at__gte=since) | Q(closed_at__gte=since), kind=CHECK)
    if campaign.checklist:
        return checks.filter(parent=campaign.matter_id)
    return checks.exclude(parent__campaign__checklist__gt="")


def hazards(campaign: Scope) -> MatterQuerySet:
    """What was found at its places since it began, by this round, another one or a complaint."""
    since = campaign.began_at or campaign.matter.raised_at
    places, joined = scope(campaign).order_by().values("pk"), doubles()
    theirs = set(places.filter(pk__in=joined.values()).values_list("pk", flat=True)) if joined else set()
    merged = [double for double, into in joined.items() if into in theirs]
    held = Matter.objects.filter(kind=HAZARD, raised_at__gte=since)
    found = (
        held.filter(Q(premises__in=places) | Q(premises__in=merged))
        if merged
        else held.filter(premises__in=places)
    )
    return found.exclude(outcome__in=NO_HAZARD)


def _found(campaign: Scope) -> QuerySet[Any, Any]:
    held = hazards(campaign).order_by().values("premises__community")
    return held.annotate(found=Count("pk"), mended=Count("pk", filter=mended()))


def mended() -> Q:
    """Seen to be mended by somebody else than who found it."""
    return Q(state=LoopState.VERIFIED) | Q(outcome__in=kind(HAZARD).solved)


def _round_began(campaign: Scope) -> datetime:
    return campaign.round_began_at or campaign.matter.raised_at
