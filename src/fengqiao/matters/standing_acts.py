"""Acts every kind needs and none should write again: place, assign, note, void, merge, restore, and why it was late.

A kind lists them with `*standing_acts()`, and the stages and outcomes they lead to with
`*STANDING_STAGES` and `*STANDING_OUTCOMES`.
"""

from __future__ import annotations

from unicodedata import normalize
from uuid import UUID

from django.utils.timezone import localtime

from fengqiao.ground.models import Community
from fengqiao.kit.inputs import Choice, Input, asks
from fengqiao.kit.problems import BadInput
from fengqiao.kit.rules import Rule
from fengqiao.matters.models import Matter
from fengqiao.matters.registry import Act, Doing, Limit, Outcome, Stage
from fengqiao.matters.states import LoopState
from fengqiao.people.charge import responsible, serving_person
from fengqiao.people.roles import FIELD, Role


class PlaceInput(Input):
    community: str = asks("所属社区", source="communities", max_length=12)


class AssignInput(Input):
    holder: UUID = asks("责任人", source="people")


class NoteInput(Input):
    note: str = asks("备注", long=True, personal=True, min_length=1, max_length=1000)
    photos: list[UUID] = asks("照片", photos=True, default=[], max_length=9)


class VoidInput(Input):
    reason: str = asks("作废原因", personal=True, hint="如：重复录入、测试", min_length=4, max_length=200)


class MergeInput(Input):
    into: str = asks("原事项编号", hint="保留的那一件，如 YJ2022-000012", min_length=1, max_length=40)


class RestoreInput(Input):
    reason: str = asks("恢复原因", personal=True, min_length=4, max_length=200)


class Delay(Choice):
    BUSY = "busy", "人手被其他警情占用"
    NOT_REACHED = "not_reached", "多次联系、上门未果"
    WAITING = "waiting", "等其他单位或当事人"
    HANDED_ON = "handed_on", "交接时遗漏"
    TOLD_LATE = "told_late", "已按时办理，记录晚到"
    OTHER = "other", "其他"


class ExplainOverdueInput(Input):
    delay: Delay = asks("超时原因")
    words: str = asks("说明", long=True, personal=True, default="", max_length=500)

    rules = (Rule("words", "请写明是什么原因", "${delay} = 'other' and not(${words})"),)


def place(doing: Doing, given: PlaceInput) -> None:  # type: ignore[type-arg]
    """Say which community a matter belongs to, where the address did not tell; its officer takes it."""
    community = Community.objects.filter(code=given.community).first()
    if community is None:
        raise BadInput.at("community", f"本所没有代码为 {given.community} 的社区")
    doing.matter.community = community
    doing.matter.candidates = []
    doing.matter.placed_why = "由值班室确认"
    doing.matter.holder = responsible(community_id=community.pk, day=localtime(doing.at).date())


def assign(doing: Doing, given: AssignInput) -> None:  # type: ignore[type-arg]
    """Put somebody in charge; only one who serves in the field today."""
    doing.matter.holder_id = serving_person(given.holder, roles=FIELD, day=localtime(doing.at).date()).pk


def note(doing: Doing, given: NoteInput) -> None:  # type: ignore[type-arg]
    """Add words, and photos, to the timeline."""


def explain_overdue(doing: Doing, given: ExplainOverdueInput) -> None:  # type: ignore[type-arg]
    """Why a clock ran on until the chief was told; asked once, until another does."""
    doing.matter.overdue_unexplained = False


def void(doing: Doing, given: VoidInput) -> None:  # type: ignore[type-arg]
    """Take a matter out of the count without deleting anything."""
    doing.matter.outcome = VOIDED


def merge(doing: Doing, given: MergeInput) -> None:  # type: ignore[type-arg]
    """The same thing taken in twice: this one ends, and points to the one that goes on."""
    into = _of_number(doing.matter.kind, given.into)
    if into is None or into.pk == doing.matter.pk:
        raise BadInput.at("given.into", "没有这个编号的同类事项")
    if into.outcome == VOIDED:
        raise BadInput.at("given.into", "那一件已作废，并入后两件都不再计入")
    if into.merged_into_id is not None:
        raise BadInput.at("given.into", "那一件自己也已并入别的事项")
    if Matter.objects.filter(merged_into=doing.matter).exists():
        raise BadInput.at("given.into", "已有事项并入本事项，请反过来合并")
    doing.matter.merged_into = into
    doing.matter.outcome = DUPLICATE


def restore(doing: Doing, given: RestoreInput) -> None:  # type: ignore[type-arg]
    """Voided or merged by mistake: it goes on where it stood, its clocks run on."""
    doing.matter.merged_into = None
    doing.matter.outcome = doing.matter.resumes_outcome


def _of_number(kind: str, number: str) -> Matter | None:
    serial = normalize("NFKC", number).strip().rpartition("-")[2].lstrip("0")
    if not (serial.isascii() and serial.isdigit() and len(serial) < 18):
        return None
    return Matter.objects.filter(kind=kind, serial=int(serial)).first()


VOIDED, DUPLICATE = "voided", "duplicate"
STANDING_STAGES = (
    Stage(VOIDED, "已作废", LoopState.CLOSED),
    Stage(DUPLICATE, "重复", LoopState.CLOSED),
)
STANDING_OUTCOMES = (Outcome(VOIDED, "作废"), Outcome(DUPLICATE, "重复"))


def standing_acts(*, desk_voids_in: tuple[str, ...] = ()) -> tuple[Act, ...]:
    """`desk_voids_in`: the stages in which the desk may void; later only the chief. None means in any."""
    in_charge = (Role.DESK, Role.CHIEF)
    voiding = {Role.DESK: Limit(stages=desk_voids_in)} if desk_voids_in else {}
    return (
        Act("place", "确认社区", place, by=in_charge, anywhere=True, icon="pin"),
        Act("assign", "指派", assign, by=in_charge, anywhere=True, icon="assign"),
        Act("note", "备注", note, by=(*in_charge, *sorted(FIELD)), anywhere=True, icon="chat"),
        Act(
            "explain_overdue",
            "补写超时原因",
            explain_overdue,
            by=(*in_charge, *sorted(FIELD)),
            anywhere=True,
            afterwards=True,
            when=lambda matter: matter.overdue_unexplained,
            icon="clock",
        ),
        Act(
            "merge", "并入重复", merge, by=in_charge, anywhere=True, to=(DUPLICATE,), grave=True, icon="link"
        ),
        Act(
            "void",
            "作废",
            void,
            by=in_charge,
            anywhere=True,
            to=(VOIDED,),
            limits=voiding,
            grave=True,
            icon="void",
        ),
        Act("restore", "恢复", restore, by=in_charge, from_=(VOIDED, DUPLICATE), restores=True, icon="undo"),
    )
