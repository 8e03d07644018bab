"""The papers of a matter, as files to print."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods

from fengqiao.desk.stepping_up import step_up, stepped_up_at
from fengqiao.matters import queries
from fengqiao.matters.issued_papers import print_issued
from fengqiao.matters.printing import Printed, print_paper
from fengqiao.pages.views import problem_page
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import SERVING


@require_http_methods(["GET", "POST"])
@allowed(*SERVING)
def paper(request: HttpRequest, matter_id: UUID, paper: str, as_: str) -> HttpResponse:
    """The file; the print is written down before it leaves. A reason, and the digits where they are needed, come
    in a form, never in an address."""
    caller, at = actor(request), timezone.now()
    matter = queries.one(caller, matter_id)
    if refused := step_up(request, at=at):
        return problem_page(request, refused)
    printed = print_paper(
        matter=matter,
        slug=paper,
        as_=as_,
        by=caller,
        at=at,
        reason=request.POST.get("reason", ""),
        stepped_up_at=stepped_up_at(request),
    )
    return _file(printed, as_)


@require_http_methods(["GET", "HEAD"])
@allowed(*SERVING)
def issued(request: HttpRequest, matter_id: UUID, issued_id: int, as_: str, receipt: bool) -> HttpResponse:
    """A paper as it was issued, or the record of its service; the print is written down before it leaves."""
    caller = actor(request)
    printed = print_issued(
        matter=queries.one(caller, matter_id),
        issued_id=issued_id,
        as_=as_,
        by=caller,
        at=timezone.now(),
        receipt=receipt,
    )
    return _file(printed, as_)


def _file(printed: Printed, as_: str) -> HttpResponse:
    place = "inline" if as_ == "pdf" else "attachment"
    disposition = content_disposition_header(place == "attachment", printed.name)
    headers = {"Content-Disposition": disposition or place}
    return HttpResponse(printed.content, content_type=printed.media, headers=headers)


urlpatterns: list[URLPattern] = [
    path(f"matters/<uuid:matter_id>/papers/<slug:paper>.{as_}", paper, {"as_": as_}, name=f"paper_{as_}")
    for as_ in ("pdf", "docx")
] + [
    path(
        f"matters/<uuid:matter_id>/issued/<int:issued_id>{'/receipt' if receipt else ''}.{as_}",
        issued,
        {"as_": as_, "receipt": receipt},
        name=f"{'receipt' if receipt else 'issued'}_{as_}",
    )
    for as_ in ("pdf", "docx")
    for receipt in (False, True)
]
