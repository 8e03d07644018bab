"""raise_matter: a new matter, placed, put in somebody's charge, its first clocks running."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.timezone import localtime

from fengqiao.ground.locating import Placed, locate
from fengqiao.ground.models import Community
from fengqiao.kit.ids import uuid7
from fengqiao.kit.inputs import Input, validate
from fengqiao.kit.problems import Forbidden, KeyReused, ReferenceReused
from fengqiao.matters import clocks
from fengqiao.matters.commands.attaching import attach_answered
from fengqiao.matters.commands.recording import Call, Performed, call, known, noted
from fengqiao.matters.models import Matter, Visit
from fengqiao.matters.registry import RAISE, Kind, Taking, kind
from fengqiao.matters.rules import keep_rules
from fengqiao.matters.states import LoopState
from fengqiao.people.actors import Actor
from fengqiao.people.charge import responsible
from fengqiao.people.models import Person
from fengqiao.store.inserting import insert
from fengqiao.store.scope import require_transaction
from fengqiao.store.secrets import seal_all
from fengqiao.store.vault import Key


def raise_matter(
    *,
    kind_slug: str,
    given: Mapping[str, Any] | Input,
    by: Actor,
    at: datetime,
    key: str = "",
    matter_id: UUID | None = None,
    observed_at: datetime | None = None,
    visit: Visit | None = None,
    parent: Matter | None = None,
) -> Performed:
    """Take a new matter in. Where the intake names a reference, that is the key: the same reference with
    the same content gives the matter that is there; with other content it raises ReferenceReused.

    An address that fits several communities is not guessed: the matter is kept, with the candidates.
    """
    require_transaction()
    page = kind(kind_slug)
    if not by.is_machine and not by.roles & frozenset(page.raised_by):
        raise Forbidden(f"您的岗位不能登记“{page.says}”")
    asked = validate(page.intake, given)
    keep_rules(asked, by=by)
    taking = Taking(station_id=by.station_id, by=by, at=at, parent=parent)
    detail = page.takes(taking, asked)
    heard = intake_call(
        page,
        taking,
        asked,
        key=key or f"{RAISE}:{matter_id or uuid7()}",
        observed_at=observed_at,
        visit=visit,
    )
    before = _known_under_lock(heard, reference=taking.reference)
    if before is not None:
        return before
    placed = _placed(taking, page)
    matter = _matter(page, taking, placed, heard, matter_id or uuid7(), parent)
    running = clocks.starting(matter, page, RAISE, heard.observed_at, terms=taking.terms)
    matter.burns_at = min((clock.due_at for clock in running), default=None)
    vault = _sealed(matter, detail)
    attach_answered(matter, asked, vault=vault, by=by)
    # The words about a person stand in the detail row; the event keeps the plain facts only.
    event = noted(matter=matter, vault=vault, act=RAISE, call=heard, given=asked, keep_words=False)
    insert([vault, matter, detail, event, *running])
    if page.follows:
        page.follows(matter, heard.at)
    return Performed(matter, event, clocks=tuple(running))


def intake_call(
    page: Kind,
    taking: Taking,
    asked: Input,
    *,
    key: str,
    observed_at: datetime | None = None,
    visit: Visit | None = None,
) -> Call:
    """The intake as a call: its reference is its key, where it has one."""
    return call(
        by=taking.by,
        at=taking.at,
        observed_at=taking.raised_at or observed_at,
        key=f"{page.slug}#{taking.reference}" if taking.reference else key,
        content=[page.slug, asked.model_dump(mode="json")],
        visit=visit,
    )


def _known_under_lock(heard: Call, *, reference: str) -> Performed | None:
    """Two intakes of one reference at once: the second waits here and finds the first's matter."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [heard.key, heard.by.station_id]
        )
    try:
        event = known(heard)
    except KeyReused:
        if reference:
            raise ReferenceReused(f"来文编号 {reference} 已登记，内容不同，未作任何改动") from None
        raise
    if event is None:
        return None
    return Performed(Matter.objects.get(pk=event.matter_id), event, repeated=True)


def _placed(taking: Taking, page: Kind) -> Placed:
    if page.everywhere:
        return Placed(None, (), "全所")
    placed = locate(
        station_id=taking.station_id,
        address=taking.address,
        lon=taking.lon,
        lat=taking.lat,
        code=taking.community_code,
    )
    if taking.premises_id and placed.community:
        return replace(placed, why=f"场所登记在{placed.community.name}")
    return placed


def _matter(
    page: Kind, taking: Taking, placed: Placed, heard: Call, matter_id: UUID, parent: Matter | None
) -> Matter:
    day = localtime(heard.observed_at).date()
    community = placed.community
    stage = page.stage(taking.stage) if taking.stage else page.stages[0]
    return Matter(
        id=matter_id,
        station_id=taking.station_id,
        kind=page.slug,
        state=stage.state,
        stage=stage.slug,
        level=taking.level,
        title=taking.title[:120],
        community=community,
        candidates=[candidate.pk for candidate in placed.candidates],
        placed_why=placed.why[:200],
        premises_id=taking.premises_id,
        holder=_holder(page, heard, community, day),
        parent=parent,
        reference=taking.reference,
        raised_at=heard.observed_at,
        raised_day=day,
        raised_by_id=heard.by.person_id,
        acted_by_id=heard.by.person_id if stage.state == LoopState.ACTED else None,
    )


def _holder(page: Kind, heard: Call, community: Community | None, day: date) -> Person | None:
    if page.everywhere:
        by = heard.by.person_id
        return Person.objects.filter(pk=by).first() if by else None
    return responsible(community_id=community.pk, day=day) if community else None


def _sealed(matter: Matter, detail: Any) -> Key:
    """The matter's own key, under which the words of the detail are sealed."""
    vault = Key.fresh(subject=matter.pk, station_id=matter.station_id)
    matter.vault = vault
    detail.matter, detail.station_id = matter, matter.station_id
    seal_all(detail, vault)
    return vault
