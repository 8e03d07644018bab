"""One's own page: password, second factor, keys to the API, posts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fengqiao.desk.middleware import safe_next
from fengqiao.kit.inputs import validate
from fengqiao.kit.problems import BadInput
from fengqiao.pages.forms import BoundForm
from fengqiao.people import queries, second_factor
from fengqiao.people.commands import change_password, issue_token, reset_second_factor, revoke_token
from fengqiao.people.doors import person, signed_in
from fengqiao.people.inputs import NewToken
from fengqiao.people.sessions import renew

OFFERED = "second_factor_offered"


@signed_in
def me(request: HttpRequest) -> HttpResponse:
    return _page(request, BoundForm(NewToken))


@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Opens with a one-time password too; afterwards only this session goes on."""
    own, onward = person(request), safe_next(request.POST.get("next") or request.GET.get("next", ""))
    context: dict[str, Any] = {"next": onward, "first": own.must_change_password, "errors": {}}
    if request.method == "POST":
        given, at = request.POST, timezone.now()
        try:
            if given.get("new") != given.get("again"):
                raise BadInput.at("again", _("两次填写的新口令不一样"))
            own = change_password(person_id=own.pk, old=given.get("old", ""), new=given.get("new", ""), at=at)
        except BadInput as problem:
            context["errors"] = {error.field: error.says for error in problem.errors}
            return render(request, "desk/password.html", context, status=problem.status)
        renew(request, own, at=at)
        messages.success(request, _("口令已修改，其他地方的登录已失效"))
        return redirect(onward)
    return render(request, "desk/password.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def second(request: HttpRequest) -> HttpResponse:
    """Offer a fresh secret to the authenticator; it counts once the authenticator shows the right digits."""
    own, at = person(request), timezone.now()
    sealed = request.session.get(OFFERED)
    if sealed is None:
        sealed = request.session[OFFERED] = second_factor.new_secret(own.pk)
    context = {"picture": second_factor.picture(sealed, own), "words": second_factor.words_of(sealed, own.pk)}
    if request.method == "POST":
        given = request.POST.get("code", "")[:20]
        try:
            own = second_factor.confirm(person_id=own.pk, sealed=sealed, code=given, at=at)
        except BadInput as problem:
            return render(request, "desk/totp.html", {**context, "problem": problem}, status=problem.status)
        del request.session[OFFERED]
        renew(request, own, at=at)
        messages.success(request, _("两步验证已启用"))
        return redirect("desk:me")
    return render(request, "desk/totp.html", context)


@require_POST
@signed_in
def second_off(request: HttpRequest) -> HttpResponse:
    """Against the password: an unattended browser must not take the second step away."""
    own = person(request)
    if not own.check_password(request.POST.get("password", "")[:128]):
        messages.error(request, _("口令不对，两步验证仍然启用"))
        return redirect("desk:me")
    renew(request, reset_second_factor(person_id=own.pk), at=timezone.now())
    messages.success(request, _("两步验证已停用"))
    return redirect("desk:me")


@require_POST
@signed_in
def new_token(request: HttpRequest) -> HttpResponse:
    """The token is shown on this answer and never again."""
    form = BoundForm(NewToken, data=request.POST)
    try:
        asked = validate(NewToken, form.given())
    except BadInput as problem:
        return _page(
            request, BoundForm(NewToken, data=request.POST, errors=problem.errors), status=problem.status
        )
    plain = issue_token(person=person(request), name=asked.name, at=timezone.now())
    return _page(request, BoundForm(NewToken), token=plain)


@require_POST
@signed_in
def end_token(request: HttpRequest, token_id: int) -> HttpResponse:
    revoke_token(token_id=token_id, person=person(request), at=timezone.now())
    messages.success(request, _("令牌已作废"))
    return redirect("desk:me")


def _page(request: HttpRequest, form: BoundForm, *, token: str = "", status: int = 200) -> HttpResponse:
    own = person(request)
    context = {
        "own": own,
        "posts": queries.posts_of(own),
        "tokens": queries.tokens_of(own),
        "phones": queries.phones_of(own),
        "form": form,
        "token": token,
        "today": timezone.localdate(),
        "now": timezone.now(),
    }
    return render(request, "desk/me.html", context, status=status)


urlpatterns: list[URLPattern] = [
    path("me", me, name="me"),
    path("me/password", password, name="password"),
    path("me/second-factor", second, name="second_factor"),
    path("me/second-factor/off", second_off, name="second_factor_off"),
    path("me/tokens", new_token, name="new_token"),
    path("me/tokens/<int:token_id>/revoke", end_token, name="end_token"),
]
