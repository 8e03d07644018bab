"""What a matter's page shows: its facts, clocks and timeline, and the forms of the acts allowed now."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.timezone import localdate, localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fengqiao.checks.queries import lists_in_force
from fengqiao.desk.photos import ghosts, pictured
from fengqiao.desk.rows import line
from fengqiao.evidence.models import Photo
from fengqiao.ground.models import Community, Premises
from fengqiao.kit.ids import uuid7
from fengqiao.kit.inputs import Input, Nothing, questions
from fengqiao.kit.money import yuan
from fengqiao.kit.problems import BadInput
from fengqiao.matters import queries
from fengqiao.matters.clocks import STORED, why_told
from fengqiao.matters.commands.settling import SettleInput
from fengqiao.matters.looks import glimpses
from fengqiao.matters.models import Event, Matter
from fengqiao.matters.photos import of_events
from fengqiao.matters.registry import SETTLE, Act, Kind, kind
from fengqiao.matters.showing import in_words
from fengqiao.matters.states import Standing
from fengqiao.matters.visit_points import said_at
from fengqiao.matters.waits import opens_at
from fengqiao.pages.forms import BoundForm
from fengqiao.people.actors import Actor
from fengqiao.people.charge import field_staff, police
from fengqiao.people.roles import Role
from fengqiao.store.secrets import SecretField

HIDDEN = {"matter", "station"}
MOST_PLACES = 50
RUNG_SAYS = {"1": "过半", "2": "将到期", "3": "到期", "4": "超期一倍"}


def story(matter: Matter, caller: Actor, *, at: datetime) -> dict[str, Any]:
    page = kind(matter.kind)
    events = queries.timeline(matter)
    photos, places_said = of_events(events, matter), said_at(matter, events)
    clocks = [
        (clock, _(page.act_says(f"clock:{clock.name}")), why_told(clock, matter))
        for clock in matter.clocks.all()
    ]
    return {
        "matter": matter,
        "kind": page,
        "row": line(matter),
        "clocks": sorted(clocks, key=lambda told: (not told[0].running, told[0].due_at)),
        "entries": [
            entry(event, page)
            | {"photos": [pictured(photo) for photo in photos[event.pk]], "where": places_said.get(event.pk)}
            for event in events
        ][::-1],
        "parent": line(matter.parent) if matter.parent else None,
        "parent_seen": matter.parent is not None and queries.sees(caller, matter.parent),
        "merged_into": line(matter.merged_into) if matter.merged_into else None,
        "merged": [line(other) for other in queries.merged(matter)],
        "candidates": Community.objects.filter(pk__in=matter.candidates) if matter.candidates else [],
        "at": at,
    }


def beneath(matter: Matter, caller: Actor) -> list[dict[str, Any]]:
    """What was raised beneath the matter, by kind: its stages with their numbers, and where the rows are."""
    return [
        {
            "kind": _(kind(one.kind).says),
            "stages": [(_(says), number) for says, number in one.stages],
            "total": one.total,
            "url": f"{reverse('desk:matters')}?{urlencode({'kind': one.kind, 'parent': str(matter.pk)})}",
        }
        for one in queries.beneath(caller, matter)
    ]


def board_card(matter: Matter, *, at: datetime) -> dict[str, Any]:
    """How a matter of many things stands, and where its places are seen on the map while it is open."""
    page = kind(matter.kind)
    return {
        "board": page.board(matter, at) if page.board else (),
        "rows_url": reverse("desk:board_rows", args=[matter.pk]) if page.behind else "",
        "scope_url": f"{reverse('desk:map')}?{urlencode({'matter': str(matter.pk)})}"
        if page.scope and matter.is_open
        else "",
    }


def facts(matter: Matter) -> dict[str, Any]:
    """The kind's own columns: plain ones as they are, words about a person as a glimpse."""
    detail = kind(matter.kind).detail._default_manager.get(pk=matter.pk)
    columns = [f for f in detail._meta.concrete_fields if f.name not in HIDDEN]
    plain = [(_(str(f.verbose_name)), in_words(detail, f)) for f in columns if not isinstance(f, SecretField)]
    return {"plain": [(says, value) for says, value in plain if value], "sealed": glimpses(matter, detail)}


def forms(
    data: QueryDict,
    matter: Matter,
    allowed: list[Act],
    wrong: tuple[str, BadInput] | None,
    last: dict[str, Photo],
    known: dict[str, Any],
) -> list[dict[str, Any]]:
    """One form per allowed act; those that ask nothing are a single button. `data` is what the wrong one held,
    `known` the facts a question may hang on."""
    choices = sources() if any(question.source for act in allowed for question in questions(act.asks)) else {}
    return [_form(data, matter, act, choices, wrong, ghosts(act, last), known) for act in allowed]


def sheet_asked(act: Act, matter: Matter) -> dict[str, Any]:
    """What a form needs beside the declaration: the checklist an act asks as `sheets`, and what is known as `initial`."""
    asked = questions(act.asks)
    found: dict[str, Any] = {
        "initial": _known(matter, [question.name for question in asked if question.known])
    }
    names = [question.name for question in asked if question.widget == "sheet"]
    if act.sheet is not None and names:
        sheet, told = act.sheet(matter)
        found["sheets"] = dict.fromkeys(names, sheet)
        found["initial"] |= dict.fromkeys(names, told)
    return found


def _known(matter: Matter, names: list[str]) -> dict[str, Any]:
    """What the matter's detail holds under the same name: shown, to be corrected, and not asked again."""
    if not names:
        return {}
    detail = kind(matter.kind).detail._default_manager.get(pk=matter.pk)
    return {name: getattr(detail, name, None) for name in names}


def arranged(found: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The main road's acts lie open, the one asked for first, what waits for its moment last; what is rare or
    grave is in a menu."""

    def turn(item: dict[str, Any]) -> int:
        act = item["act"]
        return 1 if not act.anywhere else 0 if act.when is None else 2

    return {
        "road": sorted((i for i in found if i["road"]), key=turn),
        "aside": [item for item in found if not item["road"]],
    }


def _form(
    data: QueryDict,
    matter: Matter,
    act: Act,
    choices: dict[str, list[tuple[str, str]]],
    wrong: tuple[str, BadInput] | None,
    beside: dict[str, str],
    known: dict[str, Any],
) -> dict[str, Any]:
    mine = wrong is not None and wrong[0] == act.name
    form = BoundForm(
        act.asks,
        data=data if mine else None,
        errors=wrong[1].errors if mine and wrong else (),
        sources=choices,
        hidden={"key": str(uuid7())},
        prefix=act.name,
        ghosts=beside,
        facts=known,
        **sheet_asked(act, matter),
    )
    # What brings a closed matter back is no next step of it; one that waits for its moment (`when`) is asked for
    # once that has come, like the road's next step.
    rare = act.grave or (act.anywhere and act.when is None) or (bool(act.to) and not matter.is_open)
    road = not rare or (
        act.name == "place" and matter.community_id is None and not kind(matter.kind).everywhere
    )
    return {
        "act": act,
        "form": form,
        "open": mine,
        "road": road,
        "direct": road and not form.fields,
        "not_before": opens_at(matter, kind(matter.kind), act),
        "icon": act.icon,
    }


def sources() -> dict[str, list[tuple[str, str]]]:
    """The registers' choices, by the name a declaration uses."""
    return {
        "communities": [(c.code, c.name) for c in Community.objects.only("code", "name")],
        "people": [(str(person.pk), person.name) for person in field_staff(day=localdate())],
        "police": [(str(person.pk), person.name) for person in police(day=localdate())],
        "checklists": lists_in_force(),
    }


def places(actor: Actor, chosen: str) -> list[tuple[str, str]]:
    """The place the form is about. Without one the whole register, where it is short enough to choose from;
    a long one is opened first, and the form from there."""
    seen = Premises.objects.seen_by(actor).standing()
    known = seen.filter(pk=chosen) if _is_id(chosen) else seen.order_by("number")[: MOST_PLACES + 1]
    found = [(str(one.pk), f"{one.name} {one.address}") for one in known]
    return found if len(found) <= MOST_PLACES else []


def asks_place(page: Kind) -> bool:
    """Whether the kind's intake is about a place of the register."""
    return any(question.source == "premises" for question in questions(page.intake))


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def entry(event: Event, page: Kind) -> dict[str, Any]:
    """One event as a line of the timeline, read with `queries.timeline`."""
    says, tone, icon = _(page.act_says(event.act)), "", "inbox"
    if page.has_act(event.act):
        done = page.act(event.act)
        tone, icon = "" if done.anywhere else "accent", done.icon or "check"
    if event.act.startswith("clock:"):
        rung = event.act.rsplit(":", 1)[1]
        says, icon = f"{says}{_(RUNG_SAYS[rung])}", "clock"
        tone = "burn" if int(rung) > 2 else "warn"
    asked = {question.name: question for question in questions(_asks(event, page))}
    stands = Standing(getattr(event, "stands", event.standing))
    question = stands == Standing.QUESTION
    note = event.reason or _clock_note(event)
    if event.settled_by is not None and event.act != SETTLE:
        note = _("由{}核实采纳").format(event.settled_by.name)
    return {
        "says": says,
        "tone": "warn" if question else tone,
        "icon": icon,
        "who": event.by.name if event.by else _("当事人") if event.role == Role.PARTY else "",
        "at": event.observed_at,
        "badge": stands.label if stands != Standing.DONE else "",
        "badge_tone": "warn" if question else "",
        "note": note,
        "facts": [
            (_(asked[name].says), _answer(asked[name], value))
            for name, value in event.given.items()
            if name in asked and asked[name].widget not in ("photos", "signature")
        ],
    }


def _clock_note(event: Event) -> str:
    """Why a clock rang when it did; in another language than the stored one, when it is due."""
    if "why" not in event.given or get_language() == STORED:
        return str(event.given.get("why", ""))
    return _("到期 {}").format(f"{localtime(datetime.fromisoformat(event.given['due_at'])):%Y-%m-%d %H:%M}")


def _asks(event: Event, page: Kind) -> type[Input]:
    if event.act == SETTLE:
        return SettleInput
    return page.act(event.act).asks if page.has_act(event.act) else Nothing


def _answer(question: Any, value: Any) -> str:
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if question.widget == "money":
        return yuan(value)
    many = value if isinstance(value, list) else [value]
    says = dict(question.choices)
    return "、".join(str(_(says.get(str(one), str(one)))) for one in many)
