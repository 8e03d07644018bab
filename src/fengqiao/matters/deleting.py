"""Deletion on request: proposed on the matter's page by one person, done when another says yes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from fengqiao.kit.inputs import Input, asks, validate
from fengqiao.matters.commands.keeping import destroy_on_request, require_destroyable
from fengqiao.matters.numbering import number
from fengqiao.matters.queries import one
from fengqiao.matters.registry import kind
from fengqiao.people.actors import Actor
from fengqiao.people.approval import About, Approval
from fengqiao.people.commands.approving import ask_approval


class DeleteInput(Input):
    reason: str = asks("依据", hint="写明请求编号，如：XX2022-000031；不写姓名", min_length=4, max_length=200)


def ask_deletion(*, matter_id: UUID, given: Mapping[str, Any], by: Actor, at: datetime) -> Approval:
    """Ask for it; nothing is destroyed before a second person says yes. Raises NotFound, BadInput, and OutOfTurn or
    WordsDestroyed where it could not be done."""
    matter, asked = one(by, matter_id), validate(DeleteInput, given)
    require_destroyable(matter, at=at)
    content = {"matter": str(matter.pk)}
    return ask_approval(
        about=About.DESTROY,
        says=_("{} {}：销毁当事人信息、办理记录文字和照片").format(number(matter), _(kind(matter.kind).says)),
        exactly=content,
        purpose=asked.reason,
        by=by,
        at=at,
        content=content,
    )


def delete_as_granted(approval: Approval, *, at: datetime) -> int:
    """Do what two persons have decided; raises what stands against it by now."""
    signed = {"by_name": _name(approval), "second_name": _name(approval.answer)}
    return destroy_on_request(matter_id=UUID(approval.content["matter"]), at=at, **signed)


def _name(row: Any) -> str:
    return row.by.name if row.by else ""
