"""The papers of a matter, as files to print."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from fengqiao.matters import queries
from fengqiao.matters.printing import print_paper
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import SERVING


@require_http_methods(["GET", "POST"])
@allowed(*SERVING)
def paper(request: HttpRequest, matter_id: UUID, paper: str, as_: str) -> HttpResponse:
    """The file; the print is written down before it leaves. A reason comes in a form, never in an address."""
    caller = actor(request)
    printed = print_paper(
        matter=queries.one(caller, matter_id),
        slug=paper,
        as_=as_,
        by=caller,
        at=timezone.now(),
        reason=request.POST.get("reason", ""),
    )
    place = "inline" if as_ == "pdf" else "attachment"
    headers = {"Content-Disposition": f'{place}; filename="{printed.name}"'}
    return HttpResponse(printed.content, content_type=printed.media, headers=headers)


urlpatterns: list[URLPattern] = [
    path(f"matters/<uuid:matter_id>/papers/<slug:paper>.{as_}", paper, {"as_": as_}, name=f"paper_{as_}")
    for as_ in ("pdf", "docx")
]
