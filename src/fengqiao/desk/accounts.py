"""Accounts and posts, kept by the security administrator: who serves, as what, from when to when."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fengqiao.ground.models import Community
from fengqiao.kit.inputs import Input, TInput, validate
from fengqiao.kit.problems import BadInput, FieldError, Problem
from fengqiao.pages.forms import BoundForm
from fengqiao.people import commands, queries
from fengqiao.people.commands.powers import change_post, holds_power, may_take_over
from fengqiao.people.doors import actor, allowed, person
from fengqiao.people.inputs import Appointment, Description, LastDay, NewAccount
from fengqiao.people.models import Person
from fengqiao.people.roles import POST_ROLES, POWERFUL, Role

A_PAGE = 40
Sources = dict[str, list[tuple[str, str]]]
guarded = allowed(Role.SECURITY_ADMIN)
both = require_http_methods(["GET", "HEAD", "POST"])


@guarded
def accounts(request: HttpRequest) -> HttpResponse:
    asked = request.GET
    text = asked.get("q", "").replace("\x00", "")[:60]
    role = asked.get("role", "") if asked.get("role") in Role.values else ""
    standing = asked.get("standing", "active")
    standing = standing if standing in ("active", "left", "vacant", "") else "active"
    found = queries.accounts(day=timezone.localdate(), text=text, role=role, standing=standing)
    context = {
        "page": Paginator(found, A_PAGE).get_page(asked.get("page")),
        "text": text,
        "role": role,
        "standing": standing,
        "roles": POST_ROLES,
        "standings": [("active", _("在用")), ("vacant", _("无岗位")), ("left", _("已停用")), ("", _("全部"))],
    }
    return render(request, "desk/accounts.html", context)


@both
@guarded
def new_account(request: HttpRequest) -> HttpResponse:
    """The one-time password is shown on the answer and never again."""
    form, asked = _asked(request, NewAccount)
    if asked is not None:
        station, at = person(request).station, timezone.now()
        try:
            made, once = commands.create_person(
                station=station, username=asked.username, name=asked.name, phone=asked.phone, at=at
            )
        except BadInput as problem:
            form = _wrong(request, NewAccount, problem)
        else:
            return _account(request, made, once=once)
    return _form(request, form, says=_("新建账号"), submit=_("建立账号"))


@guarded
def account(request: HttpRequest, person_id: UUID) -> HttpResponse:
    return _account(request, queries.account(person_id))


@both
@guarded
def edit_account(request: HttpRequest, person_id: UUID) -> HttpResponse:
    one = queries.account(person_id)
    initial = {"name": one.name, "phone": one.phone, "language": one.language}
    form, asked = _asked(request, Description, initial=initial)
    if asked is not None:
        commands.describe(person_id=one.pk, name=asked.name, phone=asked.phone, language=asked.language)
        messages.success(request, _("已保存"))
        return redirect("desk:account", one.pk)
    return _form(request, form, one=one, says=_("修改资料"), submit=_("保存"))


@both
@guarded
def appoint(request: HttpRequest, person_id: UUID) -> HttpResponse:
    one, sources = queries.account(person_id), _sources()
    form, asked = _asked(request, Appointment, initial={"starts_on": timezone.localdate()}, sources=sources)
    if asked is not None:
        try:
            role = _role(asked.role)
            says = _("任命 {} 为 {}").format(one.name, role.label)
            given = asked.model_dump(mode="json", exclude={"purpose"})
            waits = _change(request, "appoint", one, given, says, asked.purpose)
        except Problem as problem:
            form = _wrong(request, Appointment, problem, sources)
        else:
            messages.success(request, _waits() if waits else _("已任命：{}").format(role.label))
            return redirect("desk:account", one.pk)
    return _form(request, form, one=one, says=_("任命岗位"), submit=_("任命"))


@both
@guarded
def end_post(request: HttpRequest, post_id: int) -> HttpResponse:
    post, at = queries.post(post_id), timezone.now()
    form, asked = _asked(request, LastDay, initial={"last_day": timezone.localdate(at)})
    if asked is not None:
        try:
            says = _("{} 的 {} 到 {} 为止").format(post.person.name, post.get_role_display(), asked.last_day)
            given = {"post": post.pk, "last_day": asked.last_day.isoformat()}
            waits = _change(request, "end_post", post.person, given, says, asked.purpose)
        except Problem as problem:
            form = _wrong(request, LastDay, problem)
        else:
            messages.success(request, _waits() if waits else _("岗位的最后一天已记下"))
            return redirect("desk:account", post.person_id)
    return _form(
        request,
        form,
        one=post.person,
        post=post,
        by_two=post.role in POWERFUL,
        says=_("结束岗位"),
        submit=_("结束"),
    )


@require_POST
@guarded
def void_post(request: HttpRequest, post_id: int) -> HttpResponse:
    post = queries.post(post_id)
    says = _("作废 {} 的 {}").format(post.person.name, post.get_role_display())
    return _changed(
        request, "void_post", post.person, {"post": post.pk}, says, _("岗位已作废，即刻起不再有效")
    )


@require_POST
@guarded
def reset_password(request: HttpRequest, person_id: UUID) -> HttpResponse:
    one = queries.account(person_id)
    if refused := _not_alone(request, one, "reset_password", _("重置 {} 的口令").format(one.name)):
        return refused
    once = commands.reset_password(person_id=person_id, at=timezone.now())
    return _account(request, queries.account(person_id), once=once)


@require_POST
@guarded
def reset_second_factor(request: HttpRequest, person_id: UUID) -> HttpResponse:
    one = queries.account(person_id)
    if refused := _not_alone(request, one, "reset_second_factor", _("清除 {} 的两步验证").format(one.name)):
        return refused
    commands.reset_second_factor(person_id=person_id)
    messages.success(request, _("两步验证已清除，本人登录后可重新启用"))
    return redirect("desk:account", person_id)


@require_POST
@guarded
def deactivate(request: HttpRequest, person_id: UUID) -> HttpResponse:
    one = queries.account(person_id)
    given, says = {"by": str(person(request).pk)}, _("停用 {} 的账号").format(one.name)
    return _changed(request, "deactivate", one, given, says, _("账号已停用，登录和令牌即刻失效"))


@require_POST
@guarded
def reactivate(request: HttpRequest, person_id: UUID) -> HttpResponse:
    one = queries.account(person_id)
    if refused := _not_alone(request, one, "reactivate", _("恢复 {} 的账号").format(one.name)):
        return refused
    once = commands.reactivate(person_id=person_id, at=timezone.now())
    return _account(request, queries.account(person_id), once=once)


@require_POST
@guarded
def revoke_token(request: HttpRequest, person_id: UUID, token_id: int) -> HttpResponse:
    commands.revoke_token(token_id=token_id, person=queries.account(person_id), at=timezone.now())
    messages.success(request, _("令牌已作废"))
    return redirect("desk:account", person_id)


def _change(
    request: HttpRequest, do: str, one: Person, given: dict[str, Any], says: str, purpose: str
) -> bool:
    """Done, or (True) waiting for a second person; raises what stands against it."""
    found = change_post(
        do=do, person=one, given=given, says=says, purpose=purpose, by=actor(request), at=timezone.now()
    )
    return found is not None


def _changed(
    request: HttpRequest, do: str, one: Person, given: dict[str, Any], says: str, done: str
) -> HttpResponse:
    """A change from a button: what was said of it stands above the account's page. A missing purpose is said there;
    every other refusal is a page of its own."""
    try:
        waits = _change(request, do, one, given, says, request.POST.get("purpose", ""))
    except BadInput as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _waits() if waits else done)
    return redirect("desk:account", one.pk)


def _not_alone(request: HttpRequest, one: Person, do: str, says: str) -> HttpResponse | None:
    """The answer to whoever may not open this account alone (yet); None for who may."""
    purpose = request.POST.get("purpose", "")
    try:
        if may_take_over(do=do, person=one, says=says, purpose=purpose, by=actor(request), at=timezone.now()):
            return None
    except BadInput as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("已申请，由另一个人在“双人批准”里批准后，再来这里办理"))
    return redirect("desk:account", one.pk)


def _waits() -> str:
    return _("已申请，由另一个人在“双人批准”里批准后生效")


def _asked(
    request: HttpRequest,
    asks: type[TInput],
    *,
    initial: dict[str, Any] | None = None,
    sources: Sources | None = None,
) -> tuple[BoundForm, TInput | None]:
    """The form, and what it was given when that is right; wrong answers stand in the form."""
    if request.method != "POST":
        return BoundForm(asks, initial=initial, sources=sources), None
    form = BoundForm(asks, data=request.POST, sources=sources)
    try:
        return form, validate(asks, form.given())
    except BadInput as problem:
        return _wrong(request, asks, problem, sources), None


def _wrong(
    request: HttpRequest, asks: type[Input], problem: Problem, sources: Sources | None = None
) -> BoundForm:
    """The form again as it was sent, with what stands against it."""
    errors = problem.errors or (FieldError("", str(problem)),)
    return BoundForm(asks, data=request.POST, errors=errors, sources=sources)


def _role(value: str) -> Role:
    """Raises BadInput for a word that is no role."""
    if value not in Role.values:
        raise BadInput.at("role", _("请选择岗位"))
    return Role(value)


def _sources() -> Sources:
    return {
        "roles": [(value, str(says)) for value, says in POST_ROLES],
        "communities": list(Community.objects.values_list("code", "name")),
    }


def _account(request: HttpRequest, one: Person, *, once: str = "") -> HttpResponse:
    """`once` is a one-time password, shown on this answer only."""
    context = {
        "one": one,
        "posts": queries.posts_of(one),
        "tokens": queries.tokens_of(one),
        "once": once,
        "today": timezone.localdate(),
        "now": timezone.now(),
        "is_self": one.pk == person(request).pk,
        "by_two": holds_power(one, at=timezone.now()),
    }
    return render(request, "desk/account.html", context)


def _form(request: HttpRequest, form: BoundForm, **said: Any) -> HttpResponse:
    return render(
        request, "desk/account_form.html", {"form": form, **said}, status=422 if form.is_wrong else 200
    )


urlpatterns: list[URLPattern] = [
    path("accounts/", accounts, name="accounts"),
    path("accounts/new", new_account, name="new_account"),
    path("accounts/<uuid:person_id>", account, name="account"),
    path("accounts/<uuid:person_id>/edit", edit_account, name="edit_account"),
    path("accounts/<uuid:person_id>/appoint", appoint, name="appoint"),
    path("accounts/<uuid:person_id>/password", reset_password, name="reset_password"),
    path("accounts/<uuid:person_id>/second-factor", reset_second_factor, name="reset_second_factor"),
    path("accounts/<uuid:person_id>/deactivate", deactivate, name="deactivate"),
    path("accounts/<uuid:person_id>/reactivate", reactivate, name="reactivate"),
    path("accounts/<uuid:person_id>/tokens/<int:token_id>/revoke", revoke_token, name="revoke_token"),
    path("posts/<int:post_id>/end", end_post, name="end_post"),
    path("posts/<int:post_id>/void", void_post, name="void_post"),
]
