"""Grids: parts of a community, each under one grid member."""

from __future__ import annotations

from fengqiao.ground.gazetteer import Gazetteer, gazetteer
from fengqiao.ground.importers.naming import meant
from fengqiao.ground.importing.shape import Column, Context, Given, Importer, Verdict
from fengqiao.ground.models import Grid


def judge(rows: list[Given], context: Context) -> list[Verdict]:
    known = {grid.code: grid for grid in Grid.objects.filter(station=context.station)}
    places = gazetteer(context.station.pk)
    return [_verdict(given, context, known, places) for given in rows]


def _verdict(given: Given, context: Context, known: dict[str, Grid], places: Gazetteer) -> Verdict:
    code, name = given.text("code"), given.text("name")
    for column, most in (("code", 30), ("name", 80)):
        if len(given.text(column)) > most:
            given.fault(column, f"不能超过 {most} 个字")
    community = meant(given, places) if given.text("community") else None
    if given.faults or community is None:
        return given.failed(f"{code} {name}")
    before = known.get(code)
    if before and (before.name, before.community_id) == (name, community.pk):
        return given.skipped(f"{code} {name}")
    grid = Grid(station=context.station, community=community, code=code, name=name)
    return given.ok(f"{code} {name}", grid, "更新" if before else "新增")


def write(found: list[Verdict], context: Context) -> None:
    Grid.objects.bulk_create(
        [verdict.value for verdict in found],
        update_conflicts=True,
        unique_fields=["station", "code"],
        update_fields=["name", "community"],
    )


def community_names(context: Context) -> list[str]:
    return [community.name for community in gazetteer(context.station.pk).communities.values()]


GRIDS = Importer(
    what="grids",
    says="网格",
    columns=(
        Column(
            "code",
            "网格编码",
            required=True,
            aliases=("编码", "代码"),
            hint="本所内唯一",
            example="440606006016001",
        ),
        Column("name", "网格名称", required=True, aliases=("名称",), example="海尾第一网格"),
        Column(
            "community",
            "社区",
            required=True,
            aliases=("所属社区", "社区代码"),
            hint="代码或名称",
            choices=community_names,
        ),
    ),
    judge=judge,
    write=write,
    unique=(("code",),),
)
