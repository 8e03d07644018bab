"""The rows behind a number of a matter that is many things at once: places of the register, or matters."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fengqiao.desk.rows import lines
from fengqiao.ground.models import Premises
from fengqiao.kit.problems import NotFound
from fengqiao.matters import queries
from fengqiao.matters.models import Matter
from fengqiao.matters.registry import kind
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import SERVING

A_PAGE = 50


@allowed(*SERVING)
def board_rows(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """`?of=` is the name the number gave. Raises NotFound for a name that is none."""
    caller, now = actor(request), timezone.now()
    about = queries.one(caller, matter_id)
    behind = kind(about.kind).behind
    if behind is None:
        raise NotFound
    counted = behind(about, request.GET.get("of", ""))
    context: dict[str, Any] = {
        "figure": {"says": about.title, "definition": _(kind(about.kind).says)},
        "now": now,
        "today": timezone.localdate(now),
        "trail": [(reverse("desk:matter", args=[about.pk]), about.title), ("", _("明细"))],
    }
    number, ids = request.GET.get("page"), counted.order_by().values("pk")
    if counted.model is Premises:
        places = Premises.objects.seen_by(caller).filter(pk__in=ids).select_related("community")
        context["page"] = Paginator(places.order_by("number"), A_PAGE).get_page(number)
        return render(request, "desk/figure_places.html", context)
    seen = queries.shown(Matter.objects.seen_by(caller).filter(pk__in=ids))
    page = Paginator(seen.order_by("-raised_at", "-id"), A_PAGE).get_page(number)
    return render(request, "desk/figure_rows.html", context | {"page": page, "rows": lines(page.object_list)})


urlpatterns: list[URLPattern] = [path("matters/<uuid:matter_id>/rows", board_rows, name="board_rows")]
