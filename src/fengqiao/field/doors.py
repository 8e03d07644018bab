"""What the phone hands in and what it needs back."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from ninja import Router
from ninja.decorators import decorate_view
from pydantic import BaseModel, ConfigDict, Field

from fengqiao.field.slices import Slice, cut
from fengqiao.kit.inputs import validate
from fengqiao.kit.problems import Problem
from fengqiao.matters.commands import HandedIn, hand_in
from fengqiao.matters.commands.handing_in import ActResult, Carried
from fengqiao.matters.visit_points import Point
from fengqiao.people.actors import Actor
from fengqiao.people.doors import actor

router = Router(tags=["field"])


class RaisedThere(BaseModel):
    """A new matter found at the door: its kind, and whatever that kind's intake asks."""

    model_config = ConfigDict(extra="allow")
    kind: str = Field(max_length=40)


class ActCarried(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    key: str = Field(min_length=1, max_length=100)
    matter: UUID | None = None
    raised: RaisedThere | None = Field(default=None, alias="raise")
    act: str = Field(default="", max_length=60)
    given: dict[str, Any] = {}
    base: int | None = Field(default=None, ge=0, le=2**31 - 1)


class VisitCarried(BaseModel):
    """`point`: where the phone was at the officer's tap, once a visit, if they let it say so. `late_because`: why
    `observed_at` is earlier than it was written down; it stands in the timeline of each of its matters."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    id: UUID
    place: UUID | None = None
    observed_at: datetime
    point: Point | None = None
    late_because: str = Field(default="", max_length=200)
    team: list[UUID] = Field(default_factory=list, alias="with", max_length=20)
    acts: list[ActCarried] = Field(max_length=100)


class ActAnswer(BaseModel):
    key: str
    result: Literal["done", "repeated", "question", "refused"]
    matter: UUID | None
    problem: dict[str, Any] | None


class VisitAnswer(BaseModel):
    """`receipt` is what people say to each other about it; the same visit always gets the same."""

    id: UUID
    receipt: str
    received_at: datetime
    repeated: bool
    acts: list[ActAnswer]


def visits(refusals: dict[int, Any]) -> Router:
    """The door for visits; `refusals` are the documented problem answers of the API it hangs in."""

    @router.post("/visits", response={200: VisitAnswer, **refusals}, summary="Hand one visit in")
    def post_visit(request: HttpRequest, payload: VisitCarried) -> VisitAnswer:
        return take_in(payload, actor(request))

    @router.get("/field/slice", response={200: Slice, **refusals}, summary="What one phone needs since")
    @decorate_view(gzip_page)
    def get_slice(request: HttpRequest, cursor: str = "") -> Slice:
        return cut(actor(request), cursor=cursor, at=timezone.now())

    return router


def take_in(payload: VisitCarried, by: Actor, *, served: Actor | None = None) -> VisitAnswer:
    """One visit, in this person's name; see `hand_in` for `served`."""
    return _answer(hand_in(carried=_carried(payload), by=by, at=timezone.now(), served=served))


def _carried(payload: VisitCarried) -> Carried:
    """The same gate as every input: raises BadInput for words no database can hold."""
    return validate(
        Carried, {**payload.model_dump(exclude={"acts"}), "acts": [_act(act) for act in payload.acts]}
    )


def _act(act: ActCarried) -> dict[str, Any]:
    given = act.model_dump(exclude={"raised"})
    if act.raised is None:
        return given
    raised = (act.raised.model_extra or {}) | act.given
    return given | {"given": {}, "raise_kind": act.raised.kind, "raise_given": raised}


def _answer(handed: HandedIn) -> VisitAnswer:
    visit = handed.visit
    return VisitAnswer(
        id=visit.pk,
        receipt=f"{timezone.localtime(visit.recorded_at):%m%d-%H%M}-{visit.pk.hex[-6:].upper()}",
        received_at=visit.recorded_at,
        repeated=handed.repeated,
        acts=[_act_answer(a) for a in handed.acts],
    )


def _act_answer(result: ActResult) -> ActAnswer:
    problem: Problem | None = result.problem
    return ActAnswer(
        key=result.key,
        result=result.result,
        matter=result.matter_id,
        problem=problem.body() if problem else None,
    )
