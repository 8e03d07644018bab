"""perform: one act on one matter, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from fengqiao.kit.inputs import Input, validate
from fengqiao.kit.problems import Forbidden, NotFound, OutOfTurn
from fengqiao.matters import clocks
from fengqiao.matters.commands.attaching import attach_answered
from fengqiao.matters.commands.issuing import issue, serve, unserved
from fengqiao.matters.commands.raising import raise_matter
from fengqiao.matters.commands.recording import Call, Performed, call, known, noted, record
from fengqiao.matters.models import Detail, Event, Matter, Visit
from fengqiao.matters.registry import Act, Doing, Kind, kind
from fengqiao.matters.rules import keep_rules
from fengqiao.matters.service import ServiceInput
from fengqiao.matters.states import LoopState
from fengqiao.matters.waits import check_wait
from fengqiao.people.actors import Actor
from fengqiao.people.roles import Role
from fengqiao.store.scope import require_transaction
from fengqiao.store.secrets import seal_all
from fengqiao.store.vault import Key


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
) -> Performed:
    """Do one act. At most eight round trips; writes everything or nothing.

    Raises NotFound (absent or not the actor's to see), Forbidden (with the reason), OutOfTurn, KeyReused,
    BadInput. `late.perform_late` keeps what this one refuses.
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
    check_turn(declared, matter, page, heard.observed_at)
    return Performed(matter, carry_out(matter, page, declared, asked, heard))


def locked(matter_id: UUID, by: Actor) -> Matter:
    """The matter, its row locked until the transaction ends; only if the actor may see it."""
    seen = Matter.objects.seen_by(by).select_for_update(of=("self",)).select_related("vault", "community")
    try:
        return seen.get(pk=matter_id)
    except Matter.DoesNotExist:
        raise NotFound("没有这个事项，或不在您的辖区") from None


def check_right(act: Act, matter: Matter, by: Actor, *, moved: bool = False) -> None:
    """Raises Forbidden, saying why. Whoever was put in charge acts in the community of the matter too.

    `moved`: the right in its community was judged before the matter changed hands; what is left is the role.
    """
    if by.only_reads(matter.pk, matter.community_id, matter.holder_id):
        raise Forbidden("紧急查看只能看，不能办理")
    holds = by.person_id is not None and by.person_id == matter.holder_id
    roles = by.roles if holds or moved else by.roles_in(matter.community_id)
    may = act.roles(matter)
    if not by.is_machine and not roles & frozenset(may):
        who = "、".join(str(Role(role).label) for role in may)
        raise Forbidden(f"“{act.says}”由{who}办理")
    if act.not_raiser and by.person_id is not None and by.person_id == matter.raised_by_id:
        raise Forbidden("发现人不能核查自己发现的事项，请由他人核查")
    if act.verifies and by.person_id is not None and by.person_id == matter.acted_by_id:
        raise Forbidden("经办人不能核查自己办理的事项，请由他人核查")


def in_stage(act: Act, matter: Matter) -> bool:
    """A closed stage must be named; `anywhere` means while the matter is open, or `afterwards` too."""
    if act.levels and matter.level not in act.levels:
        return False
    return matter.stage in act.from_ or (act.anywhere and (matter.is_open or act.afterwards))


def in_turn(act: Act, matter: Matter) -> bool:
    return in_stage(act, matter) and (act.when is None or act.when(matter))


def check_turn(act: Act, matter: Matter, page: Kind, at: datetime) -> None:
    """Raises OutOfTurn, saying where the matter stands, or from when on it may be done."""
    if not in_turn(act, matter):
        raise OutOfTurn(f"当前环节是“{page.stage(matter.stage).says}”，不能“{act.says}”")
    check_wait(matter, page, act, at)


def carry_out(
    matter: Matter,
    page: Kind,
    act: Act,
    asked: Input,
    heard: Call,
    *,
    settles: Event | None = None,
    settled_by: UUID | None = None,
) -> Event:
    """Run an act that is in turn and may be done, on the locked matter: detail, event, clocks, matter."""
    # A knock that waited as a question was made long ago: nobody can say its reason now.
    knocked_at = heard.observed_at if settles is None and settled_by is None else None
    keep_rules(asked, by=heard.by, matter=matter, at=knocked_at, within="given.")
    detail = page.detail._default_manager.get(pk=matter.pk)
    before = _columns(detail)
    stage_from, outcome_before, closed_at = matter.stage, matter.outcome, matter.closed_at
    level_before = matter.level
    doing = Doing(matter, detail, heard.by, heard.observed_at, to=_leads_to(act, matter, page))
    act.does(doing, asked)
    serving = unserved(matter, act, asked) if isinstance(asked, ServiceInput) else None
    with _all_or_nothing(doing):
        attach_answered(matter, asked, vault=vault_of(matter), by=heard.by, within="given.")
        _advance(matter, page, act, doing.to, heard, outcome_before)
        _save_detail(detail, before, vault_of(matter))
        event = record(
            noted(
                matter=matter,
                vault=vault_of(matter),
                act=act.name,
                call=heard,
                given=asked,
                stage_from=stage_from,
                settles=settles,
                settled_by=settled_by,
            )
        )
        if closed_at is not None and act.restores:
            clocks.resume(matter, closed_at)
        if not doing.in_vain:
            _move_clocks(doing, page, act, heard, entered=matter.stage != stage_from)
        if matter.level != level_before:
            clocks.relevel(matter, page, act.name, heard.observed_at, was=level_before)
        _save_matter(matter)
        issue(matter, detail, page, act, heard)
        if isinstance(asked, ServiceInput) and serving is not None:
            serve(matter, serving, asked, heard)
        _raise_also(doing, event, heard)
        if page.follows:
            page.follows(matter, heard.at)
    return event


def _move_clocks(doing: Doing[Detail], page: Kind, act: Act, heard: Call, *, entered: bool) -> None:
    matter, at = doing.matter, heard.observed_at
    clocks.stop(matter, page, act.name, at)
    clocks.start(clocks.starting(matter, page, act.name, at, entered=entered, terms=doing.terms))


def _all_or_nothing(doing: Doing[Detail]) -> AbstractContextManager[object]:
    """What an act gives rise to may be refused; then nothing of the act itself may stay, whoever answers."""
    return transaction.atomic() if doing.also else nullcontext()


def _raise_also(doing: Doing[Detail], event: Event, heard: Call) -> None:
    """What the act gave rise to, each a matter of its own beneath this one, in the same transaction."""
    for count, (slug, given) in enumerate(doing.also):
        raise_matter(
            kind_slug=slug,
            given=given,
            by=heard.by,
            at=heard.at,
            observed_at=heard.observed_at,
            key=f"from:{event.pk}:{count}",
            visit=heard.visit,
            parent=doing.matter,
        )


def _leads_to(act: Act, matter: Matter, page: Kind) -> str:
    if act.restores:
        return matter.resumes or page.stages[0].slug
    return act.to[0] if act.to and matter.stage not in act.stays else matter.stage


def _advance(matter: Matter, page: Kind, act: Act, to: str, heard: Call, outcome_before: str) -> None:
    """Move the matter to its next stage; who acted last is remembered, so that another verifies."""
    stage = page.stage(to)
    if stage.state == LoopState.ACTED and to != matter.stage and not act.verifies:
        matter.acted_by_id = heard.by.person_id
    if stage.state == LoopState.CLOSED:
        # A fact after the closing (a rating) leaves the closing time as it is.
        if matter.closed_at is None:
            matter.resumes, matter.resumes_outcome = matter.stage, outcome_before
            matter.closed_at = heard.observed_at
    else:
        matter.closed_at = None
    matter.stage, matter.state = stage.slug, stage.state
    matter.version += 1


def vault_of(matter: Matter) -> Key:
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


# What an act may change of its matter. Written out: every act does it.
_CHANGED: Any = [
    Matter._meta.get_field(name)
    for name in (
        *("state", "stage", "outcome", "level", "title", "community", "candidates", "placed_why", "holder"),
        *(
            "acted_by",
            "merged_into",
            "closed_at",
            "resumes",
            "resumes_outcome",
            "version",
            "overdue_unexplained",
        ),
    )
]
_SAVE = f"""
    UPDATE matters_matter SET {", ".join(f"{field.column} = %s" for field in _CHANGED)}, {clocks.STANDING}
    WHERE id = %s
"""  # noqa: S608


def _save_matter(matter: Matter) -> None:
    """One UPDATE; what burns and how high is asked of the clocks as they stand now."""
    values = [field.get_db_prep_save(getattr(matter, field.attname), connection) for field in _CHANGED]
    with connection.cursor() as cursor:
        cursor.execute(_SAVE, [*values, matter.pk])
