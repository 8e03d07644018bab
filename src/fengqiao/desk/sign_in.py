"""Coming in, handing the desk over, going out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fengqiao.desk.middleware import safe_next
from fengqiao.kit.problems import BadInput, Problem, TooMany
from fengqiao.people import queries, signing_in
from fengqiao.people.devices import address_of, known_device, remember
from fengqiao.people.doors import allowed, person
from fengqiao.people.models import Person
from fengqiao.people.names import one_spelling
from fengqiao.people.roles import STATION_WIDE
from fengqiao.people.second_factor import is_asked
from fengqiao.people.sessions import enter, leave
from fengqiao.people.throttle import Trial

PENDING = "password_given"
PENDING_FOR = 300  # seconds between the password and the digits
LONGEST = 128


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Password; then the digits, where the account asks for them."""
    onward = safe_next(request.POST.get("next") or request.GET.get("next", ""))
    if request.method != "POST":
        return redirect(onward) if _is_in(request) else _page(request, onward=onward)
    at, username = timezone.now(), one_spelling(request.POST.get("username", "")[:LONGEST])
    trial = _trial(request, username)
    try:
        found = _check(request, username, trial, at)
    except (BadInput, TooMany) as problem:
        return _page(request, onward=onward, username=username, problem=problem)
    if is_asked(found):
        request.session.flush()
        request.session[PENDING] = {"person": str(found.pk), "at": at.timestamp(), "next": onward}
        return redirect("desk:sign_in_code")
    return _let_in(request, found, trial, onward, at=at)


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The digits of the moment, within five minutes of the password."""
    at, pending = timezone.now(), request.session.get(PENDING)
    if pending is None or at.timestamp() - pending["at"] > PENDING_FOR:
        return redirect("desk:sign_in")
    if request.method != "POST":
        return render(request, "desk/sign_in_code.html")
    found = signing_in.person_by_id(pending["person"])
    if found is None or not is_asked(found):
        return redirect("desk:sign_in")
    trial = _trial(request, found.username or "")
    try:
        signing_in.check_code(found, code=request.POST.get("code", "")[:LONGEST], trial=trial, at=at)
    except (BadInput, TooMany) as problem:
        return render(request, "desk/sign_in_code.html", {"problem": problem}, status=problem.status)
    return _let_in(request, found, trial, safe_next(pending["next"]), at=at)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    leave(request)
    return redirect("desk:sign_in")


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(*STATION_WIDE)
def handover(request: HttpRequest) -> HttpResponse:
    """The incoming colleague takes the desk in one step and stands where the last one stood."""
    at, onward = timezone.now(), safe_next(request.POST.get("next") or request.GET.get("next", ""))
    others = queries.relieving(day=timezone.localdate(at), besides=person(request).pk)
    context: dict[str, Any] = {"others": others, "next": onward, "who": request.POST.get("who", "")}
    if request.method != "POST":
        return render(request, "desk/handover.html", context)
    incoming = next((other for other in others if str(other.pk) == context["who"]), None)
    username = incoming.username or "" if incoming else ""
    trial = _trial(request, username)
    try:
        found = _check(request, username, trial, at)
        if is_asked(found):
            signing_in.check_code(found, code=request.POST.get("code", "")[:LONGEST], trial=trial, at=at)
    except (BadInput, TooMany) as problem:
        return render(request, "desk/handover.html", {**context, "problem": problem}, status=problem.status)
    return _let_in(request, found, trial, onward, at=at)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """For this browser, and for the person when somebody has signed in."""
    chosen = request.POST.get("language", "")
    response = redirect(safe_next(request.POST.get("next", "")))
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=365 * 86400, samesite="Lax")
        if isinstance(request.user, Person):
            Person.objects.filter(pk=request.user.pk).update(language=chosen)
    return response


def _is_in(request: HttpRequest) -> bool:
    return getattr(request, "actor", None) is not None


def _trial(request: HttpRequest, username: str) -> Trial:
    device = known_device(request, username)
    return Trial.of(username=username, address=address_of(request), device=device)


def _check(request: HttpRequest, username: str, trial: Trial, at: datetime) -> Person:
    password = request.POST.get("password", "")[:LONGEST]
    return signing_in.check_password(username=username, password=password, trial=trial, at=at)


def _let_in(request: HttpRequest, found: Person, trial: Trial, onward: str, *, at: datetime) -> HttpResponse:
    signing_in.let_in(found, trial, at=at)
    enter(request, found, at=at)
    response = redirect(onward)
    device = remember(request, response, found)
    signing_in.note_sign_in(found, device=device, address=address_of(request), at=at)
    return response


def _page(
    request: HttpRequest, *, onward: str, username: str = "", problem: Problem | None = None
) -> HttpResponse:
    said = {
        "idle": _("您有一段时间没有操作，请重新登录。"),
        "changed": _("您的岗位或口令有变动，请重新登录。"),
    }
    context = {
        "next": onward,
        "username": username,
        "problem": problem,
        "ended": said.get(request.GET.get("ended", "")),
        "language": translation.get_language(),
    }
    return render(request, "desk/sign_in.html", context, status=problem.status if problem else 200)


urlpatterns: list[URLPattern] = [
    path("sign-in", sign_in, name="sign_in"),
    path("sign-in/code", code, name="sign_in_code"),
    path("sign-out", sign_out, name="sign_out"),
    path("handover", handover, name="handover"),
]
