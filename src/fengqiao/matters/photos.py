"""Photos of matters: who may see one, and the look that is written when it is opened large."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse

from fengqiao.evidence import queries
from fengqiao.evidence.models import Photo
from fengqiao.kit.documents import Document, Jpeg
from fengqiao.kit.photos import photo_ids
from fengqiao.kit.problems import NotFound
from fengqiao.matters.looks import on_task
from fengqiao.matters.models import Event, Matter
from fengqiao.matters.registry import RAISE, kind
from fengqiao.people.actors import Actor
from fengqiao.people.models import Look

LOOKED = "photos"
ONE_LOOK = timedelta(hours=1)  # paging through a matter's pictures is one look, not twelve


def picture(*, photo_id: UUID, by: Actor, at: datetime, thumb: bool = False) -> bytes:
    """A photo as JPEG, for whoever sees the matter it belongs to (or one raised from that); before it belongs
    to any, for whoever uploaded it. The large picture is a look. Raises NotFound, also when it has ended."""
    column = "thumb" if thumb else "image"
    photo = queries.one(photo_id, column=column)
    if photo is None or by.person_id is None:
        raise NotFound
    matter = _matter(photo, by)
    content = queries.opened(photo, column=column)
    if content is None:
        raise NotFound
    if matter is not None and not thumb:
        looked_at(matter, by, at)
    return content


def picture_of_party(matter: Matter, photo_id: UUID, *, thumb: bool = False) -> bytes:
    """A photo as JPEG for a party who came by a link: of the columns the kind's page names, or one they sent
    themselves. Raises NotFound for every other."""
    page = kind(matter.kind).party
    column = "thumb" if thumb else "image"
    photo = queries.one(photo_id, column=column)
    if photo is None or page is None:
        raise NotFound
    sent = photo.by_id is None and photo.subject == matter.pk
    content = queries.opened(photo, column=column)
    if content is None or not (sent or photo.pk in _held(matter, page.photos)):
        raise NotFound
    return content


def shown_to_party(matter: Matter) -> list[Photo]:
    """Those of the columns the kind's page names that are still there, in their order."""
    page = kind(matter.kind).party
    held = _held(matter, page.photos) if page else []
    there = queries.shown(held)
    return [there[photo_id] for photo_id in held if photo_id in there]


def on_paper(paper: Document, matter: Matter, by: Actor, at: datetime) -> Document:
    """The paper with its pictures, as far as they are still there; that they are seen is a look."""
    photos = list(queries.several(map(UUID, paper.pictured))) if paper.pictured else []
    if not photos:
        return paper
    looked_at(matter, by, at)
    return replace(
        paper, photos={str(one.pk): Jpeg(content, one.width, one.height) for one, content in photos}
    )


def last_of(matter: Matter, columns: Iterable[str]) -> dict[str, Photo]:
    """The last photo of each column that still has one."""
    held = {column: _held(matter, [column]) for column in columns}
    there = queries.shown(photo_id for ids in held.values() for photo_id in ids)
    found = {column: [there[one] for one in ids if one in there] for column, ids in held.items()}
    return {column: photos[-1] for column, photos in found.items() if photos}


def last_ids(wanted: Mapping[Matter, Collection[str]]) -> dict[UUID, dict[str, UUID]]:
    """Of several matters and their columns: by matter the last photo of each that still has one. One query a kind,
    and one for all photos."""
    held: dict[UUID, dict[str, list[UUID]]] = {}
    for slug in {matter.kind for matter in wanted}:
        columns = {matter.pk: names for matter, names in wanted.items() if matter.kind == slug}
        named = sorted(set().union(*columns.values()))
        for row in kind(slug).detail._default_manager.filter(pk__in=columns).values("pk", *named):
            held[row["pk"]] = {name: [UUID(str(one)) for one in row[name]] for name in columns[row["pk"]]}
    there = queries.shown(one for columns in held.values() for ids in columns.values() for one in ids)
    found = {
        pk: {
            name: left[-1] for name, ids in columns.items() if (left := [one for one in ids if one in there])
        }
        for pk, columns in held.items()
    }
    return {pk: columns for pk, columns in found.items() if columns}


def _held(matter: Matter, columns: Iterable[str]) -> list[UUID]:
    """The ids that stand in columns of the detail."""
    names = list(columns)
    if not names:
        return []
    row = kind(matter.kind).detail._default_manager.filter(pk=matter.pk).values(*names).get()
    return [UUID(str(one)) for name in names for one in row[name]]


def _matter(photo: Photo, by: Actor) -> Matter | None:
    """None while it belongs to none and is this person's own."""
    if photo.subject is None:
        if photo.by_id == by.person_id:
            return None
        raise NotFound
    found = Matter.objects.seen_by(by).filter(Q(pk=photo.subject) | Q(parent_id=photo.subject)).first()
    if found is None:
        raise NotFound
    return found


def looked_at(matter: Matter, by: Actor, at: datetime) -> None:
    """Write down that pictures of the matter were seen large, once an hour."""
    assert by.person_id is not None
    lately = Look.objects.filter(
        person_id=by.person_id, subject=matter.pk, columns=LOOKED, at__gt=at - ONE_LOOK
    )
    if not lately.exists():
        task = on_task(matter, by)
        Look.objects.create(
            station_id=by.station_id,
            person_id=by.person_id,
            role=by.main_role,
            subject=matter.pk,
            columns=LOOKED,
            reason="" if task else "查看照片",
            task=task,
        )


def of_events(events: list[Event], matter: Matter) -> dict[int, list[Photo]]:
    """The photos each event of a matter named, by the event's id; those that have ended are left out."""
    named = {event.pk: _named(event, matter) for event in events}
    there = queries.shown(photo_id for ids in named.values() for photo_id in ids)
    return {pk: [there[photo_id] for photo_id in ids if photo_id in there] for pk, ids in named.items()}


def _named(event: Event, matter: Matter) -> list[UUID]:
    page = kind(matter.kind)
    if event.act == RAISE:
        asks = page.intake
    elif page.has_act(event.act):
        asks = page.act(event.act).asks
    else:
        return []
    return [photo_id for _field, photo_id in photo_ids(asks, event.given)]


def as_answer(content: bytes, photo_id: UUID) -> HttpResponse:
    """The picture over the wire: a JPEG of our own drawing, kept by no cache, opened as nothing else."""
    return HttpResponse(
        content,
        content_type="image/jpeg",
        headers={
            "Content-Disposition": f'inline; filename="{photo_id}.jpg"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
