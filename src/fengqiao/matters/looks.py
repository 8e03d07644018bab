"""Looking at words about a person: masked by default, opened one record at a time, always written down.

Whoever holds the matter, serves its community, or has a hand in it while it is open looks with the matter
as the task; anybody else who may see it says why. The row of the look is in the same transaction as the answer, which is committed
before a byte of it leaves.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime

from fengqiao.kit.inputs import questions
from fengqiao.kit.problems import NotFound
from fengqiao.kit.text import mask_address, mask_name, mask_phone
from fengqiao.matters.commands.settling import SettleInput
from fengqiao.matters.models import Detail, Event, Matter
from fengqiao.matters.registry import Kind, kind
from fengqiao.people.actors import Actor
from fengqiao.people.looking import require_reason
from fengqiao.people.models import Look
from fengqiao.store.scope import require_transaction
from fengqiao.store.secrets import GONE, SecretField
from fengqiao.store.vault import Key

MASKS = {"name": mask_name, "phone": mask_phone, "address": mask_address}


@dataclass(frozen=True, slots=True)
class Opened:
    """One column's words, masked or open; `phone` ones can be dialled."""

    name: str
    says: str
    words: str
    phone: bool = False


def glimpses(matter: Matter, detail: Detail) -> list[Opened]:
    """The sealed columns as they may stand on a page: masked, or said to be destroyed."""
    return [
        Opened(field.attname, str(field.verbose_name), _masked(field, _words(detail, field, _key(matter))))
        for field in _sealed(detail)
        if getattr(detail, field.attname)
    ]


def reveal(
    *, matter: Matter, by: Actor, reason: str, at: datetime, stepped_up_at: datetime | None = None
) -> list[Opened]:
    """Open the sealed columns of a matter the actor sees. Raises BadInput and StepUpNeeded, where the matter
    is not the actor's task; `stepped_up_at` is when the second factor was last shown again."""
    require_transaction()
    if by.person_id is None:
        raise NotFound
    task = on_task(matter, by)
    said = reason.strip()[:200] if task else require_reason(reason, by=by, at=at, stepped_up_at=stepped_up_at)
    detail = kind(matter.kind).detail._default_manager.get(pk=matter.pk)
    columns = [field for field in _sealed(detail) if getattr(detail, field.attname)]
    Look.objects.create(
        station_id=by.station_id,
        person_id=by.person_id,
        role=by.main_role,
        subject=matter.pk,
        columns=",".join(field.attname for field in columns)[:200],
        reason=said,
        task=task,
    )
    key = _key(matter)
    opened = [
        Opened(f.attname, str(f.verbose_name), _words(detail, f, key), phone=f.mask == "phone")
        for f in columns
    ]
    return opened + _told(matter, key)


def _told(matter: Matter, key: Key) -> list[Opened]:
    """What was said about a person in the timeline, act by act."""
    page = kind(matter.kind)
    events = Event.objects.filter(matter=matter, words__isnull=False).order_by("observed_at", "id")
    return [
        Opened(
            f"event-{event.pk}-{name}",
            f"{localtime(event.observed_at):%m-%d %H:%M} {page.act_says(event.act)} · {says}",
            words,
        )
        for event in events
        for name, says, words in _answers(event, page, key)
    ]


def _answers(event: Event, page: Kind, key: Key) -> list[tuple[str, str, str]]:
    """(name, question, answer) of the sealed answers; a destroyed key says so."""
    opened = event.words.glimpse(key, "words")
    if opened == GONE:
        return [("words", "", GONE)]
    asked = page.act(event.act).asks if page.has_act(event.act) else SettleInput
    says = {question.name: question.says for question in questions(asked)}
    return [(name, says.get(name, name), str(value)) for name, value in json.loads(opened).items()]


def on_task(matter: Matter, by: Actor) -> bool:
    """Whether the matter itself is reason enough to look; everybody else says why.

    It is for whoever holds it, serves its community (or the station, where it is the whole station's), or has a hand
    in it while it is open: the desk that signed for an alert must be able to dial.
    """
    if matter.holder_id == by.person_id or matter.community_id in by.community_ids:
        return True
    if kind(matter.kind).everywhere and by.sees_station:
        return True
    road = [act.name for act in kind(matter.kind).acts if not act.anywhere]
    return matter.is_open and Event.objects.filter(matter=matter, by_id=by.person_id, act__in=road).exists()


def _sealed(detail: Detail) -> list[SecretField]:
    return [field for field in detail._meta.concrete_fields if isinstance(field, SecretField)]


def _words(detail: Detail, field: SecretField, key: Key) -> str:
    words: str = getattr(detail, field.attname).glimpse(key, field.attname)
    return words


def _masked(field: SecretField, words: str) -> str:
    if words == GONE:
        return words
    mask = MASKS.get(field.mask)
    return mask(words) if mask else "●●●"


def _key(matter: Matter) -> Key:
    assert matter.vault is not None
    return matter.vault
