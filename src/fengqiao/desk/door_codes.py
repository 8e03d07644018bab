"""The code shown at a door, on the page of whoever goes; and the desk's check of a code read out by telephone."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from fengqiao.kit.problems import BadInput, TooMany
from fengqiao.matters.commands.visit_codes import check_code, show_code
from fengqiao.matters.door_codes import door_code
from fengqiao.matters.models import Matter
from fengqiao.people.actors import Actor
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import FIELD, STATION_WIDE


def door_card(matter: Matter, caller: Actor, *, at: datetime) -> dict[str, Any]:
    """What desk/door_code.html reads."""
    return {"door": door_code(matter, caller, at=at)}


@require_POST
@allowed(*FIELD)
def show(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    show_code(matter_id=matter_id, by=actor(request), at=timezone.now())
    return redirect(f"{reverse('desk:matter', args=[matter_id])}#door-code")


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(*STATION_WIDE)
def check(request: HttpRequest) -> HttpResponse:
    """What the resident at the other end of the line would be told by the public page."""
    context: dict[str, Any] = {"typed": request.POST.get("code", "")[:40]}
    if request.method != "POST":
        return render(request, "desk/door_check.html", context)
    caller, status = actor(request), 200
    try:
        context["genuine"] = check_code(
            typed=context["typed"], asking=f"person:{caller.person_id}", at=timezone.now()
        )
        context["answered"] = True
    except (BadInput, TooMany) as problem:
        context["problem"], status = problem, problem.status
    return render(request, "desk/door_check.html", context, status=status)


urlpatterns: list[URLPattern] = [
    path("matters/<uuid:matter_id>/door-code", show, name="door_code"),
    path("door-check", check, name="door_check"),
]
