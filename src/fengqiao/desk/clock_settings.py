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
from fengqiao.kit.problems import FieldError
from fengqiao.matters import clocks
from fengqiao.matters.models import ClockSetting
from fengqiao.matters.registry import Clock, Kind, Wait, kind, kinds
from fengqiao.matters.settings import Name, changes, read_span, set_spans
from fengqiao.matters.span_words import span_told
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import Role


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Role.CHIEF)
def clock_settings(request: HttpRequest) -> HttpResponse:
    """Empty means the default; a wrong one is named and nothing is written."""
    caller, kept = actor(request), changes()
    given, errors = _given(request), []
    if request.method == "POST":
        errors = [
            FieldError("|".join(key), says) for key, text in given.items() if (says := _wrong(key, text))
        ]
        if not errors:
            changed = set_spans(
                station_id=caller.station_id, spans=given, at=timezone.now(), by=caller.person_id
            )
            messages.success(request, _("已保存，改动 {} 处；正在走的时限不变").format(changed))
            return redirect("desk:clock_settings")
    shown = given if errors else {name: row.span for name, row in kept.items()}
    wrong = {error.field: error.says for error in errors}
    context = {
        "knocks": knock_card(caller.station_id),
        "tables": [_table(page, shown, wrong, kept) for page in kinds() if page.timed],
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
            shown = {slug: span_told(span) for slug, span in told.items() if span}
            found.setdefault(_(clock.says), {}).update(shown)
    return {
        "heads": [_(level.says) for level in page.levels],
        "rows": [
            {"says": says, "spans": [spans.get(level.slug, "") for level in page.levels]}
            for says, spans in found.items()
        ],
    }


def _given(request: HttpRequest) -> dict[Name, str]:
    names = [(p.slug, c.name, level) for p in kinds() for c in p.timed for level in _levels(p, c)]
    return {name: request.POST.get("|".join(name), "").strip() for name in names}


def _levels(page: Kind, clock: Clock | Wait) -> list[str]:
    """A clock that tells levels apart can be set at each, one without a default too; any other as one."""
    apart = [level.slug for level in page.levels] if set(clock.within) - {""} else []
    return [*apart, *([""] if "" in clock.within else [])]


def _wrong(name: Name, text: str) -> str:
    declared = next(one for one in kind(name[0]).timed if one.name == name[1])
    try:
        if text:
            read_span(declared, text)
    except ValueError:
        return str(_("写法如 5min、24h、3d、3wd"))
    return ""


def _table(
    page: Kind, own: dict[Name, str], errors: dict[str, str], kept: dict[Name, ClockSetting]
) -> dict[str, Any]:
    return {
        "says": _(page.says),
        "rows": [row for clock in page.timed for row in _rows(page, clock, own, errors, kept)],
    }


def _rows(
    page: Kind,
    clock: Clock | Wait,
    own: dict[Name, str],
    errors: dict[str, str],
    kept: dict[Name, ClockSetting],
) -> list[dict[str, Any]]:
    found = []
    for level in _levels(page, clock):
        default, key = clock.within.get(level) or clock.within.get(""), (page.slug, clock.name, level)
        found.append(
            {
                "name": "|".join(key),
                "says": _(clock.says),
                "level": _(page.level_says(level)) if level else _("不分等级"),
                "default": span_told(default) if default else _("不计时"),
                "placeholder": default or "",
                "basis": _("最早什么时候可以办；填 0 为不等") if isinstance(clock, Wait) else clock.basis,
                "value": own.get(key, ""),
                "changed": kept.get(key),
                "error": errors.get("|".join(key), ""),
            }
        )
    return found


urlpatterns: list[URLPattern] = [path("settings/clocks", clock_settings, name="clock_settings")]
