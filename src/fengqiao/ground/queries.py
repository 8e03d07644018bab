"""Reading the ground: the register of premises as somebody may see it, communities, divisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from fengqiao.ground.models import Community, Division, Premises
from fengqiao.ground.seeing import PremisesQuerySet, Viewer
from fengqiao.kit.problems import NotFound
from fengqiao.kit.text import mask_phone, normalise


@dataclass(frozen=True, slots=True)
class PremisesFilters:
    """What the register is asked for; empty means all."""

    kind: str = ""
    community: str = ""
    text: str = ""
    voided: bool = False


def premises_list(viewer: Viewer, asked: PremisesFilters) -> PremisesQuerySet:
    """By number, with community and grid; the words are looked for in name, address, number and plate."""
    found: PremisesQuerySet = Premises.objects.seen_by(viewer).filter(voided_at__isnull=not asked.voided)
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.community:
        found = found.filter(community__code=asked.community)
    for word in normalise(asked.text).split():
        found = found.filter(_typed(word))
    return found.select_related("community", "grid").order_by("number")


def _typed(word: str) -> Q:
    return (
        Q(name__icontains=word)
        | Q(address__icontains=word)
        | Q(number__icontains=word)
        | Q(door_plate__icontains=word)
    )


def one_premises(viewer: Viewer, premises_id: UUID) -> Premises:
    """Raises NotFound for what is absent or not the viewer's to see."""
    seen = Premises.objects.seen_by(viewer).select_related("community", "grid")
    found: Premises | None = seen.filter(pk=premises_id).first()
    if found is None:
        raise NotFound("没有这个场所")
    return found


def changed_since(since: datetime, *, limit: int) -> set[UUID]:
    """Ids of the station's places written since, whoever may see them: for telling phones what to drop."""
    return set(Premises.objects.filter(updated_at__gte=since).values_list("pk", flat=True)[:limit])


def contact_phone(viewer: Viewer, premises: Premises) -> str:
    """In full for who serves this community, masked for everybody else."""
    number = str(premises.contact_phone)
    return number if premises.community_id in viewer.community_ids else mask_phone(number)


def communities() -> QuerySet[Community]:
    """The station's communities with the number of their grids and standing premises."""
    return (
        Community.objects.filter(valid_to=None)
        .annotate(grid_count=Count("grids", distinct=True))
        .order_by("code")
    )


def communities_seen(viewer: Viewer) -> list[Community]:
    """The communities whose places the viewer sees: to choose from."""
    found = Community.objects.filter(valid_to=None).only("code", "name").order_by("code")
    return [one for one in found if viewer.sees_station or one.pk in viewer.community_ids]


def premises_counts(viewer: Viewer) -> dict[int, dict[str, int]]:
    """Community id -> kind -> how many standing premises the viewer sees there."""
    rows = (
        Premises.objects.seen_by(viewer)
        .standing()
        .values_list("community_id", "kind")
        .annotate(n=Count("pk"))
    )
    found: dict[int, dict[str, int]] = {}
    for community_id, kind, count in rows.order_by():
        found.setdefault(community_id, {})[kind] = count
    return found


def editions() -> list[tuple[str, str, int]]:
    """The division tables held, newest first: system, edition, number of rows."""
    held = Division.objects.values_list("system", "edition").annotate(rows=Count("pk"))
    return list(held.order_by("-system", "-edition"))


def division_level(*, system: str, edition: str, parent: str) -> dict[str, Any]:
    """One level of a table's tree: `here` (None above the roots), `above` (from the root), `rows` with the
    number of divisions directly below each."""
    table = Division.objects.filter(system=system, edition=edition)
    here = table.filter(code=parent).first() if parent else None
    below = table.filter(parent_code=OuterRef("code")).order_by().values("parent_code")
    counted = table.annotate(below=Subquery(below.annotate(n=Count("pk")).values("n")))
    rows = (
        counted.filter(parent_code=here.code)
        if here
        else counted.exclude(parent_code__in=table.values("code"))
    )
    return {"here": here, "above": _above(table, here), "rows": list(rows.order_by("code"))}


def _above(table: QuerySet[Division], here: Division | None) -> list[Division]:
    chain: list[Division] = []
    while here is not None and len(chain) < 6:
        here = table.filter(code=here.parent_code).first()
        if here is not None:
            chain.insert(0, here)
    return chain
