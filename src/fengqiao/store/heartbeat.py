"""Signs of life between processes: the scanner says it, the board and the readiness address ask for it."""

from __future__ import annotations

from django.db import connection

SCANNER = "clock-scanner"
BACKUP = "backup"
STANDS_STILL_AFTER = 30.0


def beat(name: str) -> None:
    """Say that this part has just done its round, by the database's time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO store_heartbeat (name, at) VALUES (%s, clock_timestamp()) "
            "ON CONFLICT (name) DO UPDATE SET at = excluded.at",
            [name],
        )


def seconds_since(name: str) -> float | None:
    """How long ago; None when it has never been heard of."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM clock_timestamp() - at)::float8 FROM store_heartbeat WHERE name = %s",
            [name],
        )
        row = cursor.fetchone()
    return None if row is None else max(0.0, row[0])


def stands_still(name: str) -> bool:
    """Whether the part is silent for longer than anyone should wait."""
    seconds = seconds_since(name)
    return seconds is None or seconds > STANDS_STILL_AFTER
