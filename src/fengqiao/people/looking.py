"""Looks without a task: a reason that says something, now and then a longer one, and not without end.

A look with a task needs nothing of this. What is counted are the rows of the log itself.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fengqiao.kit.problems import BadInput, NotFound, Problem
from fengqiao.kit.reasons import LEAST, LEAST_LONG, says_something
from fengqiao.people.actors import Actor
from fengqiao.people.models import Look, Person
from fengqiao.people.second_factor import is_asked

EVERY = 10  # each tenth look without a task asks for more words
A_DAY = 20  # looks without a task on one day, or since the second factor was shown again


class StepUpNeeded(Problem):
    """The second factor, shown anew, opens the next twenty."""

    code, status, says = "step_up_needed", 403, "请再次通过两步验证"


def require_reason(reason: str, *, by: Actor, at: datetime, stepped_up_at: datetime | None = None) -> str:
    """The reason as it is kept. Raises BadInput, saying what is wanted, and StepUpNeeded.

    Two looks of one person at the same moment are counted one after the other.
    """
    if by.person_id is None:
        raise NotFound
    person = Person.objects.select_for_update(no_key=True).get(pk=by.person_id)
    if refused := step_up_needed(person, at=at, stepped_up_at=stepped_up_at):
        raise refused
    long = _without_task(person).count() % EVERY == EVERY - 1
    if not says_something(reason, least=LEAST_LONG if long else LEAST):
        raise BadInput.at("reason", _wanted(long=long))
    return reason.strip()[:200]


def step_up_needed(
    person: Person, *, at: datetime, stepped_up_at: datetime | None = None
) -> StepUpNeeded | None:
    """What would refuse one more look without a task, said before anybody asks; None while looks are left."""
    counted = _without_task(person).filter(at__gt=_counted_from(at, stepped_up_at))
    return StepUpNeeded(_refusal(person)) if counted.count() >= A_DAY else None


def _without_task(person: Person) -> QuerySet[Look]:
    return Look.objects.filter(person=person, task=False)


def _counted_from(at: datetime, stepped_up_at: datetime | None) -> datetime:
    day = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return max(day, stepped_up_at) if stepped_up_at else day


def _refusal(person: Person) -> str:
    if is_asked(person):
        return _("今天非经办查看已满 {} 次，请输入手机验证器上的 6 位数字后再看").format(A_DAY)
    return _("今天非经办查看已满 {} 次。您没有启用两步验证，今天不能再看；请先在“我的账号”里启用").format(
        A_DAY
    )


def _wanted(*, long: bool) -> str:
    if long:
        return _("这是第 10 次非经办查看，请写得具体些(至少 {} 个字)").format(LEAST_LONG)
    return _("请写明查看原因(至少 {} 个字，不要只写“工作需要”)").format(LEAST)
