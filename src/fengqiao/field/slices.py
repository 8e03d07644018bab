"""The slice of a beat one phone needs: places, open matters, and the catalogue of acts with their forms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import BaseModel

from fengqiao.ground.models import Premises
from fengqiao.kit.inputs import json_schema
from fengqiao.matters import queries
from fengqiao.matters.models import Matter
from fengqiao.matters.queries import Cursor
from fengqiao.matters.registry import Kind, kinds
from fengqiao.matters.telling import LineTold, tell_line
from fengqiao.people.actors import Actor

MOST_PLACES = 5000
MOST_MATTERS = 500


class PlaceCut(BaseModel):
    id: UUID
    number: str
    kind: str
    name: str
    address: str
    community: str
    lon: float | None
    lat: float | None


class ActCut(BaseModel):
    name: str
    says: str
    from_stages: list[str]
    asks: dict[str, Any]


class KindCut(BaseModel):
    kind: str
    says: str
    stages: dict[str, str]
    intake: dict[str, Any] | None
    acts: list[ActCut]


class Slice(BaseModel):
    """`matters` holds what changed since the cursor, closed ones too, so that the phone can drop them."""

    cursor: str
    whole: bool
    places: list[PlaceCut]
    matters: list[LineTold]
    catalogue: list[KindCut]


def cut(actor: Actor, *, cursor: str) -> Slice:
    """The whole slice without a cursor; with one, what changed since."""
    if not cursor:
        reached = queries.end_of_tail()
        mine = queries.burning_first(queries.shown(Matter.objects.seen_by(actor).open()))[:MOST_MATTERS]
        return Slice(
            cursor=str(reached),
            whole=True,
            places=_places(actor),
            matters=[tell_line(matter) for matter in mine],
            catalogue=[_kind(page, actor) for page in kinds()],
        )
    rows, reached = queries.tail(Cursor.read(cursor))
    changed = {row["matter_id"] for row in rows}
    seen = queries.shown(Matter.objects.seen_by(actor).filter(pk__in=changed))
    return Slice(
        cursor=str(reached), whole=False, places=[], matters=[tell_line(m) for m in seen], catalogue=[]
    )


def _places(actor: Actor) -> list[PlaceCut]:
    found = Premises.objects.seen_by(actor).filter(voided_at=None).select_related("community")[:MOST_PLACES]
    return [
        PlaceCut(
            id=place.pk,
            number=place.number,
            kind=place.kind,
            name=place.name,
            address=place.address,
            community=place.community.code,
            lon=place.lon,
            lat=place.lat,
        )
        for place in found
    ]


def _kind(page: Kind, actor: Actor) -> KindCut:
    roles = actor.roles
    return KindCut(
        kind=page.slug,
        says=page.says,
        stages={stage.slug: stage.says for stage in page.stages},
        intake=json_schema(page.intake) if roles & frozenset(page.raised_by) else None,
        acts=[
            ActCut(
                name=act.name,
                says=act.says,
                from_stages=[stage.slug for stage in page.stages] if act.anywhere else list(act.from_),
                asks=json_schema(act.asks),
            )
            for act in page.acts
            if roles & frozenset(act.by)
        ],
    )
