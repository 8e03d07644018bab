"""Reading an address: which communities, towns, roads and plates its words name, and how firmly."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from fengqiao.ground.gazetteer import OFFICES, ROAD_WORD, Gazetteer, Namesake, roads_in
from fengqiao.kit.text import normalise

_PLATE = re.compile(r"[0-9A-Z][0-9A-Z-]{5,}")
_OTHER_CITY = re.compile(r"(?:[\u4e00-\u9fff]{2,3}省)?([\u4e00-\u9fff]{2,4}?市)")
_RUNS_ON = re.compile(ROAD_WORD)
_OFFICE = re.compile("|".join(OFFICES))
# What may stand right before a name for it to be read as a name of its own.
_BEFORE_BARE = re.compile(r"(?:^|[^\u4e00-\u9fff]|[省市区县镇]|街道)$")
_BEFORE = re.compile(rf"{_BEFORE_BARE.pattern}|[村园苑城旁近会]$")


@dataclass
class Reading:
    """`named`: communities the words name, each with the namesakes that remain possible. `hinted`: names that
    stand inside other words. `elsewhere`: the town or county that is not ours."""

    named: dict[int, list[Namesake]] = field(default_factory=dict)
    hinted: set[int] = field(default_factory=set)
    roads: set[int] = field(default_factory=set)
    road: str = ""
    plate: int | None = None
    elsewhere: str = ""


def read(known: Gazetteer, address: str) -> Reading:
    """Read an address as people write it; spaces, full width and 滘 in its old shape do not matter."""
    text = normalise(address).replace(" ", "")
    found = Reading(plate=_plate(known, text))
    says_town = any(_stands(text, word) for word in known.own)
    if not says_town:
        found.elsewhere = _elsewhere(known, text)
    if found.elsewhere:
        return found
    _read_names(known, text, found, says_town=says_town)
    _read_roads(known, text, found)
    return found


def _plate(known: Gazetteer, text: str) -> int | None:
    hits = {known.plates[word] for word in _PLATE.findall(text.upper()) if word in known.plates}
    return hits.pop() if len(hits) == 1 else None


def _stands(text: str, word: str) -> bool:
    """Whether the word is there as a place, not as the beginning of a road's name."""
    at = text.find(word)
    return at >= 0 and not _RUNS_ON.match(text, at + len(word))


def _elsewhere(known: Gazetteer, text: str) -> str:
    """The town, county or city that the text names and that is not ours; short names only at its head."""
    start = _head(known, text)
    for word in known.others_by_length:
        whole = word[-1] in "道镇区县"
        at = text.find(word)
        # 海尾社区 must not be read as a county that ends in 区, nor 西南 inside a road's name
        if at >= 0 and (at == start or (whole and at > 0)) and not _RUNS_ON.match(text, at + len(word)):
            return word
    city = _OTHER_CITY.match(text)
    if not known.above or not city or city[1] in known.above:
        return ""
    return "" if any(name.startswith(city[1]) for name in known.names) else city[1]


def _head(known: Gazetteer, text: str) -> int:
    """Where the words after our province, city and county begin."""
    at = 0
    while cut := next((word for word in known.above if text.startswith(word, at)), ""):
        at += len(cut)
    return at


def _read_names(known: Gazetteer, text: str, found: Reading, *, says_town: bool) -> None:
    says_county = any(_stands(text, word) for word in known.own_county)
    taken: list[tuple[int, int]] = []
    for name in (name for name in known.names_by_length if name in text):
        for match in re.finditer(re.escape(name), text):
            if any(start <= match.start() < end for start, end in taken):
                continue
            taken.append(match.span())
            _note(known, text, match.span(), name, found, says_town=says_town, says_county=says_county)


def _note(
    known: Gazetteer,
    text: str,
    span: tuple[int, int],
    name: str,
    found: Reading,
    *,
    says_town: bool,
    says_county: bool,
) -> None:
    """One name in the text: firm, doubtful for a namesake, or only a hint."""
    pks = known.names.get(name) or known.bare[name]
    said = _OFFICE.search(name) or _OFFICE.match(text, span[1])
    before = text[: span[0]]
    clean = (_BEFORE if said else _BEFORE_BARE).search(before) or before.endswith((*known.own, *known.above))
    if not clean or (not said and _RUNS_ON.match(text, span[1])):
        found.hinted |= pks
        return
    for pk in pks:
        others = [] if says_town else _namesakes(known, pk, said[0] if said else "")
        if says_county:
            others = [one for one in others if not one.county or one.county in known.own_county]
        found.named[pk] = others


def _namesakes(known: Gazetteer, pk: int, office: str) -> list[Namesake]:
    """The namesakes that fit what is said: 东风社区 is no 东风村, bare 东风 may be either."""
    own = known.communities[pk].name
    others = next((found for bare, found in known.namesakes.items() if pk in known.bare.get(bare, ())), [])
    if office and _is_village(office) == _is_village(own):
        return [one for one in others if _is_village(one.name) == _is_village(own)]
    return others


def _is_village(name: str) -> bool:
    return "村" in name


def _read_roads(known: Gazetteer, text: str, found: Reading) -> None:
    """Roads of ours in the text; a house that is registered decides between the communities of a long road."""
    match = known.before_road.match(text)
    rest = text[match.end() :] if match else text
    sets = []
    for said, house in roads_in(rest):
        road = _known_road(known, said)
        if road:
            found.road = found.road or road
            sets.append(known.houses.get(road + house) or known.roads[road])
    if sets:
        common = set.intersection(*sets)
        found.roads = common or set.union(*sets)


def _known_road(known: Gazetteer, said: str) -> str:
    """The road as registered; in front of it may stand an estate or a village, not half of another name."""
    if said in known.roads:
        return said
    tails = [said[cut:] for cut in range(1, len(said) - 1) if _BEFORE.search(said[:cut])]
    return next((tail for tail in tails if tail in known.roads), "")
