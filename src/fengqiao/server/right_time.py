"""A machine whose clock is wrong serves nobody: acts would be given times that never were.

Clocks fire by the database's time; what a door notes as the time of an act comes from the machine it runs
on. The two are compared once a minute, and at once when the machine's clock was set (it parts from the
monotonic one). Further apart than a device may be ahead, every page and call is answered 503 in plain
words, and `/readyz` takes the machine out of service.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from fengqiao.kit.problems import Problem
from fengqiao.matters.scanning import database_time
from fengqiao.people.middleware import WITHOUT_DATABASE
from fengqiao.server.refusing import refused

MOST = timedelta(minutes=5)
MEASURED_EVERY = 60.0
# The wall clock parting from the monotonic one by more than this was set by somebody.
SET_BY = 2.0
log = logging.getLogger("fengqiao.time")


class ClockWrong(Problem):
    code, status, says = "clock_wrong", 503, "服务器时间不准"


class Skew:
    """How far this machine's clock runs ahead of the database's, as last measured."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self._measured = -MEASURED_EVERY
        self._base = 0.0

    @property
    def wrong(self) -> bool:
        return abs(self.ahead) > MOST

    def look(self) -> timedelta:
        """Measured anew when that is due, and always while it is wrong. Raises DatabaseError."""
        base = time.time() - time.monotonic()
        due = time.monotonic() - self._measured >= MEASURED_EVERY
        if due or self.wrong or abs(base - self._base) > SET_BY:
            # A database that is away is not asked again by every request that waits for it.
            self._measured = time.monotonic()
            self.ahead = timezone.now() - database_time()
            self._base = base
        return self.ahead


skew = Skew()


class RightTime:
    """Stands before the request's transaction; a database that does not answer is told further in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(WITHOUT_DATABASE):
            return self.get_response(request)
        try:
            skew.look()
        except DatabaseError:
            return self.get_response(request)
        return _refused(request) if skew.wrong else self.get_response(request)


def _refused(request: HttpRequest) -> HttpResponse:
    log.error("this machine's clock is wrong", extra={"seconds_ahead": skew.ahead.total_seconds()})
    problem = ClockWrong(
        "服务器的时间与数据库相差超过 5 分钟，暂不受理，没有记录任何内容。请联系系统管理员校准时间。"
    )
    return refused(request, problem)
