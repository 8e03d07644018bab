"""An answer given before the request's transaction: the problem as JSON to the API's callers, as a page to people."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse

from fengqiao.kit.problems import Problem
from fengqiao.pages.views import problem_page


def refused(request: HttpRequest, problem: Problem) -> HttpResponse:
    if not request.path.startswith("/api/"):
        return problem_page(request, problem)
    body = json.dumps(problem.body(), ensure_ascii=False)
    return HttpResponse(body, status=problem.status, content_type="application/problem+json; charset=utf-8")
