"""One door, all duties: what is owed at a place, of whatever kind, done in one visit and sent in one go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fengqiao.desk.photos import ghosts, pictures_of
from fengqiao.desk.rows import line
from fengqiao.desk.story import sheet_asked, sources
from fengqiao.ground import queries
from fengqiao.ground.models import Premises
from fengqiao.kit.ids import uuid7
from fengqiao.kit.inputs import Input, asks, validate
from fengqiao.kit.problems import BadInput, FieldError, Problem
from fengqiao.matters import at_place
from fengqiao.matters.commands import hand_in
from fengqiao.matters.commands.handing_in import Carried, CarriedAct, HandedIn
from fengqiao.matters.knocks import budget_of
from fengqiao.matters.models import Matter
from fengqiao.matters.queries import allowed_acts
from fengqiao.matters.registry import Act, kind
from fengqiao.pages.forms import BoundForm
from fengqiao.pages.uploads import with_photos
from fengqiao.people.actors import Actor
from fengqiao.people.charge import field_staff
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import FIELD

MOST_DUTIES = 40
Faults = dict[str, tuple[FieldError, ...]]


class TeamInput(Input):
    team: list[UUID] = asks("同行人员", default_factory=list, source="people", max_length=20)


@dataclass(frozen=True, slots=True)
class Chance:
    """One act that may be done at this door now, with its form; `name` is how the page calls it."""

    name: str
    matter: Matter
    act: Act
    form: BoundForm
    chosen: bool


class _Refused(Exception):
    """Something in the visit cannot be taken: then nothing of it is, and the page says what."""


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(*FIELD)
def visit(request: HttpRequest, premises_id: UUID) -> HttpResponse:
    caller = actor(request)
    one = queries.one_premises(caller, premises_id)
    if request.method != "POST":
        return _page(request, one, _chances(request, caller, one, None, {}))
    data, faults = request.POST.copy(), dict[str, tuple[FieldError, ...]]()
    chosen = [chance for chance in _chances(request, caller, one, data, {}) if chance.chosen]
    for chance in chosen:
        posted, unkept = with_photos(
            request, chance.act.asks, by=caller, prefix=chance.name, **sheet_asked(chance.act, chance.matter)
        )
        _take_over(data, posted)
        if unkept:
            faults[chance.name] = unkept
    handed = _hand_in(request, caller, one, data, faults) if chosen and not faults else None
    if handed is None:
        if not chosen:
            messages.error(request, _("请先勾选这次办了哪些"))
        return _page(request, one, _chances(request, caller, one, data, faults), wrong=bool(faults))
    messages.success(request, _("已交 {} 项").format(len(handed.acts)))
    return redirect("desk:premises_page", one.pk)


def _take_over(data: QueryDict, posted: QueryDict) -> None:
    for name in posted:
        data.setlist(name, posted.getlist(name))


def _hand_in(
    request: HttpRequest, caller: Actor, one: Premises, data: QueryDict, faults: Faults
) -> HandedIn | None:
    """The visit in one go; None where some act was refused, which stands in `faults` then."""
    visit_id = UUID(_visit_id(data))
    acts = [
        CarriedAct(
            key=f"visit:{visit_id}:{chance.name}",
            act=chance.act.name,
            matter=chance.matter.pk,
            given=chance.form.given(),
            base=chance.matter.version,
        )
        for chance in _chances(request, caller, one, data, {})
        if chance.chosen
    ]
    team = validate(TeamInput, BoundForm(TeamInput, data=data).given()).team
    now = timezone.now()
    try:
        with transaction.atomic():
            handed = hand_in(
                carried=Carried(id=visit_id, place=one.pk, observed_at=now, team=team, acts=acts),
                by=caller,
                at=now,
            )
            for result in handed.acts:
                if result.problem is not None:
                    faults[result.key.rpartition(":")[2]] = _said(result.problem)
            if faults:
                raise _Refused
    except _Refused:
        return None
    return handed


def _said(problem: Problem) -> tuple[FieldError, ...]:
    return (
        problem.errors
        if isinstance(problem, BadInput) and problem.errors
        else (FieldError("", str(problem)),)
    )


def _chances(
    request: HttpRequest, caller: Actor, one: Premises, data: QueryDict | None, faults: Faults
) -> list[Chance]:
    """Every act this person may do at this door now, matter by matter, what burns first."""
    known = sources()
    marked = set(data.getlist("do") if data is not None else request.GET.getlist("do"))
    found = []
    for matter in at_place.open_at(caller, queries.one_with_merged(one))[:MOST_DUTIES]:
        acts = at_the_door(matter, caller)
        last = pictures_of(matter, acts)
        for act in acts:
            name = f"{matter.serial}-{act.name}"
            form = BoundForm(
                act.asks,
                data=data if data is not None and name in marked else None,
                errors=faults.get(name, ()),
                sources=known,
                ghosts=ghosts(act, last),
                prefix=name,
                **sheet_asked(act, matter),
            )
            found.append(Chance(name, matter, act, form, name in marked))
    return found


def at_the_door(matter: Matter, caller: Actor) -> list[Act]:
    """The allowed acts that are done at a door: those the kind names, else its main road's."""
    page = kind(matter.kind)
    named = page.at_door.acts if page.at_door else ()
    return [
        act
        for act in allowed_acts(matter, caller)
        if (act.name in named if named else not (act.anywhere or act.grave))
    ]


def _visit_id(data: QueryDict) -> str:
    try:
        return str(UUID(data.get("visit", "")))
    except ValueError:
        return str(uuid7())


def _page(request: HttpRequest, one: Premises, found: list[Chance], *, wrong: bool = False) -> HttpResponse:
    duties: dict[UUID, dict[str, Any]] = {}
    for chance in found:
        held = duties.setdefault(chance.matter.pk, {"row": line(chance.matter), "chances": []})
        held["chances"].append(chance)
    caller = actor(request)
    beside = field_staff(day=timezone.localdate(), community_id=one.community_id)
    colleagues = [(str(person.pk), person.name) for person in beside if person.pk != caller.person_id]
    context = {
        "one": one,
        "duties": list(duties.values()),
        "colleagues": colleagues,
        "team": BoundForm(
            TeamInput,
            data=request.POST if request.method == "POST" else None,
            sources={"people": colleagues},
        ),
        "visit_id": uuid7(),
        "month": budget_of(one, at=timezone.now()),
    }
    return render(request, "desk/visit.html", context, status=422 if wrong else 200)


urlpatterns: list[URLPattern] = [path("premises/<uuid:premises_id>/visit", visit, name="visit")]
