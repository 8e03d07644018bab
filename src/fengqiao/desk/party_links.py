"""The links of a matter for a party to it: made on the matter's page, shown once, ended there."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fengqiao.matters import queries
from fengqiao.matters.commands.links import DAYS, make_link, revoke_link
from fengqiao.matters.links import links_of
from fengqiao.matters.models import Matter
from fengqiao.people.actors import Actor
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import SERVING


def party_card(matter: Matter, caller: Actor, *, at: datetime) -> dict[str, Any]:
    """What desk/party_links.html reads; None where there is nothing for a party."""
    return {"party_links": links_of(matter, caller, at=at)}


@require_POST
@allowed(*SERVING)
def make(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """A new link, on the answer to this request and nowhere else."""
    caller = actor(request)
    token = make_link(matter_id=matter_id, by=caller, at=timezone.now())
    address = request.build_absolute_uri(reverse("public:party", args=[token]))
    picture = segno.make(address, error="m").svg_data_uri(scale=6, border=3, light="white")
    context = {"matter": queries.one(caller, matter_id), "address": address, "picture": picture, "days": DAYS}
    return render(request, "desk/party_link_new.html", context)


@require_POST
@allowed(*SERVING)
def revoke(request: HttpRequest, matter_id: UUID, link_id: UUID) -> HttpResponse:
    revoke_link(matter_id=matter_id, link_id=link_id, by=actor(request), at=timezone.now())
    messages.success(request, _("链接已作废"))
    return redirect("desk:matter", matter_id)


urlpatterns: list[URLPattern] = [
    path("matters/<uuid:matter_id>/links", make, name="party_link"),
    path("matters/<uuid:matter_id>/links/<uuid:link_id>/revoke", revoke, name="revoke_party_link"),
]
