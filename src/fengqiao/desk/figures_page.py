"""Figures: each with its n, its interval and its definition, each opening to its rows."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fengqiao.desk.outcome_spread import spread
from fengqiao.desk.rows import lines
from fengqiao.figures.computing import (
    Value,
    Which,
    Window,
    by_community,
    by_month,
    compute,
    find,
    one,
    rows,
)
from fengqiao.ground.models import Community
from fengqiao.kit.problems import BadInput
from fengqiao.matters import queries
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import SERVING


@allowed(*SERVING)
def figures(request: HttpRequest) -> HttpResponse:
    caller, now = actor(request), timezone.now()
    window = asked_window(request)
    context = {
        "cards": (cards := [_card(value, window) for value in compute(caller, window, as_of=now)]),
        "spread": spread(caller, window, cards[0]["slug"], _query(window), as_of=now) if cards else None,
        "window": window,
        "communities": Community.objects.only("code", "name"),
        "as_of": now,
        "months": _months(timezone.localdate(), window),
    }
    return render(request, "desk/figures.html", context)


@allowed(*SERVING)
def figure(request: HttpRequest, slug: str) -> HttpResponse:
    """One figure: its definition, month by month, and community by community."""
    caller, window, now = actor(request), asked_window(request), timezone.now()
    months = by_month(caller, slug, months_before(window), as_of=now)
    places = by_community(caller, slug, window, as_of=now)
    context = {
        "value": _card(one(caller, slug, window, as_of=now), window),
        "window": window,
        "months": [_card(value, month) | {"name": f"{month.first:%Y-%m}"} for month, value in months],
        "places": [
            _card(value, Window(window.first, window.last, code)) | {"name": name}
            for code, name, value in places
        ],
        "trail": [(f"{reverse('desk:figures')}?{_query(window)}", _("数据")), ("", _(find(slug)[1].says))],
    }
    return render(request, "desk/figure.html", context)


@allowed(*SERVING)
def figure_rows(request: HttpRequest, slug: str, part: str) -> HttpResponse:
    """The rows of a numerator or denominator."""
    which: Which = "numerator" if part == "numerator" else "denominator"
    caller, window, now = actor(request), asked_window(request), timezone.now()
    _kind, declared = find(slug)
    ended = request.GET.get("outcome")
    found = rows(caller, slug, window, which, as_of=now).order_by("-raised_at", "-id")
    if ended is not None:
        found = found.filter(outcome=ended)
    page = Paginator(queries.shown(found), 50).get_page(request.GET.get("page"))
    context = {
        "figure": declared,
        "which": which,
        "window": window,
        "page": page,
        "rows": lines(page.object_list),
        "now": now,
        "trail": [
            (f"{reverse('desk:figures')}?{_query(window)}", _("数据")),
            (f"{reverse('desk:figure', args=[slug])}?{_query(window)}", _(declared.says)),
            ("", _("明细")),
        ],
        "tabs": _tabs(slug, which, window),
    }
    return render(request, "desk/figure_rows.html", context)


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
        raise BadInput.at(name, _("日期格式不对,如 2022-05-10")) from None


def _query(window: Window) -> str:
    asked = {"from": window.first.isoformat(), "to": window.last.isoformat(), "community": window.community}
    return urlencode({name: value for name, value in asked.items() if value})


def _card(value: Value, window: Window) -> dict[str, Any]:
    """`rate`, `low`, `high` are shares of one, for drawing; absent when there is nothing to draw."""
    drawn = value.low is not None and value.high is not None
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
        "numerator_url": f"{reverse('desk:figure_rows', args=[value.slug, 'numerator'])}?{_query(window)}",
        "denominator_url": f"{reverse('desk:figure_rows', args=[value.slug, 'denominator'])}?{_query(window)}",
    }


def _tabs(slug: str, which: Which, window: Window) -> list[dict[str, Any]]:
    return [
        {
            "url": f"{reverse('desk:figure_rows', args=[slug, name])}?{_query(window)}",
            "says": says,
            "active": which == name,
        }
        for name, says in (("numerator", _("计入的")), ("denominator", _("全部(分母)")))
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
    path("figures/<slug:slug>/", figure, name="figure"),
    path("figures/<slug:slug>/<slug:part>", figure_rows, name="figure_rows"),
]
