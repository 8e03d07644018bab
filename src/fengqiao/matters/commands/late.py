"""Acts that come late from a visit: done where they are in turn, otherwise kept until somebody settles them.

Three things can have happened meanwhile, and none of them loses an act:

- the matter moved on: the act waits in the timeline as an open question;
- an earlier act of the same phone has not arrived yet (the act was made upon a `base` version the matter
  has not reached): it waits, and is done by itself as soon as its turn has come;
- the beat changed hands: the act waits in quarantine for whoever has the matter now.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.timezone import localtime

from fengqiao.kit.inputs import Input, validate
from fengqiao.kit.problems import Forbidden, NotFound, OutOfTurn, Problem
from fengqiao.matters.commands.attaching import attach_answered
from fengqiao.matters.commands.performing import (
    carry_out,
    check_right,
    check_turn,
    locked,
    vault_of,
)
from fengqiao.matters.commands.recording import Call, Performed, again, call, known, noted, record
from fengqiao.matters.models import Event, Matter, MatterQuerySet, Visit
from fengqiao.matters.registry import Kind, kind
from fengqiao.matters.states import Standing
from fengqiao.people.actors import Actor, actor_of
from fengqiao.people.models import Person
from fengqiao.store.scope import require_transaction

NOT_YET = "前一步还没有送到，送到后自动补上"
CHANGED_HANDS = "办理时还在其辖区，送达时辖区或岗位已变动，由现责任人核实"


def perform_late(
    *,
    matter_id: UUID,
    act: str,
    given: Mapping[str, Any],
    by: Actor,
    at: datetime,
    key: str,
    observed_at: datetime,
    visit: Visit | None = None,
    base: int | None = None,
) -> Performed:
    """Like `perform`, but what is out of turn or out of hands is kept as an open question.

    `base`: the version of the matter the act was made upon, where the phone knows it. Raises NotFound
    only for a matter that never was the actor's to see, and Forbidden for an act that never was theirs.
    """
    require_transaction()
    content = [str(matter_id), act, given]
    heard = call(by=by, at=at, observed_at=observed_at, key=key, content=content, visit=visit)
    then = _as_of(by, heard)
    matter, handed_on = _locked_or_lost(matter_id, by, then, base)
    before = known(heard)
    if before is not None:
        return Performed(matter, before, repeated=True)
    page = kind(matter.kind)
    declared = page.act(act)
    try:
        check_right(declared, matter, by)
    except Forbidden:
        if not (handed_on and then.roles & frozenset(declared.roles(matter))):
            check_right(declared, matter, then)
        handed_on = True
    asked = validate(declared.asks, given, prefix="given")
    try:
        _check_still_theirs(handed_on)
        _check_base(matter, base)
        check_turn(declared, matter, page, heard.observed_at)
        event = carry_out(matter, page, declared, asked, heard)
    except OutOfTurn as late:
        return Performed(matter, _keep(matter, declared.name, asked, heard, late, base))
    catch_up(matter, page, at=at)
    return Performed(matter, event)


def catch_up(matter: Matter, page: Kind, *, at: datetime) -> None:
    """Do what waited for its predecessor, in the order it was done out there, until nothing more fits.

    What turns out not to be possible stays a question, and takes nothing with it that came before.
    """
    impossible: set[int] = set()
    while (waiting := _next_that_fits(matter, page, impossible)) is not None:
        heard = again(waiting, by=author(waiting), at=at, key=f"caught-up:{waiting.pk}")
        try:
            with transaction.atomic():
                given = answers(waiting, matter, page)
                carry_out(matter, page, page.act(waiting.act), given, heard, settles=waiting)
        except Problem:
            impossible.add(waiting.pk)
            matter.refresh_from_db()


def open_questions(found: QuerySet[Event] | None = None) -> QuerySet[Event]:
    """Questions nothing has settled yet."""
    rows = Event.objects.all() if found is None else found
    return rows.filter(standing=Standing.QUESTION, settled=None)


def author(question: Event) -> Actor:
    """Who did it, with the posts of the day it was done."""
    assert question.by is not None
    return actor_of(person=question.by, day=localtime(question.observed_at).date())


def answers(question: Event, matter: Matter, page: Kind) -> Input:
    """What was answered out there, read back whole. Raises BadInput where the form has changed since."""
    words = question.words.open(vault_of(matter), "words")
    given = question.given | (json.loads(words) if words else {})
    return validate(page.act(question.act).asks, given, prefix="given")


def _waiting(matter: Matter) -> list[Event]:
    held = open_questions(Event.objects.filter(matter=matter, base__gt=F("version")))
    return list(held.select_related("by", "visit").order_by("observed_at", "base", "id"))


def _next_that_fits(matter: Matter, page: Kind, impossible: set[int]) -> Event | None:
    held = (question for question in _waiting(matter) if question.pk not in impossible)
    return next((question for question in held if _fits(question, matter, page)), None)


def _fits(question: Event, matter: Matter, page: Kind) -> bool:
    if question.base is None or question.base > matter.version:
        return False
    declared = page.act(question.act)
    try:
        check_right(declared, matter, author(question))
        check_turn(declared, matter, page, question.observed_at)
    except Problem:
        return False
    return True


def _as_of(by: Actor, heard: Call) -> Actor:
    """The actor with the posts held when the act was done."""
    if by.person_id is None:
        return by
    person = Person.objects.get(pk=by.person_id)
    return actor_of(person=person, day=localtime(heard.observed_at).date())


def _locked_or_lost(matter_id: UUID, by: Actor, then: Actor, base: int | None) -> tuple[Matter, bool]:
    """The matter, and whether it has left the actor's hands since the act was done.

    Whoever acted on it before, or names the version they acted upon, was told of it while it was theirs: an
    id cannot be guessed. What they did waits as a question and moves nothing.
    """
    try:
        return locked(matter_id, by), False
    except NotFound:
        knew = base is not None or Event.objects.filter(matter_id=matter_id, by_id=by.person_id).exists()
        seen: MatterQuerySet = Matter.objects.all() if knew and not by.is_admin else _seen(then)
        lost = seen.select_for_update(of=("self",)).select_related("vault", "community")
        matter = lost.filter(pk=matter_id).first()
        if matter is None:
            raise
        return matter, True


def _seen(then: Actor) -> MatterQuerySet:
    return Matter.objects.seen_by(then)


def _check_still_theirs(handed_on: bool) -> None:
    if handed_on:
        raise OutOfTurn(CHANGED_HANDS)


def _check_base(matter: Matter, base: int | None) -> None:
    if base is not None and base > matter.version:
        raise OutOfTurn(NOT_YET)


def _keep(matter: Matter, act: str, asked: Input, heard: Call, why: Problem, base: int | None) -> Event:
    """It changes no state: it waits in the timeline, in its place, its photos with it."""
    attach_answered(matter, asked, vault=vault_of(matter), by=heard.by, within="given.")
    return record(
        noted(
            matter=matter,
            vault=vault_of(matter),
            act=act,
            call=heard,
            given=asked,
            stage_from=matter.stage,
            standing=Standing.QUESTION,
            reason=str(why)[:200],
            base=base,
        )
    )
