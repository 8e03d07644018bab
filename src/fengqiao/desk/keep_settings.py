"""How long a station keeps each kind's personal words, what is held by law, and what was destroyed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fengqiao.kit.problems import BadInput
from fengqiao.matters import keeping
from fengqiao.matters.queries import number
from fengqiao.matters.registry import kinds
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import Role


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Role.CHIEF)
def keep_settings(request: HttpRequest) -> HttpResponse:
    """Empty means the default; a wrong one is named and nothing is written."""
    caller, now = actor(request), timezone.now()
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            changed = keeping.set_days(station_id=caller.station_id, days=_given(request), at=now)
        except BadInput as problem:
            errors = {error.field: error.says for error in problem.errors}
        else:
            messages.success(request, _("已保存,改动 {} 处").format(changed))
            return redirect("desk:keep_settings")
    context = {
        "rows": [_row(found, request, errors) for found in keeping.kept(at=now)],
        "wrong": errors,
        "holds": [
            {"number": number(hold.matter), "title": hold.matter.title, "hold": hold}
            for hold in keeping.holds_in_force(at=now)
        ],
        "destroyed": keeping.destroyed_lately(station_id=caller.station_id),
        "longest": keeping.LONGEST,
    }
    return render(request, "desk/keep_settings.html", context, status=422 if errors else 200)


def _given(request: HttpRequest) -> dict[str, int | None]:
    """Raises BadInput for what is no number, as the command does for one out of range."""
    found: dict[str, int | None] = {}
    for page in kinds():
        text = request.POST.get(page.slug, "").strip()
        if text and not (text.isascii() and text.isdigit() and len(text) < 6):
            raise BadInput.at(page.slug, _("请填天数"))
        found[page.slug] = int(text) if text else None
    return found


def _row(found: keeping.Kept, request: HttpRequest, errors: dict[str, str]) -> dict[str, Any]:
    slug = found.page.slug
    return {
        "kept": found,
        "default": keeping.default_days(found.page),
        "value": request.POST.get(slug, "") if errors else found.own if found.own is not None else "",
        "error": errors.get(slug, ""),
    }


urlpatterns: list[URLPattern] = [path("settings/keep", keep_settings, name="keep_settings")]
