"""What next checks by a place's own history gain over rounds by grade alone: the same places, hazards and visits.

Pure computation by the rule the register goes by (`kit.grading.next_check`); no matter, no station. Each day both
ways make the same number of visits, to the places whose share of their interval has run the furthest. Hazards arise
at each place at a rate of its own (gamma), around what is usual for its grade: the grade is right on average.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from fengqiao.kit.grading import DEFAULT, PRIOR_CHECKS, PRIOR_FOUND, Grade, next_check

FIRST = date(2022, 1, 1)
YEAR = 365
# The first year is for getting to know the places; what arises in the two after it is counted.
LEARNT, DAYS = YEAR, 3 * YEAR
SHARES = {Grade.RED: 0.1, Grade.YELLOW: 0.3, Grade.GREEN: 0.6}
SHAPE = 0.7


@dataclass(frozen=True, slots=True)
class House:
    """One place: its grade, and the days on which something there goes wrong."""

    grade: Grade
    arises: tuple[float, ...]

    @property
    def usual(self) -> int:
        return DEFAULT.rounds[self.grade]


@dataclass(frozen=True, slots=True)
class Walked:
    """One way of going round: `unseen` are the sorted days each hazard stood before somebody came by."""

    visits: int
    unseen: list[float]

    @property
    def mean(self) -> float:
        return sum(self.unseen) / len(self.unseen)


@dataclass(frozen=True, slots=True)
class Compared:
    by_grade: Walked
    adaptive: Walked


@dataclass(slots=True)
class _State:
    last: int
    interval: int
    checks: deque[tuple[int, int]] = field(default_factory=deque)
    waiting: int = 0


def compared(*, seed: int, places: int = 600) -> Compared:
    """Both ways over the same invented places."""
    rng = Random(seed)  # noqa: S311 a study, no secret
    houses = [_house(rng) for _ in range(places)]
    return Compared(_walked(houses, adaptive=False), _walked(houses, adaptive=True))


def _house(rng: Random) -> House:
    grade = rng.choices(list(SHARES), weights=list(SHARES.values()))[0]
    usual = PRIOR_FOUND / PRIOR_CHECKS / DEFAULT.rounds[grade]
    rate = max(rng.gammavariate(SHAPE, usual / SHAPE), 1e-9)
    arises, day = [], rng.expovariate(rate)
    while day < DAYS:
        arises.append(day)
        day += rng.expovariate(rate)
    return House(grade, tuple(arises))


def _walked(houses: list[House], *, adaptive: bool) -> Walked:
    a_day = max(1, round(sum(1 / house.usual for house in houses)))
    states = [
        _State(-(number * 7919) % house.usual - house.usual, house.usual)
        for number, house in enumerate(houses)
    ]
    unseen: list[float] = []
    for day in range(DAYS):
        longest = sorted(range(len(houses)), key=lambda one: (states[one].last - day) / states[one].interval)
        for one in longest[:a_day]:
            unseen += _visit(houses[one], states[one], day, adaptive=adaptive)
    for house, state in zip(houses, states, strict=True):  # what nobody has found by the end stood until then
        unseen += [DAYS - since for since in house.arises[state.waiting :] if since >= LEARNT]
    return Walked(a_day * DAYS, sorted(unseen))


def _visit(house: House, state: _State, day: int, *, adaptive: bool) -> list[float]:
    """Everything that stands is found; the days of what is counted come back."""
    seen = state.waiting
    while seen < len(house.arises) and house.arises[seen] <= day:
        seen += 1
    found, state.waiting = house.arises[state.waiting : seen], seen
    state.last = day
    if adaptive:
        state.checks.append((day, len(found)))
        while state.checks[0][0] <= day - YEAR:
            state.checks.popleft()
        state.interval = _interval(house.grade, day, state.checks)
    return [day - since for since in found if since >= LEARNT]


def _interval(grade: Grade, day: int, checks: deque[tuple[int, int]]) -> int:
    facts = {"checks_365d": len(checks), "found_365d": sum(found for _day, found in checks)}
    last = FIRST + timedelta(day)
    due, _why = next_check(grade, DEFAULT, last=last, since=FIRST, facts=facts)
    return (due - last).days
