"""What a paper's content is made from, and the part most papers share: what was done, as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.utils.timezone import localtime

from fengqiao.evidence.queries import shown
from fengqiao.ground.models import Community
from fengqiao.kit.documents import Grid, Picture
from fengqiao.kit.inputs import Question, questions
from fengqiao.kit.money import yuan
from fengqiao.matters.models import Detail, Event, Matter
from fengqiao.matters.registry import Kind
from fengqiao.matters.registry import kind as kind_named
from fengqiao.matters.states import Standing
from fengqiao.people.models import Person
from fengqiao.people.roles import Role

TDetail = TypeVar("TDetail", bound=Detail)
HEADS = ("时间", "办理事项", "办理人", "记录")
MOST_PICTURES = 4
WIDTHS = (29, 34, 31, 62)


@dataclass(frozen=True, slots=True)
class Printing(Generic[TDetail]):
    """What a paper's content is made from. `words` holds the sealed columns by name: open where the paper
    asks for that and the reader may, else masked. `post_of` gives the post in words for a person's id; `number`
    is the paper's own, where it is issued.
    """

    matter: Matter
    detail: TDetail
    kind: Kind
    station: str
    timeline: tuple[Event, ...]
    words: Mapping[str, str]
    at: datetime
    post_of: Callable[[Any], str]
    number: str = ""

    def stage_of(self, matter: Matter) -> str:
        """Where another matter of the paper stands, of whatever kind."""
        return kind_named(matter.kind).stage(matter.stage).says

    def event(self, act: str) -> Event | None:
        """The last time this act was done."""
        return next((event for event in reversed(self.timeline) if event.act == act), None)


def pictures(says: str, ids: Iterable[object], *, most: int = MOST_PICTURES) -> tuple[Picture, ...]:
    """The last photos of these, with when they were taken: their ids are kept with the paper, the pictures stay
    where they are."""
    there = shown(UUID(str(one)) for one in ids)
    return tuple(
        Picture(str(pk), f"{says} {localtime(photo.taken_at or photo.received_at):%Y-%m-%d %H:%M}")
        for pk, photo in list(there.items())[-most:]
    )


def signatories(printing: Printing[Any], act: str) -> str:
    """Who did an act and the second officer, by name, the last time it was done: a paper of two officers is signed by them."""
    event = printing.event(act)
    ids = [str(pk) for pk in (event.by_id, event.given.get("second_officer")) if pk] if event else []
    names = {str(pk): name for pk, name in Person.objects.filter(pk__in=ids).values_list("pk", "name")}
    return "、".join(names[pk] for pk in ids if pk in names) or "无"


def log(printing: Printing[Any]) -> Grid:
    """Every event in the order it happened: plain facts, and posts instead of persons. What was written
    down about a person stays sealed.
    """
    rows = tuple(_row(printing, event) for event in printing.timeline)
    return Grid(HEADS, rows, WIDTHS, empty="还没有办理记录")


def _row(printing: Printing[Any], event: Event) -> tuple[str, ...]:
    page = printing.kind
    asked = {q.name: q for q in questions(page.act(event.act).asks)} if page.has_act(event.act) else {}
    said = [
        f"{asked[name].says}：{_answer(printing, asked[name], value)}"
        for name, value in event.given.items()
        if name in asked
    ]
    if event.standing == Standing.QUESTION:
        said.insert(0, "待核实")
    return (
        f"{localtime(event.observed_at):%m-%d %H:%M}",
        page.act_says(event.act),
        "当事人" if event.role == Role.PARTY else printing.post_of(event.by_id),
        "；".join(said),
    )


def _answer(printing: Printing[Any], question: Question, value: Any) -> str:
    if isinstance(value, list):
        return "、".join(_answer(printing, question, one) for one in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if question.source == "people":
        return printing.post_of(UUID(str(value)))
    if question.source == "communities":
        name = Community.objects.filter(code=value).values_list("name", flat=True).first()
        return str(name or value)
    if question.widget == "money":
        return yuan(value)
    if question.widget == "time":
        return f"{localtime(datetime.fromisoformat(str(value))):%Y-%m-%d %H:%M}"
    return str(dict(question.choices).get(str(value), value))
