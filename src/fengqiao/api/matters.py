"""Matters of any kind: list, one, act."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router
from pydantic import BaseModel, Field

from fengqiao.api.paging import after, cursor_behind
from fengqiao.api.root import REFUSALS
from fengqiao.ground.models import Community
from fengqiao.kit.inputs import Input, asks
from fengqiao.kit.problems import BadInput
from fengqiao.matters import queries
from fengqiao.matters.commands import Performed, perform
from fengqiao.matters.models import Matter
from fengqiao.matters.registry import kind as kind_of
from fengqiao.matters.states import LoopState
from fengqiao.matters.telling import CommunityTold, LineTold, MatterTold, tell, tell_line
from fengqiao.people.actors import Actor
from fengqiao.people.doors import actor

router = Router(tags=["matters"])


class MattersPage(BaseModel):
    items: list[LineTold]
    next: str | None


class ActGiven(Input):
    key: str = asks("编号", hint="由调用方生成；重复提交得到第一次的结果", min_length=1, max_length=100)
    observed_at: datetime | None = asks("发生时间", default=None)
    given: dict[str, Any] = asks("填写内容", default_factory=dict)


class Wanted(BaseModel):
    """Filters of a list."""

    kind: str = ""
    state: str = ""
    community: str = ""
    overdue: bool | None = None
    holder: str = ""
    cursor: str = ""
    limit: Annotated[int, Field(ge=1, le=500)] = 50


@router.get("/matters", response={200: MattersPage, **REFUSALS}, summary="Matters the caller may see")
def list_matters(request: HttpRequest, wanted: Query[Wanted]) -> MattersPage:
    caller = actor(request)
    found = queries.listed(caller, _filters(wanted, caller), at=timezone.now())
    rows = list(queries.shown(after(found, wanted.cursor))[: wanted.limit + 1])
    more = len(rows) > wanted.limit
    rows = rows[: wanted.limit]
    return MattersPage(items=[tell_line(row) for row in rows], next=cursor_behind(rows[-1]) if more else None)


@router.get("/matters/{uuid:matter_id}", response={200: MatterTold, **REFUSALS}, summary="One matter")
def get_matter(request: HttpRequest, matter_id: UUID) -> MatterTold:
    caller = actor(request)
    return told(queries.one(caller, matter_id), caller)


@router.post(
    "/matters/{uuid:matter_id}/acts/{act}", response={200: MatterTold, **REFUSALS}, summary="Do one act"
)
def post_act(request: HttpRequest, matter_id: UUID, act: str, payload: ActGiven) -> MatterTold:
    caller = actor(request)
    done = perform(
        matter_id=matter_id,
        act=act,
        given=payload.given,
        by=caller,
        at=timezone.now(),
        observed_at=payload.observed_at,
        key=payload.key,
    )
    return told(done.matter, caller)


def told(matter: Matter, caller: Actor, *, fresh: Performed | None = None) -> MatterTold:
    """The whole matter, with the communities its address might mean, if it was not placed."""
    might = Community.objects.filter(pk__in=matter.candidates) if matter.candidates else []
    return tell(matter, caller, [CommunityTold(code=c.code, name=c.name) for c in might], fresh=fresh)


def told_raised(taken: Performed, caller: Actor) -> MatterTold:
    """The answer to an intake: the new matter as it was written, or the one that was there, read anew."""
    if taken.repeated:
        return told(queries.one(caller, taken.matter.pk), caller)
    return told(taken.matter, caller, fresh=taken)


def _filters(wanted: Wanted, caller: Actor) -> queries.Filters:
    if wanted.state and wanted.state not in LoopState.values:
        raise BadInput.at("state", "应为 " + "、".join(LoopState.values))
    if wanted.kind:
        kind_of(wanted.kind)
    return queries.Filters(
        kind=wanted.kind,
        state=wanted.state,
        community=_storable("community", wanted.community),
        overdue=wanted.overdue,
        holder=_holder(wanted.holder, caller),
    )


def _holder(text: str, caller: Actor) -> UUID | None:
    if text in ("", "me"):
        return caller.person_id if text else None
    try:
        return UUID(text)
    except ValueError:
        raise BadInput.at("holder", "应为 me 或人员编号") from None


def _storable(field: str, text: str) -> str:
    if "\x00" in text:
        raise BadInput.at(field, "含有无法查询的字符")
    return text
