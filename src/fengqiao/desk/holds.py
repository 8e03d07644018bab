"""依法保全: the chief keeps a matter's words past their day, on its page, with the order that asks for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fengqiao.kit.problems import BadInput
from fengqiao.matters.commands import lift_hold, place_hold
from fengqiao.matters.commands.keeping import HoldInput
from fengqiao.matters.keeping import hold_of
from fengqiao.matters.models import Matter
from fengqiao.pages.forms import BoundForm
from fengqiao.people.actors import Actor
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import Role

PREFIX = "hold"


def hold_card(matter: Matter, caller: Actor, *, at: datetime) -> dict[str, Any]:
    """What a matter's page says of keeping: destroyed when, held by which order, and the chief's form."""
    destroyed = matter.vault.destroyed_at if matter.vault else None
    asks = Role.CHIEF in caller.roles and destroyed is None
    return {
        "destroyed_at": destroyed,
        "hold": hold_of(matter, at=at),
        "may_hold": asks,
        "hold_form": BoundForm(HoldInput, prefix=PREFIX) if asks else None,
    }


@require_POST
@allowed(Role.CHIEF)
def place(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """What was wrong is said above the page; nothing was written."""
    form = BoundForm(HoldInput, data=request.POST, prefix=PREFIX)
    try:
        place_hold(matter_id=matter_id, given=form.given(), by=actor(request), at=timezone.now())
    except BadInput as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("已依法保全，到期不销毁"))
    return redirect("desk:matter", matter_id)


@require_POST
@allowed(Role.CHIEF)
def lift(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    try:
        lift_hold(matter_id=matter_id, by=actor(request), at=timezone.now())
    except BadInput as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("已解除保全"))
    return redirect("desk:matter", matter_id)


urlpatterns: list[URLPattern] = [
    path("matters/<uuid:matter_id>/hold", place, name="place_hold"),
    path("matters/<uuid:matter_id>/hold/lift", lift, name="lift_hold"),
]
