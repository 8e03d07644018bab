"""Communities: GeoJSON with their boundaries, or a table of codes and names."""

from __future__ import annotations

import json
from typing import Any

import numpy
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from fengqiao.ground.gazetteer import SYSTEM, forget
from fengqiao.ground.importing.reading import rows_of
from fengqiao.ground.importing.shape import Column, Context, Given, Importer, Verdict
from fengqiao.ground.models import Community
from fengqiao.kit.codes import Level, code_fault, full_code, level_of
from fengqiao.kit.geometry import Datum, in_china, to_wgs84
from fengqiao.kit.problems import BadInput
from fengqiao.kit.text import normalise

COMPARED = ("name", "boundary", "illustrative")
WRITTEN = (*COMPARED, "boundary_source", "lon", "lat")
COLUMNS = (
    Column(
        "code",
        "代码",
        required=True,
        aliases=("社区代码", "区划代码"),
        hint="12 位统计用区划代码",
        example="440606006016",
    ),
    Column("name", "名称", required=True, aliases=("社区名称",), example="海尾社区居委会"),
)


def read(data: bytes, context: Context) -> list[Given]:
    """A FeatureCollection, told by its first character, or a table."""
    if not data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        return rows_of(data, COLUMNS, context)
    try:
        collection = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise BadInput("文件不是 GeoJSON") from None
    features = collection.get("features") if collection.get("type") == "FeatureCollection" else None
    if not isinstance(features, list):
        raise BadInput("GeoJSON 应为 FeatureCollection(要素集合)")
    return [_feature(number, feature) for number, feature in enumerate(features, 1)]


def _feature(number: int, feature: Any) -> Given:
    feature = feature if isinstance(feature, dict) else {}
    properties = feature.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    names = ("code", "name", "system", "datum", "source")
    cells: dict[str, Any] = {name: normalise(str(properties.get(name) or "")) for name in names}
    cells["illustrative"] = properties.get("illustrative") is True
    cells["geometry"] = feature.get("geometry")
    given = Given(number, cells)
    for name in ("code", "name"):
        if not cells[name]:
            given.fault(name, "必填")
    return given


def judge(rows: list[Given], context: Context) -> list[Verdict]:
    known = {community.code: community for community in Community.objects.filter(station=context.station)}
    seen: dict[str, int] = {}
    return [_verdict(given, context, known, seen) for given in rows]


def _verdict(given: Given, context: Context, known: dict[str, Community], seen: dict[str, int]) -> Verdict:
    code = full_code(given.text("code"))
    summary = f"{code} {given.text('name')}"
    if not given.faults and not code_fault(code) and level_of(code) < Level.VILLAGE:
        return given.skipped(summary, "不是村居一级，不登记为社区")
    _check_code(given, code, context, seen)
    area = _area(given) if given.cells.get("geometry") is not None else None
    if given.faults:
        return given.failed(summary)
    before = known.get(code)
    wanted = _wanted(given, code, area, context, before)
    if before is None:
        return given.ok(summary, wanted, "新增")
    changed = any(getattr(before, name) != getattr(wanted, name) for name in COMPARED)
    return given.ok(summary, wanted, "更新") if changed else given.skipped(summary)


def _check_code(given: Given, code: str, context: Context, seen: dict[str, int]) -> None:
    if given.text("system").upper() not in ("", SYSTEM):
        given.fault(
            "system",
            f"代码体系是 {given.text('system')}，本所按 {SYSTEM} 登记；同一代码在两个体系中可能是不同的地方",
        )
    if given.text("code") and (fault := code_fault(code)):
        given.fault("code", fault)
    street = context.station.division_code[:9]
    if len(context.station.division_code) == 12 and not code.startswith(street):
        given.fault("code", f"代码 {code} 不在本所辖区({street})内")
    first = seen.setdefault(code, given.number)
    if code and first != given.number:
        given.fault("code", f"代码 {code} 与第 {first} 个重复")
    if len(given.text("name")) > 80:
        given.fault("name", "不能超过 80 个字")


def _area(given: Given) -> BaseGeometry | None:
    """The boundary in WGS-84; None, with the fault noted, when it is no proper area."""
    datum = given.text("datum").lower().replace("-", "") or Datum.WGS84.value
    if datum not in list(Datum):
        given.fault("datum", f"不认识的坐标系“{given.text('datum')[:20]}”，可用：{'、'.join(Datum)}")
        return None
    try:
        area = shape(given.cells["geometry"])
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, shapely.errors.ShapelyError):
        given.fault("geometry", "边界不是 GeoJSON 几何图形")
        return None
    if fault := _area_fault(area):
        given.fault("geometry", fault)
        return None
    return shapely.transform(
        area, lambda points: numpy.array([to_wgs84(x, y, Datum(datum)) for x, y in points.tolist()])
    )


def _area_fault(area: BaseGeometry) -> str:
    if area.geom_type not in ("Polygon", "MultiPolygon") or area.is_empty:
        return f"边界应为面(Polygon 或 MultiPolygon)，不是 {area.geom_type}"
    if not area.is_valid:
        return f"边界图形不成立：{shapely.is_valid_reason(area)}"
    outside = next((xy for xy in shapely.get_coordinates(area).tolist() if not in_china(*xy)), None)
    return f"边界有点不在中国境内：{outside[0]},{outside[1]}" if outside else ""


def _wanted(
    given: Given, code: str, area: BaseGeometry | None, context: Context, before: Community | None
) -> Community:
    """The row as it should be; a table without boundaries leaves those that are there."""
    made = Community(station=context.station, code=code, name=given.text("name"))
    if area is None:
        for name in WRITTEN[1:]:
            if before is not None:
                setattr(made, name, getattr(before, name))
        return made
    middle = area.representative_point()
    made.boundary = json.loads(shapely.to_geojson(shapely.set_precision(area, 1e-7)))
    made.boundary_source = (given.text("source") or f"导入 {context.filename}")[:120]
    made.illustrative = bool(given.cells["illustrative"])
    made.lon, made.lat = round(middle.x, 7), round(middle.y, 7)
    return made


def write(found: list[Verdict], context: Context) -> None:
    Community.objects.bulk_create(
        [verdict.value for verdict in found],
        update_conflicts=True,
        unique_fields=["station", "code"],
        update_fields=[*WRITTEN, "updated_at"],
    )
    forget(context.station.pk)


COMMUNITIES = Importer(
    what="communities",
    says="社区",
    columns=(*COLUMNS, Column("geometry", "边界"), Column("datum", "坐标系"), Column("system", "代码体系")),
    judge=judge,
    write=write,
    read=read,
    accept=".geojson,.json,.csv,.xlsx",
    about="GeoJSON 带边界(属性 code、name，可有 datum:wgs84、cgcs2000、gcj02)，或只有代码和名称的表格。",
)
