"""How far a campaign is: places in scope, checked since the round began, and what was found there.

A check that was due anyway counts: nobody's door is knocked at twice for the same list. Only a campaign with a list of
its own asks for its own checks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from fengqiao.ground.models import Community, Premises
from fengqiao.ground.seeing import PremisesQuerySet
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
    began, and those of them that are mended."""

    name: str
    places: int
    checked: int
    found: int
    mended: int

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


def scope(campaign: Scope) -> PremisesQuerySet:
    """The places a campaign is about, as a query over the register; `done` tells which are checked this round."""
    found = Premises.objects.filter(station_id=campaign.station_id, kind__in=campaign.kinds).standing()
    if campaign.communities:
        found = found.filter(community__code__in=campaign.communities)
    if campaign.grades:
        found = found.filter(grade__in=campaign.grades)
    if campaign.e_bikes_only:
        found = found.filter(e_bikes=True)
    done = _counting(campaign).filter(outcome__in=DONE, premises=OuterRef("pk"))
    marked: PremisesQuerySet = found.annotate(done=Exists(done))
    return marked


def unchecked(campaign: Scope) -> QuerySet[Any]:
    """The places to be given a check: none done this round, none under way that would count, none given before."""
    here = Matter.objects.filter(kind=CHECK, premises=OuterRef("pk"))
    own = here.filter(parent=campaign.matter_id)
    under_way = (own if campaign.checklist else here).filter(closed_at=None)
    given = own.filter(raised_at__gte=_round_began(campaign))
    return scope(campaign).filter(~Exists(under_way), ~Exists(given), done=False)


def tally(campaign: Scope) -> Tally:
    """By community, the least advanced first; two queries, however many places."""
    by_community = scope(campaign).order_by().values("community")
    counted = by_community.annotate(places=Count("pk"), checked=Count("pk", filter=Q(done=True)))
    found = {row["premises__community"]: row for row in _found(campaign)}
    names = dict(Community.objects.values_list("pk", "name"))
    none = {"found": 0, "mended": 0}
    rows = [
        Row(names[pk], row["places"], row["checked"], told["found"], told["mended"])
        for row in counted
        for pk in [row["community"]]
        for told in [found.get(pk, none)]
    ]
    return Tally(tuple(sorted(rows, key=lambda row: (row.percent, row.name))))


def still_open(campaign: Scope) -> list[Matter]:
    """The hazards at its places that are not mended, the next to run out first: the report must not hide any."""
    held = _hazards(campaign).filter(closed_at=None).exclude(state=LoopState.VERIFIED)
    return list(held.select_related("premises").order_by("burns_at", "id"))


def _counting(campaign: Scope) -> MatterQuerySet:
    """The checks that count: any by a regular list since the round began; where the campaign has a list of its
    own, its own checks alone."""
    since = _round_began(campaign)
    checks = Matter.objects.filter(Q(raised_at__gte=since) | Q(closed_at__gte=since), kind=CHECK)
    if campaign.checklist:
        return checks.filter(parent=campaign.matter_id)
    return checks.exclude(parent__campaign__checklist__gt="")


def _hazards(campaign: Scope) -> MatterQuerySet:
    """What was found at its places since it began, by this round, another one or a complaint."""
    since = campaign.began_at or campaign.matter.raised_at
    held = Matter.objects.filter(
        kind=HAZARD, raised_at__gte=since, premises__in=scope(campaign).order_by().values("pk")
    )
    return held.exclude(outcome__in=NO_HAZARD)


def _found(campaign: Scope) -> QuerySet[Any, Any]:
    mended = Q(state=LoopState.VERIFIED) | Q(outcome__in=kind(HAZARD).solved)
    held = _hazards(campaign).order_by().values("premises__community")
    return held.annotate(found=Count("pk"), mended=Count("pk", filter=mended))


def _round_began(campaign: Scope) -> datetime:
    return campaign.round_began_at or campaign.matter.raised_at
