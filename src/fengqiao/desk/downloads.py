"""A register leaving as a file: written down first, asked for its purpose when it is more than 50 rows, and granted by
a second person when it is more than one may take out alone."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from fengqiao.kit.problems import BadInput
from fengqiao.people.approval import About
from fengqiao.people.commands.approving import ask_approval, granted
from fengqiao.people.doors import actor
from fengqiao.people.exporting import WITHOUT_PURPOSE, alone, asks_purpose, note_export


def download(request: HttpRequest, *, what: str, rows: int, made: Callable[[], HttpResponse]) -> HttpResponse:
    """The file, or the page that asks for the purpose. The purpose comes by POST: addresses are logged."""
    if rows > alone(actor(request).station_id):
        return _by_two(request, what, rows, made)
    purpose = request.POST.get("purpose", "")
    if asks_purpose(rows) and request.method != "POST":
        return _asking(request, what, rows)
    try:
        note_export(by=actor(request), what=what, rows=rows, purpose=purpose)
    except BadInput as problem:
        return _asking(request, what, rows, problem=problem)
    return made()


def _by_two(request: HttpRequest, what: str, rows: int, made: Callable[[], HttpResponse]) -> HttpResponse:
    """Granted for exactly this selection: the file. Otherwise it is asked for, and nothing is made."""
    by, at, exactly = actor(request), timezone.now(), [what, request.path, sorted(request.GET.lists())]
    yes = granted(about=About.EXPORT, exactly=exactly, by=by, at=at, rows=rows)
    if yes is not None:
        purpose = _("{}(批准人：{})").format(yes.approval.purpose[:150], yes.by.name if yes.by else "")
        note_export(by=by, what=what, rows=rows, purpose=purpose)
        return made()
    if request.method != "POST":
        return _asking(request, what, rows, two=True)
    try:
        ask_approval(
            about=About.EXPORT,
            says=_("{}，{} 行").format(what, rows),
            exactly=exactly,
            rows=rows,
            purpose=request.POST.get("purpose", ""),
            by=by,
            at=at,
        )
    except BadInput as problem:
        return _asking(request, what, rows, two=True, problem=problem)
    return _asking(request, what, rows, two=True, asked=True)


def _asking(
    request: HttpRequest,
    what: str,
    rows: int,
    *,
    two: bool = False,
    asked: bool = False,
    problem: BadInput | None = None,
) -> HttpResponse:
    context = {
        "what": what,
        "rows": rows,
        "least": WITHOUT_PURPOSE,
        "purpose": request.POST.get("purpose", ""),
        "problem": problem,
        "two": two,
        "asked": asked,
        "again": request.get_full_path(),
    }
    return render(request, "desk/export_purpose.html", context, status=problem.status if problem else 200)
