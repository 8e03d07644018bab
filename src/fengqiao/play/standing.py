"""What a demo station has under way from its first day: a matter of many places, begun some days before, with a part
of what it owes done. A kind states it in its `standing.py`.

It is raised and begun through the doors like everything of the play; what it owes is raised under the keys the hourly
round would use, so nothing is owed twice. One check with all that came of it is one transaction, played to the present.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.db.models import Q, QuerySet

from fengqiao.ground.models import Premises
from fengqiao.kit.days import local_day, midnight
from fengqiao.matters.commands import perform, raise_matter
from fengqiao.matters.models import Matter
from fengqiao.matters.registry import Owed, kind
from fengqiao.people.actors import machine
from fengqiao.people.roles import Role
from fengqiao.play.arriving import MARK, ground
from fengqiao.play.history import live_on
from fengqiao.play.playbook import Answers, Arrival, Playbook
from fengqiao.play.staff import Staff
from fengqiao.store.scope import acting_for

MORNING = timedelta(hours=9)
WORKING_DAY = timedelta(hours=7)


@dataclass(frozen=True, slots=True)
class Standing:
    """`days` ago the desk raised it with the answers of `arrives`, and `begins` was done by whom it names. `share`
    of what it owed has been played since, evenly over the days; the rest is the present's."""

    kind: str
    days: int
    arrives: Callable[[date], Answers]
    begins: tuple[tuple[str, Role], ...]
    share: float

    @property
    def key(self) -> str:
        return f"{MARK}standing:{self.kind}"


def beneath(standings: Sequence[Standing], kinds: Iterable[str]) -> Q:
    """What standing matters gave rise to, and what came of that; and what the calendar owes at their places, which
    counts for them too. `kinds` are those that are played."""
    held = list(Matter.objects.filter(events__key__in=[one.key for one in standings]))
    found = Q(parent__in=held) | Q(parent__parent__in=held)
    for matter in held:
        scope = kind(matter.kind).scope
        if scope is not None and matter.is_open:
            places = scope(matter).order_by().values("pk")
            owed = Matter.objects.filter(premises__in=places, raised_by=None, kind__in=list(kinds)).values(
                "pk"
            )
            found |= Q(pk__in=owed) | Q(parent__in=owed)
    return found


def play_standing(
    station_id: int,
    one: Standing,
    books: Sequence[Playbook],
    *,
    ends: datetime,
    goes_on: Callable[[], bool] = lambda: True,
) -> int:
    """Play it up to `ends`; gives how many of its checks were made. What was played before is known by its key."""
    staff = Staff(station_id)
    begins = midnight(local_day(ends) - timedelta(days=one.days)) + MORNING
    with acting_for(station_id):
        matter = _begun(one, staff, begins)
        chosen = sorted(_chosen(one, matter, begins, ends), key=lambda pair: pair[0])
    played, known = 0, {book.kind: book for book in books}
    for at, each in chosen:
        if not goes_on():
            break
        with acting_for(station_id):
            played += _played(one, matter, each, at, known, staff, ends)
    return played


def _begun(one: Standing, staff: Staff, at: datetime) -> Matter:
    given = one.arrives(local_day(at))
    raised = raise_matter(kind_slug=one.kind, given=given, by=staff.desk(at), at=at, key=one.key)
    for act, role in one.begins:
        by = staff.who(role, raised.matter, at)[0]
        perform(matter_id=raised.matter.pk, act=act, given={}, by=by, at=at, key=f"{one.key}:{act}")
    return raised.matter


def _chosen(
    one: Standing, matter: Matter, begins: datetime, ends: datetime
) -> Iterator[tuple[datetime, Owed]]:
    """What is played, and when: drawn for each place by its number, so that a broken play goes on with the same."""
    page, days = kind(one.kind), (local_day(ends) - local_day(begins)).days
    numbers: dict[Any, str] = dict(Premises.objects.values_list("pk", "number"))
    for each in page.owes(matter.station_id, begins) if page.owes else ():
        chance = Random(f"{one.key}:{numbers.get(each.given.get('premises'))}")  # noqa: S311 a play, no secret
        if each.parent == matter.pk and chance.random() < one.share:
            morning = midnight(local_day(begins) + timedelta(days=chance.randrange(days))) + MORNING
            yield max(begins, morning + WORKING_DAY * chance.random()), each


def _played(
    one: Standing,
    matter: Matter,
    each: Owed,
    at: datetime,
    books: dict[str, Playbook],
    staff: Staff,
    ends: datetime,
) -> int:
    """One check and what came of it; 0 where that had been played before."""
    slug = each.kind or one.kind
    raised = raise_matter(
        kind_slug=slug,
        given=each.given,
        by=machine(staff.station_id),
        at=at,
        key=f"owed:{one.kind}:{each.key}",
        parent=matter,
    )
    if raised.repeated:
        return 0
    staff.forget_before(at)
    waiting = [raised.matter]
    for born in waiting:
        if born.kind in books:
            arrival = Arrival(born.raised_at, f"{one.key}:{born.pk}")
            live_on(born, books[born.kind], arrival, staff=staff, known=ground(), ends=ends)
            waiting += _born(born)
    return 1


def _born(matter: Matter) -> QuerySet[Matter]:
    return Matter.objects.filter(parent=matter).order_by("id")
