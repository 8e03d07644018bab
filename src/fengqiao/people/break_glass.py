"""Break-glass: a matter that is not one's to see, opened for fifteen minutes, at once seen by those who watch.

The row is the right: while it runs, `Actor.opened` names the matter, and `seen_by` gives it for reading.
Acts stay forbidden. The chief reviews within 72 hours, or the account that opened is frozen.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fengqiao.kit.problems import BadInput, Forbidden, NotFound, Problem
from fengqiao.kit.reasons import says_something
from fengqiao.people.actors import Actor
from fengqiao.people.commands.accounts import locked, rights_changed
from fengqiao.people.models import Opening, OpeningReview, Person
from fengqiao.people.roles import Role
from fengqiao.store.scope import require_transaction

OPEN_FOR = timedelta(minutes=15)
A_DAY = 2
REVIEW_WITHIN = timedelta(hours=72)


class OpenedEnough(Problem):
    code, status, says = "opened_enough", 429, "今天的紧急查看次数已用完"


class ReviewedAlready(Problem):
    code, status, says = "reviewed_already", 409, "已经复核过"


def open_glass(*, by: Actor, subject: UUID, reference: str, reason: str, at: datetime) -> Opening:
    """Raises BadInput for a reason that says nothing or no case number, OpenedEnough after two on one day."""
    require_transaction()
    if by.person_id is None or Role.OFFICER not in by.roles:
        raise Forbidden
    if not says_something(reason):
        raise BadInput.at("reason", _("请写明具体原因(至少 4 个字，不要只写“工作需要”)"))
    if len(reference.strip()) < 4:
        raise BadInput.at("reference", _("请填写警情或案件编号"))
    person = locked(by.person_id)
    day = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    if Opening.objects.filter(person=person, at__gte=day).count() >= A_DAY:
        raise OpenedEnough(_("紧急查看一天最多 {} 次，请向所长报告").format(A_DAY))
    return Opening.objects.create(
        station_id=by.station_id,
        person=person,
        subject=subject,
        reference=reference.strip()[:80],
        reason=reason.strip()[:200],
        at=at,
        until=at + OPEN_FOR,
    )


def review(*, opening_id: int, by: Actor, verdict: str, reason: str, at: datetime) -> OpeningReview:
    """The chief's word; raises NotFound, ReviewedAlready, BadInput."""
    require_transaction()
    opening = Opening.objects.filter(pk=opening_id).first()
    if opening is None or by.person_id is None:
        raise NotFound
    if opening.person_id == by.person_id:
        raise Forbidden(_("不能复核自己的紧急查看"))
    locked(opening.person_id)
    if OpeningReview.objects.filter(opening=opening).exists():
        raise ReviewedAlready
    if not says_something(reason):
        raise BadInput.at("reason", _("请写明复核意见(至少 4 个字)"))
    return OpeningReview.objects.create(
        station_id=by.station_id,
        opening=opening,
        by_id=by.person_id,
        verdict=verdict,
        reason=reason.strip()[:200],
        at=at,
    )


def openings() -> QuerySet[Opening]:
    """Every opening of the station, the latest first, with its review."""
    return Opening.objects.select_related("person", "review", "review__by").order_by("-at", "-pk")


def waiting_for_review() -> int:
    return Opening.objects.filter(review=None).count()


def review_due(opening: Opening) -> datetime:
    return opening.at + REVIEW_WITHIN


def freeze_unreviewed(*, at: datetime) -> list[Person]:
    """Freeze the accounts whose opening nobody reviewed in 72 hours; once for each opening."""
    require_transaction()
    due = Opening.objects.filter(review=None, at__lte=at - REVIEW_WITHIN)
    unfrozen = due.filter(Q(person__frozen_at=None) | Q(person__frozen_at__lt=F("at") + REVIEW_WITHIN))
    found = []
    for person_id in sorted(set(unfrozen.values_list("person_id", flat=True))):
        person = locked(person_id)
        person.is_active, person.frozen_at = False, at
        found.append(rights_changed(person, "is_active", "frozen_at"))
    return found
