"""Reading checklists: which is in force where, and what a version asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import OuterRef, Subquery

from fengqiao.checks.models import Checklist, ChecklistVersion
from fengqiao.kit.problems import NotFound
from fengqiao.kit.sheets import Item, Sheet


@dataclass(frozen=True, slots=True)
class Listed:
    """A checklist with its version in force; a list nothing was ever published of has none."""

    checklist: Checklist
    version: ChecklistVersion | None


def current_for(premises_kind: str) -> ChecklistVersion | None:
    """The version in force of the regular list of this kind of place, or None where there is none."""
    return _in_force(checklist__premises_kinds__contains=[premises_kind])


def listed_kinds() -> set[str]:
    """The kinds of place that have a regular list in force."""
    held = Checklist.objects.filter(retired_at=None, versions__isnull=False)
    return {kind for kinds in held.values_list("premises_kinds", flat=True) for kind in kinds}


def current_named(slug: str) -> ChecklistVersion | None:
    """The version in force of a list by its lasting name."""
    return _in_force(checklist__slug=slug)


def _in_force(**asked: Any) -> ChecklistVersion | None:
    """Without its items until they are asked for: they are long, and `sheet_of` keeps them."""
    held = ChecklistVersion.objects.filter(checklist__retired_at=None, **asked).select_related("checklist")
    return held.defer("items").order_by("checklist", "-number").first()


def lists_in_force() -> list[tuple[str, str]]:
    """The lists that can be answered now, as (lasting name, name)."""
    held = Checklist.objects.filter(retired_at=None, versions__isnull=False).distinct()
    return list(held.order_by("slug").values_list("slug", "name"))


def current(checklist: Checklist) -> ChecklistVersion | None:
    return (
        ChecklistVersion.objects.filter(checklist=checklist)
        .select_related("checklist", "published_by")
        .order_by("-number")
        .first()
    )


def sheet_of(version_id: int) -> Sheet:
    """What a version asks; raises NotFound. Kept, as a version never changes.

    The caller has the id from a row of its own station: what is kept stands before the wall.
    """
    return _sheet(version_id)


@lru_cache(maxsize=256)
def _sheet(version_id: int) -> Sheet:
    found = ChecklistVersion.objects.filter(pk=version_id).values_list("items", flat=True).first()
    if found is None:
        raise NotFound("没有这一版检查清单")
    return Sheet.from_json(found)


def items_of(version_id: int) -> Mapping[str, Item]:
    """What a version of this station's asks, by code; nothing for an id that is none of its own."""
    ours = ChecklistVersion.objects.filter(pk=version_id).exists()
    return sheet_of(version_id).by_code if ours else {}


def items_in_force() -> dict[str, Item]:
    """Every item of the lists in force that can be a finding, by code; of two with one code the first list's."""
    newest = ChecklistVersion.objects.filter(checklist__retired_at=None).order_by(
        "checklist__slug", "-number"
    )
    found: dict[str, Item] = {}
    for pk in newest.distinct("checklist__slug").values_list("pk", flat=True):
        found = {item.code: item for item in sheet_of(pk) if item.seeks} | found
    return found


def all_lists() -> list[Listed]:
    """Every checklist, those in use first, each with its version in force: two round trips however many."""
    newest = ChecklistVersion.objects.filter(checklist=OuterRef("pk")).order_by("-number").values("pk")[:1]
    lists = list(Checklist.objects.annotate(newest=Subquery(newest)).order_by("slug"))
    versions = ChecklistVersion.objects.select_related("published_by").in_bulk(
        [one.newest for one in lists if one.newest]
    )
    listed = [Listed(one, versions.get(one.newest)) for one in lists]
    return sorted(listed, key=lambda one: one.checklist.retired_at is not None)


def one_list(pk: int) -> Checklist:
    """Raises NotFound."""
    found = Checklist.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound("没有这份检查清单")
    return found


def versions_of(checklist: Checklist) -> list[ChecklistVersion]:
    """The newest first."""
    return list(checklist.versions.select_related("published_by").order_by("-number"))
