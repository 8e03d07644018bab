"""ask_approval, answer_approval: two named persons for what one should not decide alone (trust is not suspicion: a
second pair of eyes protects the first)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fengqiao.ground.models import Station
from fengqiao.kit.problems import BadInput, Forbidden, NotFound
from fengqiao.kit.reasons import says_something
from fengqiao.people.actors import Actor
from fengqiao.people.approval import About, Approval, ApprovalAnswer
from fengqiao.people.roles import Role
from fengqiao.store.scope import require_transaction
from fengqiao.store.vault import fingerprint, fingerprints

# Who answers: none of them needs to see the rows for it.
APPROVERS: dict[str, frozenset[Role]] = {
    About.EXPORT: frozenset({Role.CHIEF, Role.DESK, Role.SECURITY_ADMIN}),
    About.KEEP: frozenset({Role.CHIEF, Role.DESK, Role.SECURITY_ADMIN}),
    About.ROLE: frozenset({Role.CHIEF, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}),
    About.DESTROY: frozenset({Role.CHIEF, Role.SECURITY_ADMIN}),
    About.DELAY: frozenset({Role.CHIEF, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}),
}
ANSWERING = frozenset[Role]().union(*APPROVERS.values())
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


def approvers(about: str, station_id: int) -> frozenset[Role]:
    """Who answers such a question; `settings["approvers"][about]` of the station, a list of roles, goes before it."""
    held = Station.objects.values_list("settings", flat=True).get(pk=station_id) or {}
    own = held.get("approvers", {}).get(about)
    return frozenset(map(Role, own)) if own else APPROVERS[about]


def may_answer(asked: Approval, by: Actor) -> bool:
    """Whether it is theirs to answer: somebody else's question, not about themselves."""
    concerned = {str(asked.by_id), asked.content.get("person")}
    return bool(by.roles & approvers(asked.about, by.station_id)) and str(by.person_id) not in concerned


def answer_approval(*, approval_id: int, granted: bool, by: Actor, at: datetime) -> Approval:
    """A second person's word. Raises NotFound (none, over, or answered); Forbidden for the one who asked, the one it
    is about, and whose role does not answer such a question."""
    require_transaction()
    found = waiting(at=at).filter(pk=approval_id).first()
    if found is None or by.person_id is None:
        raise NotFound(_("没有这个申请，或已经有人答复、已过期"))
    if found.by_id == by.person_id:
        raise Forbidden(_("自己申请的，请由另一个人批准"))
    if not may_answer(found, by):
        names = "、".join(str(role.label) for role in Role if role in approvers(found.about, by.station_id))
        raise Forbidden(_("由{}批准，且不能是所涉及的本人").format(names))
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
