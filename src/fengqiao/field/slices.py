"""The slice of a beat one phone needs: all of it at first, what burns before the rest, and then only what changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import BaseModel

from fengqiao.field.cursors import Part, PhoneCursor, look_back
from fengqiao.field.frames import Frame, KindCut, catalogue_of, frame_of, mark
from fengqiao.field.ghosts import ghosts_of
from fengqiao.field.sheets import SheetAsked, sheets_of
from fengqiao.ground.models import Premises
from fengqiao.ground.queries import changed_since
from fengqiao.ground.seeing import PremisesQuerySet
from fengqiao.kit.problems import Problem
from fengqiao.matters import queries
from fengqiao.matters.clocks import why_told
from fengqiao.matters.commands.performing import check_right
from fengqiao.matters.knocks import over_at
from fengqiao.matters.models import Matter
from fengqiao.matters.ordering import BurningFirst
from fengqiao.matters.registry import RAISE, Act, kind
from fengqiao.matters.telling import LineTold, tell_line
from fengqiao.people.actors import Actor

MOST_PLACES = 5000
MOST_MATTERS = 500
MOST_CHANGES = 500
# Places in one answer: some 40 KB, within half a minute on the slowest line.
PLACES_A_PART = 400


class PlaceCut(BaseModel):
    """What one needs at the door; names and telephones of its people are not on the phone."""

    id: UUID
    number: str
    kind: str
    name: str
    address: str
    plate: str
    community: str
    rooms: int | None
    lon: float | None
    lat: float | None


class MatterCut(LineTold):
    """`may_not`: acts of its kind that this person may not do on this one, or that nothing asks for, whatever the stage.
    `sheets`: by act, the checklist it asks and what is known of its answers.
    `ghosts`: by the name a photo question gives (`x-ghost`), the earlier photo its own is taken over."""

    may_not: list[str] = []
    sheets: dict[str, SheetAsked] = {}
    ghosts: dict[str, UUID] = {}


class QuestionCut(BaseModel):
    """An act of this person that waits for somebody to settle it."""

    key: str
    matter: UUID
    reason: str


class LeftOut(BaseModel):
    """What there is beyond what a phone holds."""

    matters: int
    places: int


class Slice(BaseModel):
    """A whole slice begins with frame, matters and the places of these; the rest of the register follows part by
    part, by the cursor. `left_out` comes with its first answer.

    `matters` holds what changed since the cursor, closed ones too; `gone` what is no longer this person's
    to see, `gone_places` what left the register or the beat: the phone drops these. `frame` and `catalogue`
    come whole when anything in them changed. `over`, always whole: the places with something open where one knock
    more by this person needs a written reason, with the number a month may have without. `more`: ask again at once.
    """

    cursor: str
    now: datetime
    whole: bool
    more: bool = False
    frame: Frame | None = None
    catalogue: list[KindCut] = []
    sheets: dict[str, list[dict[str, Any]]] = {}
    places: list[PlaceCut] = []
    gone_places: list[UUID] = []
    matters: list[MatterCut] = []
    gone: list[UUID] = []
    over: dict[UUID, int] = {}
    questions: list[QuestionCut] = []
    left_out: LeftOut | None = None


def cut(actor: Actor, *, cursor: str, at: datetime) -> Slice:
    """The whole slice without a cursor, or where this person's posts are not those of the cursor; otherwise
    what changed since. Raises BadInput for a cursor this program did not give."""
    frame, catalogue = frame_of(actor, day=timezone.localdate(at)), catalogue_of(actor)
    since = PhoneCursor.read(cursor) if cursor else None
    marked = mark(frame, catalogue)
    if since is None or since.scope != frame.scope or _too_many(since):
        return _whole(actor, frame, catalogue, marked, at)
    found = _changes(actor, since, marked, at)
    if since.frame != marked:
        found.frame, found.catalogue = frame, catalogue
    return found


def _too_many(since: PhoneCursor) -> bool:
    """A register imported anew is told whole rather than place by place."""
    return len(changed_since(since.places, limit=MOST_CHANGES + 1)) > MOST_CHANGES


def _whole(actor: Actor, frame: Frame, catalogue: list[KindCut], marked: str, at: datetime) -> Slice:
    # Both cursors are read before what they stand for: what comes between is told twice, never skipped.
    reached, looked = queries.end_of_tail(), look_back()
    mine = Matter.objects.seen_by(actor).open()
    told, sheets = _matters(BurningFirst(queries.shown(mine), at=at)[:MOST_MATTERS], actor)
    standing = _standing(actor)
    doors = [matter.place.id for matter in told if matter.place]
    first = [_place(place) for place in standing.filter(pk__in=doors)[:PLACES_A_PART]]
    places, part = _part(standing, Part(), PLACES_A_PART - len(first))
    return Slice(
        cursor=str(PhoneCursor(reached, looked, frame.scope, marked, part)),
        now=at,
        whole=True,
        more=part is not None,
        frame=frame,
        catalogue=catalogue,
        sheets=sheets,
        places=[*first, *places],
        matters=told,
        over=_over(actor, at),
        questions=_questions(actor),
        left_out=LeftOut(
            matters=max(0, mine.count() - MOST_MATTERS), places=max(0, standing.count() - MOST_PLACES)
        ),
    )


def _standing(actor: Actor) -> PremisesQuerySet:
    found: PremisesQuerySet = Premises.objects.seen_by(actor).standing().select_related("community")
    return found


def _part(standing: PremisesQuerySet, part: Part, most: int) -> tuple[list[PlaceCut], Part | None]:
    """The next places by id, and what is left to tell, if anything."""
    most = min(most, MOST_PLACES - part.told)
    found = list(standing.filter(pk__gt=part.after).order_by("pk")[: most + 1])
    told = [_place(place) for place in found[:most]]
    reached = Part(told[-1].id if told else part.after, part.told + len(told))
    return told, reached if len(found) > most and reached.told < MOST_PLACES else None


def _changes(actor: Actor, since: PhoneCursor, marked: str, at: datetime) -> Slice:
    rows, reached = queries.tail(since.events, limit=MOST_CHANGES)
    changed = {row["matter_id"] for row in rows}
    # Raised since and not seen: it never was on the phone, and nobody is told that it exists.
    fresh = {row["matter_id"] for row in rows if row["act"] == RAISE}
    seen = queries.shown(Matter.objects.seen_by(actor).filter(pk__in=changed))
    told, sheets = _matters(list(seen), actor)
    looked, places, gone_places, part = _places_since(actor, since)
    return Slice(
        cursor=str(PhoneCursor(reached, looked, since.scope, marked, part)),
        now=at,
        whole=False,
        more=since.part is not None or len(rows) == MOST_CHANGES,
        sheets=sheets,
        places=places,
        gone_places=gone_places,
        matters=told,
        gone=sorted(changed - fresh - {matter.id for matter in told}),
        over=_over(actor, at),
        questions=_questions(actor),
    )


def _places_since(
    actor: Actor, since: PhoneCursor
) -> tuple[datetime, list[PlaceCut], list[UUID], Part | None]:
    """The next part of the register, the mark of its beginning kept; after the last part what changed since then."""
    if since.part is not None:
        places, part = _part(_standing(actor), since.part, PLACES_A_PART)
        return since.places, places, [], part
    looked = look_back()
    places, gone_places = _changed_places(actor, since.places)
    return looked, places, gone_places, None


def _changed_places(actor: Actor, since: datetime) -> tuple[list[PlaceCut], list[UUID]]:
    """Those changed that stand in the beat, and the ids of those that left register or beat since."""
    changed = changed_since(since, limit=MOST_CHANGES)
    places = [_place(place) for place in _standing(actor).filter(pk__in=changed)] if changed else []
    return places, sorted(changed - {place.id for place in places})


def _matters(found: list[Matter], actor: Actor) -> tuple[list[MatterCut], dict[str, list[dict[str, Any]]]]:
    sheets: dict[str, list[dict[str, Any]]] = {}
    told = []
    before = ghosts_of(found, actor)
    for matter in found:
        acts = kind(matter.kind).acts
        asked, asking = sheets_of(matter, acts)
        sheets |= asking
        barred = [act.name for act in acts if not _may(act, matter, actor)]
        earlier = before.get(matter.pk, {})
        told.append(MatterCut(**dict(_line(matter)), may_not=barred, sheets=asked, ghosts=earlier))
    return told, sheets


def _line(matter: Matter) -> LineTold:
    """As everybody is told it, its declared words in the reader's language."""
    told = tell_line(matter)
    clocks = [
        one.model_copy(update={"says": _(one.says), "why": why_told(clock, matter)})
        for one, clock in zip(told.clocks, matter.clocks.all(), strict=True)
    ]
    return told.model_copy(update={"stage_says": _(told.stage_says), "clocks": clocks})


def _may(act: Act, matter: Matter, actor: Actor) -> bool:
    # An act no role of this person can do is not in their catalogue to begin with.
    if not actor.roles & frozenset(act.by):
        return True
    # Where it stands the phone knows; whether an act that may come anywhere is asked for, it does not.
    if act.anywhere and act.when is not None and not act.when(matter):
        return False
    try:
        check_right(act, matter, actor)
    except Problem:
        return False
    return True


def _over(actor: Actor, at: datetime) -> dict[UUID, int]:
    doors = Matter.objects.seen_by(actor).open().exclude(premises=None).order_by()
    return over_at(set(doors.values_list("premises_id", flat=True).distinct()), by=actor, at=at)


def _questions(actor: Actor) -> list[QuestionCut]:
    return [
        QuestionCut(key=key, matter=matter, reason=reason)
        for key, matter, reason in queries.own_questions(actor)
    ]


def _place(place: Any) -> PlaceCut:
    return PlaceCut(
        id=place.pk,
        number=place.number,
        kind=place.kind,
        name=place.name,
        address=place.address,
        plate=place.door_plate,
        community=place.community.code,
        rooms=place.rooms,
        lon=None if place.lon is None else round(place.lon, 6),
        lat=None if place.lat is None else round(place.lat, 6),
    )
