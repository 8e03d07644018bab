"""The earliest moment of an act: a declared length after another one, which a station may set for itself."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max
from django.utils.timezone import localtime

from fengqiao.kit.calendar import NO_SPAN, due_or_estimate, parse_span
from fengqiao.kit.problems import OutOfTurn
from fengqiao.matters import clocks
from fengqiao.matters.models import Event, Matter
from fengqiao.matters.registry import Act, Kind, Wait
from fengqiao.matters.span_words import span_told
from fengqiao.matters.states import Standing


def opens_at(matter: Matter, page: Kind, act: Act) -> datetime | None:
    """From when the act may be done; None where it need not wait. One query where it is declared to wait."""
    wait = _wait(page, act)
    span = clocks.rules(matter.station_id).span(page, wait, matter.level) if wait else None
    if wait is None or span is None or span == NO_SPAN:
        return None
    done = Event.objects.filter(matter=matter, act__in=wait.after, standing=Standing.DONE)
    began = done.aggregate(last=Max("observed_at"))["last"]
    if began is None:
        return None
    return due_or_estimate(began, parse_span(span), clocks.rules(matter.station_id).calendar)[0]


def check_wait(matter: Matter, page: Kind, act: Act, at: datetime) -> None:
    """Raises OutOfTurn, saying from when on."""
    opens, wait = opens_at(matter, page, act), _wait(page, act)
    if wait is not None and opens is not None and at < opens:
        span = clocks.rules(matter.station_id).span(page, wait, matter.level) or NO_SPAN
        why = f"{wait.says} {span_told(span)}"
        raise OutOfTurn(f"“{act.says}”最早 {localtime(opens):%m-%d %H:%M} 起办理：{why}")


def _wait(page: Kind, act: Act) -> Wait | None:
    return next((wait for wait in page.waits if act.name in wait.acts), None)
