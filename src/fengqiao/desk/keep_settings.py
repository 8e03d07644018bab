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
from fengqiao.matters.registry import Kind, kinds
from fengqiao.people.approval import About, Approval
from fengqiao.people.commands.approving import ask_approval
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import Role


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Role.CHIEF)
def keep_settings(request: HttpRequest) -> HttpResponse:
    """Empty means the default; a wrong one is named and nothing is asked. What would change waits for a second person."""
    caller, now = actor(request), timezone.now()
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            _ask(request, keeping.changes(_given(request)))
        except BadInput as problem:
            errors = {error.field: error.says for error in problem.errors}
        else:
            return redirect("desk:keep_settings")
    context = {
        "rows": [_row(found, request, errors) for found in keeping.kept(at=now)],
        "wrong": errors,
        "purpose": request.POST.get("purpose", ""),
        "holds": [
            {"number": number(hold.matter), "title": hold.matter.title, "hold": hold}
            for hold in keeping.holds_in_force(at=now)
        ],
        "destroyed": keeping.destroyed_lately(station_id=caller.station_id),
        "longest": keeping.LONGEST,
    }
    return render(request, "desk/keep_settings.html", context, status=422 if errors else 200)


def _ask(request: HttpRequest, changed: dict[str, int | None]) -> None:
    if not changed:
        messages.success(request, _("没有改动"))
        return
    ask_approval(
        about=About.KEEP,
        says="；".join(_said(page, changed[page.slug]) for page in kinds() if page.slug in changed),
        exactly=changed,
        purpose=request.POST.get("purpose", ""),
        by=actor(request),
        at=timezone.now(),
        content={"days": changed},
    )
    messages.success(request, _("已申请，由另一个人在“双人批准”里批准后生效"))


def _said(page: Kind, count: int | None) -> str:
    before, after = keeping.days_of()[page.slug], keeping.default_days(page) if count is None else count
    return _("{} {} 天改为 {} 天").format(_(page.says), before, after)


def keep_as_granted(approval: Approval) -> None:
    """Write what two persons have decided."""
    keeping.set_days(station_id=approval.station_id, days=approval.content["days"], at=timezone.now())


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
