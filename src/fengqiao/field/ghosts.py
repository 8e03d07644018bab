"""Which earlier photos a phone needs: those that a photo of an act whose turn it is, is taken over."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from uuid import UUID

from fengqiao.kit.inputs import Input, questions
from fengqiao.matters.commands.performing import in_turn
from fengqiao.matters.models import Matter
from fengqiao.matters.photos import last_ids
from fengqiao.matters.registry import kind
from fengqiao.people.actors import Actor


def ghosts_of(matters: Iterable[Matter], actor: Actor) -> dict[UUID, dict[str, UUID]]:
    """By matter and column, the last photo that is still there."""
    wanted = {matter: columns for matter in matters if (columns := _columns(matter, actor))}
    return last_ids(wanted)


def _columns(matter: Matter, actor: Actor) -> set[str]:
    return {
        column
        for act in kind(matter.kind).acts
        if (columns := _compared(act.asks)) and actor.roles & frozenset(act.by) and in_turn(act, matter)
        for column in columns
    }


@cache
def _compared(asks: type[Input]) -> frozenset[str]:
    return frozenset(question.ghost for question in questions(asks) if question.ghost)
