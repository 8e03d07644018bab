"""Working days and the periods counted in them.

Years whose holidays the State Council has not published yet are unknown, never plain weeks: a period
that runs into one is either refused (`due`) or said to be uncertain (`due_or_estimate`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Self

from fengqiao.kit.days import local_day, midnight


class UnknownYear(Exception):
    """The holidays of `year` are not published."""

    def __init__(self, year: int) -> None:
        super().__init__(f"{year} 年放假安排未公布")
        self.year = year


@cache
def _package() -> tuple[Mapping[date, bool], frozenset[int]]:
    """What the chinesecalendar package knows: days that differ from the plain week, and whole years."""
    from chinese_calendar.constants import holidays, workdays  # noqa: PLC0415 slow import

    days = dict.fromkeys(holidays, False) | dict.fromkeys(workdays, True)
    years = range(min(holidays).year, max(holidays).year + 1)
    return MappingProxyType(days), frozenset(years)


def covered_years(days: Mapping[date, bool]) -> frozenset[int]:
    """Years an override table holds whole, told by its three fixed festivals.

    Every published arrangement frees 1 January, 1 May and 1 October; a table that has all three of a
    year holds that year's notice rather than a single corrected day.
    """
    years = {day.year for day in days}
    return frozenset(y for y in years if all(days.get(date(y, month, 1)) is False for month in (1, 5, 10)))


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """`days` holds only the days that differ from the plain week; `known_years` where the rest is plain."""

    days: Mapping[date, bool]
    known_years: frozenset[int]

    @classmethod
    def published(cls, overrides: Mapping[date, bool] | None = None, known_years: Iterable[int] = ()) -> Self:
        """The national calendar with the station's own table laid over it.

        `overrides` maps a day to whether it is worked. A year becomes known through `known_years`, or
        when the overrides hold its three fixed festivals (see `covered_years`).
        """
        own = dict(overrides or {})
        days, years = _package()
        known = years | frozenset(known_years) | covered_years(own)
        return cls(days=MappingProxyType({**days, **own}), known_years=known)

    def knows(self, day: date) -> bool:
        return day in self.days or day.year in self.known_years

    def is_workday(self, day: date) -> bool:
        """Raises UnknownYear where the day's year is not published and the day has no rule of its own."""
        if not self.knows(day):
            raise UnknownYear(day.year)
        return self.estimate(day)

    def estimate(self, day: date) -> bool:
        """As `is_workday`, but an unknown day counts as in a plain week."""
        return self.days.get(day, day.weekday() < 5)


class Unit(StrEnum):
    """What a span counts; the value is its suffix (`3wd`)."""

    MINUTES = "min"
    HOURS = "h"
    DAYS = "d"
    WORKDAYS = "wd"


# Where a span may be none at all.
NO_SPAN = "0"
_SPAN = re.compile(r"([1-9][0-9]{0,4})(min|h|d|wd)")


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as the law says it: `3wd` and `3d` are different things."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 0 < self.amount < 100_000:
            raise ValueError("时长应为 1 到 99999 的整数")

    def __str__(self) -> str:
        return f"{self.amount}{self.unit.value}"


def parse_span(text: str) -> Span:
    """`5min`, `24h`, `3d` (natural days), `3wd` (working days); raises ValueError for anything else."""
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"时长写法不对：{text!r}；应如 5min、24h、3d、3wd")
    return Span(int(match[1]), Unit(match[2]))


def due(start: datetime, span: Span, calendar: WorkCalendar) -> datetime:
    """When a period that starts now runs out (公安机关办理行政案件程序规定 art. 35).

    Minutes and hours run exactly. Of days the starting one does not count; the period ends at 24:00
    Beijing time, given as the next midnight. A last day nobody works moves to the next working day, for
    natural days too. Raises UnknownYear where that needs a year not published; ValueError without a zone.
    """
    return _due(start, span, calendar.is_workday)


def due_or_estimate(start: datetime, span: Span, calendar: WorkCalendar) -> tuple[datetime, bool]:
    """As `due`, with whether it is certain; unknown days count as in plain weeks and make it uncertain."""
    try:
        return due(start, span, calendar), True
    except UnknownYear:
        return _due(start, span, calendar.estimate), False


def _due(start: datetime, span: Span, works: Callable[[date], bool]) -> datetime:
    day = local_day(start)
    if span.unit is Unit.MINUTES:
        return start + timedelta(minutes=span.amount)
    if span.unit is Unit.HOURS:
        return start + timedelta(hours=span.amount)
    if span.unit is Unit.DAYS:
        last = _next_workday(day + timedelta(days=span.amount), works)
    else:
        last = day
        for _ in range(span.amount):
            last = _next_workday(last + timedelta(days=1), works)
    return midnight(last + timedelta(days=1))


def _next_workday(day: date, works: Callable[[date], bool]) -> date:
    while not works(day):
        day += timedelta(days=1)
    return day
