"""Break-glass at the desk: an officer opens one matter for reading; the chief reviews, the auditor reads."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fengqiao.kit.problems import BadInput, NotFound
from fengqiao.matters.queries import numbered
from fengqiao.people import break_glass as glass
from fengqiao.people.doors import actor, allowed
from fengqiao.people.logbook import Verdict
from fengqiao.people.roles import Role

A_PAGE = 30


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Role.OFFICER)
def break_glass(request: HttpRequest) -> HttpResponse:
    """Asks for number, case number and reason; then the matter's own page opens for a quarter of an hour."""
    given = {
        name: request.POST.get(name, "").replace("\x00", "")[:200]
        for name in ("number", "reference", "reason")
    }
    context: dict[str, Any] = {"given": given, "errors": {}, "a_day": glass.A_DAY}
    if request.method != "POST":
        return render(request, "desk/break_glass.html", context)
    caller, at = actor(request), timezone.now()
    try:
        opening = glass.open_glass(
            by=caller,
            subject=numbered(given["number"]),
            reference=given["reference"],
            reason=given["reason"],
            at=at,
        )
    except NotFound as problem:
        context["errors"] = {"number": str(problem)}
        return render(request, "desk/break_glass.html", context, status=422)
    except BadInput as problem:
        context["errors"] = {error.field: error.says for error in problem.errors}
        return render(request, "desk/break_glass.html", context, status=problem.status)
    messages.success(request, _("已打开 15 分钟，所长和审计管理员已能看到"))
    return redirect("desk:matter", opening.subject)


@allowed(Role.CHIEF, Role.AUDIT_ADMIN)
def openings(request: HttpRequest) -> HttpResponse:
    page = Paginator(glass.openings(), A_PAGE).get_page(request.GET.get("page"))
    now, is_chief = timezone.now(), Role.CHIEF in actor(request).roles
    context = {
        "page": page,
        "rows": [{"one": one, "due": glass.review_due(one), "running": one.until > now} for one in page],
        "verdicts": Verdict.choices,
        "may_review": is_chief,
    }
    return render(request, "desk/openings.html", context)


@require_POST
@allowed(Role.CHIEF)
def review_opening(request: HttpRequest, opening_id: int) -> HttpResponse:
    verdict = request.POST.get("verdict", "")
    try:
        if verdict not in Verdict.values:
            raise BadInput.at("verdict", _("请选择复核结论"))
        glass.review(
            opening_id=opening_id,
            by=actor(request),
            verdict=verdict,
            reason=request.POST.get("reason", "").replace("\x00", ""),
            at=timezone.now(),
        )
    except BadInput as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("复核已记录"))
    return redirect("desk:openings")


urlpatterns: list[URLPattern] = [
    path("break-glass", break_glass, name="break_glass"),
    path("audit/openings", openings, name="openings"),
    path("audit/openings/<int:opening_id>/review", review_opening, name="review_opening"),
]
