"""A session: whose it is, under which rights, since when, and when its person last did something."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from fengqiao.people.models import Person
from fengqiao.store.scope import say

KEY = "signed_in"
NOTED_EVERY = 60  # seconds between two notes of activity in the session's row
Ended = Literal["", "idle", "changed"]


@dataclass(frozen=True, slots=True)
class Resumed:
    """`person` None with `ended` set: there was a session, and it is over for that reason."""

    person: Person | None = None
    ended: Ended = ""


def open_session(session: SessionBase, person: Person, *, at: datetime) -> None:
    """Write the person into a session. Doors call `enter`, which gives the session a new id first."""
    now = int(at.timestamp())
    session[KEY] = {
        "person": str(person.pk),
        "station": person.station_id,
        "rights": person.rights_version,
        "since": now,
        "seen": now,
    }


def enter(request: HttpRequest, person: Person, *, at: datetime) -> None:
    """Sign in: nothing of the session before lives on, neither its id nor its form token."""
    request.session.flush()
    open_session(request.session, person, at=at)
    rotate_token(request)


def leave(request: HttpRequest) -> None:
    """Sign out: the session's row is deleted."""
    request.session.flush()
    rotate_token(request)


def renew(request: HttpRequest, person: Person, *, at: datetime) -> None:
    """After changing one's own password or second factor: only this session goes on, under a new id."""
    open_session(request.session, person, at=at)
    request.session.cycle_key()


def resume(session: SessionBase, *, at: datetime, active: bool) -> Resumed:
    """Whose session this is, if it still counts; says the station. Three statements at most.

    `active` False leaves the idle time running (a poll or a stream asked, nobody did anything).
    """
    held: dict[str, Any] | None = session.get(KEY)
    if held is None:
        return Resumed()
    if _over(held, at):
        session.flush()
        return Resumed(ended="idle")
    say(person=held["person"], station=held["station"])
    person = _person(held)
    if person is None:
        say(person="", station="")
        session.flush()
        return Resumed(ended="changed")
    if active and at.timestamp() - held["seen"] >= NOTED_EVERY:
        session[KEY] = {**held, "seen": int(at.timestamp())}
    return Resumed(person)


def _person(held: dict[str, Any]) -> Person | None:
    """The person, if active and with the rights the session was opened under."""
    same = Person.objects.select_related("station").filter(
        pk=held["person"], is_active=True, rights_version=held["rights"]
    )
    return next(iter(same.order_by()), None)


def _over(held: dict[str, Any], at: datetime) -> bool:
    now = at.timestamp()
    idle, longest = settings.IDLE_MINUTES * 60, settings.SESSION_COOKIE_AGE
    return bool(now - held["seen"] > idle or now - held["since"] > longest)
