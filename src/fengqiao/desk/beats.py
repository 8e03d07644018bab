"""A beat changes hands: everything open goes from one person to another, in one go, each in its timeline."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from fengqiao.kit.ids import uuid7
from fengqiao.kit.inputs import Input, asks, validate
from fengqiao.kit.problems import BadInput, Forbidden
from fengqiao.matters import queries
from fengqiao.matters.commands import hand_over
from fengqiao.pages.forms import BoundForm
from fengqiao.people.charge import field_staff
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import Role


class HandOverInput(Input):
    giver: UUID = asks("移交人", source="holders")
    taker: UUID = asks("接收人", source="people")


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Role.DESK, Role.CHIEF)
def beats(request: HttpRequest) -> HttpResponse:
    """Who holds how many open matters, and the form that hands them over."""
    caller, now = actor(request), timezone.now()
    holders = queries.holders(caller, at=now)
    sources = {
        "holders": [(str(h.person_id), f"{h.name}({h.open})") for h in holders],
        "people": [(str(person.pk), person.name) for person in field_staff(day=timezone.localdate(now))],
    }
    data = request.POST if request.method == "POST" else None
    form = BoundForm(HandOverInput, data=data, sources=sources, hidden={"key": str(uuid7())})
    if data is not None:
        try:
            asked = validate(HandOverInput, form.given())
            key = f"handover:{data.get('key', '')[:40]}"
            moved = hand_over(giver=asked.giver, taker=asked.taker, by=caller, at=now, key=key)
        except BadInput as problem:
            form = BoundForm(
                HandOverInput, data=data, errors=problem.errors, sources=sources, hidden={"key": str(uuid7())}
            )
        except Forbidden as problem:
            messages.error(request, str(problem))
        else:
            told = ngettext("已移交 %(n)s 件", "已移交 %(n)s 件", moved) % {"n": moved}
            messages.success(request, told)
            return redirect("desk:beats")
    context = {"form": form, "holders": holders, "submit": _("移交")}
    return render(request, "desk/beats.html", context, status=422 if form.is_wrong else 200)


urlpatterns: list[URLPattern] = [path("beats/", beats, name="beats")]
