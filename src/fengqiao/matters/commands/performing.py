"""perform: one act on one matter, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fengqiao.kit.inputs import Input, validate
from fengqiao.kit.problems import Forbidden, NotFound, OutOfTurn, Problem
from fengqiao.matters import clocks
from fengqiao.matters.commands.recording import Call, call, known, record
from fengqiao.matters.models import Detail, Event, Matter, Visit
from fengqiao.matters.registry import Act, Doing, Kind, kind
from fengqiao.matters.states import LoopState, Standing
from fengqiao.people.actors import Actor
from fengqiao.people.roles import Role
from fengqiao.store.scope import require_transaction
from fengqiao.store.secrets import seal_all
from fengqiao.store.vault import Key


@dataclass(frozen=True, slots=True)
class Performed:
    """`repeated`: this key had done it before; nothing was written now."""

    matter: Matter
    event: Event
    repeated: bool = False


def perform(
    *,
    matter_id: UUID,
    act: str,
    given: Mapping[str, Any],
    by: Actor,
    at: datetime,
    key: str,
    observed_at: datetime | None = None,
    visit: Visit | None = None,
    keep_late: bool = False,
) -> Performed:
    """Do one act. At most eight round trips; writes everything or nothing.

    Raises NotFound (absent or not the actor's to see), Forbidden (with the reason), OutOfTurn, KeyReused,
    BadInput. With `keep_late`, an act out of turn is kept as an open question instead of refused.
    """
    require_transaction()
    heard = call(
        by=by, at=at, observed_at=observed_at, key=key, content=[str(matter_id), act, given], visit=visit
    )
    matter = locked(matter_id, by)
    before = known(heard)
    if before is not None:
        return Performed(matter, before, repeated=True)
    page = kind(matter.kind)
    declared = page.act(act)
    check_right(declared, matter, by)
    asked = validate(declared.asks, given, prefix="given")
    try:
        check_turn(declared, matter, page)
        event = _do(matter, page, declared, asked, heard)
    except OutOfTurn as late:
        if not keep_late:
            raise
        event = _keep(matter, declared, asked, heard, late)
    return Performed(matter, event)


def locked(matter_id: UUID, by: Actor) -> Matter:
    """The matter, its row locked until the transaction ends; only if the actor may see it."""
    seen = Matter.objects.seen_by(by).select_for_update(of=("self",)).select_related("vault", "community")
    matter = seen.filter(pk=matter_id).first()
    if matter is None:
        raise NotFound("没有这个事项,或不在您的辖区")
    return matter


def check_right(act: Act, matter: Matter, by: Actor) -> None:
    """Raises Forbidden, saying why. Whoever was put in charge acts in the community of the matter too."""
    if by.only_reads(matter.pk, matter.community_id, matter.holder_id):
        raise Forbidden("紧急查看只能看,不能办理")
    holds = by.person_id is not None and by.person_id == matter.holder_id
    roles = by.roles if holds else by.roles_in(matter.community_id)
    if not by.is_machine and not roles & frozenset(act.by):
        who = "、".join(str(Role(role).label) for role in act.by)
        raise Forbidden(f"“{act.says}”由{who}办理")
    if act.verifies and by.person_id is not None and by.person_id == matter.acted_by_id:
        raise Forbidden("经办人不能核查自己办理的事项,请由他人核查")


def in_turn(act: Act, matter: Matter) -> bool:
    return matter.is_open and (act.anywhere or matter.stage in act.from_)


def check_turn(act: Act, matter: Matter, page: Kind) -> None:
    if not in_turn(act, matter):
        raise OutOfTurn(f"当前环节是“{page.stage(matter.stage).says}”,不能“{act.says}”")


def _do(matter: Matter, page: Kind, act: Act, asked: Input, heard: Call) -> Event:
    detail = page.detail._default_manager.get(pk=matter.pk)
    before = _columns(detail)
    stage_from = matter.stage
    doing = Doing(matter, detail, heard.by, heard.observed_at, to=act.to[0] if act.to else matter.stage)
    act.does(doing, asked)
    _advance(matter, page, doing.to, heard)
    _save_detail(detail, before, _vault(matter))
    event = record(
        matter=matter, vault=_vault(matter), act=act.name, call=heard, given=asked, stage_from=stage_from
    )
    clocks.stop(matter, page, act.name, heard.observed_at)
    clocks.start(clocks.starting(matter, page, act.name, heard.observed_at))
    _save_matter(matter)
    return event


def _advance(matter: Matter, page: Kind, to: str, heard: Call) -> None:
    """Move the matter to its next stage; who acted is remembered, so that another verifies."""
    was, stage = matter.state, page.stage(to)
    if stage.state == LoopState.ACTED and was != LoopState.ACTED:
        matter.acted_by_id = heard.by.person_id
    matter.stage, matter.state = stage.slug, stage.state
    matter.closed_at = heard.observed_at if stage.state == LoopState.CLOSED else None
    matter.version += 1


def _keep(matter: Matter, act: Act, asked: Input, heard: Call, why: Problem) -> Event:
    """An act that came too late changes no state: it waits in the timeline as an open question."""
    return record(
        matter=matter,
        vault=_vault(matter),
        act=act.name,
        call=heard,
        given=asked,
        stage_from=matter.stage,
        standing=Standing.QUESTION,
        reason=str(why)[:200],
    )


def _vault(matter: Matter) -> Key:
    if matter.vault is None:
        raise RuntimeError("a matter without its key cannot be written")
    return matter.vault


def _columns(row: Detail) -> dict[str, Any]:
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}


def _save_detail(detail: Detail, before: Mapping[str, Any], vault: Key) -> None:
    changed = [
        name
        for name, value in _columns(detail).items()
        if value is not before[name] and value != before[name]
    ]
    if changed:
        seal_all(detail, vault)
        detail.save(update_fields=changed, force_update=True)


def _save_matter(matter: Matter) -> None:
    """One UPDATE; what burns and how high is asked of the clocks as they stand now."""
    Matter.objects.filter(pk=matter.pk).update(
        state=matter.state,
        stage=matter.stage,
        outcome=matter.outcome,
        level=matter.level,
        title=matter.title,
        community_id=matter.community_id,
        candidates=matter.candidates,
        placed_why=matter.placed_why,
        holder_id=matter.holder_id,
        acted_by_id=matter.acted_by_id,
        closed_at=matter.closed_at,
        version=matter.version,
        **clocks.standing_of(matter),
    )
