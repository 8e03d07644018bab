"""Which community: by code, by coordinates, by the words of an address. What is ambiguous is asked, never guessed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import shapely

from fengqiao.ground.address_words import Reading, read
from fengqiao.ground.gazetteer import Gazetteer, gazetteer
from fengqiao.ground.models import Community
from fengqiao.kit.problems import BadInput

# About 15 m: nearer to a border than this, a phone's coordinates do not say which side is meant.
BORDER = 0.00015
FAR = 0.15  # degrees, some 15 km: no slip of a drawing reaches so far


@dataclass(frozen=True, slots=True)
class Placed:
    """`community` when decided; otherwise `candidates` to ask about. `why` is the sentence that says so."""

    community: Community | None
    candidates: tuple[Community, ...]
    why: str


def locate(
    *,
    station_id: int,
    address: str = "",
    lon: float | None = None,
    lat: float | None = None,
    code: str = "",
) -> Placed:
    """The community of a place; coordinates are WGS-84. Raises BadInput for a code the station does not have.

    Coordinates go before words; where the two name different communities, both are asked about.
    """
    return place(gazetteer(station_id), address=address, lon=lon, lat=lat, code=code)


def place(
    known: Gazetteer,
    *,
    address: str = "",
    lon: float | None = None,
    lat: float | None = None,
    code: str = "",
) -> Placed:
    """`locate` with the gazetteer at hand: for many places in one go."""
    if code:
        return _by_code(known, code)
    by_words = _by_words(known, address) if address.strip() else None
    if lon is None or lat is None or not known.areas:
        return by_words or _asked(known, (), "没有地址、坐标或社区代码")
    return _together(known, _by_point(known, lon, lat), by_words)


def contradiction(known: Gazetteer, community: Community, lon: float, lat: float) -> str:
    """Why coordinates cannot be of this community, or nothing; a drawn boundary proves little, so it must be far."""
    own = next((area for area, pk in known.areas if pk == community.pk), None)
    if own is None or shapely.contains_xy(own, lon, lat):
        return ""
    away = shapely.distance(own, shapely.Point(lon, lat))
    if away > (FAR if community.illustrative else BORDER * 10):
        return f"坐标 {lon:.5f},{lat:.5f} 不在{community.name}范围内，请检查坐标系和数值"
    return ""


def _by_code(known: Gazetteer, code: str) -> Placed:
    community = known.by_code.get(code.strip())
    if community is None:
        raise BadInput.at("community", f"本所没有代码为“{code[:20]}”的社区")
    return Placed(community, (), f"来文指明{community.name}")


def _by_point(known: Gazetteer, lon: float, lat: float) -> Placed:
    point = shapely.Point(lon, lat)
    near = [known.areas[i] for i in known.tree.query(point, predicate="dwithin", distance=BORDER)]
    found = [known.communities[pk] for _, pk in near]
    if not found:
        return Placed(None, (), "坐标不在本所任何社区的范围内")
    if len(found) > 1:
        return _asked(known, (c.pk for c in found), f"坐标落在{_listed(found)}的交界处")
    return Placed(
        found[0], (), f"坐标落在{found[0].name}范围内{'(示意边界)' if found[0].illustrative else ''}"
    )


def _together(known: Gazetteer, point: Placed, words: Placed | None) -> Placed:
    """Coordinates and words: agreement decides, contradiction asks."""
    if words is None or words.community is None:
        return point if point.community or point.candidates or not words or not words.candidates else words
    if point.community is None and words.community in point.candidates:
        return Placed(words.community, (), f"{point.why},{words.why}")
    if point.community is None and not point.candidates:
        return _asked(known, [words.community.pk], f"{point.why}，但{words.why}")
    if point.community == words.community:
        return point
    both = [words.community.pk, *(c.pk for c in point.candidates or (point.community,) if c)]
    return _asked(known, both, f"{point.why}，但{words.why}")


def _by_words(known: Gazetteer, address: str) -> Placed:
    text = read(known, address)
    if text.elsewhere:
        return Placed(None, (), f"地址写明“{text.elsewhere}”，不在本所辖区")
    if text.plate is not None:
        return _decided(known, text.plate, "门牌已在场所登记簿中，属")
    if text.named:
        return _by_name(known, text)
    return _by_road(known, text)


def _by_name(known: Gazetteer, text: Reading) -> Placed:
    named, roads = set(text.named), text.roads
    both = named & roads
    if len(both) == 1:
        return _decided(known, both.pop(), f"地址中的“{text.road}”属")
    if roads and not both:
        return _asked(
            known,
            named | roads,
            f"地址写了{_names(known, named)}，但“{text.road}”登记在{_names(known, roads)}",
        )
    if len(named) > 1:
        return _asked(known, named, f"地址中有不止一个社区：{_names(known, named)}")
    only = named.pop()
    namesakes = text.named[only]
    if namesakes:
        others = "、".join(f"{one.town}{one.name}" for one in namesakes)
        return _asked(known, [only], f"同名的地方不止一处：本所{_names(known, [only])}，另有{others}")
    return _decided(known, only, "地址写明")


def _by_road(known: Gazetteer, text: Reading) -> Placed:
    if len(text.roads) == 1:
        return _decided(known, next(iter(text.roads)), f"地址中的“{text.road}”属")
    if text.roads:
        return _asked(known, text.roads, f"“{text.road}”经过不止一个社区：{_names(known, text.roads)}")
    if text.hinted:
        return _asked(known, text.hinted, f"地址中有“{_names(known, text.hinted)}”的字样，但不能确定是社区名")
    return Placed(None, (), "地址中没有本所认识的社区、道路或门牌")


def _decided(known: Gazetteer, pk: int, says: str) -> Placed:
    community = known.communities[pk]
    return Placed(community, (), f"{says}{community.name}")


def _asked(known: Gazetteer, pks: Iterable[int], why: str) -> Placed:
    found = sorted((known.communities[pk] for pk in set(pks)), key=lambda community: community.code)
    return Placed(None, tuple(found), f"{why}，请确认" if found else why)


def _names(known: Gazetteer, pks: Iterable[int]) -> str:
    return _listed(sorted((known.communities[pk] for pk in pks), key=lambda community: community.code))


def _listed(communities: Iterable[Community]) -> str:
    return "、".join(community.name for community in communities)
