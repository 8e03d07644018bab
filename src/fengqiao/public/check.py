"""Is whoever stands at my door really sent by the station? A resident types the code and is told."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from fengqiao.kit.problems import BadInput, TooMany
from fengqiao.matters.commands.visit_codes import check_code
from fengqiao.people.devices import address_of


# Open to everybody and standing on nobody's rights: there is nothing to forge, and a page that was open
# too long must still answer somebody who is frightened.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """The form; on POST its answer. The code travels in the body, so that no address or log holds it."""
    if request.method != "POST":
        return _page(request, {})
    at = timezone.now()
    try:
        genuine = check_code(typed=request.POST.get("code", "")[:40], asking=address_of(request), at=at)
    except (BadInput, TooMany) as problem:
        return _page(request, {"problem": problem, "wait": isinstance(problem, TooMany)}, problem.status)
    return _page(request, {"answered": True, "genuine": genuine, "at": at})


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, "public/check.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


urlpatterns: list[URLPattern] = [path("check", check, name="check")]
