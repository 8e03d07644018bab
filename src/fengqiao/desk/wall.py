"""The wall screen: what burns, in type that is read across the room. No word about a person is on it."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fengqiao.desk.rows import lines
from fengqiao.ground.models import Community
from fengqiao.kit.problems import Forbidden, SignInNeeded
from fengqiao.kit.text import short_community_name
from fengqiao.matters import overview, queries
from fengqiao.matters.ordering import SAYS, BurningFirst
from fengqiao.matters.overview import Load
from fengqiao.matters.queries import Filters
from fengqiao.matters.teller import streaming
from fengqiao.people.actors import Actor
from fengqiao.people.doors import actor, allowed, person
from fengqiao.people.roles import STATION_WIDE
from fengqiao.people.screens import COOKIE, end_screen, make_screen, stand_in
from fengqiao.people.sessions import leave
from fengqiao.store.heartbeat import SCANNER, stands_still

BURNING = 8
LAST = 12


def on_screen(view: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """For desk and chief who are signed in, and for a browser one of them made a wall screen."""

    def guarded(request: HttpRequest) -> HttpResponseBase:
        signed_in = getattr(request, "actor", None) is not None
        if not signed_in and stand_in(request) is None:
            raise SignInNeeded
        if not actor(request).roles & STATION_WIDE:
            raise Forbidden(_("大屏由值班室或所长打开"))
        return view(request)

    return update_wrapper(guarded, view)


@on_screen
def wall(request: HttpRequest) -> HttpResponse:
    """Asked again by htmx when something changed, it answers with its moving part only."""
    moved = bool(request.headers.get("HX-Request"))
    caller = actor(request)
    context = _seen(caller) | {
        "station": request.station,  # type: ignore[attr-defined]
        "is_screen": COOKIE in request.COOKIES,
    }
    response = render(request, "desk/wall_live.html" if moved else "desk/wall.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


@on_screen
def live(request: HttpRequest) -> HttpResponseBase:
    """The wall's stream of what changed."""
    return streaming(actor(request), person(request).rights_version)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(*STATION_WIDE)
def screen(request: HttpRequest) -> HttpResponse:
    """Make this browser a wall screen: whoever does it is signed out here, and only the wall stays open."""
    if request.method != "POST":
        return render(request, "desk/wall_setup.html")
    who = person(request)
    response = redirect("desk:wall")
    make_screen(response, who)
    leave(request)
    return response


@require_POST
def screen_off(request: HttpRequest) -> HttpResponse:
    """Anybody before the screen may turn it off; nothing is lost by it."""
    response = redirect("desk:sign_in")
    end_screen(response)
    return response


def _seen(caller: Actor) -> dict[str, Any]:
    now = timezone.now()
    found = queries.listed(caller, Filters(open=True), at=now).filter(burns_at__isnull=False)
    loads = overview.by_community(caller, at=now)
    communities = list(Community.objects.filter(valid_to=None).order_by("code"))
    names = {one.pk: short_community_name(one.name) for one in communities}
    return {
        "rows": lines(BurningFirst(queries.shown(found), at=now)[:BURNING]),
        "order_says": SAYS,
        "counts": queries.counts(caller, at=now),
        "strip": [(names[one.pk], loads.get(one.pk, Load())) for one in communities],
        "done": [
            {"done": done, "where": names.get(done.community_id or 0, "")}
            for done in overview.last_done(caller, most=LAST)
        ],
        "clocks_stand_still": stands_still(SCANNER),
        "now": now,
    }


urlpatterns: list[URLPattern] = [
    path("wall", wall, name="wall"),
    path("wall/live", live, name="wall_live"),
    path("wall/off", screen_off, name="wall_off"),
    path("screens/new", screen, name="wall_setup"),
]
