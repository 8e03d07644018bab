"""Phones: enrolled by a code shown once, listed, and wiped when one is lost."""

from __future__ import annotations

from uuid import UUID

import segno
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fengqiao.kit.problems import NotFound
from fengqiao.people import queries
from fengqiao.people.commands import make_enrolment, order_wipe
from fengqiao.people.commands.phones import CODE_LASTS, KEEPERS
from fengqiao.people.doors import actor, allowed, person, signed_in
from fengqiao.people.sessions import renew

A_PAGE = 40


@allowed(*KEEPERS)
def phones(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").replace("\x00", "")[:60]
    context = {
        "page": Paginator(queries.phones(text=text), A_PAGE).get_page(request.GET.get("page")),
        "text": text,
        "holders": queries.phone_holders(day=timezone.localdate()),
    }
    return render(request, "desk/phones.html", context)


@require_POST
@allowed(*KEEPERS)
def enrol_phone(request: HttpRequest) -> HttpResponse:
    try:
        person_id = UUID(request.POST.get("person", ""))
    except ValueError:
        raise NotFound from None
    return _code(request, person_id, back=reverse("desk:phones"))


@require_POST
@signed_in
def enrol_own_phone(request: HttpRequest) -> HttpResponse:
    return _code(request, person(request).pk, back=reverse("desk:me"))


@require_POST
@signed_in
def wipe_phone(request: HttpRequest, phone_id: UUID) -> HttpResponse:
    """The sessions of its person end, the one on the lost phone too; one's own browser here goes on."""
    own, at = person(request), timezone.now()
    phone = order_wipe(phone_id=phone_id, by=actor(request), at=at)
    if phone.person_id == own.pk:
        own.refresh_from_db(fields=["rights_version"])
        renew(request, own, at=at)
    messages.success(request, _("已停用：上面的资料从此打不开，手机下次联网时擦除"))
    return redirect("desk:me" if phone.person_id == own.pk else "desk:phones")


def _code(request: HttpRequest, person_id: UUID, *, back: str) -> HttpResponse:
    """The code, on the answer to this request and nowhere else; after the # no server and no log sees it."""
    code = make_enrolment(person_id=person_id, by=actor(request), at=timezone.now())
    address = f"{request.build_absolute_uri(reverse('field:app'))}#/enrol/{code}"
    context = {
        "one": queries.account(person_id),
        "address": address,
        "picture": segno.make(address, error="m").svg_data_uri(scale=6, border=3, light="white"),
        "minutes": int(CODE_LASTS.total_seconds() // 60),
        "back": back,
    }
    return render(request, "desk/phone_code.html", context)


urlpatterns: list[URLPattern] = [
    path("phones/", phones, name="phones"),
    path("phones/enrol", enrol_phone, name="enrol_phone"),
    path("phones/<uuid:phone_id>/wipe", wipe_phone, name="wipe_phone"),
    path("me/phones", enrol_own_phone, name="enrol_own_phone"),
]
