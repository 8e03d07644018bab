"""Ending what is past its day or asked to be deleted, and the legal holds that keep it: the only code that destroys a
matter's key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Model, Q
from django.utils.timezone import localdate

from fengqiao.evidence.commands import forget
from fengqiao.kit.ids import uuid7
from fengqiao.kit.inputs import Input, asks, validate
from fengqiao.kit.problems import BadInput, Forbidden, OutOfTurn, WordsDestroyed
from fengqiao.matters import keeping
from fengqiao.matters.commands.performing import locked
from fengqiao.matters.models import LegalHold, Matter
from fengqiao.matters.registry import Kind, kind, kinds
from fengqiao.matters.visit_points import forget_points
from fengqiao.people.actors import Actor
from fengqiao.people.roles import Role
from fengqiao.store.declare import KIND_LIFE, Data
from fengqiao.store.lives import KEY_DESTROYED, Gone, Runner
from fengqiao.store.models import Destruction
from fengqiao.store.scope import require_transaction
from fengqiao.store.secrets import SecretField
from fengqiao.store.vault import Key

# Tables of the kernel that hold sealed words of a matter, under its own key.
OF_MATTERS = ("evidence.Photo", "matters.Event", "matters.Issued", "matters.ServiceReceipt")


class HoldInput(Input):
    reason: str = asks(
        "保全依据",
        hint="文书名称和文号，不写当事人姓名，如：调取证据通知书〔2022〕12号",
        min_length=4,
        max_length=200,
    )
    until: date | None = asks("保全到", default=None, hint="不填则到解除为止")


def due_words(at: datetime) -> list[Gone]:
    """What a run would destroy now, and what legal holds keep; changes nothing."""
    found = []
    for page in kinds():
        past, count = keeping.past_their_day(page, at=at).count(), keeping.due(page, at=at).count()
        if past:
            found.append(_gone(page, count, held=past - count))
    return found


def destroy_words(at: datetime, limit: int) -> list[Gone]:
    """Destroy the keys of up to `limit` matters of each kind past their day, empty their sealed columns, and
    end their photos and the points of the visits made for them.

    A matter another writer holds just now is left for the next run. Events are never changed: their bytes
    stay and open no more. Nothing else of the matter changes.
    """
    require_transaction()
    return [gone for page in kinds() if (gone := _destroy(page, at, limit)).count]


def _destroy(page: Kind, at: datetime, limit: int) -> Gone:
    waiting = keeping.due(page, at=at).order_by("closed_at").select_for_update(skip_locked=True, of=("self",))
    vaults = dict(waiting.values_list("pk", "vault_id")[:limit])
    if vaults:
        _end(page, vaults, at)
    return _gone(page, len(vaults))


def _end(page: Kind, vaults: Mapping[UUID, Any], at: datetime) -> None:
    """The words of these matters, by matter and vault, open nowhere from now on."""
    Key.objects.filter(pk__in=vaults.values()).update(wrapped=None, destroyed_at=at)
    sealed = [f.attname for f in page.detail._meta.concrete_fields if isinstance(f, SecretField)]
    if sealed:
        page.detail._default_manager.filter(pk__in=vaults).update(**dict.fromkeys(sealed))
    forget(vaults, at=at)
    forget_points(vaults, at=at)


def require_destroyable(matter: Matter, *, at: datetime) -> list[Matter]:
    """The matter and the duplicates merged into it, locked, whose words are still there. Raises OutOfTurn while one is
    open or held by law, WordsDestroyed where nothing is left."""
    alike = Matter.objects.filter(Q(pk=matter.pk) | Q(merged_into=matter.pk)).select_for_update(of=("self",))
    found = list(alike.filter(vault__destroyed_at=None).order_by("pk"))
    if not found:
        raise WordsDestroyed("个人信息已经销毁")
    if any(one.is_open for one in found):
        raise OutOfTurn("办理还没有结束，还需要这些信息；办结后才能删除")
    if any(keeping.hold_of(one, at=at) for one in found):
        raise OutOfTurn("这件事在依法保全，不能删除")
    return found


def destroy_on_request(*, matter_id: UUID, by_name: str, second_name: str, at: datetime) -> int:
    """End the words of a matter whose person asked for it, as two persons decided; the record names both. Gives how
    many matters. Raises what `require_destroyable` does."""
    require_transaction()
    found = require_destroyable(Matter.objects.get(pk=matter_id), at=at)
    page = kind(found[0].kind)
    _end(page, {one.pk: one.vault_id for one in found}, at)
    gone = replace(_gone(page, len(found)), life="依本人请求")
    Destruction.of(
        gone, run=uuid7(), station_id=found[0].station_id, at=at, by_name=by_name, second_name=second_name
    ).save()
    return len(found)


def _gone(page: Kind, count: int, *, held: int = 0) -> Gone:
    return Gone(
        what=f"matters_matter({page.slug})",
        says=f"{page.says}：当事人信息、办理记录文字和照片",
        basis=_basis(page),
        life=f"{page.keep.event}后 {keeping.days_of()[page.slug]} 日",
        method=KEY_DESTROYED,
        count=count,
        held=held,
    )


def _basis(page: Kind) -> str:
    said = (f.data for f in page.detail._meta.concrete_fields if isinstance(f, SecretField) and f.data)
    return next((data.basis for data in said), "个人信息保护法第47条")


def _covers(model: type[Model], said: Data) -> bool:
    """Sealed words of a matter: of its events and issued papers, and of whatever kind's detail, whose page ends them in time."""
    if model._meta.label in OF_MATTERS:
        return said.life == KIND_LIFE
    pages = [page for page in kinds() if page.detail is model]
    longest = said.life.days
    return bool(pages) and (
        said.life == KIND_LIFE
        or (
            longest is not None
            and all(p.keep.event == said.life.event and keeping.default_days(p) <= longest for p in pages)
        )
    )


RUNNER = Runner("matters:words", _covers, due_words, destroy_words)


def place_hold(*, matter_id: UUID, given: Mapping[str, Any], by: Actor, at: datetime) -> LegalHold:
    """Keep a matter's words past their day, because the law asks for it. Only the chief.

    Raises NotFound, Forbidden, BadInput (already held, or a day gone by), WordsDestroyed (too late).
    """
    require_transaction()
    matter, chief = _chiefs(matter_id, by)
    asked = validate(HoldInput, given)
    if asked.until is not None and asked.until < localdate(at):
        raise BadInput.at("until", "保全到期日不能早于今天")
    if matter.vault is None or matter.vault.destroyed_at is not None:
        raise WordsDestroyed("个人信息已按期销毁，不能再保全")
    if keeping.hold_of(matter, at=at) is not None:
        raise BadInput.at("reason", "这件事已在依法保全")
    # One whose last day has passed makes room for the new one.
    LegalHold.objects.filter(matter=matter, lifted_at=None).update(lifted_at=at)
    return LegalHold.objects.create(
        station_id=by.station_id,
        matter=matter,
        reason=asked.reason,
        placed_by_id=chief,
        placed_at=at,
        until=asked.until,
    )


def lift_hold(*, matter_id: UUID, by: Actor, at: datetime) -> LegalHold:
    """End a hold; what is past its day goes with the next run. Raises NotFound, Forbidden, BadInput."""
    require_transaction()
    matter, chief = _chiefs(matter_id, by)
    hold = keeping.hold_of(matter, at=at)
    if hold is None:
        raise BadInput("这件事没有在依法保全")
    hold.lifted_by_id, hold.lifted_at = chief, at
    hold.save(update_fields=["lifted_by", "lifted_at"])
    return hold


def _chiefs(matter_id: UUID, by: Actor) -> tuple[Matter, UUID]:
    """The matter, locked so that no run destroys it meanwhile, and who the chief is."""
    matter = locked(matter_id, by)
    if by.person_id is None or Role.CHIEF not in by.roles:
        raise Forbidden("依法保全由所长办理")
    return matter, by.person_id
