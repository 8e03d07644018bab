"""Acts every kind needs and none should write again: place, assign, note, void.

A kind lists them with `*standing_acts()`; `voided` is the stage and outcome every kind then has.
"""

from __future__ import annotations

from uuid import UUID

from django.utils.timezone import localtime

from fengqiao.ground.models import Community
from fengqiao.kit.inputs import Input, asks
from fengqiao.kit.problems import BadInput
from fengqiao.matters.registry import Act, Doing, Outcome, Stage
from fengqiao.matters.states import LoopState
from fengqiao.people.charge import responsible, serving_person
from fengqiao.people.roles import FIELD, Role


class PlaceInput(Input):
    community: str = asks("所属社区", source="communities", max_length=12)


class AssignInput(Input):
    holder: UUID = asks("责任人", source="people")


class NoteInput(Input):
    note: str = asks("备注", long=True, personal=True, min_length=1, max_length=1000)


class VoidInput(Input):
    reason: str = asks("作废原因", hint="如:重复录入、测试", min_length=4, max_length=200)


def place(doing: Doing, given: PlaceInput) -> None:  # type: ignore[type-arg]
    """Say which community a matter belongs to, where the address did not tell; its officer takes it."""
    community = Community.objects.filter(code=given.community).first()
    if community is None:
        raise BadInput.at("community", f"本所没有代码为 {given.community} 的社区")
    doing.matter.community = community
    doing.matter.candidates = []
    doing.matter.placed_why = "由值班室确认"
    doing.matter.holder_id = responsible(community_id=community.pk, day=localtime(doing.at).date())


def assign(doing: Doing, given: AssignInput) -> None:  # type: ignore[type-arg]
    """Put somebody in charge; only one who serves in the field today."""
    doing.matter.holder_id = serving_person(given.holder, roles=FIELD, day=localtime(doing.at).date()).pk


def note(doing: Doing, given: NoteInput) -> None:  # type: ignore[type-arg]
    """Add words to the timeline."""


def void(doing: Doing, given: VoidInput) -> None:  # type: ignore[type-arg]
    """Take a matter out of the count without deleting anything."""
    doing.matter.outcome = VOIDED


VOIDED = "voided"
VOID_STAGE = Stage(VOIDED, "已作废", LoopState.CLOSED)
VOID_OUTCOME = Outcome(VOIDED, "作废")


def standing_acts() -> tuple[Act, ...]:
    in_charge = (Role.DESK, Role.CHIEF)
    return (
        Act("place", "确认社区", place, by=in_charge, anywhere=True, icon="pin"),
        Act("assign", "指派", assign, by=in_charge, anywhere=True, icon="assign"),
        Act("note", "备注", note, by=(*in_charge, *sorted(FIELD)), anywhere=True, icon="chat"),
        Act("void", "作废", void, by=in_charge, anywhere=True, to=(VOIDED,), grave=True, icon="void"),
    )
