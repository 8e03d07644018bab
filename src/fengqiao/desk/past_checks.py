"""What was checked before, by whomever: one place's history, and the register of past findings."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fengqiao.desk.downloads import download
from fengqiao.ground import queries
from fengqiao.ground.merging import one_with_merged
from fengqiao.histories.models import PastFinding
from fengqiao.histories.queries import (
    OUTCOMES,
    PastFilters,
    past_choices,
    past_counts,
    past_findings,
    past_visits,
)
from fengqiao.kit.tables import write_xlsx
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import SERVING, Role

A_PAGE = 50
VISITS_SHOWN = 20
MOST_EXPORTED = 20_000
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OUTCOME_SAYS = {
    "late": gettext_lazy("逾期整改"),
    "in_time": gettext_lazy("按期整改"),
    "open": gettext_lazy("没有整改记录"),
}


@allowed(*SERVING)
def past_register(request: HttpRequest) -> HttpResponse:
    """Every past finding the caller may see, the newest first."""
    caller, asked = actor(request), _asked(request)
    found = past_findings(caller, asked)
    if request.GET.get("format") == "xlsx":
        rows = min(found.count(), MOST_EXPORTED)
        return download(
            request, what=_("以往检查发现"), rows=rows, made=lambda: _sheet(found[:MOST_EXPORTED])
        )
    counts = past_counts(found)
    page = Paginator(found, A_PAGE)
    page.count = counts["total"]
    context = {
        "page": page.get_page(request.GET.get("page")),
        "asked": asked,
        "counts": counts,
        "choices": past_choices(caller),
        "outcomes": OUTCOME_SAYS.items(),
        "communities": queries.communities_seen(caller),
        "may_import": bool(caller.roles & {Role.DESK, Role.CHIEF}),
        "sheet_url": f"?{urlencode({**request.GET.dict(), 'format': 'xlsx'})}",
        "is_filtered": asked != PastFilters(),
    }
    return render(request, "desk/past_register.html", context)


@allowed(*SERVING)
def past_of_premises(request: HttpRequest, premises_id: UUID) -> HttpResponse:
    """One place's visits from elsewhere, each with what was found and what became of it."""
    caller = actor(request)
    one = queries.one_premises(caller, premises_id)
    found = PastFinding.objects.seen_by(caller).filter(premises__in=one_with_merged(one.pk))
    context = {
        "one": one,
        "counts": past_counts(found),
        "page": Paginator(past_visits(one), VISITS_SHOWN).get_page(request.GET.get("page")),
        "may_import": bool(caller.roles & {Role.DESK, Role.CHIEF}),
    }
    return render(request, "desk/past_of_premises.html", context)


def _asked(request: HttpRequest) -> PastFilters:
    """What the address asks for; a value nobody could mean is passed over."""
    given = {name: str(value).replace("\x00", "").strip()[:60] for name, value in request.GET.items()}
    code = given.get("community", "")
    outcome = given.get("outcome", "")
    return PastFilters(
        text=given.get("q", ""),
        community=code if code.isascii() and code.isdigit() else "",
        severity=given.get("severity", ""),
        state=given.get("state", ""),
        source=given.get("source", ""),
        outcome=outcome if outcome in OUTCOMES else "",
        first=_day(given.get("from", "")),
        last=_day(given.get("to", "")),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _sheet(found: Any) -> HttpResponse:
    headers = [
        *(_("来源"), _("隐患编号"), _("场所编号"), _("场所"), _("地址"), _("社区"), _("检查日期")),
        *(_("检查单位"), _("检查项"), _("等级"), _("隐患描述"), _("部位"), _("状态"), _("通知日期")),
        *(_("整改期限"), _("报告期限"), _("期限来源"), _("报告整改日期"), _("复查日期"), _("是否逾期")),
    ]
    answer = HttpResponse(write_xlsx({_("以往检查发现"): [headers, *map(_line, found)]}), content_type=SHEET)
    answer["Content-Disposition"] = f'attachment; filename="past-findings-{timezone.localdate():%Y%m%d}.xlsx"'
    return answer


def _line(one: PastFinding) -> list[Any]:
    place, done = one.premises, getattr(one, "rectification", None)
    return [
        *(one.source, one.reference, place.number, place.name, place.address, place.community.name),
        *(one.found_on, one.visit.by, one.item, one.severity, one.says, one.spot, one.state),
        *(one.notified_on, one.fix_on, one.due_on, one.get_due_source_display() if one.due_on else ""),
        *((done.certified_on, done.verified_on, done.late) if done else (None, None, None)),
    ]


urlpatterns: list[URLPattern] = [
    path("past-checks/", past_register, name="past_register"),
    path("premises/<uuid:premises_id>/past", past_of_premises, name="past_of_premises"),
]
