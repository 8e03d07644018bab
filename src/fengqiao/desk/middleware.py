"""Expected failures as pages; whoever is not signed in is led to the door and back."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from fengqiao.kit.problems import Problem, SignInNeeded
from fengqiao.pages.views import problem_page
from fengqiao.people.doors import PasswordFirst


class Problems:
    """What a view had begun to write is rolled back. The API renders its problems itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Problem):
            return None
        if connection.in_atomic_block:
            transaction.set_rollback(True)
        if isinstance(exception, SignInNeeded):
            return _to_sign_in(request, exception)
        if isinstance(exception, PasswordFirst):
            return redirect(f"{reverse('desk:password')}?{urlencode({'next': where(request)})}")
        return problem_page(request, exception)


def safe_next(address: str) -> str:
    """An address of this site to go on to, else its first page: no way out to another host."""
    ours = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if ours and len(address) < 2000 else reverse("desk:board")


def where(request: HttpRequest) -> str:
    """The page the person is looking at: this one, or the one a form or a part was sent from."""
    if request.method in ("GET", "HEAD") and not request.headers.get("HX-Request"):
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    ours = came_from.netloc == request.get_host()
    query = f"?{came_from.query}" if came_from.query else ""
    return safe_next(came_from.path + query) if ours else reverse("desk:board")


def _to_sign_in(request: HttpRequest, problem: SignInNeeded) -> HttpResponse:
    asked = {"next": where(request)}
    if ended := getattr(request, "session_ended", ""):
        asked["ended"] = ended
    address = f"{reverse('desk:sign_in')}?{urlencode(asked)}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    if "text/event-stream" in request.headers.get("Accept", ""):
        return problem_page(request, problem)
    return redirect(address)
