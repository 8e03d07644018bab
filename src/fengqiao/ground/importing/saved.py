"""Mappings a station keeps under a name, and known again by the headers they were made for."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from fengqiao.ground.importing.mapping import ColumnMap, fingerprint, read_mapping
from fengqiao.ground.importing.registry import importer
from fengqiao.ground.importing.shape import Context
from fengqiao.ground.models import ImportMapping
from fengqiao.kit.problems import BadInput, NotFound
from fengqiao.store.scope import require_transaction


def save_mapping(mapping: ColumnMap, *, headers: Iterable[str], context: Context) -> ImportMapping:
    """Under its name; the same name again is replaced. Raises BadInput without one."""
    require_transaction()
    if not mapping.name:
        raise BadInput("请给对应关系起一个名字")
    saved, _ = ImportMapping.objects.update_or_create(
        station=context.station,
        what=mapping.what,
        name=mapping.name,
        defaults={
            "headers": fingerprint(headers),
            "content": mapping.model_dump(mode="json"),
            "by_name": context.by_name,
            "updated_at": context.at,
        },
    )
    return saved


def saved_mappings(what: str) -> QuerySet[ImportMapping]:
    return ImportMapping.objects.filter(what=what)


def saved_mapping(what: str, name: str) -> ColumnMap:
    """Raises NotFound naming those there are."""
    found = saved_mappings(what).filter(name=name).first()
    if found is None:
        names = "、".join(saved_mappings(what).values_list("name", flat=True)) or "还没有"
        raise NotFound(f"没有名为“{name[:60]}”的对应关系(已保存：{names})")
    return read_mapping(found.content, importer(what))


def known_by_headers(what: str, headers: Iterable[str]) -> ColumnMap | None:
    """The last one saved for a file with these headers."""
    found = saved_mappings(what).filter(headers=fingerprint(headers)).order_by("-updated_at").first()
    return read_mapping(found.content, importer(what)) if found else None


def one_mapping(mapping_id: int, importers: Iterable[str]) -> ImportMapping:
    """Raises NotFound for what is absent or of an importer that is not the caller's."""
    found: ImportMapping | None = ImportMapping.objects.filter(
        pk=mapping_id, what__in=list(importers)
    ).first()
    if found is None:
        raise NotFound("没有这份对应关系")
    return found
