"""By when a hazard is to be put right, and by when to be looked at again: what an act sets, as columns and as terms of its
clocks."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.timezone import localtime

from fengqiao.kinds.hazard.inputs import DeadlineSpan
from fengqiao.kinds.hazard.models import Hazard
from fengqiao.kit.calendar import parse_span
from fengqiao.matters.clocks import end_of, last_day
from fengqiao.matters.registry import Doing

HazardDoing = Doing[Hazard]
SKEW = timedelta(minutes=5)
AT_ONCE = DeadlineSpan.AT_ONCE.value
CHECK_AFTER = "3wd"  # looked at again within so long of the deadline, or of the report that it is fixed
SETTLES_AFTER = "10wd"


def first_deadline(detail: Hazard, station_id: int, at: datetime) -> dict[str, str | date | None]:
    """The first deadline, by the span that was set; a span set shorter later counts from the finding too."""
    day = last_day(station_id, at, detail.span)
    set_first(detail, station_id, day)
    return terms(station_id, day)


def set_first(detail: Hazard, station_id: int, day: date) -> None:
    over = end_of(day)
    detail.due_at = over
    detail.settle_at = end_of(last_day(station_id, over - SKEW, SETTLES_AFTER))
    set_check(detail, station_id, over)


def set_check(detail: Hazard, station_id: int, over: datetime) -> None:
    """By when it has to be looked at again, the first time."""
    if detail.checked_at is None:
        detail.check_due_at = end_of(last_day(station_id, over - SKEW, CHECK_AFTER))


def terms(station_id: int, day: date) -> dict[str, str | date | None]:
    return {"fix": day, "reinspect": last_day(station_id, end_of(day) - SKEW, CHECK_AFTER)}


def set_due(doing: HazardDoing, *, at_once: bool = False) -> None:
    """A first notice of what nobody had set a day for sets one; one after the time is over, or after a
    re-inspection, gives half of the first's time. At once is today, whatever was set before."""
    detail, station_id = doing.detail, doing.matter.station_id
    if detail.due_at is not None and (detail.checked_at is not None or detail.due_at <= doing.at):
        day = last_day(station_id, doing.at, AT_ONCE if at_once else _half(detail.span))
        detail.second_due_at = end_of(day)
        doing.terms |= terms(station_id, day)
    elif at_once or detail.due_at is None:
        detail.span = AT_ONCE if at_once else detail.span
        doing.terms |= first_deadline(detail, station_id, doing.at)
    else:
        # What was set at the finding runs on.
        doing.terms |= terms(station_id, localtime(detail.due_at - SKEW).date())


def _half(span: str) -> str:
    if span == AT_ONCE:
        return AT_ONCE
    whole = parse_span(span)
    return f"{whole.amount // 2}{whole.unit}" if whole.amount > 1 else AT_ONCE


def to_check(detail: Hazard, station_id: int, at: datetime) -> date:
    day = last_day(station_id, at, CHECK_AFTER)
    if detail.checked_at is None:
        detail.check_due_at = end_of(day)
    return day
