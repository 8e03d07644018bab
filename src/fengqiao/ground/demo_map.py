"""An illustrative partition of the demo street: neat neighbouring areas, no surveyed boundary."""

from __future__ import annotations

import random
from math import cos, pi, sin
from typing import Any

import shapely
from shapely.geometry import MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry

WIDTH, HEIGHT = 0.064, 0.040  # half axes in degrees, about 6.5 by 4.4 km


def areas(count: int, *, centre: tuple[float, float], seed: int) -> list[Polygon]:
    """`count` areas of like size that fill a rounded outline, west to east in rows from the north."""
    rng = random.Random(seed)  # noqa: S311 a drawing, no secret
    outline = _outline(centre)
    points = [_inside(outline, rng) for _ in range(count)]
    for _round in range(40):  # Lloyd's relaxation evens the areas out
        points = [cell.centroid for cell in _cells(points, outline)]
    found = _cells(points, outline)
    rows = 5
    top = outline.bounds[3]
    step = (top - outline.bounds[1]) / rows
    found.sort(key=lambda cell: (int((top - cell.centroid.y) / step), cell.centroid.x))
    return found


def point_in(area: Polygon, rng: random.Random) -> tuple[float, float]:
    """A point well inside, so that it is never in doubt which area it lies in."""
    found = _inside(area.buffer(-0.0008), rng)
    return round(found.x, 6), round(found.y, 6)


def geojson(area: Polygon) -> dict[str, Any]:
    """The geometry to 6 decimals (0.1 m); shared corners stay shared."""
    ring = [[round(x, 6), round(y, 6)] for x, y in area.exterior.coords]
    return {"type": "Polygon", "coordinates": [ring]}


def _outline(centre: tuple[float, float]) -> Polygon:
    def at(turn: float) -> tuple[float, float]:
        reach = 1 + 0.06 * sin(3 * turn + 0.4) + 0.04 * cos(5 * turn)
        return centre[0] + WIDTH * reach * cos(turn), centre[1] + HEIGHT * reach * sin(turn)

    return Polygon([at(2 * pi * step / 90) for step in range(90)])


def _inside(area: Polygon, rng: random.Random) -> Point:
    west, south, east, north = area.bounds
    while True:
        point = Point(rng.uniform(west, east), rng.uniform(south, north))
        if area.contains(point):
            return point


def _cells(points: list[Point], outline: Polygon) -> list[Polygon]:
    cells = shapely.voronoi_polygons(MultiPoint(points), extend_to=outline)
    return [_whole(cell.intersection(outline)) for cell in cells.geoms]


def _whole(area: BaseGeometry) -> Polygon:
    assert isinstance(area, Polygon)  # the outline is convex enough to cut no cell in two
    return area
