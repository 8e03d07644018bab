"""One request, one transaction: all of it or nothing."""

from __future__ import annotations

import contextlib

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from fengqiao.people.middleware import OneTransaction
from fengqiao.people.models import SignInTrial
from tests.station import NOON

pytestmark = pytest.mark.django_db


def write() -> None:
    SignInTrial.objects.create(scope="test", digest="d", at=NOON)


def written() -> int:
    return SignInTrial.objects.filter(scope="test").count()


@pytest.mark.parametrize(("status", "kept"), [(200, 1), (302, 1), (422, 1), (429, 1), (500, 0), (503, 0)])
def test_an_answer_keeps_what_was_written_unless_it_is_a_failure(status: int, kept: int):
    def view(request: HttpRequest) -> HttpResponse:
        write()
        return HttpResponse(status=status)

    OneTransaction(view)(RequestFactory().get("/"))

    assert written() == kept


def test_an_exception_of_the_view_takes_everything_back_whatever_is_answered():
    """Django turns Http404 into a 404 before the middleware sees it: the hook has marked it by then."""
    middleware: OneTransaction

    def view(request: HttpRequest) -> HttpResponse:
        write()
        middleware.process_exception(request, ValueError())
        return HttpResponse(status=404)

    middleware = OneTransaction(view)
    middleware(RequestFactory().get("/"))

    assert written() == 0


def test_a_swallowed_failure_is_never_acknowledged():
    """PostgreSQL would answer the commit with a silent rollback, and the caller would hear success."""

    def view(request: HttpRequest) -> HttpResponse:
        write()
        with contextlib.suppress(DatabaseError):
            connection.cursor().execute("SELECT 1/0")
        return HttpResponse(status=200)

    with pytest.raises(TransactionManagementError), transaction.atomic():
        OneTransaction(view)(RequestFactory().get("/"))

    assert written() == 0


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/static/fengqiao/mark.svg"])
def test_signs_of_life_open_no_transaction(path: str):
    before = len(connection.savepoint_ids)
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(len(connection.savepoint_ids))
        return HttpResponse()

    OneTransaction(view)(RequestFactory().get(path))

    assert seen == [before]
