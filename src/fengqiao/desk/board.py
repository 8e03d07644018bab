"""The board: open matters by what burns, live; and the register of all matters."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fengqiao.desk.context import home_of
from fengqiao.desk.downloads import download
from fengqiao.desk.play_control import control
from fengqiao.desk.rows import lines
from fengqiao.ground.models import Community
from fengqiao.kit.tables import write_xlsx
from fengqiao.matters import queries
from fengqiao.matters.ordering import SAYS, BurningFirst
from fengqiao.matters.queries import Filters
from fengqiao.matters.registry import kinds
from fengqiao.matters.states import LoopState
from fengqiao.matters.teller import streaming
from fengqiao.people.actors import Actor
from fengqiao.people.doors import actor, allowed, person
from fengqiao.people.roles import SERVING, Role
from fengqiao.store.sealing import is_behind

ON_BOARD = 200  # a page of it
A_PAGE = 50
MOST_EXPORTED = 5000
# What `show` asks for beside all, one's own and the overdue; on the tabs while it is asked for.
WANTS = {
    "unplaced": gettext_lazy("待确认社区"),
    "unheld": gettext_lazy("无责任人"),
    "escalated": gettext_lazy("已升级"),
    "unexplained": gettext_lazy("待写超时原因"),
}


def home(request: HttpRequest) -> HttpResponse:
    """The board for those who serve; administrators go to their own page."""
    caller = getattr(request, "actor", None)
    if caller is not None and caller.is_admin:
        return redirect(home_of(caller.roles))
    return board(request)


@allowed(*SERVING)
def board(request: HttpRequest) -> HttpResponse:
    """Asked again by htmx when something changed, it answers with its moving part only."""
    caller, now = actor(request), timezone.now()
    filters = _asked(request, caller, open_only=True)
    found = queries.shown(queries.listed(caller, filters, at=now))
    page = Paginator(BurningFirst(found, at=now), ON_BOARD).get_page(request.GET.get("page"))
    chief = Role.CHIEF in caller.roles
    context = {
        "page": page,
        "rows": lines(page.object_list),
        "order_says": SAYS,
        "counts": queries.counts(caller, at=now),
        "chief": chief,
        "unexplained": queries.unexplained(caller) if chief else 0,
        "tabs": _tabs(request, filters),
        "raisable": queries.raisable(caller),
        "kinds": kinds(),
        "filters": filters,
        "communities": Community.objects.only("code", "name") if caller.sees_station else [],
        "now": now,
        "query": request.GET.urlencode(),
        "show": request.GET.get("show", ""),
        "narrowed": any(request.GET.values()),
        "seals_behind": is_behind(),
        "moved": bool(request.headers.get("HX-Request")),
        "play": control(request),
    }
    return render(request, "desk/board_live.html" if context["moved"] else "desk/board.html", context)


@allowed(*SERVING)
def matters(request: HttpRequest) -> HttpResponse:
    """Every matter, closed ones too, newest first, with search."""
    caller, now = actor(request), timezone.now()
    filters = _asked(request, caller, open_only=False)
    found = queries.listed(caller, filters, at=now).order_by("-raised_at", "-id")
    if request.GET.get("format") == "xlsx":
        rows = min(found.count(), MOST_EXPORTED)
        return download(
            request,
            what=_("事项登记簿"),
            rows=rows,
            made=lambda: _sheet(lines(queries.shown(found)[:MOST_EXPORTED])),
        )
    page = Paginator(queries.shown(found), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": lines(page.object_list),
        "wants_says": WANTS.get(filters.wants, ""),
        "filters": filters,
        "kinds": kinds(),
        "states": LoopState.choices,
        "communities": Community.objects.only("code", "name"),
        "raisable": queries.raisable(caller),
        "now": now,
        "sheet_url": f"{reverse('desk:matters')}?{urlencode({**request.GET.dict(), 'format': 'xlsx'})}",
    }
    return render(request, "desk/matters.html", context)


@allowed(*SERVING)
def live(request: HttpRequest) -> StreamingHttpResponse:
    """The desk's stream of what changed."""
    return streaming(actor(request), person(request).rights_version)


def _asked(request: HttpRequest, caller: Actor, *, open_only: bool) -> Filters:
    """What the address asks for; a value nobody could mean is passed over, not an error."""
    asked = request.GET
    state, community = asked.get("state", ""), asked.get("community", "")
    return Filters(
        kind=asked.get("kind", "") if asked.get("kind") in {page.slug for page in kinds()} else "",
        state=state if state in LoopState.values else "",
        community=community if community.isascii() and community.isdigit() else "",
        overdue=True if asked.get("show") == "overdue" else None,
        holder=caller.person_id if asked.get("show") == "mine" else None,
        parent=_id(asked.get("parent", "")),
        open=True if open_only else {"open": True, "closed": False}.get(asked.get("standing", "")),
        wants=asked["show"] if asked.get("show") in WANTS else "",
        text=asked.get("q", "").replace("\x00", "").strip()[:60],
    )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _tabs(request: HttpRequest, filters: Filters) -> list[dict[str, Any]]:
    now = request.GET.get("show", "")
    rest = {name: value for name, value in request.GET.dict().items() if name not in ("show", "page")}
    shows = [("", _("全部")), ("mine", _("我负责的")), ("overdue", _("已超时"))]
    shows += [(name, str(says)) for name, says in WANTS.items() if name == now]
    return [
        {
            "url": f"?{urlencode({**rest, 'show': show} if show else rest)}",
            "says": says,
            "active": now == show,
        }
        for show, says in shows
    ]


def _sheet(rows: list[dict[str, Any]]) -> HttpResponse:
    """The register as XLSX: numbers, states and times; no words about a person stand in it."""
    headers = [
        _("编号"),
        _("类别"),
        _("摘要"),
        _("等级"),
        _("社区"),
        _("环节"),
        _("结果"),
        _("责任人"),
        _("登记时间"),
    ]
    names = ["number", "kind", "title", "level", "community", "stage", "outcome", "holder", "raised"]
    body = [[str(row[name] or "") for name in names] for row in rows]
    response = HttpResponse(
        write_xlsx({_("事项登记簿"): [headers, *body]}),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    response["Content-Disposition"] = f'attachment; filename="matters-{timezone.localdate():%Y%m%d}.xlsx"'
    return response


urlpatterns: list[URLPattern] = [
    path("", home, name="board"),
    path("matters/", matters, name="matters"),
    path("live", live, name="live"),
]
