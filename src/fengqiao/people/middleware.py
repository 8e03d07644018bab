"""One request, one transaction; and who is asking, found anew in every request."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from psycopg.pq import TransactionStatus

from fengqiao.people.actors import actor_of
from fengqiao.people.asking import asking
from fengqiao.people.devices import digest_of
from fengqiao.people.models import Person
from fengqiao.people.phone_calls import is_opened
from fengqiao.people.sessions import resume

Answering = Callable[[HttpRequest], HttpResponseBase]
# Signs of life must answer when the database does not.
WITHOUT_DATABASE = ("/static/", "/healthz", "/readyz", "/metrics")


# An id a trusted proxy gave the request goes on; anything else is not believed.
_GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,40}", re.ASCII)


class Asking:
    """Every request has an id, which its answer tells; whatever is written meanwhile can name it."""

    def __init__(self, get_response: Answering) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-Id", "") if settings.TRUSTED_PROXIES else ""
        own = given if _GIVEN_ID.fullmatch(given) else uuid4().hex
        with asking(own, lambda: digest_of(request)):
            response = self.get_response(request)
        response.headers["X-Request-Id"] = own
        return response


class OneTransaction:
    """All a request wrote is committed before a byte of its answer leaves, or none of it is kept.

    An exception of the view or a 5xx rolls back. A 4xx answered by a view commits: what it wrote is the
    count of failed sign-ins. A stream's body is produced after the commit and asks in transactions of
    its own.
    """

    def __init__(self, get_response: Answering) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(WITHOUT_DATABASE):
            return self.get_response(request)
        with transaction.atomic():
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
            elif response.status_code < 400 and _torn():
                # PostgreSQL answers COMMIT of a failed transaction with a silent rollback.
                raise TransactionManagementError("a failed statement was passed over in this request")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        if connection.in_atomic_block and not request.path.startswith(WITHOUT_DATABASE):
            transaction.set_rollback(True)


class SignedIn:
    """Sets request.user, request.actor and request.station, says the station, speaks the person's language.

    Nothing of a person's rights is remembered between requests: posts are read for today each time.
    """

    def __init__(self, get_response: Answering) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        stand(request, None)
        if _comes_with_token(request) or request.path.startswith(WITHOUT_DATABASE):
            return self.get_response(request)
        at = timezone.now()
        resumed = resume(
            request.session, at=at, active=not _is_passive(request), opened=partial(is_opened, request)
        )
        request.session_ended = resumed.ended  # type: ignore[attr-defined]
        if resumed.person is None:
            return self.get_response(request)
        stand(request, resumed.person)
        translation.activate(resumed.person.language)
        request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def stand(request: HttpRequest, person: Person | None) -> None:
    """Put the person, or nobody, behind the request; the station's wall has been said before."""
    now = timezone.now()
    actor = None if person is None else actor_of(person=person, day=timezone.localdate(now), at=now)
    request.user = AnonymousUser() if person is None else person
    request.actor = actor  # type: ignore[attr-defined]
    request.station = None if person is None else SimpleLazyObject(lambda: person.station)  # type: ignore[attr-defined]


def _comes_with_token(request: HttpRequest) -> bool:
    return "Authorization" in request.headers


def _is_passive(request: HttpRequest) -> bool:
    """Asked by the page and not by the person: an open board must not keep a session alive."""
    return request.headers.get("X-Passive") == "1" or "text/event-stream" in request.headers.get("Accept", "")


def _torn() -> bool:
    raw = connection.connection
    return raw is not None and raw.info.transaction_status == TransactionStatus.INERROR
