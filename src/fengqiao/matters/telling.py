"""A matter as it is told to whoever may see it: the shape the API, the phone and the streams share.

No words about a person are in it; those are opened one by one, with a reason, and logged.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from fengqiao.kit.inputs import json_schema
from fengqiao.matters.commands.recording import Performed
from fengqiao.matters.models import Clock, Event, Matter
from fengqiao.matters.queries import allowed_acts, number, timeline
from fengqiao.matters.registry import Act, Kind, kind
from fengqiao.matters.waits import opens_at
from fengqiao.people.actors import Actor


class CommunityTold(BaseModel):
    code: str
    name: str


class PlaceTold(BaseModel):
    id: UUID
    name: str
    address: str


class HolderTold(BaseModel):
    id: UUID
    name: str


class ClockTold(BaseModel):
    name: str
    says: str
    due_at: datetime
    stopped_at: datetime | None
    fired_at: datetime | None
    why: str


class EventTold(BaseModel):
    id: int
    act: str
    says: str
    by: str | None
    observed_at: datetime
    recorded_at: datetime
    standing: Literal["done", "question", "settled"]
    reason: str = ""


class ActTold(BaseModel):
    """`not_before`: from when on it may be done, where it has to wait."""

    name: str
    says: str
    asks: dict[str, Any]
    not_before: datetime | None = None


class LineTold(BaseModel):
    """One row of a list."""

    id: UUID
    number: str
    kind: str
    state: str
    stage: str
    stage_says: str
    outcome: str | None
    level: str | None
    title: str
    community: CommunityTold | None
    candidates: list[CommunityTold] = []
    place: PlaceTold | None
    holder: HolderTold | None
    raised_at: datetime
    closed_at: datetime | None
    version: int
    clocks: list[ClockTold]


class MatterTold(LineTold):
    """The whole of it, with what the caller may do next."""

    events: list[EventTold]
    acts: list[ActTold]


def tell_line(matter: Matter) -> LineTold:
    """One matter read with `queries.shown`."""
    return LineTold(**_line(matter, matter.clocks.all()))


def tell(
    matter: Matter,
    actor: Actor,
    candidates: list[CommunityTold] | None = None,
    *,
    fresh: Performed | None = None,
) -> MatterTold:
    """The whole matter, as this actor sees it; one that this actor just raised need not be read again."""
    page = kind(matter.kind)
    clocks = sorted(
        matter.clocks.all() if fresh is None else fresh.clocks, key=lambda clock: (clock.due_at, clock.pk)
    )
    events = timeline(matter) if fresh is None else [fresh.event]
    return MatterTold(
        **_line(matter, clocks) | {"candidates": candidates or []},
        events=[_event(event, page, actor) for event in events],
        acts=[tell_act(act, opens_at(matter, page, act)) for act in allowed_acts(matter, actor)],
    )


def _line(matter: Matter, clocks: Iterable[Clock]) -> dict[str, Any]:
    page = kind(matter.kind)
    community, premises, holder = matter.community, matter.premises, matter.holder
    return {
        "id": matter.pk,
        "number": number(matter),
        "kind": matter.kind,
        "state": matter.state,
        "stage": matter.stage,
        "stage_says": page.stage(matter.stage).says,
        "outcome": matter.outcome or None,
        "level": matter.level or None,
        "title": matter.title,
        "community": CommunityTold(code=community.code, name=community.name) if community else None,
        "place": PlaceTold(id=premises.pk, name=premises.name, address=premises.address)
        if premises
        else None,
        "holder": HolderTold(id=holder.pk, name=holder.name) if holder else None,
        "raised_at": matter.raised_at,
        "closed_at": matter.closed_at,
        "version": matter.version,
        "clocks": [_clock(clock, page) for clock in clocks],
    }


def _clock(clock: Clock, page: Kind) -> ClockTold:
    return ClockTold(
        name=clock.name,
        says=page.act_says(f"clock:{clock.name}"),
        due_at=clock.due_at,
        stopped_at=clock.stopped_at,
        fired_at=clock.fired_at,
        why=clock.why,
    )


def _event(event: Event, page: Kind, actor: Actor) -> EventTold:
    own = event.by_id is not None and event.by_id == actor.person_id
    return EventTold(
        id=event.pk,
        act=event.act,
        says=page.act_says(event.act),
        by=actor.name if own else event.by.name if event.by else None,
        observed_at=event.observed_at,
        recorded_at=event.recorded_at,
        standing=getattr(event, "stands", event.standing),
        reason=event.reason,
    )


def tell_act(act: Act, not_before: datetime | None) -> ActTold:
    return ActTold(name=act.name, says=act.says, asks=json_schema(act.asks), not_before=not_before)
