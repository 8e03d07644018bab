"""In which kinds of places a station may order something to be put right, as a file: a line for each kind that is
otherwise than by default."""

from __future__ import annotations

from fengqiao.ground.importing import Column, Context, Given, Importer, Verdict
from fengqiao.ground.models import PremisesKind
from fengqiao.kinds.hazard.closed_list import scope_of
from fengqiao.kinds.hazard.models import HazardScope

KINDS = {str(kind.label): kind.value for kind in PremisesKind} | {
    kind.value: kind.value for kind in PremisesKind
}
YES_NO = {"是": True, "否": False}


def judge(rows: list[Given], context: Context) -> list[Verdict]:
    now, seen = scope_of(context.station.pk), dict[str, int]()
    return [_verdict(given, context, now, seen) for given in rows]


def _verdict(given: Given, context: Context, now: frozenset[str], seen: dict[str, int]) -> Verdict:
    kind, ordered = KINDS.get(given.text("kind"), ""), YES_NO.get(given.text("ordered"))
    first = seen.setdefault(kind, given.number)
    if kind and first != given.number:
        given.fault("kind", f"与第 {first} 行重复")
    if ordered is None:
        given.fault("ordered", "填“是”或“否”")
    if given.faults or ordered is None:
        return given.failed(given.text("kind"))
    if (kind in now) is ordered:
        return given.skipped(given.text("kind"))
    one = HazardScope(station=context.station, premises_kind=kind, ordered=ordered)
    return given.ok(given.text("kind"), one, "可以责令改正" if ordered else "只告知或移交")


def write(found: list[Verdict], context: Context) -> None:
    HazardScope.objects.bulk_create(
        [verdict.value for verdict in found],
        update_conflicts=True,
        unique_fields=["station", "premises_kind"],
        update_fields=["ordered"],
    )


SCOPE_LIST = Importer(
    what="hazard-scope",
    says="责令改正的场所范围",
    columns=(
        Column("kind", "场所类型", required=True, choices=tuple(KINDS), strict=True, example="三小场所"),
        Column("ordered", "可以责令改正", required=True, choices=tuple(YES_NO), strict=True, example="是"),
    ),
    judge=judge,
    write=write,
    about="只写与默认不同的类型；没写到的类型照旧。范围以外的场所只能告知或移交，请法制员核对依据。",
    roles=frozenset({"chief"}),
)
