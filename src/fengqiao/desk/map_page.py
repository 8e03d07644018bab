"""The map: communities by what is open in them, matters at their places; the same facts as a table beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fengqiao.desk.map_scope import scoped
from fengqiao.ground.models import Community, PremisesGrade, PremisesKind
from fengqiao.kit.geometry import Datum, wgs84_to_gcj02
from fengqiao.kit.text import short_community_name
from fengqiao.matters import overview
from fengqiao.matters.models import Matter
from fengqiao.matters.overview import Load
from fengqiao.matters.registry import kind
from fengqiao.pages.middleware import CONTENT_SECURITY_POLICY
from fengqiao.people.actors import Actor
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import SERVING

Shape = dict[str, Any]


@allowed(*SERVING)
def the_map(request: HttpRequest) -> HttpResponse:
    """The page; its table is asked again by htmx when something changed, and the script draws anew then."""
    caller, about = actor(request), scoped(request)
    rows = _rows(caller)
    moved = bool(request.headers.get("HX-Request"))
    context = {
        "rows": rows,
        **_about(about),
        "illustrative": any(one.illustrative for one, _load in rows),
        "unplaced": overview.by_community(caller, at=timezone.now()).get(None, Load()),
        "kinds": PremisesKind.choices,
        "tiles": settings.MAP_TILES,
        "drawable": any(one.boundary for one, _load in rows),
    }
    response = render(request, "desk/map_table.html" if moved else "desk/map.html", context)
    if settings.MAP_TILES:
        response["Content-Security-Policy"] = policy_with_tiles(settings.MAP_TILES)
    return response


@allowed(*SERVING)
def data(request: HttpRequest) -> JsonResponse:
    """GeoJSON: the communities with their counts, and the open matters that are at a place; for the places of one
    matter (`?matter=`), the communities alone."""
    caller, about = actor(request), scoped(request)
    if about:
        return _geojson(_area(one, Load()) for one, _load in _rows(caller) if one.boundary)
    shapes = [_area(one, load) for one, load in _rows(caller) if one.boundary]
    points = [_spot(spot) for spot in overview.spots(caller, at=timezone.now())]
    return _geojson([*shapes, *points])


def _about(matter: Matter | None) -> dict[str, Any]:
    """What the places are coloured by: their grades, or whether a matter is done with them."""
    if matter is None:
        return {"none": _("未评级"), "marks": PremisesGrade.choices, "marks_say": _("全部等级"), "query": ""}
    at = timezone.now()
    board = kind(matter.kind).board
    return {
        "about": matter,
        "board": board(matter, at) if board else (),
        "none": "",
        "marks": [("-", ""), ("todo", _("未查")), ("done", _("已查"))],
        "marks_say": _("全部场所"),
        "query": f"?{urlencode({'matter': str(matter.pk)})}",
    }


def policy_with_tiles(tiles: str) -> str:
    """The page's own policy: pictures may come from the one host the station named, too."""
    parts = urlsplit(tiles)
    host = parts.netloc.replace("{s}", "*")
    return CONTENT_SECURITY_POLICY.replace("img-src 'self'", f"img-src 'self' {parts.scheme}://{host}")


def _rows(caller: Actor) -> list[tuple[Community, Load]]:
    loads = overview.by_community(caller, at=timezone.now())
    found = Community.objects.filter(valid_to=None).order_by("code")
    own = [one for one in found if caller.sees_station or one.pk in caller.community_ids]
    return [(one, loads.get(one.pk, Load())) for one in own]


def _area(one: Community, load: Load) -> Shape:
    facts = {
        "is": "community",
        "says": short_community_name(one.name),
        "open": load.open,
        "overdue": load.overdue,
        "url": f"{reverse('desk:board')}?{urlencode({'community': one.code})}",
    }
    return {"type": "Feature", "geometry": _shifted(one.boundary), "properties": facts}


def _spot(spot: overview.Spot) -> Shape:
    url = reverse("desk:matter", args=[spot.matter_id])
    facts = {"is": "matter", "says": f"{spot.title} · {spot.place}", "overdue": spot.overdue, "url": url}
    return _point(spot.lon, spot.lat, facts)


def _point(lon: float, lat: float, facts: dict[str, Any]) -> Shape:
    geometry = _shifted({"type": "Point", "coordinates": [lon, lat]})
    return {"type": "Feature", "geometry": geometry, "properties": facts}


def draws_shifted() -> bool:
    """Whether the basemap is GCJ-02: what is laid on it is moved then. Nothing of it is stored."""
    return bool(settings.MAP_TILES) and Datum(settings.MAP_TILES_DATUM) is Datum.GCJ02


def _shifted(geometry: Any) -> Any:
    if not draws_shifted():
        return geometry
    return {**geometry, "coordinates": _moved(geometry["coordinates"])}


def _moved(coordinates: Any) -> Any:
    if isinstance(coordinates[0], int | float):
        lon, lat = wgs84_to_gcj02(coordinates[0], coordinates[1])
        return [round(lon, 7), round(lat, 7)]
    return [_moved(part) for part in coordinates]


def _geojson(features: Iterable[Shape] | Iterator[Shape]) -> JsonResponse:
    return JsonResponse(
        {"type": "FeatureCollection", "features": list(features)}, content_type="application/geo+json"
    )


urlpatterns: list[URLPattern] = [
    path("map/", the_map, name="map"),
    path("map/data", data, name="map_data"),
]
