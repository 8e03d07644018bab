"""Keys are copied apart from the data they open, so that destroying one reaches every older backup.

A backup leaves the rows of `store_key` out (`LEFT_OUT`); the keys stand in one file of their own, which is
replaced, never kept, at each backup and after each retention run that destroyed any. An older backup then
opens with the newest key file alone, and what was destroyed since is in none. The keys in the file are
wrapped by the master key, which lies in neither.

Both functions take a plain psycopg connection, as owner, application or superuser, and work station by
station, so that the walls neither hide a row nor need to be lowered. `ground_station` must be there.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg import Connection

LEFT_OUT = "public.store_key"
FORMAT = "fengqiao-keys-1"


class Damaged(Exception):
    """The key file is cut short, changed, or belongs to another master key."""


@dataclass(frozen=True, slots=True)
class Counted:
    living: int
    destroyed: int


def save(connection: Connection[Any], path: Path, *, master_key: bytes) -> Counted:
    """Write every key as it stands now to `path`, all or nothing, in place of what was there.

    Call it after the dump: a key made in between is one too many, a key missing would be a loss.
    """
    rows = list(_read(connection))
    lines = [FORMAT, *(json.dumps(row, separators=(",", ":")) for row in rows)]
    body = "\n".join(lines) + "\n"
    _replace(path, body + _mark(body, master_key) + "\n")
    gone = sum(row[2] is None for row in rows)
    return Counted(living=len(rows) - gone, destroyed=gone)


def load(connection: Connection[Any], path: Path, *, master_key: bytes) -> Counted:
    """Bring the keys of a restored database to what the file says: destroyed there is destroyed here.

    Works into an empty `store_key` (between pg_restore's data and post-data sections) and over a full one.
    A destroyed key is never brought back, whatever the file holds. Raises Damaged before it writes.
    """
    rows = _checked(path, master_key)
    with connection.transaction():
        for station in sorted({row[0] for row in rows}):
            _say(connection, station)
            _bring(connection, [row for row in rows if row[0] == station])
    gone = sum(row[2] is None for row in rows)
    return Counted(living=len(rows) - gone, destroyed=gone)


def _bring(connection: Connection[Any], rows: list[list[Any]]) -> None:
    """Between the sections of a restore no index and no constraint is there yet: an upsert could not be said."""
    connection.execute("CREATE TEMPORARY TABLE keys_read (LIKE store_key) ON COMMIT DROP")
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO keys_read (station_id, id, wrapped, destroyed_at) VALUES (%s, %s, decode(%s, 'hex'), %s)",
            rows,
        )
    connection.execute(
        "UPDATE store_key k SET "
        "wrapped = CASE WHEN k.destroyed_at IS NULL THEN r.wrapped END, "
        "destroyed_at = coalesce(k.destroyed_at, r.destroyed_at) "
        "FROM keys_read r WHERE k.id = r.id AND k.station_id = r.station_id"
    )
    connection.execute(
        "INSERT INTO store_key (id, station_id, wrapped, destroyed_at) "
        "SELECT r.id, r.station_id, r.wrapped, r.destroyed_at FROM keys_read r "
        "WHERE NOT EXISTS (SELECT FROM store_key k WHERE k.id = r.id)"
    )
    connection.execute("DROP TABLE keys_read")


def _read(connection: Connection[Any]) -> Iterator[list[Any]]:
    with connection.transaction():
        for (station,) in connection.execute("SELECT id FROM ground_station ORDER BY id").fetchall():
            _say(connection, station)
            found = connection.execute(
                "SELECT station_id, id::text, encode(wrapped, 'hex'), destroyed_at::text FROM store_key "
                "WHERE station_id = %s ORDER BY id",
                [station],
            )
            yield from (list(row) for row in found)


def _say(connection: Connection[Any], station: int) -> None:
    connection.execute("SELECT set_config('app.station', %s, true)", [str(station)])


def _mark(body: str, master_key: bytes) -> str:
    return hmac.new(master_key, body.encode(), hashlib.sha256).hexdigest()


def _checked(path: Path, master_key: bytes) -> list[list[Any]]:
    body, _, mark = path.read_text().rstrip("\n").rpartition("\n")
    if not body.startswith(FORMAT) or not hmac.compare_digest(mark, _mark(body + "\n", master_key)):
        raise Damaged(f"{path}")
    return [json.loads(line) for line in body.splitlines()[1:]]


def _replace(path: Path, text: str) -> None:
    """On the disk before it bears its name, readable by us alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
