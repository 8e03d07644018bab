"""Boundaries as a drawing: degrees to a sheet of paper, no tiles, no foreign server."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from django.urls import reverse

from fengqiao.ground.models import Community
from fengqiao.kit.text import short_community_name

WIDTH = 1000.0
MARGIN = 8.0


@dataclass(frozen=True, slots=True)
class Area:
    """One community as the template draws it; `tone` parts neighbours from each other."""

    path: str
    x: float
    y: float
    says: str
    url: str
    tone: int
    own: bool


def drawn(communities: Sequence[Community], own: Collection[int] | None) -> dict[str, Any] | None:
    """The sheet's height and the areas on it; None where no community has a boundary."""
    shapes = [(one, rings) for one in communities if (rings := _rings(one.boundary))]
    points = [point for _, rings in shapes for ring in rings for point in ring]
    if not points:
        return None
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    squeeze = cos(radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / max((east - west) * squeeze, 1e-9)

    def at(lon: float, lat: float) -> tuple[float, float]:
        return MARGIN + (lon - west) * squeeze * scale, MARGIN + (north - lat) * scale

    areas = [_area(index, one, rings, at, own) for index, (one, rings) in enumerate(shapes)]
    return {"width": WIDTH, "height": round((north - south) * scale + 2 * MARGIN), "areas": areas}


def _rings(boundary: Any) -> list[list[tuple[float, float]]]:
    """The rings of a Polygon or MultiPolygon, holes too."""
    if not isinstance(boundary, dict):
        return []
    parts = boundary.get("coordinates", [])
    parts = [parts] if boundary.get("type") == "Polygon" else parts
    return [[(x, y) for x, y, *_ in ring] for part in parts for ring in part]


def _area(index: int, one: Community, rings: Any, at: Any, own: Collection[int] | None) -> Area:
    path = " ".join(
        "M" + "L".join("{:.1f} {:.1f}".format(*at(*point)) for point in ring) + "Z" for ring in rings
    )
    lon, lat = (one.lon, one.lat) if one.lon is not None and one.lat is not None else rings[0][0]
    x, y = at(lon, lat)
    return Area(
        path=path,
        x=round(x, 1),
        y=round(y, 1),
        says=short_community_name(one.name),
        url=f"{reverse('desk:premises')}?community={one.code}",
        tone=index % 4,
        own=own is None or one.pk in own,
    )
