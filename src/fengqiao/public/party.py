"""What a link tells a party to one matter: what was found, what to do, by when; and the little they may do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from fengqiao.kit.ids import uuid7
from fengqiao.kit.problems import BadInput, Problem, TooMany
from fengqiao.matters.commands.links import Followed, act_by_link, followed
from fengqiao.matters.links import PartyView, party_view
from fengqiao.matters.registry import Act, kind
from fengqiao.pages.forms import BoundForm
from fengqiao.people.devices import address_of


# The token in the address is the whole right: there is no session to ride on, and whoever forges a post needs it.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def party(request: HttpRequest, token: str) -> HttpResponse:
    """The page; on POST the act first. A link that holds no more gets one page, whatever the reason."""
    at = timezone.now()
    try:
        with followed(token=token[:100], asking=address_of(request), at=at) as found:
            if found is not None:
                return _answer(request, found)
    except TooMany as problem:
        return _render(request, {"problem": problem}, problem.status)
    return _render(request, {}, 404)


def _answer(request: HttpRequest, found: Followed) -> HttpResponse:
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        context, status = _act(request, found)
        found.matter.refresh_from_db()
    view = party_view(found, at=timezone.now())
    context |= {"view": view, "forms": _forms(request, view, context)}
    return _render(request, context, status)


def _act(request: HttpRequest, found: Followed) -> tuple[dict[str, Any], int]:
    """Do what was posted; what was wrong is told beside its field."""
    name = request.POST.get("act", "")[:60]
    page = kind(found.matter.kind)
    given = (
        BoundForm(page.act(name).asks, data=request.POST, prefix=name).given() if page.has_act(name) else {}
    )
    key = request.POST.get("key", "")[:50] or str(uuid7())
    try:
        act_by_link(found, act=name, given=given, key=key, at=timezone.now())
    except BadInput as problem:
        return {"wrong": name, "problem": problem}, problem.status
    except Problem as problem:
        return {"problem": problem}, problem.status
    return {"done": page.act(name).says}, 200


def _forms(request: HttpRequest, view: PartyView, context: dict[str, Any]) -> list[tuple[Act, BoundForm]]:
    def form(act: Act) -> BoundForm:
        mine = context.get("wrong") == act.name
        return BoundForm(
            act.asks,
            data=request.POST if mine else None,
            errors=context["problem"].errors if mine else (),
            hidden={"key": str(uuid7()), "act": act.name},
            prefix=act.name,
        )

    return [(act, form(act)) for act in view.acts]


def _render(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, "public/party.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    # The address is a right: no other page is told where the reader came from, and no search engine keeps it.
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


urlpatterns: list[URLPattern] = [path("l/<str:token>", party, name="party")]
