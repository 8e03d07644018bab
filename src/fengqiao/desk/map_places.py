"""The register as the map draws it: columns instead of rows, so that tens of thousands of places are one small answer."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any

from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import translation
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_safe

from fengqiao.desk.map_page import draws_shifted
from fengqiao.ground.models import Premises, PremisesGrade, PremisesKind
from fengqiao.ground.queries import standing_for, tagged
from fengqiao.ground.seeing import PremisesQuerySet
from fengqiao.kit.geometry import wgs84_to_gcj02
from fengqiao.people.actors import Actor
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import SERVING

MOST = 50_000
DEGREE = 100_000  # a metre is near enough on a map
DAY_ONE = date(1970, 1, 1).toordinal()
KINDS, GRADES = list(PremisesKind.values), ["", *PremisesGrade.values]


def _etag(request: HttpRequest) -> str:
    """Who sees what, and when the register last changed: asked in one query, without reading the rows."""
    caller = actor(request)
    seen = _seen(caller).aggregate(n=Count("pk"), changed=Max("updated_at"), graded=Max("graded_at"))
    facts = (caller.station_id, sorted(seen.items()), translation.get_language(), draws_shifted())
    return f'"{sha256(repr(facts).encode()).hexdigest()[:24]}"'


@gzip_page
@require_safe
@allowed(*SERVING)
@condition(etag_func=_etag)
def places(request: HttpRequest) -> JsonResponse:
    """Columns of equal length. `lon`, `lat` in 1/100000 degree, `due` in days since 1970 (0: none), `kind` and
    `grade` as numbers into the lists beside them."""
    asked = _seen(actor(request)).order_by("pk")
    rows = asked.values_list("tag", "lon", "lat", "kind", "grade", "check_due", "name")[:MOST]
    told = [_told(*row) for row in rows]
    names = ("tag", "lon", "lat", "kind", "grade", "due", "name")
    columns = [list(column) for column in zip(*told, strict=True)] or [[] for _name in names]
    lists = {"kinds": KINDS, "grades": GRADES, "most": MOST}
    content = lists | dict(zip(names, columns, strict=True))
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})


@require_safe
@allowed(*SERVING)
def place(request: HttpRequest, tag: int) -> HttpResponse:
    """From the map, which knows a place by the short number of its tag, to its page."""
    return redirect("desk:premises_page", standing_for(tagged(actor(request), tag)).pk)


def _seen(caller: Actor) -> PremisesQuerySet:
    found: PremisesQuerySet = Premises.objects.seen_by(caller).standing()
    return found.filter(lon__isnull=False, lat__isnull=False)


def _told(
    tag: int, lon: float, lat: float, kind: str, grade: str, due: date | None, name: str
) -> tuple[Any, ...]:
    if draws_shifted():
        lon, lat = wgs84_to_gcj02(lon, lat)
    day = due.toordinal() - DAY_ONE if due else 0
    return tag, round(lon * DEGREE), round(lat * DEGREE), KINDS.index(kind), GRADES.index(grade), day, name


urlpatterns: list[URLPattern] = [
    path("map/places", places, name="map_places"),
    path("map/place/<int:tag>", place, name="map_place"),
]
