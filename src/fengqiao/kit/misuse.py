"""Known stories of misuse, looked for in the rows of the access log; pure, so that it can be played through.

What comes out is a story with the rows behind it, for a person to look into. Nothing is weighed, summed up
or ranked, and nothing is kept about anybody. Times are local; limits are a station's to set.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Literal, TypeVar

Row = TypeVar("Row")
Group = TypeVar("Group")
Story = Literal["ex_partner", "selling", "crowd", "shared_account", "leaver"]
AccessKind = Literal["look", "export", "opening"]


@dataclass(frozen=True, slots=True)
class Access:
    """One row of the log. `subject` is the record looked at; an export has rows instead."""

    row: int
    kind: AccessKind
    person: str
    at: datetime
    subject: str = ""
    task: bool = False
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One sign-in."""

    row: int
    person: str
    at: datetime
    device: str
    address: str


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a story is told."""

    same_subject: int = 3  # looks without a task at one record by one person
    one_glance: timedelta = timedelta(minutes=5)  # looks this close together are one
    viewers: int = 5  # persons at one record in a day
    viewers_without_task: int = 3  # of them
    many_subjects: int = 30  # records in a day, at least
    many_rows: int = 500  # exported rows in a day, at least
    times_usual: float = 4.0  # so far above one's own and the peers' usual day
    two_places: timedelta = timedelta(minutes=10)
    last_days: timedelta = timedelta(days=14)
    before_leaving: int = 5  # records without a task, or emergency openings, in the last days
    rows_before_leaving: int = 200
    times_before: float = 2.0  # and so far above one's own days before


@dataclass(frozen=True, slots=True)
class Finding:
    """`key` names the same finding tomorrow; `rows` are (log, row) pairs behind it."""

    story: Story
    person: str
    subject: str
    day: date
    rows: tuple[tuple[str, int], ...]

    @property
    def key(self) -> str:
        return f"{self.story}:{self.person}:{self.subject}:{self.day:%Y%m%d}"


def stories(
    accesses: Iterable[Access],
    entries: Iterable[Entry],
    leavers: dict[str, datetime],
    limits: Limits = Limits(),
) -> list[Finding]:
    """Every story in the rows, newest first. `leavers` says when whose rights ended or will end."""
    seen = sorted(accesses, key=lambda access: (access.at, access.row))
    found = [
        *_ex_partner(seen, limits),
        *_crowd(seen, limits),
        *_selling(seen, limits),
        *_shared_account(sorted(entries, key=lambda entry: entry.at), limits),
        *_leaver(seen, leavers, limits),
    ]
    return sorted(found, key=lambda finding: (finding.day, finding.key), reverse=True)


def _ex_partner(seen: Sequence[Access], limits: Limits) -> Iterator[Finding]:
    """One person comes back to one record again and again, and it is not their task."""
    by_pair = _grouped(
        (access for access in seen if access.subject and not access.task),
        lambda access: (access.person, access.subject),
    )
    for (person, subject), rows in by_pair.items():
        if _glances(rows, limits.one_glance) >= limits.same_subject:
            # Named by the first look, so that a fourth one does not make it another finding.
            yield _finding("ex_partner", person, subject, rows, day=rows[0].at.date())


def _glances(rows: Sequence[Access], pause: timedelta) -> int:
    """How often somebody came: looks that follow each other closely are one."""
    count, last = 0, None
    for access in rows:
        count += last is None or access.at - last > pause
        last = access.at
    return count


def _crowd(seen: Sequence[Access], limits: Limits) -> Iterator[Finding]:
    """Many look at one record on one day: curiosity, not work. Nobody in particular is named."""
    by_record = _grouped(
        (access for access in seen if access.subject), lambda access: (access.subject, access.at.date())
    )
    for (subject, day), rows in by_record.items():
        viewers = {access.person for access in rows}
        idle = viewers - {access.person for access in rows if access.task}
        if len(viewers) >= limits.viewers and len(idle) >= limits.viewers_without_task:
            yield _finding("crowd", "", subject, rows, day=day)


def _selling(seen: Sequence[Access], limits: Limits) -> Iterator[Finding]:
    """A day far above one's own usual one and everybody else's: in records, or in exported rows."""
    days = _grouped(seen, lambda access: (access.person, access.at.date()))
    for measure, least in ((_subjects, limits.many_subjects), (_exported, limits.many_rows)):
        amounts = {pair: measure(rows) for pair, rows in days.items()}
        much = {pair: amount for pair, amount in amounts.items() if amount >= least}
        for (person, day), amount in much.items():
            own = [other for (who, when), other in amounts.items() if who == person and when != day]
            peers = [other for (who, _when), other in amounts.items() if who != person]
            usual = max(_usual(own), _usual(peers))
            if amount > limits.times_usual * usual:
                yield _finding("selling", person, measure.__name__[1:], days[(person, day)], day=day)


def _subjects(rows: Sequence[Access]) -> int:
    return len({access.subject for access in rows if access.subject})


def _exported(rows: Sequence[Access]) -> int:
    return sum(access.rows for access in rows)


def _usual(amounts: Sequence[int]) -> float:
    """The middle of the days on which there was anything."""
    some = [amount for amount in amounts if amount]
    return median(some) if some else 0.0


def _shared_account(entries: Sequence[Entry], limits: Limits) -> Iterator[Finding]:
    """One account from two devices at two addresses within minutes: two people, or a stolen password."""
    told = set()
    for person, mine in _grouped(entries, lambda entry: entry.person).items():
        for one, next_one in pairwise(mine):
            elsewhere = one.device != next_one.device and one.address != next_one.address
            day = next_one.at.date()
            if elsewhere and next_one.at - one.at <= limits.two_places and (person, day) not in told:
                told.add((person, day))
                rows = (("signin", one.row), ("signin", next_one.row))
                yield Finding("shared_account", person, "", day, rows)


def _leaver(seen: Sequence[Access], leavers: dict[str, datetime], limits: Limits) -> Iterator[Finding]:
    """Use after the rights ended, or more gathered in the last days before than was usual until then."""
    for person, end in leavers.items():
        mine = [access for access in seen if access.person == person]
        after = [access for access in mine if access.at > end]
        gathered = _gathered(mine, end, limits)
        if after or gathered:
            yield _finding("leaver", person, "", after or gathered, day=end.date())


def _gathered(mine: Sequence[Access], end: datetime, limits: Limits) -> list[Access]:
    """What was opened without a task or taken out in the last days, where it is much for this person."""
    begins = end - limits.last_days
    found: list[Access] = []
    for measure, least in ((_subjects, limits.before_leaving), (_exported, limits.rows_before_leaving)):
        rows = [access for access in mine if not access.task and measure([access])]
        last = [access for access in rows if begins <= access.at <= end]
        earlier = [access for access in rows if access.at < begins]
        spans = max(1.0, (begins - mine[0].at) / limits.last_days) if earlier else 1.0
        if measure(last) >= max(least, limits.times_before * measure(earlier) / spans):
            found += last
    return found


def _finding(story: Story, person: str, subject: str, rows: Sequence[Access], *, day: date) -> Finding:
    return Finding(story, person, subject, day, tuple((access.kind, access.row) for access in rows))


def _grouped(rows: Iterable[Row], by: Callable[[Row], Group]) -> dict[Group, list[Row]]:
    found: dict[Group, list[Row]] = defaultdict(list)
    for row in rows:
        found[by(row)].append(row)
    return dict(found)
