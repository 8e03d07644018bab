"""The register as the map draws it: columns instead of rows, so that tens of thousands of places are one small answer."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any

from django.db.models import Count, F, Max
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import translation
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_safe

from fengqiao.desk.map_page import draws_shifted
from fengqiao.desk.map_scope import MARK, MARKS, places_of, scoped
from fengqiao.ground.models import Premises, PremisesGrade, PremisesKind
from fengqiao.ground.queries import standing_for, tagged
from fengqiao.ground.seeing import PremisesQuerySet
from fengqiao.kit.geometry import wgs84_to_gcj02
from fengqiao.matters.models import Matter
from fengqiao.people.actors import Actor
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import SERVING

MOST = 50_000
DEGREE = 100_000  # a metre is near enough on a map
DAY_ONE = date(1970, 1, 1).toordinal()
KINDS, GRADES = list(PremisesKind.values), ["", *PremisesGrade.values]


def _etag(request: HttpRequest) -> str:
    """Who sees what, and when the register last changed: asked without reading the rows."""
    caller = actor(request)
    about = scoped(request)
    held = _seen(caller, about).order_by()
    seen = held.aggregate(n=Count("pk"), changed=Max("updated_at"), graded=Max("graded_at"))
    done = (about.pk, held.filter(done=True).count()) if about else ()
    facts = (
        caller.station_id,
        sorted(seen.items()),
        done,
        translation.get_language(),
        draws_shifted(),
    )
    return f'"{sha256(repr(facts).encode()).hexdigest()[:24]}"'


@gzip_page
@require_safe
@allowed(*SERVING)
@condition(etag_func=_etag)
def places(request: HttpRequest) -> JsonResponse:
    """Columns of equal length. `lon`, `lat` in 1/100000 degree, `due` in days since 1970 (0: none), `kind` and
    `grade` as numbers into the lists beside them. With `?matter=`, the places of its scope: `grade` says then
    whether each is done."""
    about = scoped(request)
    marks, mark = (MARKS, MARK) if about else (GRADES, F("grade"))
    asked = _seen(actor(request), about).order_by("pk").annotate(mark=mark)
    rows = asked.values_list("tag", "lon", "lat", "kind", "mark", "check_due", "name")[:MOST]
    told = [_told(marks, *row) for row in rows]
    names = ("tag", "lon", "lat", "kind", "grade", "due", "name")
    columns = [list(column) for column in zip(*told, strict=True)] or [[] for _name in names]
    lists = {"kinds": KINDS, "grades": marks, "most": MOST}
    content = lists | dict(zip(names, columns, strict=True))
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})


@require_safe
@allowed(*SERVING)
def place(request: HttpRequest, tag: int) -> HttpResponse:
    """From the map, which knows a place by the short number of its tag, to its page."""
    return redirect("desk:premises_page", standing_for(tagged(actor(request), tag)).pk)


def _seen(caller: Actor, about: Matter | None) -> PremisesQuerySet:
    seen = Premises.objects.seen_by(caller).standing()
    found = places_of(about).seen_by(caller) if about else seen
    return found.filter(lon__isnull=False, lat__isnull=False)


def _told(
    marks: list[str], tag: int, lon: float, lat: float, kind: str, mark: str, due: date | None, name: str
) -> tuple[Any, ...]:
    if draws_shifted():
        lon, lat = wgs84_to_gcj02(lon, lat)
    day = due.toordinal() - DAY_ONE if due else 0
    return tag, round(lon * DEGREE), round(lat * DEGREE), KINDS.index(kind), marks.index(mark), day, name


urlpatterns: list[URLPattern] = [
    path("map/places", places, name="map_places"),
    path("map/place/<int:tag>", place, name="map_place"),
]
