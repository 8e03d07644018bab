"""A station's own lengths for its clocks, one table a kind; what it does not set keeps the default."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fengqiao.desk.knock_settings import knock_card
from fengqiao.kit.calendar import parse_span, says_span
from fengqiao.kit.problems import FieldError
from fengqiao.matters import clocks
from fengqiao.matters.registry import Clock, Kind, kinds
from fengqiao.matters.settings import own_spans, set_spans
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import Role


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Role.CHIEF)
def clock_settings(request: HttpRequest) -> HttpResponse:
    """Empty means the default; a wrong one is named and nothing is written."""
    caller, own = actor(request), own_spans()
    given, errors = _given(request), []
    if request.method == "POST":
        errors = [FieldError("|".join(key), says) for key, text in given.items() if (says := _wrong(text))]
        if not errors:
            changed = set_spans(station_id=caller.station_id, spans=given, at=timezone.now())
            messages.success(request, _("已保存,改动 {} 处;正在走的时限不变").format(changed))
            return redirect("desk:clock_settings")
    shown = given if errors else {**own}
    context = {
        "knocks": knock_card(caller.station_id),
        "tables": [_table(page, shown, {e.field: e.says for e in errors}) for page in kinds() if page.clocks],
        "wrong": errors,
    }
    return render(request, "desk/clock_settings.html", context, status=422 if errors else 200)


def spans_of(page: Kind, station_id: int) -> dict[str, Any]:
    """What each level gives, as this station runs it: for whoever chooses the level of a new matter.

    Clocks that run alike at every level are left out.
    """
    known, found = clocks.rules(station_id), dict[str, dict[str, str]]()
    for clock in page.clocks:
        if set(clock.within) - {""}:
            told = {level.slug: known.span(page, clock, level.slug) for level in page.levels}
            shown = {slug: says_span(parse_span(span)) for slug, span in told.items() if span}
            found.setdefault(_(clock.says), {}).update(shown)
    return {
        "heads": [_(level.says) for level in page.levels],
        "rows": [
            {"says": says, "spans": [spans.get(level.slug, "") for level in page.levels]}
            for says, spans in found.items()
        ],
    }


def _given(request: HttpRequest) -> dict[tuple[str, str, str], str]:
    names = [(p.slug, c.name, level) for p in kinds() for c in p.clocks for level in c.within]
    return {name: request.POST.get("|".join(name), "").strip() for name in names}


def _wrong(text: str) -> str:
    if not text:
        return ""
    try:
        parse_span(text)
    except ValueError:
        return str(_("写法如 5min、24h、3d、3wd"))
    return ""


def _table(page: Kind, own: dict[tuple[str, str, str], str], errors: dict[str, str]) -> dict[str, Any]:
    return {
        "says": page.says,
        "rows": [row for clock in page.clocks for row in _rows(page, clock, own, errors)],
    }


def _rows(
    page: Kind, clock: Clock, own: dict[tuple[str, str, str], str], errors: dict[str, str]
) -> list[dict[str, Any]]:
    return [
        {
            "name": f"{page.slug}|{clock.name}|{level}",
            "says": clock.says,
            "level": page.level_says(level) if level else _("不分等级"),
            "default": says_span(parse_span(span)),
            "placeholder": span,
            "basis": clock.basis,
            "value": own.get((page.slug, clock.name, level), ""),
            "error": errors.get(f"{page.slug}|{clock.name}|{level}", ""),
        }
        for level, span in clock.within.items()
    ]


urlpatterns: list[URLPattern] = [path("settings/clocks", clock_settings, name="clock_settings")]
