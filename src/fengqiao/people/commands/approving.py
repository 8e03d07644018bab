"""ask_approval, answer_approval: two named persons for what one should not decide alone (trust is not suspicion: a
second pair of eyes protects the first)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fengqiao.kit.problems import BadInput, Forbidden, NotFound
from fengqiao.kit.reasons import says_something
from fengqiao.people.actors import Actor
from fengqiao.people.approval import About, Approval, ApprovalAnswer
from fengqiao.people.roles import Role
from fengqiao.store.scope import require_transaction
from fengqiao.store.vault import fingerprint, fingerprints

# Who answers: none of them needs to see the rows for it.
APPROVERS = frozenset({Role.CHIEF, Role.DESK, Role.SECURITY_ADMIN})
# So long a question waits, and so long what was granted may be done.
LASTS = timedelta(hours=24)


def ask_approval(
    *,
    about: About,
    says: str,
    exactly: Any,
    purpose: str,
    by: Actor,
    at: datetime,
    rows: int = 0,
    content: dict[str, Any] | None = None,
) -> Approval:
    """Ask a second person; what waits already is not asked twice. `exactly` is what would be done, whole: what is
    granted holds for that and nothing else. Raises BadInput without a purpose."""
    require_transaction()
    if by.person_id is None:
        raise Forbidden(_("须由本人申请"))
    if not says_something(purpose):
        raise BadInput.at("purpose", _("请写明用途(至少 4 个字)"))
    before = _same(about, exactly, by, at=at).filter(answer=None, rows__gte=rows).first()
    if before is not None:
        return before
    return Approval.objects.create(
        station_id=by.station_id,
        by_id=by.person_id,
        about=about,
        says=says[:200],
        rows=rows,
        purpose=purpose.strip()[:200],
        content=content or {},
        digest=fingerprint(exactly),
        at=at,
    )


def answer_approval(*, approval_id: int, granted: bool, by: Actor, at: datetime) -> Approval:
    """A second person's word. Raises NotFound (none, over, or answered), Forbidden for the one who asked."""
    require_transaction()
    if by.person_id is None or not by.roles & APPROVERS:
        raise Forbidden(_("由所长、值班室或安全管理员批准"))
    found = waiting(at=at).filter(pk=approval_id).first()
    if found is None:
        raise NotFound(_("没有这个申请，或已经有人答复、已过期"))
    if found.by_id == by.person_id:
        raise Forbidden(_("自己申请的，请由另一个人批准"))
    try:
        with transaction.atomic():
            ApprovalAnswer.objects.create(
                station_id=by.station_id, approval=found, by_id=by.person_id, granted=granted, at=at
            )
    except IntegrityError:  # somebody else answered this moment
        raise NotFound(_("没有这个申请，或已经有人答复、已过期")) from None
    return found


def waiting(*, at: datetime) -> QuerySet[Approval]:
    """What nobody has answered yet, the longest waiting first."""
    found = Approval.objects.filter(answer=None, at__gt=at - LASTS)
    return found.select_related("by").order_by("at")


def granted(*, about: About, exactly: Any, by: Actor, at: datetime, rows: int = 0) -> ApprovalAnswer | None:
    """The second person's yes to exactly this, for at most so many rows, while it holds."""
    held = ApprovalAnswer.objects.filter(
        approval__in=_same(about, exactly, by, at=at), approval__rows__gte=rows, granted=True
    )
    return held.select_related("by", "approval").order_by("-at").first()


def _same(about: About, exactly: Any, by: Actor, *, at: datetime) -> QuerySet[Approval]:
    return Approval.objects.filter(
        about=about, by_id=by.person_id, digest__in=fingerprints(exactly), at__gt=at - LASTS
    )
