"""Reading the ground: the register of premises as somebody may see it, communities, divisions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.timezone import localdate

from fengqiao.ground.grading import VERIFIED_FOR
from fengqiao.ground.models import Community, Division, Premises
from fengqiao.ground.seeing import PremisesQuerySet, Viewer
from fengqiao.kit.problems import NotFound
from fengqiao.kit.text import normalise


@dataclass(frozen=True, slots=True)
class PremisesFilters:
    """What the register is asked for; empty means all. `lacks` names one thing that is missing: see LACKS."""

    kind: str = ""
    community: str = ""
    grade: str = ""
    lacks: str = ""
    text: str = ""
    voided: bool = False


def premises_list(viewer: Viewer, asked: PremisesFilters, *, at: datetime) -> PremisesQuerySet:
    """By number (what is due: the longest waiting first), with community and grid; the words are looked for
    in name, address, number and plate."""
    found: PremisesQuerySet = Premises.objects.seen_by(viewer).filter(voided_at__isnull=not asked.voided)
    exact = {"kind": asked.kind, "community__code": asked.community, "grade": asked.grade}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if asked.lacks:
        found = found.filter(_lacking(asked.lacks, at))
    for word in normalise(asked.text).split():
        found = found.filter(_typed(word))
    order = ("check_due", "number") if asked.lacks == "check" else ("number",)
    # Not joined: the planner takes a wall for a narrow filter, and would sort the whole register for one page.
    return found.prefetch_related("community", "grid").order_by(*order)


LACKS = ("check", "verification", "separation", "grade")


def _lacking(what: str, at: datetime) -> Q:
    """A check that is due, a verification in 12 months, a separation where e-bikes are kept, a grade."""
    return {
        "check": Q(check_due__lte=localdate(at)),
        "verification": Q(verified_at=None) | Q(verified_at__lte=at - VERIFIED_FOR),
        "separation": Q(e_bikes=True) & (Q(separated=False) | Q(separated=None)),
        "grade": Q(grade=""),
    }[what]


def _typed(word: str) -> Q:
    return (
        Q(name__icontains=word)
        | Q(address__icontains=word)
        | Q(number__icontains=word)
        | Q(door_plate__icontains=word)
    )


def one_premises(viewer: Viewer, premises_id: UUID) -> Premises:
    """Raises NotFound for what is absent or not the viewer's to see."""
    return _one(viewer, pk=premises_id)


def tagged(viewer: Viewer, tag: int) -> Premises:
    """The place whose door bears this tag. Raises NotFound as `one_premises`."""
    return _one(viewer, tag=tag)


def numbered(viewer: Viewer, number: str) -> Premises:
    """The place of this number. Raises NotFound as `one_premises`."""
    return _one(viewer, number=normalise(number))


def premises_chosen(viewer: Viewer, ids: Collection[UUID]) -> PremisesQuerySet:
    """Those of the places that stand in the register and are the viewer's to see, by number."""
    found: PremisesQuerySet = Premises.objects.seen_by(viewer).standing().filter(pk__in=ids)
    return found.select_related("community").order_by("number")


def standing_for(premises: Premises) -> Premises:
    """The place a merged double stands for by now, itself where it was never merged."""
    while premises.merged_into is not None:
        premises = premises.merged_into
    return premises


def _one(viewer: Viewer, **which: Any) -> Premises:
    seen = Premises.objects.seen_by(viewer).select_related("community", "grid", "merged_into")
    found: Premises | None = seen.filter(**which).first()
    if found is None:
        raise NotFound("没有这个场所")
    return found


def changed_since(since: datetime, *, limit: int) -> set[UUID]:
    """Ids of the station's places written since, whoever may see them: for telling phones what to drop."""
    return set(Premises.objects.filter(updated_at__gte=since).values_list("pk", flat=True)[:limit])


def communities() -> QuerySet[Community]:
    """The station's communities with the number of their grids and standing premises."""
    return (
        Community.objects.filter(valid_to=None)
        .annotate(grid_count=Count("grids", distinct=True))
        .order_by("code")
    )


def communities_seen(viewer: Viewer, *columns: str) -> list[Community]:
    """The communities whose places the viewer sees: to choose from. `columns`: what is read beside their names."""
    found = Community.objects.filter(valid_to=None).only("code", "name", *columns).order_by("code")
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
