"""Days of the past, played whole: each matter from its arrival to its end, by simulated time.

One life is one transaction, its clocks fired on the way. A station that is running meanwhile never sees
half of one, so its own scanner finds nothing overdue in it; a play that is broken off leaves whole lives,
and playing on finds them by their references. Lives are played in the order they began, and who is booked
for an earlier one is not there for a later one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from fengqiao.kit.problems import Problem
from fengqiao.matters.commands import Performed, raise_matter
from fengqiao.matters.models import Matter
from fengqiao.matters.scanning import fire_due
from fengqiao.play.arriving import Coming, coming, ground
from fengqiao.play.deciding import Player, act_out
from fengqiao.play.pictures import with_pictures
from fengqiao.play.playbook import Answers, Arrival, Ground, Playbook
from fengqiao.play.staff import Staff
from fengqiao.store.scope import acting_for

MOST_STEPS = 80


@dataclass(slots=True)
class Life:
    """One matter as it went. `why` says, of an open one, what it waits for."""

    reference: str
    raised_at: datetime
    kind: str = ""
    acts: list[str] = field(default_factory=list)
    fired: int = 0
    owned_at: datetime | None = None
    contact_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str = ""
    why: str = ""
    stuck: bool = False
    repeated: bool = False


def play_history(
    station_id: int,
    books: Sequence[Playbook],
    *,
    begins: datetime,
    ends: datetime,
    seed: int,
    rate: float | None = None,
    goes_on: Callable[[], bool] = lambda: True,
) -> list[Life]:
    """Play everything that arrives between the two moments; nothing is written as later than `ends`.

    Before each life `goes_on` is asked: by then the one before is committed.
    """
    staff = Staff(station_id)
    with acting_for(station_id):
        known = ground()
    lives = []
    for one in coming(books, begins=begins, ends=ends, seed=seed, rate=rate):
        if not goes_on():
            break
        staff.forget_before(one.arrival.at)
        with acting_for(station_id):
            lives.append(_Story(one, staff, known, ends).whole())
    return lives


def live_on(
    matter: Matter, book: Playbook, arrival: Arrival, *, staff: Staff, known: Ground, ends: datetime
) -> Life:
    """Play a matter that was just raised, as far as it comes by `ends`."""
    return _Story(Coming(book, arrival), staff, known, ends).go_on(matter)


class _Story:
    """One life being lived."""

    def __init__(self, one: Coming, staff: Staff, known: Ground, ends: datetime) -> None:
        self.arrival: Arrival = one.arrival
        self.book = one.book
        self.player = Player(one.book, staff)
        self.staff, self.known, self.ends = staff, known, ends
        self.life = Life(one.arrival.reference, one.arrival.at, one.book.kind)
        self.now = one.arrival.at

    def whole(self) -> Life:
        raised = self._raise()
        if raised.repeated:
            self.life.repeated = True
            return self.life
        return self.go_on(raised.matter)

    def go_on(self, matter: Matter) -> Life:
        self._note(matter, "", {})
        for _step in range(MOST_STEPS):
            if not matter.is_open:
                return self.life
            went_on = self._step(matter)
            if went_on is None:
                return self.life
            matter = went_on
        self.life.why, self.life.stuck = f"走了 {MOST_STEPS} 步仍未办结", True
        return self.life

    def _raise(self) -> Performed:
        given = self.book.arrives(self.arrival.chance("intake"), self.known, self.arrival)
        by = self.staff.desk(self.now)
        given = with_pictures(given, by=by, at=self.now, mark=self.arrival.reference)
        return raise_matter(kind_slug=self.book.kind, given=given, by=by, at=self.now)

    def _step(self, matter: Matter) -> Matter | None:
        """The next act done, or None when nothing more happens before the end of the play."""
        refused: dict[str, str] = {}
        while True:
            step = self.player.next(matter, self.arrival, self.life.acts, at=self.now, besides=refused)
            if step is None:
                self.life.stuck = True
                self.life.why = "；".join(refused.values()) or f"剧本里没有“{matter.stage}”这一环节"
                return None
            if step.at > self.ends:
                self.life.fired += fire_due(at=self.ends)
                self.life.why = f"等到 {step.at:%m-%d %H:%M} “{step.move.act}”"
                return None
            self.life.fired += fire_due(at=step.at)
            try:
                with transaction.atomic():
                    done = act_out(matter, self.arrival, step)
            except Problem as problem:
                refused[step.move.act] = f"“{step.move.act}”被拒绝：{problem}"
                continue
            self.now = step.at
            self.life.acts.append(step.move.act)
            self._note(done.matter, step.move.act, step.given)
            return done.matter

    def _note(self, matter: Matter, act: str, given: Answers) -> None:
        life = self.life
        if life.owned_at is None and matter.holder_id is not None:
            life.owned_at = self.now
        if life.contact_at is None and act and self.book.contact(act, given):
            life.contact_at = self.now
        if not matter.is_open:
            life.ended_at, life.outcome = self.now, matter.outcome
