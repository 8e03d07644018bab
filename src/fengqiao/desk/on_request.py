"""What two persons decide about one matter's personal data, asked on its page: deletion on request, and telling later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fengqiao.kit.inputs import Input
from fengqiao.kit.problems import NotFound, Problem
from fengqiao.matters.delaying import DelayInput, ask_delay
from fengqiao.matters.deleting import DeleteInput, ask_deletion, delete_as_granted
from fengqiao.matters.models import Matter
from fengqiao.pages.forms import BoundForm
from fengqiao.people.actors import Actor
from fengqiao.people.approval import Approval
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import STATION_WIDE

ASKED: dict[str, tuple[type[Input], Callable[..., Approval]]] = {
    "delete": (DeleteInput, ask_deletion),
    "delay": (DelayInput, ask_delay),
}


def request_card(matter: Matter, caller: Actor) -> dict[str, Any]:
    """What desk/on_request.html reads: the forms of what may be asked for now."""
    if not caller.roles & STATION_WIDE or matter.vault is None or matter.vault.destroyed_at is not None:
        return {}
    names = ["delay", *(["delete"] if not matter.is_open else [])]
    return {f"{name}_form": BoundForm(ASKED[name][0], prefix=name) for name in names}


@require_POST
@allowed(*STATION_WIDE)
def ask(request: HttpRequest, matter_id: UUID, what: str) -> HttpResponse:
    """What was wrong is said above the page; nothing was asked then."""
    asks, command = ASKED[what]
    given = BoundForm(asks, data=request.POST, prefix=what).given()
    try:
        command(matter_id=matter_id, given=given, by=actor(request), at=timezone.now())
    except NotFound:
        raise
    except Problem as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("已申请，由另一个人在“双人批准”里批准后生效"))
    return redirect("desk:matter", matter_id)


def destroy_as_granted(approval: Approval) -> None:
    """Destroy what two persons have decided on."""
    delete_as_granted(approval, at=timezone.now())


urlpatterns: list[URLPattern] = [
    path("matters/<uuid:matter_id>/delete", ask, {"what": "delete"}, name="ask_deletion"),
    path("matters/<uuid:matter_id>/delay", ask, {"what": "delay"}, name="ask_delay"),
]
