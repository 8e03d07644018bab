"""Open questions: what came in late, beside what the record says, to be settled by a named person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fengqiao.desk.two_stories import two_stories
from fengqiao.ground.queries import communities_seen
from fengqiao.kit.ids import uuid7
from fengqiao.kit.inputs import validate
from fengqiao.kit.problems import BadInput, Problem
from fengqiao.matters import queries
from fengqiao.matters.commands import settle
from fengqiao.matters.commands.settling import SettleInput
from fengqiao.matters.registry import kinds
from fengqiao.pages.forms import BoundForm
from fengqiao.people.actors import Actor
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import SERVING

A_PAGE = 10


@allowed(*SERVING)
def questions(request: HttpRequest) -> HttpResponse:
    caller = actor(request)
    asked = {name: request.GET.get(name, "") for name in ("kind", "community", "settled")}
    is_settled = asked["settled"] == "1"
    found = {
        settled: queries.questions(caller, kind=asked["kind"], community=asked["community"], settled=settled)
        for settled in (False, True)
    }
    page = Paginator(found[is_settled], A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "questions": [two_stories(question, caller) for question in page.object_list],
        "at": timezone.now(),
        "asked": asked,
        "is_settled": is_settled,
        "is_filtered": bool(asked["kind"] or asked["community"]),
        "kinds": kinds(),
        "communities": communities_seen(caller),
        "tabs": [
            _tab(_("待核实"), asked, "", found[False].count(), active=not is_settled),
            _tab(_("已核实"), asked, "1", found[True].count(), active=is_settled),
        ],
    }
    return render(request, "desk/questions.html", context)


def _tab(says: str, asked: Mapping[str, str], settled: str, count: int, *, active: bool) -> dict[str, Any]:
    wanted = {name: value for name, value in {**asked, "settled": settled}.items() if value}
    url = f"{reverse('desk:questions')}?{urlencode(wanted)}"
    return {"url": url, "says": says, "count": count, "active": active}


@require_POST
@allowed(*SERVING)
def settle_question(request: HttpRequest, question_id: int) -> HttpResponse:
    """Settle one from its form; what was wrong comes back beside the field, what stands against it above the list."""
    caller = actor(request)
    given = BoundForm(SettleInput, data=request.POST, prefix=f"q{question_id}").given()
    key = f"desk:{request.POST.get('key') or uuid7()}"
    try:
        asked = validate(SettleInput, given)
        settle(question_id=question_id, given=asked, by=caller, at=timezone.now(), key=key[:100])
    except BadInput as problem:
        return _wrong(request, caller, question_id, problem)
    except Problem as problem:
        if problem.status == 404:
            raise
        messages.error(request, str(problem))
    else:
        messages.success(request, _("已核实"))
    return redirect("desk:questions")


def _wrong(request: HttpRequest, caller: Actor, question_id: int, problem: BadInput) -> HttpResponse:
    """That one question again, with what was typed."""
    found = queries.questions(caller).filter(pk=question_id)
    context = {
        "page": Paginator(found, A_PAGE).get_page(1),
        "questions": [two_stories(one, caller, data=request.POST, errors=problem.errors) for one in found],
        "at": timezone.now(),
        "one": True,
    }
    return render(request, "desk/questions.html", context, status=422)


urlpatterns: list[URLPattern] = [
    path("questions/", questions, name="questions"),
    path("questions/<int:question_id>/settle", settle_question, name="settle"),
]
