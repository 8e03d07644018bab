"""hand_in: what one visit carried, act by act. Nothing in it can sink the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import connection, transaction

from fengqiao.ground.models import Premises
from fengqiao.kit.inputs import Input, asks, validate
from fengqiao.kit.problems import BadInput, KeyReused, Problem
from fengqiao.matters.commands.late import perform_late
from fengqiao.matters.commands.performing import vault_of
from fengqiao.matters.commands.raising import raise_matter
from fengqiao.matters.commands.recording import SKEW, Performed, call, known, noted, record
from fengqiao.matters.models import Matter, Visit
from fengqiao.matters.registry import kind
from fengqiao.matters.states import Standing
from fengqiao.matters.visit_points import Point, seal_point
from fengqiao.people.actors import Actor
from fengqiao.people.models import Person
from fengqiao.store.scope import require_transaction
from fengqiao.store.vault import fingerprint, fingerprints

Result = Literal["done", "repeated", "question", "refused"]


class CarriedAct(Input):
    """One act a visit carried: on a matter that is there, or (`raise`) on a new one."""

    key: str = asks("编号", min_length=1, max_length=100)
    act: str = asks("操作", default="", max_length=60)
    matter: UUID | None = asks("事项", default=None)
    raise_kind: str = asks("新事项类别", default="", max_length=40)
    raise_given: dict[str, Any] = asks("新事项内容", default_factory=dict)
    given: dict[str, Any] = asks("填写内容", default_factory=dict)
    base: int | None = asks("所依据的版本", default=None, ge=0, le=2**31 - 1)


class Carried(Input):
    """One visit as it is handed in."""

    id: UUID = asks("走访编号")
    place: UUID | None = asks("场所", default=None)
    observed_at: datetime = asks("时间")
    point: Point | None = asks("到场位置", default=None)
    team: list[UUID] = asks("同行人员", default_factory=list, max_length=20)
    late_because: str = asks("补报原因", default="", max_length=200)
    acts: list[CarriedAct] = asks("办理内容", max_length=100)


@dataclass(frozen=True, slots=True)
class ActResult:
    key: str
    result: Result
    matter_id: UUID | None = None
    problem: Problem | None = None


@dataclass(slots=True)
class HandedIn:
    visit: Visit
    repeated: bool
    acts: list[ActResult] = field(default_factory=list)


def hand_in(*, carried: Carried, by: Actor, at: datetime, served: Actor | None = None) -> HandedIn:
    """Take one visit in. The visit is kept even where an act in it is refused; a repeat changes nothing.

    `served`: the same person with the posts they made it under, where they hold none any more. New matters are
    taken in as theirs; acts on what is there wait as questions, as all that changed hands.

    Raises KeyReused when the visit's id was used for other content, BadInput for an unknown place or
    companion or a time to come.
    """
    require_transaction()
    visit, repeated = _visit(carried, by, at)
    handed = HandedIn(visit, repeated)
    handed.acts = [_take(act, carried, visit, by, at, served or by) for act in carried.acts]
    if carried.late_because:
        reached = (act.matter_id for act in handed.acts if act.matter_id and act.result != "refused")
        for matter_id in dict.fromkeys(reached):
            _say_why_late(matter_id, carried, visit, by, at)
    return handed


def _say_why_late(matter_id: UUID, carried: Carried, visit: Visit, by: Actor, at: datetime) -> None:
    """Why it is told after it was done, in the timeline of each matter, closed and new ones too: words beside the
    acts, which move nothing."""
    matter = Matter.objects.select_related("vault").get(pk=matter_id)
    given = {"note": f"补报，实际时间早于填报：{carried.late_because}"}
    heard = call(
        by=by,
        at=at,
        observed_at=carried.observed_at,
        key=f"{visit.pk}:late:{matter_id}",
        content=given,
        visit=visit,
    )
    if known(heard) is None:
        asked = validate(kind(matter.kind).act("note").asks, given)
        record(noted(matter=matter, vault=vault_of(matter), act="note", call=heard, given=asked))


def _visit(carried: Carried, by: Actor, at: datetime) -> tuple[Visit, bool]:
    if by.person_id is None:
        raise BadInput.at("with", "走访须有人员")
    if carried.observed_at.tzinfo is None:
        raise BadInput.at("observed_at", "时间须带时区，如 2022-05-10T10:02:00+08:00")
    if carried.observed_at > at + SKEW:
        raise BadInput.at("observed_at", "发生时间不能晚于现在")
    content = _content(carried)
    _one_at_a_time(carried.id, by.station_id)
    before = Visit.objects.filter(pk=carried.id).first()
    if before is not None:
        if before.digest not in fingerprints(content):
            raise KeyReused("这个走访编号已用于不同的内容，未作任何改动")
        return before, True
    if carried.place and not Premises.objects.filter(pk=carried.place).exists():
        raise BadInput.at("place", "没有这个场所")
    if Person.objects.filter(pk__in=carried.team).count() != len(set(carried.team)):
        raise BadInput.at("with", "同行人员不在本所")
    visit = Visit(
        id=carried.id,
        station_id=by.station_id,
        premises_id=carried.place,
        by_id=by.person_id,
        team=carried.team,
        observed_at=carried.observed_at,
        digest=fingerprint(content),
    )
    seal_point(visit, carried.point)
    visit.save(force_insert=True)
    return visit, False


def _content(carried: Carried) -> dict[str, Any]:
    """What makes a repeat the same. Without a point or a reason as before there were any: a phone may still
    repeat what it sent an older server."""
    content = carried.model_dump(mode="json")
    return {k: v for k, v in content.items() if v or k not in ("point", "late_because")}


def _one_at_a_time(visit_id: UUID, station_id: int) -> None:
    """Two tabs send one visit at once: the second waits here and finds what the first left."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [str(visit_id), station_id])


def _take(
    act: CarriedAct, carried: Carried, visit: Visit, by: Actor, at: datetime, served: Actor
) -> ActResult:
    try:
        # Each act in its own savepoint: what one of them breaks leaves the others standing.
        with transaction.atomic():
            performed = _do(act, carried.observed_at, visit, by, at, served)
    except Problem as problem:
        return ActResult(act.key, "refused", act.matter, problem)
    return ActResult(act.key, _result(performed), performed.matter.pk)


def _do(
    act: CarriedAct, observed_at: datetime, visit: Visit, by: Actor, at: datetime, served: Actor
) -> Performed:
    when: Mapping[str, Any] = {"at": at, "observed_at": observed_at, "key": act.key, "visit": visit}
    if act.raise_kind:
        return raise_matter(kind_slug=act.raise_kind, given=act.raise_given, by=served, **when)
    if act.matter is None:
        raise BadInput.at("matter", "须指明事项，或登记新事项")
    return perform_late(matter_id=act.matter, act=act.act, given=act.given, base=act.base, by=by, **when)


def _result(performed: Performed) -> Result:
    if performed.repeated:
        return "repeated"
    return "question" if performed.event.standing == Standing.QUESTION else "done"
