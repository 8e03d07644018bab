"""A database that is all in use is said, not stumbled over: come again in a moment, nothing was written.

Stands before the request's transaction, which then finds its connection open.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from psycopg_pool import PoolTimeout

from fengqiao.kit.problems import Problem
from fengqiao.people.middleware import WITHOUT_DATABASE
from fengqiao.server.refusing import refused

AGAIN_IN = 5  # seconds


class Busy(Problem):
    code, status, says = "busy", 503, "系统正忙"


class InTurn:
    """Any other fault of the database goes on as before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(WITHOUT_DATABASE):
            try:
                connection.ensure_connection()
            except OperationalError as error:
                if not isinstance(error.__cause__, PoolTimeout):
                    raise
                return _refused(request)
        return self.get_response(request)


def _refused(request: HttpRequest) -> HttpResponse:
    problem = Busy("数据库正忙或暂时不可用，请稍等片刻再试，没有记录任何内容。")
    answer = refused(request, problem)
    answer.headers["Retry-After"] = str(AGAIN_IN)
    return answer
