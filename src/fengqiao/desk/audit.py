"""The audit administrator's pages: looks, exports, seals. Who and when and why; no business data."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from fengqiao.people import auditing
from fengqiao.people.auditing import Asked
from fengqiao.people.doors import allowed
from fengqiao.people.roles import Role
from fengqiao.store.heartbeat import seconds_since
from fengqiao.store.sealing import SEALER, is_behind

A_PAGE = 50
guarded = allowed(Role.AUDIT_ADMIN)


@guarded
def looks(request: HttpRequest) -> HttpResponse:
    asked = Asked(
        person=_uuid(request, "person"),
        day=_day(request, "day"),
        subject=_uuid(request, "subject"),
        without_task=request.GET.get("task") == "without",
    )
    page = Paginator(auditing.looks(asked), A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "asked": asked, "people": auditing.everybody(), "is_filtered": asked != Asked()}
    return render(request, "desk/looks.html", context)


@guarded
def exports(request: HttpRequest) -> HttpResponse:
    chosen = _uuid(request, "person")
    page = Paginator(auditing.exports(chosen), A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "chosen": chosen, "people": auditing.everybody()}
    return render(request, "desk/exports.html", context)


@guarded
def seals(request: HttpRequest) -> HttpResponse:
    page = Paginator(auditing.seals(), A_PAGE).get_page(request.GET.get("page"))
    silent = seconds_since(SEALER)
    context = {
        "page": page,
        "check": auditing.last_check(),
        "behind": is_behind(),
        "silent": None if silent is None else round(silent),
    }
    return render(request, "desk/seals.html", context)


def _uuid(request: HttpRequest, name: str) -> UUID | None:
    """A value nobody could mean is passed over."""
    try:
        return UUID(request.GET.get(name, "").strip())
    except ValueError:
        return None


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None


urlpatterns: list[URLPattern] = [
    path("audit/looks", looks, name="looks"),
    path("audit/exports", exports, name="exports"),
    path("audit/seals", seals, name="seals"),
]
