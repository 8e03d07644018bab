"""Who looked at what is held of me? A resident types the code of their paper and is told; and may ask to have it
corrected or deleted, or complain."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from fengqiao.kit.ids import uuid7
from fengqiao.kit.problems import BadInput, NotFound, Problem, TooMany
from fengqiao.matters.commands.subject_codes import Found, opened_by, party_kinds, raise_by_code
from fengqiao.matters.registry import Kind, kind
from fengqiao.matters.subject_page import subject_page
from fengqiao.pages.forms import BoundForm
from fengqiao.people.devices import address_of


# The code in the body is the whole right: there is no session to ride on, and whoever forges a post needs it.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def looked(request: HttpRequest) -> HttpResponse:
    """The form; on POST the page of the code, after the request it came with. The code travels in the body, so that
    no address or log holds it."""
    if request.method != "POST":
        return _render(request, {})
    typed, at = request.POST.get("code", "")[:60], timezone.now()
    try:
        with opened_by(typed=typed, asking=address_of(request), at=at) as found:
            if found is not None:
                return _answer(request, found)
    except (BadInput, TooMany) as problem:
        return _render(request, {"problem": problem, "wait": isinstance(problem, TooMany)}, problem.status)
    return _render(request, {"wrong_code": True}, NotFound.status)


def _answer(request: HttpRequest, found: Found) -> HttpResponse:
    context: dict[str, Any] = {}
    status = 200
    if request.POST.get("raise"):
        context, status = _raise(request, found)
    context |= {"view": subject_page(found, at=timezone.now()), "forms": _forms(found, context)}
    return _render(request, context, status)


def _raise(request: HttpRequest, found: Found) -> tuple[dict[str, Any], int]:
    """Raise what was posted; what was wrong is told beside its field."""
    slug, key = request.POST["raise"][:40], request.POST.get("key", "")[:50] or str(uuid7())
    try:
        given = BoundForm(kind(slug).intake, data=request.POST, prefix=slug).given()
        raise_by_code(found, kind_slug=slug, given=given, key=key, at=timezone.now())
    except BadInput as problem:
        return {"wrong": slug, "refused": problem, "data": request.POST}, problem.status
    except Problem as problem:
        return {"refused": problem}, problem.status
    return {"done": kind(slug).says}, 200


def _forms(found: Found, context: dict[str, Any]) -> list[tuple[Kind, BoundForm]]:
    def form(page: Kind) -> BoundForm:
        mine = context.get("wrong") == page.slug
        return BoundForm(
            page.intake,
            data=context["data"] if mine else None,
            errors=context["refused"].errors if mine else (),
            hidden={"key": str(uuid7()), "raise": page.slug, "code": found.code.code},
            prefix=page.slug,
        )

    return [(page, form(page)) for page in party_kinds()]


def _render(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, "public/subject.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


urlpatterns: list[URLPattern] = [path("looked", looked, name="looked")]
