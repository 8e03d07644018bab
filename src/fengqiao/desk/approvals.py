"""What waits for a second named person: seen and answered here, by anybody but who asked."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fengqiao.desk.keep_settings import keep_as_granted
from fengqiao.kit.problems import Forbidden
from fengqiao.people.approval import About, Approval
from fengqiao.people.auditing import approvals_answered
from fengqiao.people.commands.approving import APPROVERS, answer_approval, waiting
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import Role

A_PAGE = 30
# What is done by the granting itself; a file is fetched by who asked for it.
DONE_BY_GRANTING: dict[str, Callable[[Approval], None]] = {About.KEEP: keep_as_granted}


@allowed(*APPROVERS, Role.AUDIT_ADMIN)
def approvals(request: HttpRequest) -> HttpResponse:
    caller, now = actor(request), timezone.now()
    context = {
        "waiting": waiting(at=now),
        "page": Paginator(approvals_answered(), A_PAGE).get_page(request.GET.get("page")),
        "me": caller.person_id,
        "may_answer": bool(caller.roles & APPROVERS),
        "at": now,
    }
    return render(request, "desk/approvals.html", context)


@require_POST
@allowed(*APPROVERS)
def answer(request: HttpRequest, approval_id: int) -> HttpResponse:
    yes = request.POST.get("granted") == "1"
    try:
        found = answer_approval(approval_id=approval_id, granted=yes, by=actor(request), at=timezone.now())
    except Forbidden as problem:
        messages.error(request, str(problem))
        return redirect("desk:approvals")
    if yes and found.about in DONE_BY_GRANTING:
        DONE_BY_GRANTING[found.about](found)
    messages.success(request, _("已批准") if yes else _("未批准"))
    return redirect("desk:approvals")


urlpatterns: list[URLPattern] = [
    path("approvals/", approvals, name="approvals"),
    path("approvals/<int:approval_id>", answer, name="approval_answer"),
]
