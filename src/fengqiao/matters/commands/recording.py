"""What writing an event takes, whoever writes it: the key known or not, the answers parted, the row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from fengqiao.kit.ids import canonical
from fengqiao.kit.inputs import Input, personal_fields
from fengqiao.kit.problems import BadInput, KeyReused
from fengqiao.matters.models import Clock, Event, Matter, Visit
from fengqiao.matters.states import Standing
from fengqiao.people.actors import Actor
from fengqiao.store.inserting import insert
from fengqiao.store.secrets import Secret
from fengqiao.store.vault import Key, fingerprint, fingerprints

# A device may run this far ahead of the server before its time is called a future one.
SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Call:
    """One act as it arrived: who, when it was observed, when the server heard of it, under which key.

    `digest` is written; `digests` are what an equal act may have been written with before.
    """

    by: Actor
    at: datetime
    observed_at: datetime
    key: str
    digest: str
    digests: frozenset[str]
    visit: Visit | None = None


@dataclass(frozen=True, slots=True)
class Performed:
    """What an act or an intake left. `repeated`: this key had done it before; nothing was written now.

    `clocks`: those a new matter set running.
    """

    matter: Matter
    event: Event
    repeated: bool = False
    clocks: tuple[Clock, ...] = ()


def call(
    *,
    by: Actor,
    at: datetime,
    observed_at: datetime | None,
    key: str,
    content: Any,
    visit: Visit | None = None,
) -> Call:
    """Check the times and the key; raises BadInput."""
    if observed_at is not None and observed_at.tzinfo is None:
        raise BadInput.at("observed_at", "时间须带时区，如 2022-05-10T10:02:00+08:00")
    if observed_at is not None and observed_at > at + SKEW:
        raise BadInput.at("observed_at", "发生时间不能晚于现在")
    if not 1 <= len(key) <= 100 or "\x00" in key:
        raise BadInput.at("key", "编号须为 1 至 100 个字符")
    marked = [content, observed_at]
    return Call(
        by=by,
        at=at,
        observed_at=min(observed_at or at, at),
        key=key,
        digest=fingerprint(marked),
        digests=fingerprints(marked),
        visit=visit,
    )


def again(question: Event, *, by: Actor, at: datetime, key: str) -> Call:
    """A kept act, to be done at last: by its author, at the time it was observed."""
    marked = fingerprint([key, question.pk])
    return Call(by, at, question.observed_at, key, marked, frozenset({marked}), question.visit)


# Written out: every act and intake asks it, and hardly any is a repeat.
_OF_KEY = "SELECT id, digest FROM matters_event WHERE key = %s"


def known(call: Call) -> Event | None:
    """The event this key made before. The same key with other content raises KeyReused."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_KEY, [call.key])
        found = cursor.fetchone()
    if found is None:
        return None
    event_id, digest = found
    if digest not in call.digests:
        raise KeyReused("这个编号已用于不同的内容，未作任何改动")
    return Event.objects.get(pk=event_id)


def record(event: Event) -> Event:
    """Write an event that `noted` made."""
    insert([event])
    return event


def noted(
    *,
    matter: Matter,
    vault: Key,
    act: str,
    call: Call,
    given: Input | Mapping[str, Any],
    stage_from: str = "",
    standing: Standing = Standing.DONE,
    reason: str = "",
    keep_words: bool = True,
    settles: Event | None = None,
    settled_by: UUID | None = None,
    base: int | None = None,
) -> Event:
    """The event, not yet written; words about a person are sealed under the matter's key."""
    plain, spoken = _parted(given)
    spoken = spoken if keep_words else {}
    words = Secret.of(canonical(spoken).decode()) if spoken else Secret()
    words.seal(vault, "words")
    return Event(
        station_id=matter.station_id,
        matter=matter,
        act=act,
        by_id=call.by.person_id,
        role=call.by.main_role,
        observed_at=call.observed_at,
        key=call.key,
        digest=call.digest,
        standing=standing,
        reason=reason,
        stage_from=stage_from,
        stage_to=matter.stage,
        version=matter.version,
        given=plain,
        words=words,
        visit=call.visit,
        settles=settles,
        settled_by_id=settled_by,
        base=base,
    )


def _parted(given: Input | Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Plain facts and words about a person. What was not understood counts as words about a person."""
    if not isinstance(given, Input):
        return {}, dict(given)
    answers = given.model_dump(mode="json", exclude_none=True)
    personal = personal_fields(type(given))
    plain = {name: value for name, value in answers.items() if name not in personal}
    return plain, {name: value for name, value in answers.items() if name in personal}
