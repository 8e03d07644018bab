"""What waits for a second named person: seen and answered here, by anybody but who asked."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fengqiao.desk.keep_settings import keep_as_granted
from fengqiao.desk.on_request import destroy_as_granted
from fengqiao.kit.problems import NotFound, Problem
from fengqiao.people.approval import About, Approval
from fengqiao.people.auditing import approvals_answered
from fengqiao.people.commands.approving import ANSWERING, answer_approval, may_answer, waiting
from fengqiao.people.commands.powers import change_as_granted
from fengqiao.people.doors import actor, allowed

A_PAGE = 30
# What is done by the granting itself; a file is fetched by who asked for it, a delay is the two rows.
DONE_BY_GRANTING: dict[str, Callable[[Approval], None]] = {
    About.KEEP: keep_as_granted,
    About.ROLE: change_as_granted,
    About.DESTROY: destroy_as_granted,
}


@allowed(*ANSWERING)
def approvals(request: HttpRequest) -> HttpResponse:
    caller, now = actor(request), timezone.now()
    context = {
        "waiting": [(one, may_answer(one, caller)) for one in waiting(at=now)],
        "page": Paginator(approvals_answered(), A_PAGE).get_page(request.GET.get("page")),
        "me": caller.person_id,
        "at": now,
    }
    return render(request, "desk/approvals.html", context)


@require_POST
@allowed(*ANSWERING)
def answer(request: HttpRequest, approval_id: int) -> HttpResponse:
    """The answer and what is done by it are written together, or, where something stands against it by now, not."""
    yes = request.POST.get("granted") == "1"
    try:
        with transaction.atomic():
            found = answer_approval(
                approval_id=approval_id, granted=yes, by=actor(request), at=timezone.now()
            )
            if yes and found.about in DONE_BY_GRANTING:
                DONE_BY_GRANTING[found.about](found)
    except NotFound:
        raise
    except Problem as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("已批准") if yes else _("未批准"))
    return redirect("desk:approvals")


urlpatterns: list[URLPattern] = [
    path("approvals/", approvals, name="approvals"),
    path("approvals/<int:approval_id>", answer, name="approval_answer"),
]
