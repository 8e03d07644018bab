"""The rounds of past days, walked day by day: what the calendar owes, and whatever comes of it.

Unlike what arrives, these lives hang together: when a place is due again depends on what was found there before. So
they are played by one calendar, one transaction a simulated day: in the morning everybody is asked what is owed,
and until the next morning whoever's turn it is acts, in the order of time. Meanwhile the present rests.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from uuid import UUID

from django.db import transaction

from fengqiao.kit.days import local_day, midnight
from fengqiao.kit.problems import Problem
from fengqiao.matters.commands import raise_owed
from fengqiao.matters.models import Matter
from fengqiao.matters.scanning import BATCH, fire_due
from fengqiao.play.arriving import MARK
from fengqiao.play.deciding import Player, Step, act_out
from fengqiao.play.history import MOST_STEPS, Life
from fengqiao.play.playbook import Arrival, Playbook
from fengqiao.play.resting import at_rest
from fengqiao.play.staff import Staff
from fengqiao.store.scope import acting_for

MORNING = timedelta(hours=7)


def play_rounds(
    station_id: int,
    books: Sequence[Playbook],
    *,
    begins: datetime,
    ends: datetime,
    seed: int,
    goes_on: Callable[[], bool] = lambda: True,
) -> list[Life]:
    """Walk the rounds between the two moments; nothing is written as later than `ends`. Before each day `goes_on` is
    asked. What was owed and played before is known by its key, and not played again."""
    rounds = _Rounds(station_id, {book.kind: book for book in books}, ends, seed)
    day = local_day(begins)
    with at_rest(station_id):
        while day <= local_day(ends) and goes_on():
            with acting_for(station_id):
                rounds.walk(day, begins)
            day += timedelta(days=1)
    return rounds.lives()


@dataclass(slots=True)
class _Going:
    """One matter under way."""

    pk: UUID
    book: Playbook
    arrival: Arrival
    life: Life
    children: int = 0
    refused: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Rounds:
    station_id: int
    books: dict[str, Playbook]
    ends: datetime
    seed: int
    staff: Staff = field(init=False)
    calendar: list[tuple[datetime, int, _Going, Step]] = field(default_factory=list)
    going: list[_Going] = field(default_factory=list)
    planned: int = 0

    def __post_init__(self) -> None:
        self.staff = Staff(self.station_id)

    def lives(self) -> list[Life]:
        return [one.life for one in self.going]

    def walk(self, day: date, begins: datetime) -> None:
        morning, next_one = midnight(day) + MORNING, midnight(day) + MORNING + timedelta(days=1)
        self.staff.forget_before(morning)
        if begins <= morning <= self.ends:
            self._fire(morning)
            raise_owed(station_id=self.station_id, at=morning)
            owed = Matter.objects.filter(
                kind__in=self.books, raised_at=morning, raised_by=None, closed_at=None
            )
            for matter in owed.select_related("premises").order_by("premises__number", "id"):
                where = matter.premises.number if matter.premises else ""
                self._begin(matter, f"{MARK}{self.seed}-{day:%Y%m%d}-{matter.kind}-{where}")
        until = min(next_one, self.ends)
        while self.calendar and self.calendar[0][0] <= until:
            _at, _number, one, step = heappop(self.calendar)
            self._take(one, step)
        self._fire(until)

    def _begin(self, matter: Matter, reference: str) -> None:
        one = _Going(
            matter.pk,
            self.books[matter.kind],
            Arrival(matter.raised_at, reference),
            Life(reference, matter.raised_at, matter.kind),
        )
        self.going.append(one)
        self._note(one, matter, matter.raised_at)
        self._plan(one, matter, matter.raised_at)

    def _plan(self, one: _Going, matter: Matter, at: datetime) -> None:
        """Put the next step into the calendar; a life that has none says why."""
        if not matter.is_open or one.life.stuck:
            return
        if len(one.life.acts) >= MOST_STEPS:
            one.life.why, one.life.stuck = f"走了 {MOST_STEPS} 步仍未办结", True
            return
        player = Player(one.book, self.staff)
        step = player.next(matter, one.arrival, one.life.acts, at=at, besides=one.refused)
        if step is None:
            one.life.stuck = True
            one.life.why = "；".join(one.refused.values()) or f"剧本里没有“{matter.stage}”这一环节"
            return
        one.life.why = f"等到 {step.at:%m-%d %H:%M} “{step.move.act}”"
        self.planned += 1
        heappush(self.calendar, (step.at, self.planned, one, step))

    def _take(self, one: _Going, step: Step) -> None:
        """One act, and the matters that came of it; what is refused is planned anew without it."""
        matter, act = Matter.objects.get(pk=one.pk), step.move.act
        one.life.fired += self._fire(step.at)
        try:
            with transaction.atomic():
                done = act_out(matter, one.arrival, step).matter
        except Problem as problem:
            one.refused[act] = f"“{act}”被拒绝：{problem}"
            self._plan(one, matter, step.at)
            return
        one.refused.clear()
        one.life.acts.append(act)
        self._note(one, done, step.at)
        if one.life.contact_at is None and one.book.contact(act, step.given):
            one.life.contact_at = step.at
        born = Matter.objects.filter(parent_id=one.pk, raised_at=step.at, kind__in=self.books)
        for child in born.order_by("id"):
            one.children += 1
            self._begin(child, f"{one.arrival.reference}.{one.children}")
        self._plan(one, done, step.at)

    def _note(self, one: _Going, matter: Matter, at: datetime) -> None:
        if one.life.owned_at is None and matter.holder_id is not None:
            one.life.owned_at = at
        if not matter.is_open:
            one.life.ended_at, one.life.outcome, one.life.why = at, matter.outcome, ""

    def _fire(self, at: datetime) -> int:
        fired = now = fire_due(at=at)
        while now >= BATCH:
            now = fire_due(at=at)
            fired += now
        return fired
