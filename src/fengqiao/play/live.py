"""The demo station at play now: things arrive, and whoever's turn it is acts, by the real clock.

A higher speed makes things arrive more often and people act after shorter waits; no time that is written
down differs from the time it was written. The play acts only on what it raised itself, known by its
reference, and on what came of the station's standing matters; where somebody acts first, it looks again and goes on from there.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from fengqiao.kit.problems import Problem
from fengqiao.matters.commands import raise_matter
from fengqiao.matters.models import Event, Matter
from fengqiao.play.arriving import MARK, ground
from fengqiao.play.deciding import Pace, Player, Step, act_out
from fengqiao.play.pictures import with_pictures
from fengqiao.play.playbook import Arrival, Playbook
from fengqiao.play.staff import Staff
from fengqiao.play.standing import Standing, beneath
from fengqiao.store.scope import acting_for

# At the pace of life one arrives in a quarter of an hour: a busy station, so that there is something to see.
MINUTES_BETWEEN = 15.0
# A wait of days is cut to hours, and nothing more arrives while so much lies open.
LONGEST_WAIT = 4 * 60.0
MOST_OPEN = 60
ACTS_A_ROUND = 5
LOOKS_AGAIN = timedelta(seconds=20)
log = logging.getLogger("fengqiao.play")


@dataclass(slots=True)
class Plan:
    """What is meant to happen next to one matter; `version` is the one it was made for."""

    version: int
    step: Step | None
    at: datetime


@dataclass(slots=True)
class LivePlay:
    """One station being played. Everything in memory can be lost: it is planned anew from the matters."""

    station_id: int
    books: Sequence[Playbook]
    standings: Sequence[Standing] = ()
    staff: Staff = field(init=False)
    rng: Random = field(default_factory=Random)
    speed: float = 0.0
    next_arrival: datetime | None = None
    plans: dict[UUID, Plan] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.staff = Staff(self.station_id)

    def round(self, *, at: datetime, speed: float) -> int:
        """Do what is due by `at`; gives the number of things done. Two players never play at once."""
        if speed <= 0:
            self.plans.clear()
            self.next_arrival = None
            return 0
        if speed != self.speed:
            self.plans.clear()
            self.speed, self.next_arrival = speed, None
        with acting_for(self.station_id):
            if not _alone(self.station_id):
                return 0
            matters = self._open()
            self.plans = {pk: plan for pk, plan in self.plans.items() if pk in matters}
            arrived = sum(matter.reference.startswith(MARK) for matter in matters.values())
            return self._arrive(arrived, at) + self._act(matters, at)

    def _open(self) -> dict[UUID, Matter]:
        own = Q(reference__startswith=MARK) | beneath(self.standings, [book.kind for book in self.books])
        found = Matter.objects.filter(own, closed_at=None).order_by("pk")
        return {matter.pk: matter for matter in found}

    def _arrive(self, already_open: int, at: datetime) -> int:
        if self.next_arrival is None:
            self.next_arrival = at
        if at < self.next_arrival:
            return 0
        self.next_arrival = at + timedelta(minutes=self.rng.expovariate(self.speed / MINUTES_BETWEEN))
        if already_open >= MOST_OPEN:
            return 0
        book = self.rng.choices(self.books, weights=[one.rate for one in self.books])[0]
        arrival = Arrival(at, f"{MARK}{at:%Y%m%d-%H%M%S}-{self.rng.randrange(1000):03d}")
        given = book.arrives(arrival.chance("intake"), ground(), arrival)
        try:
            with transaction.atomic():
                by = self.staff.desk(at)
                given = with_pictures(given, by=by, at=at, mark=arrival.reference)
                raise_matter(kind_slug=book.kind, given=given, by=by, at=at)
        except Problem as problem:
            log.info("the play could not raise anything", extra={"why": str(problem)})
            return 0
        return 1

    def _act(self, matters: dict[UUID, Matter], at: datetime) -> int:
        self.staff.forget_before(at)
        changed = [matter for matter in matters.values() if self._is_new(matter)]
        done = _acts_of(changed)
        for matter in changed:
            self.plans[matter.pk] = self._planned(matter, done.get(matter.pk, []), at)
        due = [pk for pk, plan in self.plans.items() if plan.at <= at]
        return sum(self._take(matters[pk], at) for pk in due[:ACTS_A_ROUND])

    def _is_new(self, matter: Matter) -> bool:
        plan = self.plans.get(matter.pk)
        return plan is None or plan.version != matter.version

    def _planned(self, matter: Matter, done: list[str], at: datetime) -> Plan:
        book = next((one for one in self.books if one.kind == matter.kind), None)
        if book is None:
            return Plan(matter.version, None, at + timedelta(days=1))
        player = Player(book, self.staff, Pace(self.speed, LONGEST_WAIT))
        step = player.next(matter, _arrival(matter), done, at=at)
        return Plan(matter.version, step, step.at if step else at + timedelta(days=1))

    def _take(self, matter: Matter, at: datetime) -> int:
        """One act; what is refused (somebody was there first) is looked at again a little later."""
        plan = self.plans[matter.pk]
        assert plan.step is not None
        step = Step(plan.step.move, plan.step.by, plan.step.scene, at)
        try:
            with transaction.atomic():
                act_out(matter, _arrival(matter), step)
        except Problem as problem:
            log.info("the play was refused", extra={"act": step.move.act, "why": str(problem)})
            plan.at = at + LOOKS_AGAIN
            return 0
        return 1


def _arrival(matter: Matter) -> Arrival:
    """What is owed bears no reference of its own."""
    return Arrival(matter.raised_at, matter.reference or f"{MARK}{matter.pk}")


def _alone(station_id: int) -> bool:
    """Until the end of this transaction nobody else plays this station."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended('fengqiao play', %s))", [station_id]
        )
        (alone,) = cursor.fetchone()
    return bool(alone)


def _acts_of(matters: Sequence[Matter]) -> dict[UUID, list[str]]:
    """Which acts each matter has seen; one query for all of them."""
    found: dict[UUID, list[str]] = {}
    if matters:
        rows = Event.objects.filter(matter__in=matters).order_by("id").values_list("matter_id", "act")
        for matter_id, act in rows:
            found.setdefault(matter_id, []).append(act)
    return found
