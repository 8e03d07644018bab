"""The place a row is about: by number, door plate or address; made where the mapping says so."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from fengqiao.ground.commands import fill
from fengqiao.ground.gazetteer import Gazetteer, gazetteer
from fengqiao.ground.importers.naming import meant
from fengqiao.ground.importers.premises import KINDS
from fengqiao.ground.importing import Context, Given
from fengqiao.ground.inputs import PremisesInput
from fengqiao.ground.locating import contradiction
from fengqiao.ground.models import Premises, PremisesKind
from fengqiao.kit.geometry import in_china
from fengqiao.kit.ids import uuid7
from fengqiao.kit.inputs import validate
from fengqiao.kit.problems import BadInput

# How a row names its place, the surest first; the columns' names are the model's.
BY = ("number", "door_plate", "address")
POINT = "以往检查 WGS-84"


@dataclass(frozen=True, slots=True)
class Placed:
    premises: Premises
    new: bool


@dataclass
class Places:
    """The places some rows name, as the register holds them, and those the file itself has brought."""

    context: Context
    known: dict[str, dict[str, list[Premises]]]
    made: dict[str, Premises]

    @property
    def gazetteer(self) -> Gazetteer:
        station_id = self.context.station.pk
        return self.context.once("gazetteer", lambda: gazetteer(station_id))


def _makes(given: Given) -> bool:
    return given.text("create") == "是"


def _named_by(given: Given) -> tuple[str, ...]:
    """A row that may make its place is known by its number alone: two places may share an address, and
    which of them came first would hang on where the parts of the file were cut."""
    return BY[:1] if _makes(given) and given.text("number") else BY


def places_of(rows: list[Given], context: Context) -> Places:
    known: dict[str, dict[str, list[Premises]]] = {}
    for name in BY:
        wanted = {given.text(name) for given in rows if name in _named_by(given)} - {""}
        found = defaultdict[str, list[Premises]](list)
        for one in Premises.objects.filter(station=context.station, **{f"{name}__in": wanted}):
            found[str(getattr(one, name))].append(one)
        known[name] = found
    return Places(context, known, context.once("made", dict[str, Premises]))


def placed(given: Given, places: Places) -> Placed | None:
    """None, with the fault noted, where no place or more than one is meant."""
    for name in _named_by(given):
        found = [one for one in places.known[name].get(given.text(name), ()) if one.voided_at is None]
        if len(found) > 1:
            given.fault(name, f"登记簿里有 {len(found)} 处这个地址，请填场所编号")
            return None
        if found:
            return Placed(found[0], new=False)
    if not _makes(given):
        given.fault("number", _unknown(given))
        return None
    number = given.text("number")
    if number and number in places.made:
        return Placed(places.made[number], new=True)
    made = _make(given, places)
    if made is None:
        return None
    places.made[number] = made
    return Placed(made, new=True)


def _unknown(given: Given) -> str:
    named = "、".join(given.text(name) for name in BY if given.text(name))
    return f"登记簿里没有这处场所({named[:80] or '没有编号、门牌和地址'})；要新建，请把“新建场所”定为“是”"


def _make(given: Given, places: Places) -> Premises | None:
    """A place outside the station's map has no community to be found by, so the row names it."""
    if not given.text("community"):
        given.fault("community", "新建场所须指明社区(可用固定值)")
        return None
    community = meant(given, places.gazetteer)
    if community is None:
        return None
    asked = {
        "number": given.text("number"),
        "kind": KINDS.get(given.text("kind"), PremisesKind.OTHER),
        "name": given.text("name") or given.text("address"),
        "address": given.text("address"),
        "door_plate": given.text("door_plate") or None,
        "community": community.code,
    }
    made = Premises(id=uuid7(), station=places.context.station)
    try:
        fill(made, validate(PremisesInput, asked), known=places.gazetteer, at=places.context.at)
    except BadInput as problem:
        for fault in problem.errors:
            given.fault(fault.field, fault.says)
        return None
    return _with_point(made, given, places.gazetteer)


def _with_point(made: Premises, given: Given, known: Gazetteer) -> Premises | None:
    lon, lat = _degrees(given, "lon", 180), _degrees(given, "lat", 90)
    if {fault.field for fault in given.faults} & {"lon", "lat"}:
        return None
    if lon is None or lat is None:
        return made
    if in_china(lon, lat) and (why := contradiction(known, made.community, lon, lat)):
        given.fault("lon", why)
        return None
    made.lon, made.lat, made.point_source = round(lon, 7), round(lat, 7), POINT
    return made


def _degrees(given: Given, name: str, most: int) -> float | None:
    text = given.text(name)
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not abs(value) <= most:
        given.fault(name, f"“{text[:20]}”不是{'经度' if name == 'lon' else '纬度'}")
        return None
    return value
