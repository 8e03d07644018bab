"""The tag on a door: who serves there is led to the place, everybody else is told whose tag it is and no more."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe

from fengqiao.ground.models import Station
from fengqiao.ground.queries import standing_for, tagged
from fengqiao.ground.tags import Tag, read_tag
from fengqiao.kit.problems import BadInput, NotFound
from fengqiao.people.actors import Actor


@require_safe
def tag(request: HttpRequest, code: str) -> HttpResponse:
    """`?t=n` is in the address of an NFC tag only: a touch and a scan stay told apart on the place's page."""
    try:
        read = read_tag(code[:40])
    except BadInput as problem:
        return _plain(request, {"problem": problem}, problem.status)
    caller: Actor | None = getattr(request, "actor", None)
    if caller is not None and not caller.is_admin:
        return _led(request, caller, read)
    return _plain(request, {"of": Station.objects.filter(pk=read.station_id).first()})


def _led(request: HttpRequest, caller: Actor, read: Tag) -> HttpResponse:
    try:
        if read.station_id != caller.station_id:
            raise NotFound
        found = standing_for(tagged(caller, read.number))
    except NotFound:
        of = Station.objects.filter(pk=read.station_id).first()
        return _plain(request, {"of": of, "not_yours": True}, NotFound.status)
    how = "n" if request.GET.get("t") == "n" else "q"
    return redirect(f"{reverse('desk:premises_page', args=[found.pk])}?t={how}")


def _plain(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The same words for every sound code: the page does not tell whether there is such a place."""
    response = render(request, "public/tag.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


urlpatterns: list[URLPattern] = [path("p/<str:code>", tag, name="tag")]
