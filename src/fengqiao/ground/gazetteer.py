"""What the words of an address can mean to one station: its communities, their namesakes, towns, roads, plates.

Read once and kept in the process; `gazetteer` asks the database in one query whether it still holds.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import shapely
from django.db import connection

from fengqiao.ground.models import Community, Division, Premises, Station
from fengqiao.kit.text import community_aliases, normalise, short_community_name

# The system the stations' own codes are of; the same digits name another street in the civil-affairs system.
SYSTEM = "NBS"
ROAD = re.compile(
    r"([\u4e00-\u9fff]{1,8}?(?:大道|大街|公路|马路|路|街(?!道)|巷))([东南西北中](?![\u4e00-\u9fff]))?"
)
HOUSE = re.compile(r"(\d+(?:[-之]\d+)?)号?")
ROAD_WORD = "[东南西北中上下一二三新旧]?(?:大道|大街|公路|马路|路|街(?!道)|巷|桥|涌|工业)"
OFFICES = ("社区居民委员会", "居民委员会", "村民委员会", "社区居委会", "居委会", "村委会", "社区", "村")
_CHANGED = """
    SELECT (SELECT max(updated_at) FROM ground_division),
           (SELECT max(updated_at) FROM ground_premises WHERE station_id = %(station)s),
           count(*), max(updated_at) FROM ground_community WHERE station_id = %(station)s
"""


@dataclass(frozen=True, slots=True)
class Namesake:
    """A place of the same name outside the station: ours is not meant unless the text says so."""

    name: str
    town: str
    county: str


@dataclass
class Gazetteer:
    """Words to communities, all words normalised. `towns` and `counties` are others' names, not ours."""

    station_id: int
    communities: dict[int, Community] = field(default_factory=dict)
    by_code: dict[str, Community] = field(default_factory=dict)
    names: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    bare: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    namesakes: dict[str, list[Namesake]] = field(default_factory=lambda: defaultdict(list))
    own: frozenset[str] = frozenset()
    own_county: frozenset[str] = frozenset()
    above: tuple[str, ...] = ()
    towns: frozenset[str] = frozenset()
    counties: frozenset[str] = frozenset()
    roads: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    houses: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    plates: dict[str, int] = field(default_factory=dict)
    areas: list[tuple[Any, int]] = field(default_factory=list)
    tree: Any = None
    before_road: re.Pattern[str] = re.compile("")

    @cached_property
    def names_by_length(self) -> tuple[str, ...]:
        """Every name of a community of ours, the longest first."""
        return tuple(sorted([*self.names, *self.bare], key=len, reverse=True))

    @cached_property
    def others_by_length(self) -> tuple[str, ...]:
        """Every town and county that is not ours, the longest first."""
        return tuple(sorted(self.towns | self.counties, key=len, reverse=True))


_kept: dict[int, tuple[tuple[Any, ...], Gazetteer]] = {}


def gazetteer(station_id: int) -> Gazetteer:
    """The station's gazetteer as it stands in this transaction: one query when nothing has changed."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, {"station": station_id})
        version = cursor.fetchone()
    kept = _kept.get(station_id)
    if kept is None or kept[0] != version:
        kept = (version, _read(station_id))
        _kept[station_id] = kept
    return kept[1]


def forget(station_id: int) -> None:
    """Writers call it: two changes at one moment would look the same to the version."""
    _kept.pop(station_id, None)


def _read(station_id: int) -> Gazetteer:
    made = Gazetteer(station_id)
    station = Station.objects.get(pk=station_id)
    for community in Community.objects.filter(station_id=station_id, valid_to=None):
        _add_community(made, community)
    if made.areas:
        made.tree = shapely.STRtree([area for area, _ in made.areas])
    _add_divisions(made, station)
    _add_places(made)
    return made


def _add_community(made: Gazetteer, community: Community) -> None:
    made.communities[community.pk] = made.by_code[community.code] = community
    bare = short_community_name(community.name)
    made.bare[bare].add(community.pk)
    for name in {*community_aliases(community.name), *map(normalise, community.aliases or [])} - {bare, ""}:
        made.names[name].add(community.pk)
    if community.boundary:
        area = shapely.from_geojson(json.dumps(community.boundary))
        shapely.prepare(area)
        made.areas.append((area, community.pk))


def _add_divisions(made: Gazetteer, station: Station) -> None:
    """Towns, counties and namesakes of the same city, from the newest edition of the station's system."""
    code = station.division_code
    station_word = normalise(re.sub(r"派出所.*$", "", station.name))
    made.own = frozenset({station_word} - {""})
    if len(code) != 12:
        return
    rows = list(_city(code[:4]))
    by_code = {row.code: row for row in rows}
    own_town, own_county = by_code.get(f"{code[:9]}000"), by_code.get(f"{code[:6]}000000")
    made.own |= _forms(own_town)
    made.own_county = _forms(own_county)
    city = by_code.get(f"{code[:4]}00000000")
    made.above = tuple(sorted(_forms(city) | made.own_county | {"广东省", "广东"}, key=len, reverse=True))
    made.towns = (
        frozenset().union(*(_forms(r) for r in rows if r.level == 4 and r is not own_town)) - made.own
    )
    made.counties = frozenset().union(*(_forms(r) for r in rows if r.level == 3 and r is not own_county))
    for row in rows:
        if row.level == 5 and row.code[:9] != code[:9]:
            _add_namesake(made, row, by_code)


def _city(prefix: str) -> Iterable[Division]:
    newest = Division.objects.filter(system=SYSTEM).order_by("-edition").values_list("edition", flat=True)[:1]
    found = Division.objects.filter(system=SYSTEM, edition__in=list(newest), code__startswith=prefix)
    return found.only("code", "name", "level")


def _forms(division: Division | None) -> frozenset[str]:
    """勒流街道 -> 勒流街道, 勒流; institutions that are no towns stay whole."""
    if division is None:
        return frozenset()
    name = normalise(division.name)
    short = re.sub(r"(街道办事处|街道|镇|乡|区|市|县)$", "", name)
    return frozenset({name, short} if len(short) >= 2 else {name}) - {"市辖区", "市辖"}


def _add_namesake(made: Gazetteer, row: Division, by_code: dict[str, Division]) -> None:
    bare = short_community_name(row.name)
    if bare not in made.bare:
        return
    town, county = by_code.get(f"{row.code[:9]}000"), by_code.get(f"{row.code[:6]}000000")
    made.namesakes[bare].append(Namesake(row.name, town.name if town else "", county.name if county else ""))


def _before_road(made: Gazetteer) -> re.Pattern[str]:
    """Province to town, then the community: what stands before the road of a registered address."""
    own, names = sorted(made.own), [*made.names, *made.bare]
    return re.compile(f"{_any_of(made.above)}*{_any_of(own)}?{_any_of(names)}?")


def _any_of(words: Iterable[str]) -> str:
    longest = sorted(words, key=len, reverse=True)
    return f"(?:(?:{'|'.join(map(re.escape, longest))})(?!{ROAD_WORD}))" if longest else "(?:)"


def _add_places(made: Gazetteer) -> None:
    """Roads, houses and plates as the premises register knows them."""
    made.before_road = _before_road(made)
    found = Premises.objects.filter(station_id=made.station_id, voided_at=None)
    for address, plate, community_id in found.values_list("address", "door_plate", "community_id"):
        if plate:
            made.plates[normalise(plate).upper()] = community_id
        text = normalise(address)
        for road, house in roads_in(text[made.before_road.match(text).end() :]):  # type: ignore[union-attr]
            made.roads[road].add(community_id)
            if house:
                made.houses[road + house].add(community_id)


def roads_in(text: str) -> list[tuple[str, str]]:
    """(road, house number or "") of each road; a road with a direction counts without it as well."""
    found = []
    for match in ROAD.finditer(text):
        house = HOUSE.match(text, match.end())
        found.append((match[0], house[1] if house else ""))
        if match[2]:
            found.append((match[1], ""))
    return found
