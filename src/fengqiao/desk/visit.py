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
from fengqiao.ground.merging import one_with_merged
from fengqiao.ground.models import Premises
from fengqiao.kit.ids import uuid7
from fengqiao.kit.inputs import Input, asks, validate
from fengqiao.kit.problems import BadInput, FieldError, Problem
from fengqiao.matters import at_place
from fengqiao.matters.at_door import OVER, DoorInput
from fengqiao.matters.commands import hand_in
from fengqiao.matters.commands.handing_in import Carried, CarriedAct, HandedIn
from fengqiao.matters.knocks import month_of
from fengqiao.matters.models import Matter
from fengqiao.matters.queries import allowed_acts
from fengqiao.matters.registry import Act
from fengqiao.pages.forms import BoundForm
from fengqiao.pages.uploads import with_photos
from fengqiao.people.actors import Actor
from fengqiao.people.charge import field_staff
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import FIELD

MOST_DUTIES = 40
KNOCK_REASON = "given.knock_reason"
Faults = dict[str, tuple[FieldError, ...]]


class TeamInput(Input):
    team: list[UUID] = asks("同行人员", default_factory=list, source="people", max_length=20)


@dataclass(frozen=True, slots=True)
class Chance:
    """One act that may be done at this door now; `name` is how the page calls it. `sheet` and `beside` are what
    its form needs and the database was asked for, once a request; filling the form asks nothing more."""

    name: str
    matter: Matter
    act: Act
    chosen: bool
    sheet: dict[str, Any]
    beside: dict[str, Any]

    def form(self, data: QueryDict | None = None, errors: tuple[FieldError, ...] = ()) -> BoundForm:
        """With what was posted, if it was chosen."""
        given = data if self.chosen else None
        return BoundForm(
            self.act.asks, data=given, errors=errors, prefix=self.name, **self.sheet, **self.beside
        )


class _Refused(Exception):
    """Something in the visit cannot be taken: then nothing of it is, and the page says what."""


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(*FIELD)
def visit(request: HttpRequest, premises_id: UUID) -> HttpResponse:
    caller = actor(request)
    one = queries.one_premises(caller, premises_id)
    posted = request.POST if request.method == "POST" else None
    found = _chances(caller, one, (request.GET if posted is None else posted).getlist("do"))
    if posted is None:
        return _page(request, one, found)
    data, faults = posted.copy(), dict[str, tuple[FieldError, ...]]()
    chosen = [chance for chance in found if chance.chosen]
    for chance in chosen:
        faults |= _take_photos(request, chance, data, caller)
    handed = _hand_in(caller, one, chosen, data, faults) if chosen and not faults else None
    if handed is None:
        if not chosen:
            messages.error(request, _("请先勾选这次办了哪些"))
        return _page(request, one, found, data=data, faults=faults)
    messages.success(request, _("已交 {} 项").format(len(handed.acts)))
    return redirect("desk:premises_page", one.pk)


def _take_photos(request: HttpRequest, chance: Chance, data: QueryDict, caller: Actor) -> Faults:
    """Its photos are kept and their ids stand in the data; what could not be kept is its fault."""
    posted, unkept = with_photos(request, chance.act.asks, by=caller, prefix=chance.name, **chance.sheet)
    for name in posted:
        if name.startswith(f"{chance.name}-"):
            data.setlist(name, posted.getlist(name))
    return {chance.name: unkept} if unkept else {}


def _hand_in(
    caller: Actor, one: Premises, chosen: list[Chance], data: QueryDict, faults: Faults
) -> HandedIn | None:
    """The visit in one go; None where some act was refused, which stands in `faults` then."""
    visit_id = UUID(_visit_id(data))
    # One knock, one reason: every act done at the door brings it.
    why = BoundForm(DoorInput, data=data).given()
    acts = [
        CarriedAct(
            key=f"visit:{visit_id}:{chance.name}",
            act=chance.act.name,
            matter=chance.matter.pk,
            given=chance.form(data).given() | (why if chance.act.knocks else {}),
            base=chance.matter.version,
        )
        for chance in chosen
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


def _chances(caller: Actor, one: Premises, marked: list[str]) -> list[Chance]:
    """Every act this person may do at this door now, matter by matter, what burns first."""
    known, found = sources(), list[Chance]()
    duties = at_place.open_at(caller, one_with_merged(one.pk), at=timezone.now())
    for matter in duties[:MOST_DUTIES]:
        acts = at_the_door(matter, caller)
        last = pictures_of(matter, acts)
        for act in acts:
            name = f"{matter.serial}-{act.name}"
            beside = {"sources": known, "ghosts": ghosts(act, last)}
            found.append(Chance(name, matter, act, name in marked, sheet_asked(act, matter), beside))
    return found


def at_the_door(matter: Matter, caller: Actor) -> list[Act]:
    """The allowed acts that are done at a door, and the others of the main road: a paper is written there, too."""
    return [act for act in allowed_acts(matter, caller) if act.knocks or not (act.anywhere or act.grave)]


def _of_the_knock(faults: Faults | None) -> tuple[FieldError, ...]:
    """What is wrong with the visit itself, once, whichever acts it was refused with."""
    said = [fault for one in (faults or {}).values() for fault in one if fault.field == KNOCK_REASON]
    return tuple(said[:1])


def _visit_id(data: QueryDict) -> str:
    try:
        return str(UUID(data.get("visit", "")))
    except ValueError:
        return str(uuid7())


def _page(
    request: HttpRequest,
    one: Premises,
    found: list[Chance],
    *,
    data: QueryDict | None = None,
    faults: Faults | None = None,
) -> HttpResponse:
    duties: dict[UUID, dict[str, Any]] = {}
    for chance in found:
        held = duties.setdefault(chance.matter.pk, {"row": line(chance.matter), "chances": []})
        wrong = tuple(f for f in (faults or {}).get(chance.name, ()) if f.field != KNOCK_REASON)
        form = chance.form(data, wrong)
        held["chances"].append({"of": chance, "form": form})
    caller = actor(request)
    beside = field_staff(day=timezone.localdate(), community_id=one.community_id)
    colleagues = [(str(person.pk), person.name) for person in beside if person.pk != caller.person_id]
    month = month_of(one.pk, by=caller, at=timezone.now())
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
        "month": month,
        "why": BoundForm(DoorInput, data=data, errors=_of_the_knock(faults), facts={OVER: month.over}),
    }
    return render(request, "desk/visit.html", context, status=422 if faults else 200)


urlpatterns: list[URLPattern] = [path("premises/<uuid:premises_id>/visit", visit, name="visit")]
