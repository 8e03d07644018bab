"""A session: whose it is, under which rights, since when, and when its person last did something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

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


def bind(session: SessionBase, phone: UUID) -> None:
    """This session came with the signature of its person's phone: from now on that phone may keep it."""
    held: dict[str, Any] | None = session.get(KEY)
    if held is not None and held.get("phone") != str(phone):
        session[KEY] = {**held, "phone": str(phone)}


def resume(
    session: SessionBase, *, at: datetime, active: bool, opened: Callable[[str], bool] = lambda phone: False
) -> Resumed:
    """Whose session this is, if it still counts; says the station. Three statements at most while it is not idle.

    `active` False leaves the idle time running (a poll or a stream asked, nobody did anything).
    `opened`: whether the phone of this id asks, held open by its PIN. Its own session is then not idle, for this
    call: whatever comes without that (a page in the same browser) is refused as ever.
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
        return _nobody(session, "changed")
    idle = at.timestamp() - held["seen"] > settings.IDLE_MINUTES * 60
    if idle and not opened(held.get("phone", "")):
        # A phone's stays in its row: it is asked for by pages too, which may not end it for the phone.
        return _nobody(session, "idle", keep="phone" in held)
    if active and not idle and at.timestamp() - held["seen"] >= NOTED_EVERY:
        session[KEY] = {**held, "seen": int(at.timestamp())}
    return Resumed(person)


def _nobody(session: SessionBase, why: Ended, *, keep: bool = False) -> Resumed:
    say(person="", station="")
    if not keep:
        session.flush()
    return Resumed(ended=why)


def _person(held: dict[str, Any]) -> Person | None:
    """The person, if active and with the rights the session was opened under."""
    same = Person.objects.select_related("station").filter(
        pk=held["person"], is_active=True, rights_version=held["rights"]
    )
    return next(iter(same.order_by()), None)


def _over(held: dict[str, Any], at: datetime) -> bool:
    return bool(at.timestamp() - held["since"] > settings.SESSION_COOKIE_AGE)
