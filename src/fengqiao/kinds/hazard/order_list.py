"""A station's own list of what it may order to be put right, as a file: the whole list, read at once."""

from __future__ import annotations

import re

from fengqiao.ground.importing import Column, Context, Given, Importer, Verdict
from fengqiao.kinds.hazard.models import HazardOrder

CODE = re.compile(r"[a-z0-9_.\-]{2,60}")
YES_NO = {"是": True, "否": False, "": False}


def judge(rows: list[Given], context: Context) -> list[Verdict]:
    known = {one.code: one for one in HazardOrder.objects.filter(station=context.station)}
    return [_verdict(given, context, known) for given in rows]


def _verdict(given: Given, context: Context, known: dict[str, HazardOrder]) -> Verdict:
    code, says, basis = given.text("code"), given.text("says"), given.text("basis")
    if code and not CODE.fullmatch(code):
        given.fault("code", "用 2 至 60 个小写字母、数字、_ . -")
    for column, most in (("says", 120), ("basis", 200)):
        if len(given.text(column)) > most:
            given.fault(column, f"不能超过 {most} 个字")
    if given.text("at_once") not in YES_NO:
        given.fault("at_once", "填“是”或“否”")
    if given.faults:
        return given.failed(f"{code} {says}")
    at_once = YES_NO[given.text("at_once")]
    before = known.get(code)
    if before and (before.says, before.basis, before.at_once) == (says, basis, at_once):
        return given.skipped(f"{code} {says}")
    one = HazardOrder(station=context.station, code=code, says=says, basis=basis, at_once=at_once)
    return given.ok(f"{code} {says}", one, "更新" if before else "新增")


def write(found: list[Verdict], context: Context) -> None:
    HazardOrder.objects.bulk_create(
        [verdict.value for verdict in found],
        update_conflicts=True,
        unique_fields=["station", "code"],
        update_fields=["says", "basis", "at_once"],
    )


ORDER_LIST = Importer(
    what="hazard-orders",
    says="责令改正清单",
    columns=(
        Column("code", "隐患项目代码", required=True, hint="检查表的项目代码", example="exits_free"),
        Column("says", "违法行为", required=True, example="占用、堵塞、封闭疏散通道、安全出口"),
        Column(
            "basis", "法律依据", required=True, hint="法规名称和条", example="《中华人民共和国消防法》第28条"
        ),
        Column("at_once", "责令立即改正", hint="是/否，不填为否", choices=("是", "否"), strict=True),
    ),
    judge=judge,
    write=write,
    unique=(("code",),),
    about="导入后按本所清单，不再用默认清单；清单外的项目只能告知或移交。",
    roles=frozenset({"chief"}),
)
