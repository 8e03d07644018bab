"""The demo station's speed, on the board of desk and chief; a real station shows and takes nothing of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fengqiao.desk.middleware import where
from fengqiao.ground.models import Station
from fengqiao.kit.problems import BadInput, NotFound
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import STATION_WIDE
from fengqiao.play import switch


def control(request: HttpRequest) -> dict[str, Any] | None:
    """What the board shows of the play; None where there is none or it is not this person's to steer."""
    station: Station = request.station  # type: ignore[attr-defined]
    if not switch.may_play(station) or not actor(request).roles & STATION_WIDE:
        return None
    held = switch.read(station)
    speeds = [
        {"value": speed, "says": f"{speed}×" if speed else _("暂停"), "now": speed == held.speed}
        for speed in switch.SPEEDS
    ]
    return {"speeds": speeds, "past_done": held.past_done}


@require_POST
@allowed(*STATION_WIDE)
def set_speed(request: HttpRequest) -> HttpResponse:
    station: Station = request.station  # type: ignore[attr-defined]
    if not switch.may_play(station):
        raise NotFound(_("这里不是演示派出所"))
    asked = request.POST.get("speed", "")
    if asked not in {str(speed) for speed in switch.SPEEDS}:
        raise BadInput.at("speed", _("没有这个演示速度"))
    switch.set_speed(station.pk, int(asked))
    return redirect(where(request))


urlpatterns: list[URLPattern] = [path("play/speed", set_speed, name="play_speed")]
