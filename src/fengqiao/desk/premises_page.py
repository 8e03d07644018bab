"""One place: what is known of it, its grade with the reasons, what is owed there; verified, merged, voided here."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fengqiao.desk.premises_tags import tag_card
from fengqiao.desk.registers import EDITORS, may_edit
from fengqiao.desk.rows import lines
from fengqiao.desk.story import asks_place
from fengqiao.ground import queries
from fengqiao.ground.commands import verify_premises
from fengqiao.ground.grading import VERIFIED_FOR
from fengqiao.ground.inputs import Verified
from fengqiao.ground.merging import likely_doubles, one_with_merged
from fengqiao.ground.models import Premises, Via
from fengqiao.kit.problems import BadInput, NotFound, Problem
from fengqiao.kit.text import mask_phone
from fengqiao.matters import at_place
from fengqiao.matters.commands import places
from fengqiao.matters.models import Event
from fengqiao.matters.queries import number, raisable
from fengqiao.matters.registry import kind
from fengqiao.people.actors import Actor
from fengqiao.people.doors import actor, allowed, person
from fengqiao.people.roles import SERVING

CLOSED_A_PAGE = 10
CHAIN_A_PAGE = 20
# How a tag's address ends when the tag was touched (NFC) and when it was scanned (QR).
TOLD_BY = {"n": Via.NFC, "q": Via.QR}


@allowed(*SERVING)
def premises_page(request: HttpRequest, premises_id: UUID) -> HttpResponse:
    caller, now = actor(request), timezone.now()
    one = queries.one_premises(caller, premises_id)
    ids = one_with_merged(one.pk)
    closed = Paginator(at_place.closed_at(caller, ids), CLOSED_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "one": one,
        "facts": _facts(one),
        "round": _round(one),
        "overdue": one.check_due is not None and one.check_due <= timezone.localdate(now),
        "rows": lines(at_place.open_at(caller, ids, at=now)),
        "closed": closed,
        "closed_rows": lines(closed.object_list),
        "chain": _chain(request, caller, ids),
        "knocks": at_place.knocks(caller, ids),
        "past": one.past.order_by("-until", "-pk"),
        "voidings": one.voidings.all(),
        "may_restore": may_edit(caller) and one.voided_at is not None and one.merged_into_id is None,
        "now": now,
        "may_edit": may_edit(caller),
        "raisable_here": [page for page in raisable(caller) if asks_place(page)],
        **_contact(caller, one, ids),
        **_verification(request, one),
        **_doubles(caller, one),
        **tag_card(request, one),
    }
    return render(request, "desk/premises_page.html", context)


@require_POST
@allowed(*SERVING)
def verify(request: HttpRequest, premises_id: UUID) -> HttpResponse:
    """What was looked at is true; who comes by the tag says so with it."""
    caller = actor(request)
    one = queries.one_premises(caller, premises_id)
    given = {"what": request.POST.getlist("what"), "via": request.POST.get("via", "")}
    try:
        verify_premises(premises=one, given=given, by_name=person(request).name, at=timezone.now())
    except BadInput:
        messages.error(request, _("请勾选核实了什么"))
    else:
        messages.success(request, _("已核实"))
    return redirect("desk:premises_page", one.pk)


@require_POST
@allowed(*EDITORS)
def void(request: HttpRequest, premises_id: UUID) -> HttpResponse:
    """Out of the register with the reason; refused while something is open there, which is named."""
    return _voiding(request, premises_id, places.void_place, _("已作废：{}"))


@require_POST
@allowed(*EDITORS)
def restore(request: HttpRequest, premises_id: UUID) -> HttpResponse:
    """What was voided by mistake stands in the register again."""
    return _voiding(request, premises_id, places.restore_place, _("已恢复：{}"))


def _voiding(
    request: HttpRequest, premises_id: UUID, does: Callable[..., Premises], says: str
) -> HttpResponse:
    one = queries.one_premises(actor(request), premises_id)
    given = {"reason": request.POST.get("reason", "")}
    try:
        does(premises=one, given=given, by_name=person(request).name, at=timezone.now())
    except Problem as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, says.format(one.name))
    return redirect("desk:premises_page", one.pk)


@require_POST
@allowed(*EDITORS)
def merge(request: HttpRequest, premises_id: UUID) -> HttpResponse:
    """The double named by its number joins this place; the page offers the way back."""
    caller = actor(request)
    one = queries.one_premises(caller, premises_id)
    try:
        double = queries.numbered(caller, request.POST.get("double", "")[:40])
        places.merge_places(into=one, double=double, at=timezone.now())
    except NotFound:
        messages.error(request, _("没有这个编号的场所"))
    except Problem as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("{} 已并入本处，可在本页撤销").format(double.number))
    return redirect("desk:premises_page", one.pk)


@require_POST
@allowed(*EDITORS)
def unmerge(request: HttpRequest, premises_id: UUID) -> HttpResponse:
    one = queries.one_premises(actor(request), premises_id)
    into = one.merged_into_id
    try:
        places.part_places(double=one, at=timezone.now())
    except Problem as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("已撤销合并：{}").format(one.number))
    return redirect("desk:premises_page", into or one.pk)


def _chain(request: HttpRequest, caller: Actor, ids: Collection[UUID]) -> dict[str, Any]:
    """The place's whole story, a page at a time; each line leads to its matter."""
    page = Paginator(at_place.chain(caller, ids), CHAIN_A_PAGE).get_page(request.GET.get("chain"))
    return {"page": page, "entries": [_link(event) for event in page.object_list]}


def _link(event: Event) -> dict[str, Any]:
    page, matter = kind(event.matter.kind), event.matter
    moved = event.stage_to != event.stage_from
    return {
        "at": event.observed_at,
        "says": _(page.act_says(event.act)),
        "stage": _(page.stage(event.stage_to).says) if moved else "",
        "kind": _(page.says),
        "title": matter.title,
        "why": event.given.get("why", ""),
        "number": number(matter),
        "url": reverse("desk:matter", args=[matter.pk]),
        "by": event.by.name if event.by else "",
    }


def _contact(caller: Actor, one: Premises, ids: Collection[UUID]) -> dict[str, Any]:
    in_full = at_place.may_ring(caller, one, ids)
    number = one.contact_phone if in_full else mask_phone(one.contact_phone)
    return {"phone": number, "phone_is_masked": bool(one.contact_phone) and not in_full}


def _verification(request: HttpRequest, one: Premises) -> dict[str, Any]:
    said = dict(Verified.pairs())
    what = [_(said[code]) for code in one.verified_what.split(",") if code in said]
    return {
        "verified_what": what,
        "is_verified": one.verified_at is not None and one.verified_at > timezone.now() - VERIFIED_FOR,
        "may_verify": [(code, _(says)) for code, says in Verified.pairs()],
        "via": TOLD_BY.get(request.GET.get("t", ""), Via.NO_TAG),
    }


def _doubles(caller: Actor, one: Premises) -> dict[str, Any]:
    return {
        "doubles": likely_doubles(caller, one) if may_edit(caller) else [],
        "merged": one.merged.order_by("number"),
    }


def _facts(one: Premises) -> list[tuple[str, Any]]:
    point = f"{one.lon:.6f}, {one.lat:.6f}" if one.lon is not None and one.lat is not None else ""
    return [
        (_("编号"), one.number),
        (_("类型"), one.get_kind_display()),
        (_("地址"), one.address),
        (_("社区"), one.community.name),
        (_("网格"), one.grid.name if one.grid else ""),
        (_("门牌编码"), one.door_plate),
        (_("坐标(WGS-84)"), f"{point} · {one.point_source}" if point and one.point_source else point),
        (_("房间数"), one.rooms),
        (_("停放电动自行车"), yes_no(one.e_bikes)),
        (_("人车分离"), yes_no(one.separated)),
        (_("备注"), one.note),
    ]


def _round(one: Premises) -> list[tuple[str, Any]]:
    """The sentences of grade and round stay as they were written: they name the rule of that day."""
    checked = timezone.localtime(one.last_check_at).strftime("%Y-%m-%d %H:%M") if one.last_check_at else ""
    return [
        (_("评级理由"), one.grade_why),
        (_("下次检查"), f"{one.check_due}" if one.check_due else ""),
        (_("日期由来"), one.check_why),
        (_("上次检查"), checked or _("从未检查")),
    ]


def yes_no(value: bool | None) -> str:
    return _("未核实") if value is None else _("是") if value else _("否")


urlpatterns: list[URLPattern] = [
    path("premises/<uuid:premises_id>/", premises_page, name="premises_page"),
    path("premises/<uuid:premises_id>/verify", verify, name="premises_verify"),
    path("premises/<uuid:premises_id>/void", void, name="premises_void"),
    path("premises/<uuid:premises_id>/restore", restore, name="premises_restore"),
    path("premises/<uuid:premises_id>/merge", merge, name="premises_merge"),
    path("premises/<uuid:premises_id>/unmerge", unmerge, name="premises_unmerge"),
]
