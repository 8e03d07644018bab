"""While days of the past are played in parts, the station's present rests: its scanner would find everything overdue that
the play has not come to yet, and its round would owe what the play is about to owe. Demo stations only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_KEY = "hashtextextended('fengqiao past', %s)"


@contextmanager
def at_rest(station_id: int) -> Iterator[None]:
    """Held by the connection, over all its transactions."""
    _run(f"SELECT pg_advisory_lock({_KEY})", station_id)
    try:
        yield
    finally:
        _run(f"SELECT pg_advisory_unlock({_KEY})", station_id)


def rests(station_id: int) -> bool:
    """Whether a past is being played; otherwise none begins before this transaction ends."""
    return not _run(f"SELECT pg_try_advisory_xact_lock_shared({_KEY})", station_id)


def _run(sql: str, station_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, [station_id])
        (told,) = cursor.fetchone()
    return bool(told)
