"""A wall screen: a browser across the room that shows the wall page, and nothing else, for weeks.

Somebody of the desk turns the browser into one on the spot: their own session there ends, and what stays is
a signed cookie that only the wall's addresses are sent. It names who set it up and under which rights; when
those rights change (posts, password, leaving), or after its days, the screen goes dark.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from fengqiao.people.actors import actor_of
from fengqiao.people.middleware import stand
from fengqiao.people.models import Person
from fengqiao.people.roles import STATION_WIDE
from fengqiao.store.scope import say

COOKIE = "fengqiao_wall"
PATH = "/wall"
LASTS = timedelta(days=30)
_SALT = "fengqiao.people.screens"


def make_screen(response: HttpResponseBase, person: Person) -> None:
    """From the next request on this browser is a wall screen set up by this person."""
    held = {"person": str(person.pk), "station": person.station_id, "rights": person.rights_version}
    response.set_cookie(
        COOKIE,
        signing.dumps(held, salt=_SALT),
        max_age=int(LASTS.total_seconds()),
        path=PATH,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def end_screen(response: HttpResponseBase) -> None:
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")


def stand_in(request: HttpRequest) -> Person | None:
    """Who set this screen up, put behind the request, if they still may; says the station."""
    try:
        held: dict[str, Any] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    say(person=held["person"], station=held["station"])
    found = Person.objects.select_related("station").filter(
        pk=held["person"], is_active=True, rights_version=held["rights"]
    )
    person = found.first()
    roles = actor_of(person=person, day=timezone.localdate()).roles if person else frozenset()
    if person is None or not roles & STATION_WIDE:
        say(person="", station="")
        return None
    stand(request, person)
    return person
