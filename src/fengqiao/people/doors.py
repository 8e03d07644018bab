"""What a door asks before it opens: who is there, and may they."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec, TypeVar

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from fengqiao.kit.problems import Forbidden, Problem, SignInNeeded
from fengqiao.people.actors import Actor
from fengqiao.people.commands.tokens import holder
from fengqiao.people.middleware import stand
from fengqiao.people.models import Person
from fengqiao.people.roles import Role

Given = ParamSpec("Given")
Answer = TypeVar("Answer", bound=HttpResponseBase)
View = Callable[Concatenate[HttpRequest, Given], Answer]


class PasswordFirst(Problem):
    """Signed in with a one-time password: only the page that changes it opens."""

    code, status, says = "password_first", 403, "请先修改一次性口令"


def signed_in(view: View[Given, Answer]) -> View[Given, Answer]:
    """Whoever has signed in, with or without a post; raises SignInNeeded or PasswordFirst."""

    def guarded(request: HttpRequest, /, *args: Given.args, **kwargs: Given.kwargs) -> Answer:
        _require_own_password(request)
        return view(request, *args, **kwargs)

    return _named(guarded, view)


def allowed(*roles: Role) -> Callable[[View[Given, Answer]], View[Given, Answer]]:
    """Whoever holds one of the roles today; raises SignInNeeded, PasswordFirst or Forbidden."""

    def guard(view: View[Given, Answer]) -> View[Given, Answer]:
        def guarded(request: HttpRequest, /, *args: Given.args, **kwargs: Given.kwargs) -> Answer:
            _require(request, frozenset(roles))
            return view(request, *args, **kwargs)

        return _named(guarded, view)

    return guard


def actor(request: HttpRequest) -> Actor:
    """Who is asking; raises SignInNeeded."""
    found: Actor | None = getattr(request, "actor", None)
    if found is None:
        raise SignInNeeded
    return found


def person(request: HttpRequest) -> Person:
    """The account behind the request; raises SignInNeeded."""
    if not isinstance(request.user, Person):
        raise SignInNeeded
    return request.user


def bearer(request: HttpRequest) -> Person | None:
    """Whose API token came in `Authorization: Bearer`; puts them behind the request, or gives None."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return None
    found = holder(token.strip(), at=timezone.now())
    if found is not None:
        stand(request, found)
    return found


def session_person(request: HttpRequest) -> Person | None:
    """Who is signed in with this browser's session; raises PasswordFirst. Nobody where a token was sent."""
    if "Authorization" in request.headers or not isinstance(request.user, Person):
        return None
    _require_own_password(request)
    return request.user


def _named(guarded: View[Given, Answer], view: View[Given, Answer]) -> View[Given, Answer]:
    """Like functools.wraps, keeping the view's type."""
    update_wrapper(guarded, view)
    return guarded


def _require_own_password(request: HttpRequest) -> None:
    if person(request).must_change_password:
        raise PasswordFirst


def _require(request: HttpRequest, roles: frozenset[Role]) -> None:
    _require_own_password(request)
    caller = actor(request)
    if not caller.roles & roles:
        names = "、".join(str(role.label) for role in Role if role in roles)
        raise Forbidden(_("这里需要的岗位：{}").format(names))
