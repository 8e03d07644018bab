"""Opening the words about a person on a matter's page: what the form asks of this person now, and the look itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from fengqiao.desk.stepping_up import step_up, stepped_up_at
from fengqiao.desk.story import facts
from fengqiao.kit.problems import BadInput, Problem
from fengqiao.matters import queries
from fengqiao.matters.looks import on_task, reveal
from fengqiao.matters.models import Matter
from fengqiao.pages.views import problem_page
from fengqiao.people.actors import Actor
from fengqiao.people.doors import actor, allowed, person
from fengqiao.people.looking import StepUpNeeded, step_up_needed
from fengqiao.people.roles import SERVING
from fengqiao.people.second_factor import is_asked


def look_form(request: HttpRequest, matter: Matter, caller: Actor, *, at: datetime) -> dict[str, Any]:
    """What desk/sealed.html reads: a reason is asked of who has no task, digits only after so many looks."""
    if on_task(matter, caller):
        return {"on_task": True}
    own = person(request)
    needed = step_up_needed(own, at=at, stepped_up_at=stepped_up_at(request))
    return {"on_task": False, "step_up": needed, "takes_code": needed is not None and is_asked(own)}


@require_POST
@allowed(*SERVING)
def look(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """Show the words about a person; the look is written before they leave."""
    caller, at = actor(request), timezone.now()
    matter = queries.one(caller, matter_id)
    if refused := step_up(request, at=at):
        return _again(request, matter, caller, refused, at=at)
    try:
        opened = reveal(
            matter=matter,
            by=caller,
            reason=request.POST.get("reason", ""),
            at=at,
            stepped_up_at=stepped_up_at(request),
        )
    except (BadInput, StepUpNeeded) as problem:
        return _again(request, matter, caller, problem, at=at)
    return render(request, "desk/opened.html", {"rows": opened, "matter": matter})


def _again(
    request: HttpRequest, matter: Matter, caller: Actor, refused: Problem, *, at: datetime
) -> HttpResponse:
    """The form once more with what was typed and what is wrong beside it; without scripts, a problem's page."""
    if request.headers.get("HX-Request") != "true":
        return problem_page(request, refused)
    context = {
        "matter": matter,
        "facts": facts(matter),
        "reason": request.POST.get("reason", "")[:200],
        "wrong": _wrong(refused),
        **look_form(request, matter, caller, at=at),
    }
    return render(request, "desk/sealed.html", context, status=refused.status)


def _wrong(refused: Problem) -> dict[str, str]:
    """Each wrong field's words. That digits are needed is said by the form itself; all else is about the digits."""
    if isinstance(refused, StepUpNeeded):
        return {}
    return {error.field: error.says for error in refused.errors} or {"code": str(refused)}


urlpatterns: list[URLPattern] = [path("matters/<uuid:matter_id>/look", look, name="look")]
