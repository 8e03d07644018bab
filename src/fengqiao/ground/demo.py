"""The demo station's ground: real communities and codes, illustrative boundaries, invented places."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle

from shapely.geometry import Polygon

from fengqiao.ground import demo_data as data
from fengqiao.ground.demo_map import areas, geojson, point_in
from fengqiao.ground.demo_round import walked
from fengqiao.ground.gazetteer import forget
from fengqiao.ground.grading import grade_premises
from fengqiao.ground.models import Community, Division, Grid, Premises, PremisesKind, Station
from fengqiao.kit.text import short_community_name

SINCE = datetime(2022, 4, 1, tzinfo=UTC)
STREET = "440606006"
KIND = PremisesKind


def build_ground(station: Station, *, seed: int, at: datetime = SINCE) -> None:
    """Fill an empty station, inside `acting_for`; the same seed gives the same ground, checked as of `at`."""
    rng = random.Random(seed)  # noqa: S311 invented places, no secret
    _divisions()
    shapes = areas(len(data.COMMUNITIES), centre=data.CENTRE, seed=seed)
    communities = Community.objects.bulk_create(
        _community(station, code, name, shape)
        for (code, name, _class), shape in zip(data.COMMUNITIES, shapes, strict=True)
    )
    grids = Grid.objects.bulk_create(grid for community in communities for grid in _grids(community, rng))
    streets = _streets()
    made: list[Premises] = []
    for community, shape in zip(communities, shapes, strict=True):
        own = [grid for grid in grids if grid.community_id == community.pk]
        maker = _Maker(community, shape, own, streets[community.code[-3:]], rng)
        made += maker.all()
    walked(made, at=at, seed=seed)
    Premises.objects.bulk_create(made)
    grade_premises(station_id=station.pk, at=at)
    forget(station.pk)


KINDS = {KIND.RENTAL_HOUSE: 0.7, KIND.SHOP: 0.26, KIND.CHARGING_AREA: 0.03, KIND.ENTERPRISE: 0.01}


def more_premises(station: Station, count: int, *, seed: int, at: datetime) -> int:
    """Invented places in the communities the station has, checked as of `at`; those of the same number stay as they
    are. Gives how many are new."""
    rng = random.Random(seed)  # noqa: S311 invented places, no secret
    communities = list(Community.objects.order_by("code"))
    grids: dict[int, list[Grid]] = {}
    for grid in Grid.objects.order_by("code"):
        grids.setdefault(grid.community_id, []).append(grid)
    made = [_more(number, communities, grids, rng) for number in range(1, count + 1)]
    walked(made, at=at, seed=seed)
    there = set(Premises.objects.filter(number__startswith="MN-").values_list("number", flat=True))
    new = [one for one in made if one.number not in there]
    Premises.objects.bulk_create(new, batch_size=1000)
    grade_premises(station_id=station.pk, at=at, ids=[one.pk for one in new])
    forget(station.pk)
    return len(new)


def _more(
    number: int, communities: list[Community], grids: dict[int, list[Grid]], rng: random.Random
) -> Premises:
    kind = rng.choices(list(KINDS), weights=list(KINDS.values()))[0]
    community = communities[number % len(communities)]
    own = grids.get(community.pk, [])
    return Premises(
        id=uuid.UUID(int=rng.getrandbits(128), version=4),
        station_id=community.station_id,
        number=f"MN-{number:06d}",
        kind=kind,
        name=f"模拟{kind.label}{number}号",
        community=community,
        grid=own[number % len(own)] if own else None,
        address=f"容桂街道{short_community_name(community.name)}模拟路{number}号",
        rooms=rng.randint(6, 48) if kind == KIND.RENTAL_HOUSE else None,
        contact_name="负责人",
        contact_phone=f"1390000{rng.randint(0, 9999):04d}",
        updated_at=SINCE,
    )


def _divisions() -> None:
    """The station's street with its neighbours and namesakes; a full import later adds the rest."""
    below = [(STREET + code, name, 5, f"{STREET}000", kind) for code, name, kind in data.COMMUNITIES]
    rows = [*data.ABOVE, *data.NAMESAKES, *below]
    names = {code: name for code, name, *_ in rows}
    Division.objects.bulk_create(
        (
            Division(
                system=data.SYSTEM,
                edition=data.EDITION,
                code=code,
                name=name,
                full_name=_full_name(code, names),
                level=level,
                parent_code=parent,
                urban_rural=kind,
            )
            for code, name, level, parent, kind in rows
        ),
        ignore_conflicts=True,
    )


def _full_name(code: str, names: dict[str, str]) -> str:
    """As the bureau writes it, province to village."""
    chain = dict.fromkeys(code[:length].ljust(12, "0") for length in (4, 6, 9, 12))
    return "广东省" + "".join(names[part] for part in chain)


def _community(station: Station, code: str, name: str, shape: Polygon) -> Community:
    return Community(
        station=station,
        code=STREET + code,
        name=name,
        boundary=geojson(shape),
        boundary_source="示意",
        illustrative=True,
        lon=round(shape.centroid.x, 6),
        lat=round(shape.centroid.y, 6),
    )


def _grids(community: Community, rng: random.Random) -> Iterator[Grid]:
    short = short_community_name(community.name)
    for number in range(1, rng.randint(2, 4) + 1):
        yield Grid(
            station_id=community.station_id,
            community=community,
            code=f"{community.code}{number:03d}",
            name=f"{short}第{'一二三四'[number - 1]}网格",
        )


def _streets() -> dict[str, list[str]]:
    """The streets of each community: one of its own name, three invented, and what runs through."""
    stems, ends = iter(data.STREETS), cycle(data.STREET_ENDS)
    found: dict[str, list[str]] = {}
    for code, name, _class in data.COMMUNITIES:
        invented = [next(stems) + next(ends) for _ in range(3)]
        through = [road for road, codes in data.THROUGH.items() if code in codes]
        own = [*data.OWN_STREETS.get(code, ()), f"{short_community_name(name)}路"]
        found[code] = [*own, *invented, *through]
    return found


@dataclass
class _Maker:
    """The places of one community."""

    community: Community
    shape: Polygon
    grids: list[Grid]
    streets: list[str]
    rng: random.Random

    def all(self) -> list[Premises]:
        """About twelve places, four of them schools at most."""
        serial = int(self.community.code[-3:])
        plan = [*self._schools(), *self._others(serial)]
        return [
            self._one(number, kind, name, contact) for number, (kind, name, contact) in enumerate(plan, 1)
        ]

    def _schools(self) -> Iterator[tuple[PremisesKind, str, str]]:
        short = short_community_name(self.community.name)
        index = [code for code, *_ in data.COMMUNITIES].index(self.community.code[-3:])
        names = [f"{short}幼儿园", f"{short}小学", f"{short}第二幼儿园"]
        names += [f"{short}中学"] if index < 18 else []
        for name in names:
            yield KIND.SCHOOL, name, "园长" if "幼儿" in name else "安全主任"

    def _others(self, serial: int) -> Iterator[tuple[PremisesKind, str, str]]:
        short = short_community_name(self.community.name)
        for number in range(1, 5):
            yield (
                KIND.RENTAL_HOUSE,
                f"{self.rng.choice(self.streets)[:2]}{data.RENTAL_NAMES[number - 1]}",
                "房东",
            )
        for number in range(3):
            name = data.SHOP_NAMES[(serial * 3 + number) % len(data.SHOP_NAMES)]
            yield KIND.SHOP, f"{self.rng.choice(self.streets)[:2]}{name}", "店长"
        yield KIND.CHARGING_AREA, f"{short}电动自行车集中充电点", "管理员"
        if serial % 2:
            yield KIND.ENTERPRISE, f"{short}工业园示例厂", "安全负责人"

    def _one(self, number: int, kind: PremisesKind, name: str, contact: str) -> Premises:
        street = self.streets[number % len(self.streets)]
        lon, lat = point_in(self.shape, self.rng)
        code = self.community.code
        house = number * 4 + 1 + (int(code[-3:]) * 60 if street in data.THROUGH else 0)
        return Premises(
            id=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            station_id=self.community.station_id,
            number=f"RG-{code[-3:]}-{number:03d}",
            kind=kind,
            name=name,
            community=self.community,
            grid=self.grids[number % len(self.grids)],
            address=f"容桂街道{short_community_name(self.community.name)}{self._office()}{street}{house}号",
            door_plate=f"RG{code[-3:]}{number:05d}",
            lon=lon,
            lat=lat,
            point_source="示意",
            rooms=self.rng.randint(6, 48) if kind == KIND.RENTAL_HOUSE else None,
            contact_name=contact,
            contact_phone=f"1390000{self.rng.randint(0, 9999):04d}",
            updated_at=SINCE,
        )

    def _office(self) -> str:
        return "村" if self.community.name.endswith("村委会") else "社区"
