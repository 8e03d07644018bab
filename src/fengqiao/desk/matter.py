"""A matter's page: what it is, what burns, what may be done next, and everything that was done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fengqiao.desk.clock_settings import spans_of
from fengqiao.desk.door_codes import door_card
from fengqiao.desk.holds import hold_card
from fengqiao.desk.looking import look_form
from fengqiao.desk.on_request import request_card
from fengqiao.desk.party_links import party_card
from fengqiao.desk.photos import compared, pictures_of
from fengqiao.desk.story import (
    arranged,
    beneath,
    board_card,
    facts,
    forms,
    places,
    sheet_asked,
    sources,
    story,
)
from fengqiao.kit.ids import uuid7
from fengqiao.kit.problems import BadInput, Problem
from fengqiao.matters import queries
from fengqiao.matters.at_door import OVER
from fengqiao.matters.commands import perform, raise_matter
from fengqiao.matters.issued_papers import issued_of
from fengqiao.matters.knocks import month_for
from fengqiao.matters.models import Matter
from fengqiao.matters.printing import available
from fengqiao.matters.registry import Act, kind
from fengqiao.pages.forms import BoundForm
from fengqiao.pages.uploads import refuse, with_photos
from fengqiao.people.actors import Actor
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import SERVING


@allowed(*SERVING)
def show(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    caller = actor(request)
    return _page(request, queries.one(caller, matter_id), caller)


@require_POST
@allowed(*SERVING)
def act(request: HttpRequest, matter_id: UUID, name: str) -> HttpResponse:
    """Do one act from its form; what was wrong comes back beside the field it concerns."""
    caller = actor(request)
    matter = queries.one(caller, matter_id)
    declared = kind(matter.kind).act(name)
    sheet = sheet_asked(declared, matter)
    data, unkept = with_photos(request, declared.asks, by=caller, prefix=name, **sheet)
    key = request.POST.get("key") or str(uuid7())
    try:
        refuse(unkept)
        given = BoundForm(declared.asks, data=data, prefix=name, **sheet).given()
        perform(matter_id=matter_id, act=name, given=given, by=caller, at=timezone.now(), key=f"desk:{key}")
    except BadInput as problem:
        return _page(request, matter, caller, wrong=(name, problem), data=data)
    except Problem as problem:
        messages.error(request, str(problem))
        return redirect("desk:matter", matter_id)
    messages.success(request, _("已记录：{}").format(kind(matter.kind).act(name).says))
    return redirect("desk:matter", matter_id)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(*SERVING)
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a new matter in by the form its kind declares."""
    caller, page = actor(request), kind(slug)
    data, unkept = with_photos(request, page.intake, by=caller) if request.method == "POST" else (None, ())
    # From a place's own page the form comes with the place.
    place = (request.GET if data is None else data).get("premises", "")
    known = sources() | {name: choices() for name, choices in page.sources.items()}
    known |= {"premises": places(caller, place)}
    initial = {"received_at": timezone.now(), "premises": place}
    form = BoundForm(page.intake, data=data, initial=initial, sources=known, hidden=_key(request))
    if data is not None:
        try:
            refuse(unkept)
            taken = raise_matter(
                kind_slug=slug,
                given=form.given(),
                by=caller,
                at=timezone.now(),
                key=f"desk:{data.get('key')}",
            )
        except BadInput as problem:
            form = BoundForm(
                page.intake, data=data, errors=problem.errors, sources=known, hidden=_key(request)
            )
        else:
            messages.success(request, _("已有相同的事项") if taken.repeated else _("已登记"))
            return redirect("desk:matter", taken.matter.pk)
    context = {"kind": page, "form": form, "submit": _("登记"), "spans": spans_of(page, caller.station_id)}
    return render(request, "desk/new.html", context, status=422 if form.is_wrong else 200)


def _key(request: HttpRequest) -> dict[str, str]:
    """The form's own key: sent twice, it is taken once."""
    return {"key": request.POST.get("key", "")[:60] or str(uuid7())}


def _page(
    request: HttpRequest,
    matter: Matter,
    caller: Actor,
    wrong: tuple[str, BadInput] | None = None,
    data: QueryDict | None = None,
) -> HttpResponse:
    acts = queries.allowed_acts(matter, caller)
    last = pictures_of(matter, acts)
    context: dict[str, Any] = {
        **story(matter, caller, at=timezone.now()),
        "facts": facts(matter),
        "compared": compared(matter, last),
        "forms": (
            found := forms(data or request.POST, matter, acts, wrong, last, _known(matter, acts, caller))
        ),
        "acts": arranged(found),
        "papers": available(matter, caller),
        "beneath": beneath(matter, caller),
        "issued": issued_of(matter, caller),
        **board_card(matter, at=timezone.now()),
        **party_card(matter, caller, at=timezone.now()),
        **look_form(request, matter, caller, at=timezone.now()),
        **door_card(matter, caller, at=timezone.now()),
        **hold_card(matter, caller, at=timezone.now()),
        **request_card(matter, caller),
    }
    return render(request, "desk/matter.html", context, status=422 if wrong else 200)


def _known(matter: Matter, acts: list[Act], caller: Actor) -> dict[str, Any]:
    """Whether one knock more needs a written reason; asked only where one of the acts knocks."""
    knocks = any(act.knocks for act in acts)
    return {OVER: month_for(matter, by=caller, at=timezone.now()).over} if knocks else {}


urlpatterns: list[URLPattern] = [
    path("matters/new/<slug:slug>", new, name="new_matter"),
    path("matters/<uuid:matter_id>", show, name="matter"),
    path("matters/<uuid:matter_id>/acts/<slug:name>", act, name="act"),
]
