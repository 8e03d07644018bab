"""The logs as the audit administrator reads them: who, when, why, how many; no words about anybody in need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fengqiao.kit.misuse import Access, Entry, Finding, stories
from fengqiao.kit.problems import BadInput, NotFound, Problem
from fengqiao.kit.reasons import says_something
from fengqiao.people.actors import Actor
from fengqiao.people.models import (
    ApprovalAnswer,
    Export,
    FindingReview,
    Look,
    Opening,
    Person,
    Post,
    SealCheck,
    SignIn,
)
from fengqiao.store.scope import require_transaction
from fengqiao.store.seals import Seal

LOOKED_BACK = timedelta(days=30)


class FindingReviewed(Problem):
    code, status, says = "finding_reviewed", 409, "已经核查过"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the log of looks is asked for; empty means all."""

    person: UUID | None = None
    day: date | None = None
    subject: UUID | None = None
    without_task: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """One finding with the person it names (None where it names nobody), its rows, and its review."""

    finding: Finding
    person: Person | None
    rows: list[tuple[str, Any]]
    review: FindingReview | None


def approvals_answered() -> QuerySet[ApprovalAnswer]:
    """What a second person has answered, the latest first."""
    return ApprovalAnswer.objects.select_related("by", "approval__by").order_by("-at", "-pk")


def looks(asked: Asked) -> QuerySet[Look]:
    """The latest first."""
    found = Look.objects.select_related("person").order_by("-at", "-pk")
    if asked.person:
        found = found.filter(person=asked.person)
    if asked.day:
        found = found.filter(at__range=_whole(asked.day))
    if asked.subject:
        found = found.filter(subject=asked.subject)
    return found.filter(task=False) if asked.without_task else found


def exports(person: UUID | None = None) -> QuerySet[Export]:
    """The latest first."""
    found = Export.objects.select_related("person").order_by("-at", "-pk")
    return found.filter(person=person) if person else found


def everybody() -> list[Person]:
    """Whoever may stand in a log, those who left too."""
    return list(Person.objects.only("pk", "name", "username").order_by("name"))


def seals() -> QuerySet[Seal]:
    return Seal.objects.defer("leaves").order_by("-number")


def last_check() -> SealCheck | None:
    """The last time the whole log was read again."""
    return SealCheck.objects.order_by("-pk").first()


def findings(*, at: datetime) -> list[Told]:
    """What the misuse detector tells of the last thirty days, the latest first. Nothing of it is stored."""
    since = at - LOOKED_BACK
    logs: dict[str, dict[int, Any]] = {
        "look": _by_id(Look.objects.filter(at__gt=since)),
        "export": _by_id(Export.objects.filter(at__gt=since)),
        "opening": _by_id(Opening.objects.filter(at__gt=since)),
        "signin": _by_id(SignIn.objects.filter(at__gt=since)),
    }
    found = stories(_accesses(logs), _entries(logs["signin"].values()), _leavers(at))
    reviews = {review.finding: review for review in FindingReview.objects.select_related("by")}
    people = {str(person.pk): person for person in Person.objects.all()}
    return [
        Told(
            one,
            people.get(one.person),
            [(log, logs[log][row]) for log, row in one.rows],
            reviews.get(one.key),
        )
        for one in found
    ]


def review_finding(*, key: str, by: Actor, reason: str, at: datetime) -> FindingReview:
    """The chief says what it was. Raises NotFound for a finding nobody told, BadInput, FindingReviewed."""
    require_transaction()
    if by.person_id is None:
        raise NotFound
    told = next((one for one in findings(at=at) if one.finding.key == key), None)
    if told is None:
        raise NotFound
    if not says_something(reason):
        raise BadInput.at("reason", _("请写明核查结果(至少 4 个字)"))
    made, fresh = FindingReview.objects.get_or_create(
        station_id=by.station_id,
        finding=key,
        defaults={"by_id": by.person_id, "reason": reason.strip()[:200], "at": at},
    )
    if not fresh:
        raise FindingReviewed
    return made


def _by_id(found: QuerySet[Any]) -> dict[int, Any]:
    return {row.pk: row for row in found.select_related("person").order_by("pk")}


def _accesses(logs: dict[str, dict[int, Any]]) -> list[Access]:
    looked = [
        Access(row.pk, "look", str(row.person_id), _local(row), str(row.subject), task=row.task)
        for row in logs["look"].values()
    ]
    opened = [
        Access(row.pk, "opening", str(row.person_id), _local(row), str(row.subject))
        for row in logs["opening"].values()
    ]
    taken = [
        Access(row.pk, "export", str(row.person_id), _local(row), rows=row.rows)
        for row in logs["export"].values()
    ]
    return [*looked, *opened, *taken]


def _entries(rows: Iterable[SignIn]) -> list[Entry]:
    return [Entry(row.pk, str(row.person_id), _local(row), row.device, row.address) for row in rows]


def _leavers(at: datetime) -> dict[str, datetime]:
    """Whose rights ended in the time looked at, or will in the days ahead: when."""
    left = Person.objects.filter(left_at__gt=at - LOOKED_BACK).values_list("pk", "left_at")
    found = {str(pk): timezone.localtime(when) for pk, when in left}
    posts = Post.objects.filter(voided_at=None).values("person")
    ends = posts.annotate(last=Max("ends_on"), open=models.Count("pk", filter=Q(ends_on=None))).filter(open=0)
    for row in ends.filter(last__gt=timezone.localdate(at - LOOKED_BACK)):
        found.setdefault(str(row["person"]), _whole(row["last"])[1])
    return found


def _whole(day: date) -> tuple[datetime, datetime]:
    """The first and the last moment of a local day."""
    begins = timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001 made aware here
    return begins, begins + timedelta(days=1, microseconds=-1)


def _local(row: Any) -> datetime:
    return timezone.localtime(row.at)
