"""Open questions: what came in late, beside what the record says, to be settled by a named person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fengqiao.desk.rows import line
from fengqiao.desk.story import entry
from fengqiao.kit.ids import uuid7
from fengqiao.kit.inputs import validate
from fengqiao.kit.problems import Problem
from fengqiao.matters import queries
from fengqiao.matters.commands import settle
from fengqiao.matters.commands.settling import SettleInput
from fengqiao.matters.models import Event
from fengqiao.matters.registry import kind
from fengqiao.pages.forms import BoundForm
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import SERVING

A_PAGE = 10
# How much of the record stands beside a late act.
BESIDE = 6


@allowed(*SERVING)
def questions(request: HttpRequest) -> HttpResponse:
    caller = actor(request)
    page = Paginator(queries.questions(caller), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "questions": [_beside(question) for question in page.object_list],
        "at": timezone.now(),
        "me": caller.person_id,
    }
    return render(request, "desk/questions.html", context)


@require_POST
@allowed(*SERVING)
def settle_question(request: HttpRequest, question_id: int) -> HttpResponse:
    """Settle one from its form; what stands against it is said on the page one comes back to."""
    prefix = f"q{question_id}"
    given = BoundForm(SettleInput, data=request.POST, prefix=prefix).given()
    key = f"desk:{request.POST.get('key') or uuid7()}"
    try:
        asked = validate(SettleInput, given)
        settle(question_id=question_id, given=asked, by=actor(request), at=timezone.now(), key=key[:100])
    except Problem as problem:
        if problem.status == 404:
            raise
        messages.error(request, str(problem))
    else:
        messages.success(request, _("已核实"))
    return redirect("desk:questions")


def _beside(question: Event) -> dict[str, Any]:
    """The late act and the record around it: two stories side by side."""
    matter = question.matter
    page = kind(matter.kind)
    record = [event for event in queries.timeline(matter) if event.pk != question.pk]
    return {
        "question": question,
        "row": line(matter),
        "told": entry(question, page),
        "record": [entry(event, page) for event in record[-BESIDE:]][::-1],
        "form": BoundForm(SettleInput, prefix=f"q{question.pk}", hidden={"key": str(uuid7())}),
    }


urlpatterns: list[URLPattern] = [
    path("questions/", questions, name="questions"),
    path("questions/<int:question_id>/settle", settle_question, name="settle"),
]
