"""The station's wall in the database: who is asking is said inside each transaction, never per session.

Row-level security reads transaction-local settings. Without them every table of a station is
empty to the application's role:

- `app.station`: the station whose rows may be seen and written;
- `app.sign_in`, `app.person`, `app.token`, `app.phone`, `app.enrolment`: the one row of an account needed
  before the station is known;
- `app.visit_code`, `app.party_link`, `app.subject_code`: the one code or link a resident holds in hand, whichever
  station gave it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

KNOCKS = ("sign_in", "person", "token", "phone", "enrolment", "visit_code", "party_link", "subject_code")


def say(**settings: str | int) -> None:
    """Set `app.<name>` for the rest of this transaction, in one round trip."""
    calls = ", ".join("set_config(%s, %s, true)" for _ in settings)
    values = [part for name, value in settings.items() for part in (f"app.{name}", str(value))]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", values)


def said(name: str) -> str:
    """What `app.<name>` is in this transaction; empty when nobody said it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting(%s, true), '')", [f"app.{name}"])
        (value,) = cursor.fetchone()
    return str(value)


@contextmanager
def acting_for(station_id: int) -> Iterator[None]:
    """One transaction in which only this station's rows exist."""
    with transaction.atomic():
        say(station=station_id)
        yield


def require_transaction() -> None:
    """Writers call it first: outside a transaction a lock would be worth nothing."""
    if not connection.in_atomic_block:
        raise RuntimeError("a command must run inside acting_for(station) or a request's transaction")
