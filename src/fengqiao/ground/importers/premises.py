"""The register of premises from a filled-in template. What a row leaves empty stays as it is in the register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fengqiao.ground.commands import PLAIN, add_premises, fill
from fengqiao.ground.gazetteer import Gazetteer, forget, gazetteer
from fengqiao.ground.grading import grade_premises
from fengqiao.ground.importers.grids import community_names
from fengqiao.ground.importers.naming import meant
from fengqiao.ground.importing.shape import Column, Context, Given, Importer, Verdict
from fengqiao.ground.inputs import PremisesInput, point_fault
from fengqiao.ground.models import AddressChange, Premises, PremisesKind
from fengqiao.kit.geometry import Datum
from fengqiao.kit.ids import uuid7
from fengqiao.kit.inputs import validate
from fengqiao.kit.problems import BadInput

# The words of the template, always Chinese, whatever language the page is read in.
KINDS = {
    "出租屋": PremisesKind.RENTAL_HOUSE,
    "三小场所": PremisesKind.SHOP,
    "学校/幼儿园": PremisesKind.SCHOOL,
    "充电场所": PremisesKind.CHARGING_AREA,
    "企业": PremisesKind.ENTERPRISE,
    "机关单位": PremisesKind.OFFICE,
    "住宅楼": PremisesKind.RESIDENCE,
    "其他": PremisesKind.OTHER,
}
DATUMS = {"WGS-84": Datum.WGS84, "CGCS2000": Datum.CGCS2000, "GCJ-02": Datum.GCJ02, "BD-09": Datum.BD09}
YES_NO = {"有": True, "是": True, "无": False, "否": False}
WORDS: dict[str, Mapping[str, Any]] = {
    "kind": KINDS,
    "datum": DATUMS,
    "e_bikes": YES_NO,
    "separated": YES_NO,
}
COMPARED = (*PLAIN, "community_id", "lon", "lat")
SAYS = {
    "name": "名称",
    "address": "地址",
    "community_id": "社区",
    "kind": "类型",
    "door_plate": "门牌",
    "rooms": "房间数",
    "e_bikes": "电动自行车",
    "separated": "人车分离",
    "contact_name": "负责人",
    "contact_phone": "电话",
    "lon": "坐标",
    "lat": "坐标",
    "note": "备注",
}


@dataclass
class _Sheet:
    """What the rows of one file are judged against."""

    context: Context
    places: Gazetteer
    known: dict[str, Premises]
    plates: dict[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """A row to write; `past` is the address given up, `new` whether the place is."""

    premises: Premises
    new: bool
    past: str = ""


def judge(rows: list[Given], context: Context) -> list[Verdict]:
    """Against the places these rows name; addresses are read by the register as it was when the file began."""
    numbers, plates = ({given.text(name) for given in rows} - {""} for name in ("number", "door_plate"))
    ours = Premises.objects.filter(station=context.station)
    standing = ours.filter(voided_at=None, door_plate__in=plates)
    sheet = _Sheet(
        context,
        context.once("gazetteer", lambda: gazetteer(context.station.pk)),
        {p.number: p for p in ours.filter(number__in=numbers).select_related("community")},
        dict(standing.values_list("door_plate", "number")),
    )
    return [_verdict(given, sheet) for given in rows]


def _verdict(given: Given, sheet: _Sheet) -> Verdict:
    summary = f"{given.text('number')} {given.text('name')}".strip()
    before = sheet.known.get(given.text("number"))
    if before is not None and before.voided_at:
        given.fault("number", f"编号 {before.number} 的场所已作废，不能再用")
    _check_plate(given, sheet)
    answers = _answers(given, sheet, before)
    made = _made(given, answers, sheet, before) if not given.faults else None
    if made is None:
        return given.failed(summary)
    if before is None:
        return given.ok(summary, Change(made, new=True), f"新增，{made.community.name}")
    changed = [name for name in COMPARED if getattr(before, name) != getattr(made, name)]
    if not changed:
        return given.skipped(summary)
    past = before.address if "address" in changed else ""
    words = "、".join(dict.fromkeys(SAYS[name] for name in changed))
    return given.ok(summary, Change(made, new=False, past=past), f"更新：{words}")


def _check_plate(given: Given, sheet: _Sheet) -> None:
    number, plate = given.text("number"), given.text("door_plate")
    if sheet.plates.get(plate, number) != number:
        given.fault("door_plate", f"门牌编码 {plate} 已登记在场所 {sheet.plates[plate]}")


def _answers(given: Given, sheet: _Sheet, before: Premises | None) -> dict[str, Any]:
    """The cells as answers to the register's questions; an empty cell keeps what the register holds."""
    answers = {**_held(before), **{name: text for name in given.cells if (text := given.text(name))}}
    for name, words in WORDS.items():
        if text := given.text(name):
            answers[name] = words.get(text)
    for name, says in (("lon", "经度"), ("lat", "纬度")):
        if given.text(name) and (value := _number(given.text(name))) is None:
            given.fault(name, f"“{given.text(name)[:20]}”不是{says}")
        elif given.text(name):
            answers[name] = value
    _check_point(given)
    answers.pop("community", None)
    if given.text("community") and (community := meant(given, sheet.places)):
        answers["community"] = community.code
    elif before is not None and answers.get("address") == before.address and not given.text("lon"):
        answers["community"] = before.community.code
    return answers


def _held(before: Premises | None) -> dict[str, Any]:
    if before is None:
        return {}
    held = {name: getattr(before, name) for name in PLAIN} | {"lon": before.lon, "lat": before.lat}
    if before.lon is not None:
        held["datum"] = Datum.WGS84
    return {name: value for name, value in held.items() if value not in ("", None)}


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _check_point(given: Given) -> None:
    lon, lat = _number(given.text("lon")), _number(given.text("lat"))
    if {"lon", "lat"} & {fault.field for fault in given.faults}:
        return
    datum = DATUMS.get(given.text("datum"))
    if fault := point_fault(lon, lat, datum or (Datum.WGS84 if given.text("datum") else None)):
        given.fault(fault.field, fault.says)


def _made(given: Given, answers: dict[str, Any], sheet: _Sheet, before: Premises | None) -> Premises | None:
    """The place as the row wants it, unsaved; None with the faults noted."""
    made = Premises(id=before.pk if before else uuid7(), station=sheet.context.station)
    if before is not None:
        made.grid_id, made.point_source = before.grid_id, before.point_source
        made.registered_on = before.registered_on
    try:
        fill(made, validate(PremisesInput, answers), known=sheet.places, at=sheet.context.at)
    except BadInput as problem:
        for fault in problem.errors:
            given.fault(fault.field, fault.says)
        return None
    if before is not None and not given.text("lon"):
        made.lon, made.lat, made.point_source = before.lon, before.lat, before.point_source
    return made


def write(found: list[Verdict], context: Context) -> None:
    changes: list[Change] = [verdict.value for verdict in found]
    new = [change.premises for change in changes if change.new]
    add_premises(new, station_id=context.station.pk, at=context.at)
    old = [change for change in changes if not change.new]
    names = [*PLAIN, "community", "lon", "lat", "point_source", "updated_at"]
    Premises.objects.bulk_update([change.premises for change in old], names, batch_size=500)
    AddressChange.objects.bulk_create(
        AddressChange(
            station=context.station, premises=change.premises, address=change.past, until=context.at
        )
        for change in old
        if change.past
    )
    grade_premises(station_id=context.station.pk, at=context.at, ids=[change.premises.pk for change in old])
    forget(context.station.pk)


PREMISES = Importer(
    what="premises",
    says="场所",
    columns=(
        Column(
            "number", "编号", required=True, aliases=("场所编号",), hint="本所内唯一", example="RG-016-001"
        ),
        Column(
            "kind",
            "类型",
            required=True,
            aliases=("场所类型", "类别"),
            choices=tuple(KINDS),
            strict=True,
            example="出租屋",
        ),
        Column("name", "名称", required=True, aliases=("场所名称",), example="福安公寓"),
        Column(
            "address",
            "地址",
            required=True,
            aliases=("详细地址", "场所地址"),
            example="容桂街道海尾社区海尾路12号",
        ),
        Column(
            "community",
            "社区",
            aliases=("所属社区", "社区名称", "社区代码"),
            hint="名称或代码；不填则按地址和坐标认定，有歧义的行会列出候选",
            choices=community_names,
        ),
        Column("door_plate", "门牌编码", aliases=("门牌", "门牌号编码"), example="RG01600001"),
        Column("lon", "经度", aliases=("lng", "longitude"), example="113.271234"),
        Column("lat", "纬度", aliases=("latitude",), example="22.771234"),
        Column(
            "datum", "坐标系", hint="填了坐标就要注明", choices=tuple(DATUMS), strict=True, example="WGS-84"
        ),
        Column("rooms", "房间数", aliases=("房间", "间数"), example="12"),
        Column(
            "e_bikes",
            "停放电动自行车",
            aliases=("电动自行车", "电动车"),
            hint="没有看过就不填",
            choices=("有", "无"),
            strict=True,
            example="有",
        ),
        Column(
            "separated",
            "人车分离",
            aliases=("物理隔离",),
            hint="现场核实过才填",
            choices=("是", "否"),
            strict=True,
            example="否",
        ),
        Column(
            "contact_name", "负责人", aliases=("联系人", "负责人姓名"), hint="岗位或称呼即可", example="房东"
        ),
        Column("contact_phone", "负责人电话", aliases=("联系电话", "电话"), example="13900000000"),
        Column("note", "备注", hint="只记场所情况"),
    ),
    judge=judge,
    write=write,
    part=2000,
    unique=(("number",), ("door_plate",)),
    about="场所底数。同一编号再次导入即为更新；空白的单元格不改动原有内容，地址变更会留下旧地址。",
)
