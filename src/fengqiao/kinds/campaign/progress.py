"""How far a campaign is: places in scope, checked since the round began, and what was found there.

A check that was due anyway counts: nobody's door is knocked at twice for the same list. Only a campaign with a list of
its own asks for its own checks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from fengqiao.ground.models import Community, Premises
from fengqiao.matters.models import Matter, MatterQuerySet

CHECK, HAZARD = "inspection", "hazard"
DONE = ("clean", "found")


class Scope(Protocol):
    """What of a campaign says which places it is about, and since when checks count."""

    station_id: int
    matter_id: UUID
    matter: Matter
    kinds: list[str]
    communities: list[str]
    grades: list[str]
    e_bikes_only: bool
    checklist: str
    round_began_at: datetime | None


@dataclass(frozen=True, slots=True)
class Progress:
    """Places in scope and checked; hazards found at them since, and those of them that are mended."""

    places: int
    checked: int
    found: int
    mended: int

    @property
    def percent(self) -> int:
        return round(self.checked * 100 / self.places) if self.places else 0

    def in_words(self) -> str:
        return f"已查 {self.checked}/{self.places} 处({self.percent}%),发现隐患 {self.found} 处,已整改 {self.mended} 处"


@dataclass(frozen=True, slots=True)
class CommunityRow:
    """One community's part."""

    name: str
    places: int
    checked: int

    @property
    def percent(self) -> int:
        return round(self.checked * 100 / self.places) if self.places else 0


def scope(campaign: Scope) -> Any:
    """The places a campaign is about, as a query over the register."""
    found = Premises.objects.filter(station_id=campaign.station_id, kind__in=campaign.kinds).standing()
    if campaign.communities:
        found = found.filter(community__code__in=campaign.communities)
    if campaign.grades:
        found = found.filter(grade__in=campaign.grades)
    return found.filter(e_bikes=True) if campaign.e_bikes_only else found


def _since(campaign: Scope) -> datetime:
    return campaign.round_began_at or campaign.matter.raised_at


def checks(campaign: Scope) -> MatterQuerySet:
    """The checks that count: any since the round began, or the campaign's own where it has its own list."""
    since = _since(campaign)
    either = Matter.objects.filter(Q(raised_at__gte=since) | Q(closed_at__gte=since), kind=CHECK)
    return either.filter(parent=campaign.matter_id) if campaign.checklist else either


def unchecked(campaign: Scope) -> Any:
    """The places nobody has checked this round, and where no check is under way that would count."""
    counting = checks(campaign).filter(Q(closed_at=None) | Q(outcome__in=DONE), premises=OuterRef("pk"))
    waiting = Matter.objects.filter(kind=CHECK, premises=OuterRef("pk"), closed_at=None)
    free = scope(campaign).filter(~Exists(counting))
    return free if campaign.checklist else free.filter(~Exists(waiting))


def progress(campaign: Scope) -> Progress:
    since = _since(campaign)
    places = scope(campaign)
    done = checks(campaign).filter(outcome__in=DONE, premises=OuterRef("pk"))
    hazards = Matter.objects.filter(kind=HAZARD, raised_at__gte=since, premises__in=places.values("pk"))
    counted = hazards.exclude(outcome="voided").aggregate(
        found=Count("pk"), mended=Count("pk", filter=Q(state__in=("verified", "closed")))
    )
    return Progress(places.count(), places.filter(Exists(done)).count(), counted["found"], counted["mended"])


def by_community(campaign: Scope) -> list[CommunityRow]:
    """The same by community, the least advanced first."""
    done = checks(campaign).filter(outcome__in=DONE, premises=OuterRef("pk"))
    counted = (
        scope(campaign)
        .annotate(done=Exists(done))
        .order_by()
        .values("community")
        .annotate(places=Count("pk"), checked=Count("pk", filter=Q(done=True)))
    )
    names = dict(Community.objects.values_list("pk", "name"))
    rows = [CommunityRow(names[row["community"]], row["places"], row["checked"]) for row in counted]
    return sorted(rows, key=lambda row: (row.percent, row.name))


def still_open(campaign: Scope, limit: int = 200) -> list[Matter]:
    """The hazards at its places that are not mended: what the closing report must not hide."""
    places = scope(campaign).values("pk")
    since = campaign.matter.raised_at
    held = Matter.objects.filter(kind=HAZARD, premises__in=places, raised_at__gte=since, closed_at=None)
    return list(held.exclude(state="verified").select_related("premises").order_by("burns_at", "id")[:limit])
