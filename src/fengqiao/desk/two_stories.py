"""One late act beside what the record holds now, point by point, and what its reader may decide of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from fengqiao.desk.photos import pictured
from fengqiao.desk.rows import line
from fengqiao.desk.story import entry
from fengqiao.kit.ids import uuid7
from fengqiao.kit.inputs import questions
from fengqiao.kit.problems import FieldError, Problem
from fengqiao.matters import queries
from fengqiao.matters.commands.performing import in_turn
from fengqiao.matters.commands.settling import Decision, SettleInput, check_can_apply, check_may_settle
from fengqiao.matters.models import Event, Matter
from fengqiao.matters.photos import of_events
from fengqiao.matters.registry import SETTLE, Act, Kind, kind
from fengqiao.matters.showing import in_words
from fengqiao.matters.states import Standing
from fengqiao.pages.forms import BoundForm
from fengqiao.people.actors import Actor
from fengqiao.store.secrets import SecretField

# How much of the record stands beneath the comparison.
BESIDE = 6


@dataclass(frozen=True, slots=True)
class Point:
    """One thing both stories speak of."""

    says: str
    told: str
    now: str
    differs: bool


def two_stories(
    question: Event, caller: Actor, *, data: QueryDict | None = None, errors: tuple[FieldError, ...] = ()
) -> dict[str, Any]:
    """What a question's card shows. `refused` says who settles it where the reader may not; `obstacle` why it
    cannot be accepted as things stand, and then accepting is not among the choices."""
    matter, page = question.matter, kind(question.matter.kind)
    events = queries.timeline(matter)
    settling = next(
        (event for event in events if event.act == SETTLE and event.settles_id == question.pk), None
    )
    obstacle = _why(lambda: check_can_apply(question, matter, page))
    told = entry(question, page)
    done = [event for event in events if event.standing == Standing.DONE and event.by_id is not None]
    return {
        "question": question,
        "row": line(matter),
        "told": told | {"photos": [pictured(photo) for photo in of_events([question], matter)[question.pk]]},
        "late": question.recorded_at - question.observed_at,
        "points": _points(question, matter, page, events, told["facts"]),
        "last": entry(done[-1], page) if done else None,
        "record": [entry(event, page) for event in events if event.pk != question.pk][-BESIDE:][::-1],
        "settled": entry(settling, page) if settling else None,
        "refused": _why(lambda: check_may_settle(question, matter, caller)),
        "obstacle": obstacle,
        "form": _form(question, data, errors, may_apply=not obstacle),
    }


def _why(check: Callable[[], None]) -> str:
    try:
        check()
    except Problem as problem:
        return str(problem)
    return ""


def _form(
    question: Event, data: QueryDict | None, errors: tuple[FieldError, ...], *, may_apply: bool
) -> BoundForm:
    form = BoundForm(
        SettleInput, data=data, errors=errors, prefix=f"q{question.pk}", hidden={"key": str(uuid7())}
    )
    if not may_apply:
        form.fields = [
            replace(field, options=tuple(o for o in field.options if o.value != Decision.APPLY))
            for field in form.fields
        ]
    return form


def _points(
    question: Event, matter: Matter, page: Kind, events: list[Event], facts: list[tuple[str, str]]
) -> list[Point]:
    act = page.act(question.act)
    holder = matter.holder.name if matter.holder else _("无责任人")
    found = [
        Point(_("环节"), _stages(act, page), _(page.stage(matter.stage).says), not in_turn(act, matter)),
        Point(
            _("办理人和责任人"),
            question.by.name if question.by else "",
            holder,
            question.by_id != matter.holder_id,
        ),
    ]
    if question.base is not None:
        versions = str(question.base), str(matter.version)
        found.append(Point(_("所依据的版本"), *versions, question.base != matter.version))
    held = _held(question, matter, page, events)
    return found + [
        Point(says, told, held.get(says, ""), held.get(says, "") not in ("", told)) for says, told in facts
    ]


def _stages(act: Act, page: Kind) -> str:
    """Where the act has its turn."""
    return "、".join(_(page.stage(slug).says) for slug in act.from_) or _("办理中")


def _held(question: Event, matter: Matter, page: Kind, events: list[Event]) -> dict[str, str]:
    """What stands now under the words the act asks: the last such act done, and before that the matter's own
    columns of the same name."""
    detail = page.detail._default_manager.get(pk=matter.pk)
    columns = {f.name: f for f in detail._meta.concrete_fields if not isinstance(f, SecretField)}
    says = {asked.name: _(asked.says) for asked in questions(page.act(question.act).asks)}
    found = {words: in_words(detail, columns[name]) for name, words in says.items() if name in columns}
    done = [
        event
        for event in events
        if event.act == question.act and event.pk != question.pk and event.standing == Standing.DONE
    ]
    return found | (dict(entry(done[-1], page)["facts"]) if done else {})
