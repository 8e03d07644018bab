"""The registers of the ground: premises, communities, divisions."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fengqiao.desk.downloads import download
from fengqiao.desk.drawn_map import drawn
from fengqiao.ground import queries
from fengqiao.ground.commands import amend_premises, create_premises
from fengqiao.ground.inputs import PremisesInput
from fengqiao.ground.models import Premises, PremisesGrade, PremisesKind
from fengqiao.ground.queries import PremisesFilters
from fengqiao.kit.geometry import Datum
from fengqiao.kit.problems import BadInput, Forbidden
from fengqiao.kit.tables import write_xlsx
from fengqiao.kit.text import mask_phone
from fengqiao.pages.forms import BoundForm
from fengqiao.people.actors import Actor
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import SERVING, Role

A_PAGE = 50
MOST_EXPORTED = 20_000
EDITORS = (Role.DESK, Role.CHIEF, Role.OFFICER)
LACKS = (
    ("check", gettext_lazy("检查到期")),
    ("verification", gettext_lazy("12 个月未核实")),
    ("separation", gettext_lazy("有电动自行车未分离")),
    ("grade", gettext_lazy("尚未评级")),
)
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@allowed(*SERVING)
def premises(request: HttpRequest) -> HttpResponse:
    """Every place the caller may see, by number."""
    caller, asked = actor(request), _asked(request)
    now = timezone.now()
    found = queries.premises_list(caller, asked, at=now)
    if request.GET.get("format") == "xlsx":
        rows = min(found.count(), MOST_EXPORTED)
        return download(request, what=_("场所登记簿"), rows=rows, made=lambda: _sheet(found[:MOST_EXPORTED]))
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    for one in page.object_list:
        one.phone_shown = mask_phone(one.contact_phone)
    context = {
        "page": page,
        "asked": asked,
        "kinds": PremisesKind.choices,
        "grades": PremisesGrade.choices,
        "lacks": LACKS,
        "today": timezone.localdate(now),
        "communities": queries.communities_seen(caller),
        "may_edit": may_edit(caller),
        "may_import": bool(caller.roles & {Role.DESK, Role.CHIEF}),
        "sheet_url": f"?{urlencode({**request.GET.dict(), 'format': 'xlsx'})}",
        "is_filtered": asked != PremisesFilters(),
    }
    return render(request, "desk/premises.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(*EDITORS)
def premises_new(request: HttpRequest) -> HttpResponse:
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(*EDITORS)
def premises_edit(request: HttpRequest, premises_id: UUID) -> HttpResponse:
    return _form(request, queries.one_premises(actor(request), premises_id))


@allowed(*SERVING)
def communities(request: HttpRequest) -> HttpResponse:
    """The station's communities with what lies in them, drawn and listed."""
    caller = actor(request)
    found, counts = list(queries.communities()), queries.premises_counts(caller)
    own = None if caller.sees_station else caller.community_ids
    rows = [_community_row(one, counts.get(one.pk, {}), own) for one in found]
    context = {
        "rows": rows,
        "map": drawn(found, own),
        "illustrative": any(one.illustrative for one in found),
        "grids": sum(getattr(one, "grid_count", 0) for one in found),
        "places": sum(sum(count.values()) for count in counts.values()),
        "without_boundary": sum(1 for one in found if not one.boundary),
        "may_import": bool(caller.roles & {Role.DESK, Role.CHIEF}),
    }
    return render(request, "desk/communities.html", context)


@allowed(*SERVING)
def divisions(request: HttpRequest) -> HttpResponse:
    """One level of a table of divisions at a time, always under its system and edition."""
    held = queries.editions()
    wanted = (request.GET.get("system", ""), request.GET.get("edition", ""))
    chosen = next((one for one in held if one[:2] == wanted), held[0] if held else None)
    parent = request.GET.get("parent", "")[:12]
    context: dict[str, Any] = {
        "held": held,
        "may_import": bool(actor(request).roles & {Role.DESK, Role.CHIEF}),
    }
    if chosen:
        system, edition, total = chosen
        context |= queries.division_level(system=system, edition=edition, parent=parent)
        context |= {"system": system, "edition": edition, "total": total}
        context["tabs"] = [_edition_tab(one, chosen) for one in held]
        context["own_code"] = request.station.division_code  # type: ignore[attr-defined]
    return render(request, "desk/divisions.html", context)


def _asked(request: HttpRequest) -> PremisesFilters:
    """What the address asks for; a value nobody could mean is passed over."""
    given = request.GET
    code = given.get("community", "")
    return PremisesFilters(
        kind=given.get("kind", "") if given.get("kind") in PremisesKind.values else "",
        community=code if code.isascii() and code.isdigit() else "",
        grade=given.get("grade", "") if given.get("grade") in PremisesGrade.values else "",
        lacks=given.get("lacks", "") if given.get("lacks") in queries.LACKS else "",
        text=given.get("q", "").replace("\x00", "").strip()[:60],
        voided=given.get("voided") == "1",
    )


def may_edit(caller: Actor) -> bool:
    return bool(caller.roles & frozenset(EDITORS))


# The words the import reads back.
_HAS = {True: "有", False: "无", None: ""}
_IS = {True: "是", False: "否", None: ""}


def _sheet(found: Any) -> HttpResponse:
    """The rows as filtered, telephones masked: a file goes where no wall stands."""
    headers = [
        *(_("编号"), _("类型"), _("名称"), _("地址"), _("社区"), _("网格"), _("门牌编码")),
        *(_("经度"), _("纬度"), _("房间数"), _("负责人"), _("负责人电话")),
        *(_("停放电动自行车"), _("人车分离"), _("等级"), _("评级理由"), _("下次检查"), _("核实日期")),
    ]
    body = [
        [
            *(one.number, one.get_kind_display(), one.name, one.address, one.community.name),
            *(one.grid.name if one.grid else "", one.door_plate, one.lon, one.lat, one.rooms),
            *(one.contact_name, mask_phone(one.contact_phone)),
            *(_HAS[one.e_bikes], _IS[one.separated], one.get_grade_display(), one.grade_why),
            *(one.check_due, one.verified_at and timezone.localdate(one.verified_at)),
        ]
        for one in found
    ]
    response = HttpResponse(write_xlsx({_("场所登记簿"): [headers, *body]}), content_type=SHEET)
    response["Content-Disposition"] = f'attachment; filename="premises-{timezone.localdate():%Y%m%d}.xlsx"'
    return response


def _form(request: HttpRequest, one: Premises | None) -> HttpResponse:
    """New or to be changed; what was wrong comes back beside its field."""
    caller, data = actor(request), request.POST if request.method == "POST" else None
    shown: dict[str, Any] = {"data": data, "initial": _initial(one), "sources": _sources(caller)}
    form, wrong = BoundForm(PremisesInput, **shown), None
    if data is not None:
        try:
            saved = _saved(caller, form.given(), one)
        except BadInput as problem:
            wrong, form = problem, BoundForm(PremisesInput, **shown, errors=problem.errors)
        else:
            messages.success(request, _("已保存：{}").format(saved.name))
            return redirect("desk:premises_page", saved.pk)
    back = reverse("desk:premises_page", args=[one.pk]) if one else reverse("desk:premises")
    context = {
        "form": form,
        "one": one,
        "cancel_url": back,
        "submit": _("保存"),
        "communities": caller.community_ids,
    }
    return render(request, "desk/premises_form.html", context, status=422 if wrong else 200)


def _saved(caller: Actor, given: dict[str, Any], one: Premises | None) -> Premises:
    at = timezone.now()
    if one is None:
        saved = create_premises(station_id=caller.station_id, given=given, at=at)
    else:
        saved = amend_premises(premises=one, given=given, at=at)
    if not caller.sees_station and saved.community_id not in caller.community_ids:
        raise Forbidden(_("只能登记本社区的场所：该地址属{}").format(saved.community.name))
    return saved


def _initial(one: Premises | None) -> dict[str, Any]:
    if one is None:
        return {}
    initial = {name: getattr(one, name) for name in PremisesInput.model_fields if hasattr(one, name)}
    initial["community"] = one.community.code
    initial["datum"] = Datum.WGS84.value if one.lon is not None else None
    return initial


def _sources(caller: Actor) -> dict[str, list[tuple[str, str]]]:
    return {
        "communities": [(one.code, one.name) for one in queries.communities_seen(caller)],
        "premises_kinds": [(value, str(says)) for value, says in PremisesKind.choices],
    }


def _community_row(one: Any, counts: dict[str, int], own: frozenset[int] | None) -> dict[str, Any]:
    kinds = [(str(says), counts[value]) for value, says in PremisesKind.choices if counts.get(value)]
    return {"one": one, "kinds": kinds, "total": sum(counts.values()), "seen": own is None or one.pk in own}


def _edition_tab(one: tuple[str, str, int], chosen: tuple[str, str, int]) -> dict[str, Any]:
    system, edition, rows = one
    url = f"?{urlencode({'system': system, 'edition': edition})}"
    return {"url": url, "says": f"{system} {edition}", "active": one == chosen, "count": rows}


urlpatterns: list[URLPattern] = [
    path("premises/", premises, name="premises"),
    path("premises/new", premises_new, name="premises_new"),
    path("premises/<uuid:premises_id>/edit", premises_edit, name="premises_edit"),
    path("communities/", communities, name="communities"),
    path("divisions/", divisions, name="divisions"),
]
