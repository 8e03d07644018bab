"""Figures: each with its n, its interval and its definition, each opening to its rows."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fengqiao.desk.drawn_course import COURSE_SAYS, drawn_course
from fengqiao.desk.outcome_spread import spread
from fengqiao.desk.rows import lines
from fengqiao.figures.computing import (
    Value,
    Which,
    Window,
    breakdowns,
    by_community,
    by_month,
    by_part,
    compute,
    find,
    one,
    rows,
)
from fengqiao.figures.course import course_rows as behind
from fengqiao.ground.models import Community
from fengqiao.kit.problems import BadInput
from fengqiao.matters import queries
from fengqiao.matters.figure import By, Figure, Over
from fengqiao.matters.registry import Kind, kind
from fengqiao.people.actors import Actor
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import SERVING


@allowed(*SERVING)
def figures(request: HttpRequest) -> HttpResponse:
    caller, now = actor(request), timezone.now()
    window = asked_window(request)
    values = compute(caller, window, as_of=now)
    first = next((value.slug for value in values if value.over == Over.MATTERS), "")
    context = {
        "cards": [_card(value, window) for value in values if value.over == Over.MATTERS],
        "register": [_card(value, window) for value in values if value.over == Over.PREMISES],
        "spread": spread(caller, window, first, _query(window), as_of=now) if first else None,
        "window": window,
        "communities": Community.objects.only("code", "name"),
        "as_of": now,
        "months": _months(timezone.localdate(), window),
    }
    return render(request, "desk/figures.html", context)


@allowed(*SERVING)
def figure(request: HttpRequest, slug: str) -> HttpResponse:
    """One figure: its definition, month by month, community by community, and by whatever else its kind says; with
    the course of its kind, where that has one."""
    caller, window, now = actor(request), asked_window(request), timezone.now()
    page, declared = find(slug)
    register = declared.over is Over.PREMISES
    before = months_before(window)
    months = [] if register else by_month(caller, slug, before, as_of=now)
    places = by_community(caller, slug, window, as_of=now)
    context = {
        "value": _card(one(caller, slug, window, as_of=now), window),
        "window": window,
        "register": register,
        "months": [_card(value, month) | {"name": f"{month.first:%Y-%m}"} for month, value in months],
        "places": [
            _card(value, Window(window.first, window.last, code)) | {"name": name}
            for code, name, value in places
        ],
        "parts": [_part(caller, slug, window, by, now) for by in breakdowns(page, declared)],
        "course": drawn_course(caller, page, before, as_of=now) if page.course and not register else None,
        "trail": [(f"{reverse('desk:figures')}?{_query(window)}", _("数据")), ("", _(declared.says))],
    }
    return render(request, "desk/figure.html", context)


def _part(caller: Actor, slug: str, window: Window, by: By, now: datetime) -> dict[str, Any]:
    told = by_part(caller, slug, window, by, as_of=now)
    return {
        "says": _(by.says),
        "rows": [
            _card(value, window, by=by.slug, of=key) | {"name": _(words)} for key, words, value in told if key
        ],
    }


@allowed(*SERVING)
def figure_rows(request: HttpRequest, slug: str, part: str) -> HttpResponse:
    """The rows of a numerator or denominator, or of one part of it: matters, or places of the register."""
    caller, window, now = actor(request), asked_window(request), timezone.now()
    page, declared = find(slug)
    known = {"numerator", *(left.slug for left in declared.leaves_out)}
    which = part if part in known else "denominator"
    chosen = _chosen(request, page, declared)
    found = rows(caller, slug, window, which, as_of=now, part=chosen)
    context: dict[str, Any] = {
        "figure": declared,
        "which": which,
        "window": window,
        "part": f"{_(chosen[0].says)}:{_(chosen[0].words().get(chosen[1], chosen[1]))}" if chosen else "",
        "now": now,
        "today": timezone.localdate(now),
        "trail": [
            (f"{reverse('desk:figures')}?{_query(window)}", _("数据")),
            (f"{reverse('desk:figure', args=[slug])}?{_query(window)}", _(declared.says)),
            ("", _("明细")),
        ],
        "tabs": _tabs(declared, which, window, chosen),
    }
    number = request.GET.get("page")
    if declared.over is Over.PREMISES:
        places = found.select_related("community").order_by("number")
        context["page"] = Paginator(places, 50).get_page(number)
        return render(request, "desk/figure_places.html", context)
    ended = request.GET.get("outcome")
    return render(request, "desk/figure_rows.html", context | _matters(found, ended, number))


def _matters(found: Any, ended: str | None, number: str | None) -> dict[str, Any]:
    """One page of matters, the newest first."""
    if ended is not None:
        found = found.filter(outcome=ended)
    page = Paginator(queries.shown(found.order_by("-raised_at", "-id")), 50).get_page(number)
    return {"page": page, "rows": lines(page.object_list)}


def _chosen(request: HttpRequest, page: Kind, declared: Figure) -> tuple[By, str] | None:
    """The part the address asks for; one nobody declared is passed over."""
    named, value = request.GET.get("by", ""), request.GET.get("of", "").replace("\x00", "")
    by = next((by for by in breakdowns(page, declared) if by.slug == named), None)
    return (by, value[:80]) if by and value else None


@allowed(*SERVING)
def course_rows(request: HttpRequest, slug: str, line: str) -> HttpResponse:
    """The matters behind one point of a kind's course."""
    caller, window, now = actor(request), asked_window(request), timezone.now()
    page = kind(slug)
    found = behind(caller, page, line, window, as_of=now)
    says = next(_(one.says) for one in page.course if one.slug == line)
    context = {
        "figure": {"says": f"{_(page.says)} · {says}", "definition": _(COURSE_SAYS)},
        "window": window,
        "now": now,
        "trail": [
            (f"{reverse('desk:figures')}?{_query(window)}", _("数据")),
            ("", f"{window.last:%Y-%m} · {says}"),
        ],
    }
    return render(request, "desk/figure_rows.html", context | _matters(found, None, request.GET.get("page")))


def asked_window(request: HttpRequest) -> Window:
    """The window the address asks for; without one, this month to date. Raises BadInput for no date."""
    today = timezone.localdate()
    last = _day(request, "to") or today
    first = _day(request, "from") or min(today, last).replace(day=1)
    community = request.GET.get("community", "")
    return Window(first, last, community if community.isascii() and community.isdigit() else "")


def _day(request: HttpRequest, name: str) -> date | None:
    text = request.GET.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput.at(name, _("日期格式不对，如 2022-05-10")) from None


def _query(window: Window, **more: str) -> str:
    asked = {"from": window.first.isoformat(), "to": window.last.isoformat(), "community": window.community}
    return urlencode({name: value for name, value in (asked | more).items() if value})


def _card(value: Value, window: Window, **part: str) -> dict[str, Any]:
    """`rate`, `low`, `high` are shares of one, for drawing; absent when there is nothing to draw."""
    drawn = value.low is not None and value.high is not None
    query = _query(window, **part)
    return asdict(value) | {
        "says": _(value.says),
        "unit": _(value.unit),
        "is_share": value.unit == "%",
        "printed": grouped(value.value) if value.value else "",
        "fraction": value.fraction,
        "url": f"{reverse('desk:figure', args=[value.slug])}?{_query(window)}",
        "rate": value.numerator / value.denominator if value.denominator else None,
        "low_share": float(value.low) / 100 if drawn and value.low else 0,
        "high_share": float(value.high) / 100 if drawn and value.high else 0,
        "numerator_url": f"{reverse('desk:figure_rows', args=[value.slug, 'numerator'])}?{query}",
        "left_out": [
            {
                "says": _(out.says),
                "number": out.number,
                "url": f"{reverse('desk:figure_rows', args=[value.slug, out.slug])}?{query}",
            }
            for out in value.left_out
            if out.number
        ],
        "denominator_url": f"{reverse('desk:figure_rows', args=[value.slug, 'denominator'])}?{query}",
    }


def _tabs(
    declared: Figure, which: Which, window: Window, part: tuple[By, str] | None
) -> list[dict[str, Any]]:
    query = _query(window, by=part[0].slug, of=part[1]) if part else _query(window)
    return [
        {
            "url": f"{reverse('desk:figure_rows', args=[declared.slug, name])}?{query}",
            "says": says,
            "active": which == name,
        }
        for name, says in (
            ("numerator", _("计入的")),
            ("denominator", _("全部(分母)")),
            *((left.slug, _(left.says)) for left in declared.leaves_out),
        )
    ]


def grouped(number: str) -> str:
    """Thousands apart: 1234567.50 is 1,234,567.50."""
    return f"{Decimal(number):,}"


def months_before(window: Window, *, most: int = 6) -> list[Window]:
    """The month in which the window ends and those before it, the oldest first; the last ends with it."""
    months, last = [], window.last
    for _step in range(most):
        months.append(Window(last.replace(day=1), last, window.community))
        last = last.replace(day=1) - timedelta(days=1)
    return months[::-1]


def _months(today: date, window: Window) -> list[dict[str, Any]]:
    """This month and the five before it, as quick choices."""
    return [
        {
            "says": f"{month.first:%Y-%m}",
            "url": f"?{_query(month)}",
            "active": (month.first, month.last) == (window.first, window.last),
        }
        for month in months_before(Window(today, today, window.community))[::-1]
    ]


urlpatterns: list[URLPattern] = [
    path("figures/", figures, name="figures"),
    path("figures/<slug:slug>/course/<slug:line>", course_rows, name="course_rows"),
    path("figures/<slug:slug>/", figure, name="figure"),
    path("figures/<slug:slug>/<slug:part>", figure_rows, name="figure_rows"),
]
