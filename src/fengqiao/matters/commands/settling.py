"""settle: a named person decides what an open question counts for."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from fengqiao.kit.inputs import Choice, Input, asks
from fengqiao.kit.problems import Forbidden, NotFound, OutOfTurn
from fengqiao.matters.commands.late import answers, author, catch_up
from fengqiao.matters.commands.performing import (
    carry_out,
    check_right,
    check_turn,
    locked,
    vault_of,
)
from fengqiao.matters.commands.recording import Call, Performed, again, call, known, noted, record
from fengqiao.matters.models import Event, Matter
from fengqiao.matters.registry import SETTLE, Kind, kind
from fengqiao.matters.states import Standing
from fengqiao.people.actors import Actor
from fengqiao.people.roles import Role
from fengqiao.store.scope import require_transaction

SETTLERS = frozenset({Role.DESK, Role.CHIEF, Role.OFFICER})


class Decision(Choice):
    APPLY = "apply", "采纳并补办"
    NOTE = "note", "只作记录"
    REJECT = "reject", "不予采信"


class SettleInput(Input):
    decision: Decision = asks("核实结论")
    reason: str = asks("核实说明", long=True, personal=True, min_length=4, max_length=500)


def settle(*, question_id: int, given: SettleInput, by: Actor, at: datetime, key: str) -> Performed:
    """Settle one open question: by the desk, the chief, or an officer of the beat the matter is in now, and
    never by who handed it in.

    APPLY does the act now, in its author's name and at the time it was observed, if its turn has come;
    NOTE and REJECT move nothing. Raises NotFound, Forbidden, OutOfTurn, BadInput, KeyReused.
    """
    require_transaction()
    question = Event.objects.select_related("by", "visit").filter(pk=question_id).first()
    if question is None or question.standing != Standing.QUESTION:
        raise NotFound("没有这条待核实的记录")
    matter = locked(question.matter_id, by)
    content = [SETTLE, question_id, given.model_dump(mode="json")]
    heard = call(by=by, at=at, observed_at=None, key=key, content=content)
    before = known(heard)
    if before is not None:
        return Performed(matter, before, repeated=True)
    check_may_settle(question, matter, by)
    if Event.objects.filter(settles=question).exists():
        raise OutOfTurn("这条记录已经核实过了")
    # Where the act cannot be done, the question stays open, whoever answers the problem.
    with transaction.atomic():
        event = record(
            noted(
                matter=matter,
                vault=vault_of(matter),
                act=SETTLE,
                call=heard,
                given=given,
                stage_from=matter.stage,
                settles=question,
                settled_by=by.person_id,
            )
        )
        if given.decision is Decision.APPLY:
            _apply(question, matter, kind(matter.kind), heard)
    return Performed(matter, event)


def check_may_settle(question: Event, matter: Matter, by: Actor) -> None:
    """Raises Forbidden, saying who settles it instead. A page that offers settling asks this first."""
    holds = by.person_id is not None and by.person_id == matter.holder_id
    roles = by.roles if holds else by.roles_in(matter.community_id)
    if not roles & SETTLERS:
        raise Forbidden("待核实的记录由值班室、所长或责任警长核实")
    if question.by_id == by.person_id:
        raise Forbidden("自己补报的记录，请由他人核实")


def check_can_apply(question: Event, matter: Matter, page: Kind) -> None:
    """Raises Forbidden or OutOfTurn where accepting would be refused as things stand. The author's right in the
    beat of then was judged when it came in; that the beat is another's now is for whoever accepts to weigh."""
    declared = page.act(question.act)
    check_right(declared, matter, author(question), moved=True)
    check_turn(declared, matter, page, question.observed_at)


def _apply(question: Event, matter: Matter, page: Kind, settled: Call) -> None:
    check_can_apply(question, matter, page)
    declared = page.act(question.act)
    heard = again(question, by=author(question), at=settled.at, key=f"settled:{question.pk}")
    asked = answers(question, matter, page)
    carry_out(matter, page, declared, asked, heard, settled_by=settled.by.person_id)
    catch_up(matter, page, at=settled.at)
