"""Days as the station counts them: 00:00 to 24:00 Beijing time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


def local_day(at: datetime) -> date:
    """The calendar day in Beijing at this moment; raises ValueError for a time without a zone."""
    if at.tzinfo is None:
        raise ValueError("the time has no zone")
    return at.astimezone(BEIJING).date()


def midnight(day: date) -> datetime:
    """The moment the day begins."""
    return datetime.combine(day, time(), tzinfo=BEIJING)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """From its first moment up to, not including, the next day's."""
    return midnight(day), midnight(day + timedelta(days=1))


def month_bounds(day: date) -> tuple[datetime, datetime]:
    """The bounds of the month the day lies in; the end is the next month's first moment."""
    first = day.replace(day=1)
    return midnight(first), midnight((first + timedelta(days=31)).replace(day=1))
