"""What stands around a slice and seldom changes: who one is, the team, the communities, checklists, cards and forms."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pydantic import BaseModel

from fengqiao.checks.queries import lists_in_force
from fengqiao.field.asked import asked_in
from fengqiao.field.cards import Card, cards
from fengqiao.ground.models import PremisesKind
from fengqiao.ground.outlines import Ring, outline
from fengqiao.ground.queries import communities_seen
from fengqiao.kit.ids import digest
from fengqiao.matters.registry import Act, Kind, kinds
from fengqiao.people.actors import Actor
from fengqiao.people.charge import field_staff, police


class Named(BaseModel):
    id: str
    name: str


class Beat(Named):
    """`outline`: its outer rings, (lon, lat)."""

    outline: list[Ring] = []


class Frame(BaseModel):
    """`scope` is the same for the same posts in the same language, and for no others. `language`: in which everything
    is told; whoever chooses another gets everything anew."""

    me: Named
    language: str
    scope: str
    people: list[Named]
    police: list[Named]
    communities: list[Beat]
    checklists: list[Named]
    place_kinds: dict[str, str]
    cards: list[Card]


class ActCut(BaseModel):
    """`to`: the stage it leads to; several where the answers decide; none where the stage stays. `stays`: stages it
    leaves as they are all the same."""

    name: str
    says: str
    hint: str
    icon: str
    grave: bool
    from_stages: list[str]
    to: list[str]
    stays: list[str]
    levels: list[str]
    asks: dict[str, Any]


class KindCut(BaseModel):
    """`weights`: of its levels, for the order the phone lists by. `sources`: the registers of its own which its
    intake chooses from."""

    kind: str
    says: str
    stages: dict[str, str]
    closed: list[str]
    levels: dict[str, str]
    weights: dict[str, int]
    intake: dict[str, Any] | None
    sources: dict[str, list[Named]]
    acts: list[ActCut]


def frame_of(actor: Actor, *, day: date) -> Frame:
    language = get_language() or "zh-hans"
    posts = sorted((str(role), community or 0) for role, community in actor.posts)
    return Frame(
        me=Named(id=str(actor.person_id), name=actor.name),
        language=language,
        scope=digest([str(actor.person_id), posts, language])[:12],
        people=[Named(id=str(one.pk), name=one.name) for one in field_staff(day=day)],
        police=[Named(id=str(one.pk), name=one.name) for one in police(day=day)],
        communities=[
            Beat(id=one.code, name=one.name, outline=outline(one.boundary))
            for one in communities_seen(actor, "boundary")
        ],
        checklists=[Named(id=slug, name=name) for slug, name in lists_in_force()],
        place_kinds={value: str(says) for value, says in PremisesKind.choices},
        cards=cards(),
    )


def catalogue_of(actor: Actor) -> list[KindCut]:
    """Every kind's acts that a role of this person may do, with what each asks."""
    return [_kind(page, actor.roles) for page in kinds()]


def mark(frame: Frame, catalogue: list[KindCut]) -> str:
    """The same for the same content: a phone that has it is not sent it again."""
    return digest([frame.model_dump(), [page.model_dump() for page in catalogue]])[:12]


def _kind(page: Kind, roles: frozenset[Any]) -> KindCut:
    return KindCut(
        kind=page.slug,
        says=_(page.says),
        stages={stage.slug: _(stage.says) for stage in page.stages},
        closed=[stage.slug for stage in page.stages if stage.state == "closed"],
        levels={level.slug: _(level.says) for level in page.levels},
        weights={level.slug: level.weight for level in page.levels if level.weight},
        intake=asked_in(page.intake, get_language()) if roles & frozenset(page.raised_by) else None,
        sources={
            name: [Named(id=value, name=_(says)) for value, says in choices()]
            for name, choices in page.sources.items()
        },
        acts=[_act(act, page) for act in page.acts if roles & frozenset(act.by)],
    )


def _act(act: Act, page: Kind) -> ActCut:
    # `anywhere` means while it is open; a closed stage must be named.
    open_stages = [stage.slug for stage in page.stages if stage.state != "closed"]
    return ActCut(
        name=act.name,
        says=_(act.says),
        hint=_(act.hint) if act.hint else "",
        icon=act.icon,
        grave=act.grave,
        from_stages=[
            *(open_stages if act.anywhere else ()),
            *(s for s in act.from_ if not act.anywhere or s not in open_stages),
        ],
        to=list(act.to),
        stays=list(act.stays),
        levels=list(act.levels),
        asks=asked_in(act.asks, get_language()),
    )
