"""What a link tells a party to one matter: what was found, what to do, by when; and the little they may do."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from fengqiao.evidence.commands import keep_photo_of_party
from fengqiao.kit.ids import uuid7
from fengqiao.kit.problems import BadInput, NotFound, Problem, TooMany
from fengqiao.matters.commands.links import Followed, act_by_link, followed
from fengqiao.matters.commands.subject_codes import code_for
from fengqiao.matters.links import PartyView, party_view
from fengqiao.matters.photos import as_answer, picture_of_party
from fengqiao.matters.registry import Act, kind
from fengqiao.pages.forms import BoundForm
from fengqiao.pages.uploads import refuse, with_photos
from fengqiao.people.devices import address_of


# The token in the address is the whole right: there is no session to ride on, and whoever forges a post needs it.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def party(request: HttpRequest, token: str) -> HttpResponse:
    """The page; on POST the act first. A link that holds no more gets one page, whatever the reason."""
    at = timezone.now()
    try:
        with followed(token=token[:100], asking=address_of(request), at=at) as found:
            if found is not None:
                return _answer(request, found, token)
    except TooMany as problem:
        return _render(request, {"problem": problem}, problem.status)
    return _render(request, {}, 404)


@require_safe
def photo(request: HttpRequest, token: str, photo_id: UUID, *, thumb: bool = False) -> HttpResponse:
    """A picture of the page, or one that was sent by it: for as long as the link holds."""
    at, asking = timezone.now(), address_of(request)
    try:
        with followed(token=token[:100], asking=asking, at=at, opening=False) as found:
            if found is not None:
                content = picture_of_party(found.matter, photo_id, thumb=thumb)
                return _private(as_answer(content, photo_id))
    except TooMany as problem:
        return _render(request, {"problem": problem}, problem.status)
    except NotFound:
        pass  # another matter's, one that has ended, and none at all: the same page
    return _render(request, {}, 404)


def _answer(request: HttpRequest, found: Followed, token: str) -> HttpResponse:
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        context, status = _act(request, found)
        found.matter.refresh_from_db()
    view = party_view(found, at=timezone.now())
    context |= {"view": view, "forms": _forms(view, context)}
    if view.place:
        context["code"] = code_for(found.matter, at=timezone.now()).code
    context |= {"photos_at": f"{reverse('public:party', args=[token])}/photos", "small_page": True}
    return _render(request, context, status)


def _act(request: HttpRequest, found: Followed) -> tuple[dict[str, Any], int]:
    """Do what was posted; what was wrong is told beside its field."""
    name, at = request.POST.get("act", "")[:60], timezone.now()
    page = kind(found.matter.kind)
    key = request.POST.get("key", "")[:50] or str(uuid7())
    given: dict[str, Any] = {}
    data: QueryDict = request.POST
    try:
        if page.party is not None and name in page.party.acts:
            asks, keeps = page.act(name).asks, partial(keep_photo_of_party, at=at)
            data, unkept = with_photos(request, asks, by=found.by, prefix=name, keeps=keeps)
            refuse(unkept)
            given = BoundForm(asks, data=data, prefix=name).given()
        act_by_link(found, act=name, given=given, key=key, at=at)
    except BadInput as problem:
        return {"wrong": name, "problem": problem, "data": data}, problem.status
    except Problem as problem:
        return {"problem": problem}, problem.status
    return {"done": page.act(name).says}, 200


def _forms(view: PartyView, context: dict[str, Any]) -> list[tuple[Act, BoundForm]]:
    def form(act: Act) -> BoundForm:
        mine = context.get("wrong") == act.name
        return BoundForm(
            act.asks,
            data=context["data"] if mine else None,
            errors=context["problem"].errors if mine else (),
            hidden={"key": str(uuid7()), "act": act.name},
            prefix=act.name,
        )

    return [(act, form(act)) for act in view.acts]


def _render(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, "public/party.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return _private(response)


def _private(response: HttpResponse) -> HttpResponse:
    # The address is a right: no other page is told where the reader came from, and no search engine keeps it.
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


urlpatterns: list[URLPattern] = [
    path("l/<str:token>", party, name="party"),
    path("l/<str:token>/photos/<uuid:photo_id>", photo, name="party_photo"),
    path("l/<str:token>/photos/<uuid:photo_id>/thumb", photo, {"thumb": True}, name="party_thumb"),
]
