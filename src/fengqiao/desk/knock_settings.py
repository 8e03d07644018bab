"""How often a door may be knocked at without a written reason, beside the station's other lengths and limits."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fengqiao.kit.problems import BadInput
from fengqiao.matters.knocks import BUDGET, MOST, own_budget, set_budget
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import Role


@require_POST
@allowed(Role.CHIEF)
def knock_budget(request: HttpRequest) -> HttpResponse:
    """Empty means the default."""
    try:
        set_budget(station_id=actor(request).station_id, given=request.POST.get("knocks", "").strip())
    except BadInput as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("已保存"))
    return redirect("desk:clock_settings")


def knock_card(station_id: int) -> dict[str, Any]:
    """What the settings page shows of it."""
    return {"own": own_budget(station_id), "default": BUDGET, "most": MOST}


urlpatterns: list[URLPattern] = [path("settings/knocks", knock_budget, name="knock_budget")]
