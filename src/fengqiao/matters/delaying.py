"""Looks that are told later: asked by one person, granted by another, before anybody looks (个人信息保护法第18、35条).

The two rows of the approval are the delay: what was looked at after the yes is told from the release day on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from fengqiao.kit.inputs import Choice, Input, asks, validate
from fengqiao.kit.problems import BadInput
from fengqiao.matters.numbering import number
from fengqiao.matters.queries import one
from fengqiao.people.actors import Actor
from fengqiao.people.approval import About, Approval, ApprovalAnswer
from fengqiao.people.commands.approving import ask_approval

LONGEST = 180  # days; after them it is told, or asked for anew


class Basis(Choice):
    SECRET = "secret", "法律、行政法规规定应当保密(第18条)"
    IMPEDE = "impede", "告知将妨碍履行法定职责(第35条)"


class DelayInput(Input):
    basis: Basis = asks("依据(个人信息保护法)")
    until: date = asks("哪一天起告知", hint=f"最长 {LONGEST} 天；到日自动显示")
    reason: str = asks("理由", hint="不写任何人的姓名", min_length=4, max_length=200)


def ask_delay(*, matter_id: UUID, given: Mapping[str, Any], by: Actor, at: datetime) -> Approval:
    """Ask for it; nothing is delayed before a second person says yes. Raises NotFound, BadInput."""
    matter, asked = one(by, matter_id), validate(DelayInput, given)
    today = localdate(at)
    if not today < asked.until <= today + timedelta(days=LONGEST):
        raise BadInput.at("until", _("请填明天起 {} 天以内的日期").format(LONGEST))
    content = {"matter": str(matter.pk), "until": asked.until.isoformat()}
    return ask_approval(
        about=About.DELAY,
        says=_("{}：批准后的查看，{} 起才告知本人。{}").format(
            number(matter), asked.until, _(asked.basis.says)
        ),
        exactly=content,
        purpose=asked.reason,
        by=by,
        at=at,
        content=content,
    )


def delays(matter_ids: list[UUID]) -> list[tuple[datetime, date]]:
    """(granted, release day) of each delay of these matters."""
    found = ApprovalAnswer.objects.filter(
        granted=True,
        approval__about=About.DELAY,
        approval__content__matter__in=[str(pk) for pk in matter_ids],
    )
    rows = found.values_list("at", "approval__content__until")
    return [(granted, date.fromisoformat(until)) for granted, until in rows]


def is_told(looked: datetime, held_back: list[tuple[datetime, date]], *, at: datetime) -> bool:
    """Whether a look of that moment is told by now."""
    day, today = localdate(looked), localdate(at)
    return not any(granted <= looked and day < until and today < until for granted, until in held_back)
