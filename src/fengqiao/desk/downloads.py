"""A register leaving as a file: written down first, and asked for its purpose when it is more than 50 rows."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fengqiao.kit.problems import BadInput
from fengqiao.people.doors import actor
from fengqiao.people.exporting import WITHOUT_PURPOSE, asks_purpose, note_export


def download(request: HttpRequest, *, what: str, rows: int, made: Callable[[], HttpResponse]) -> HttpResponse:
    """The file, or the page that asks for the purpose. The purpose comes by POST: addresses are logged."""
    purpose = request.POST.get("purpose", "")
    if asks_purpose(rows) and request.method != "POST":
        return _asking(request, what, rows)
    try:
        note_export(by=actor(request), what=what, rows=rows, purpose=purpose)
    except BadInput as problem:
        return _asking(request, what, rows, purpose=purpose, problem=problem)
    return made()


def _asking(
    request: HttpRequest, what: str, rows: int, *, purpose: str = "", problem: BadInput | None = None
) -> HttpResponse:
    context = {"what": what, "rows": rows, "least": WITHOUT_PURPOSE, "purpose": purpose, "problem": problem}
    return render(request, "desk/export_purpose.html", context, status=problem.status if problem else 200)
