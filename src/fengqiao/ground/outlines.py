"""How a community looks from above, few enough points for a phone's map."""

from __future__ import annotations

from typing import Any

import shapely

Ring = list[tuple[float, float]]
# About ten metres, here and in degrees of latitude: nobody sees less on a phone.
ROUGHLY = 1e-4


def outline(boundary: Any) -> list[Ring]:
    """The outer rings of a GeoJSON boundary as (lon, lat) to a metre; none where nothing was drawn."""
    if not boundary:
        return []
    whole = shapely.simplify(shapely.geometry.shape(boundary), ROUGHLY)
    parts = [part for part in shapely.get_parts(whole) if part.geom_type == "Polygon"]
    return [[(round(x, 5), round(y, 5)) for x, y in part.exterior.coords] for part in parts]
