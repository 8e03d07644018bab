"""The API's root: authentication, JSON as people read it, and every failure as an RFC 9457 problem."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DataError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.renderers import BaseRenderer
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf
from pydantic import BaseModel

from fengqiao.kit.inputs import bad_input
from fengqiao.kit.problems import (
    BadInput,
    BrokenRequest,
    Forbidden,
    NotFound,
    Problem,
    SignInNeeded,
    TooLarge,
)
from fengqiao.people.doors import bearer, session_person
from fengqiao.people.phone_calls import PhoneOfAnother, calling_phone, note_seen
from fengqiao.people.sessions import bind

VERSION = "v1"


class FieldErrorBody(BaseModel):
    field: str
    says: str


class ProblemBody(BaseModel):
    """RFC 9457; `code` is stable, `title` and `detail` are for people."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldErrorBody] | None = None


# What any call may answer besides its own result.
REFUSALS: dict[int, type[BaseModel]] = dict.fromkeys((400, 401, 403, 404, 409, 413, 422), ProblemBody)


class PlainJson(BaseRenderer):
    """Chinese stays Chinese on the wire."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:
        return json.dumps(data, ensure_ascii=False, cls=DjangoJSONEncoder)


class Token(HttpBearer):
    """`Authorization: Bearer TOKEN`; sets request.user, request.actor and the station's wall."""

    openapi_bearerFormat = "opaque"

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return bearer(request)


class Session(APIKeyCookie):
    """The session of a signed-in browser, for pages of this site that speak JSON (the phone app).

    What changes something must bring the form token in `X-CSRFToken`: no other site can send it.
    """

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self) -> None:
        super().__init__(csrf=False)

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """Raises Forbidden without the token, PasswordFirst while the password is a one-time one, and what
        the phone's own key has to say (people.phone_calls): a session copied off a phone opens nothing."""
        if "Authorization" in request.headers or (key is None and "X-Phone" not in request.headers):
            return None
        phone = calling_phone(request)
        found = session_person(request)
        if found is not None and check_csrf(request) is not None:
            raise Forbidden("页面已失效，请刷新后重试")
        if found is not None and found.pk != phone.person_id:
            raise PhoneOfAnother
        if found is not None:
            note_seen(phone)
            bind(request.session, phone.pk)
        return found


def make_api() -> NinjaAPI:
    """A fresh root; rooms above add their routers to it."""
    api = NinjaAPI(
        title="fengqiao",
        version="1.0.0",
        urls_namespace=f"api-{VERSION}",
        description="枫桥: a community police station's open loop. Times are ISO 8601 with offset; lists page by cursor.",
        auth=[Token(), Session()],
        renderer=PlainJson(),
        docs_url="/docs",
    )
    api.exception_handler(Problem)(_problem)
    api.exception_handler(ValidationError)(_invalid)
    api.exception_handler(AuthenticationError)(lambda request, _: answer(SignInNeeded("缺少有效的令牌")))
    api.exception_handler(HttpError)(lambda request, _: answer(BrokenRequest("请求内容不是有效的 JSON")))
    api.exception_handler(RequestDataTooBig)(lambda request, _: answer(TooLarge("请求内容不能超过 2 MB")))
    api.exception_handler(Http404)(lambda request, _: answer(NotFound()))
    api.exception_handler(DataError)(lambda request, _: answer(BadInput("内容含有无法保存的值")))
    return api


def answer(problem: Problem) -> HttpResponse:
    """The problem as a response; what its request had begun to write is rolled back."""
    if connection.in_atomic_block:
        transaction.set_rollback(True)
    body = json.dumps(problem.body(), ensure_ascii=False, default=str)
    return HttpResponse(body, status=problem.status, content_type="application/problem+json; charset=utf-8")


def _problem(request: HttpRequest, problem: Any) -> HttpResponse:
    return answer(problem)


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    """Ninja names a body's field ("body", parameter, field...): the first two are ours, not the caller's."""
    errors: list[Any] = [
        {**e, "loc": tuple(e["loc"])[2 if e["loc"][0] == "body" else 1 :]} for e in error.errors
    ]
    return answer(bad_input(errors))
