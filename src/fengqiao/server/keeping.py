"""The retention run: every runner, station by station, batch by batch, each batch with its own record.

A batch is one transaction: what is ended and the record of it are committed together or not at all. A run
that was cut off is simply run again; what a batch has ended is past for the next.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, connections

from fengqiao.ground.models import Station
from fengqiao.kit.ids import uuid7
from fengqiao.store import keys_apart
from fengqiao.store.lives import Gone, Runner, runners, together
from fengqiao.store.models import Destruction
from fengqiao.store.scope import acting_for
from fengqiao.store.vault import Key, master_key

BATCH = 500
SYSTEM = "系统"
KEYS = "keys/current"
# A transaction that destroyed a key before the file was written may have been committed after.
SLACK = timedelta(minutes=10)
log = logging.getLogger("fengqiao.keeping")


def due(*, station_id: int, at: datetime) -> list[Gone]:
    """What a run would end now; changes nothing."""
    with acting_for(station_id):
        return [gone for runner in runners() for gone in runner.due(at)]


def keep(*, station_id: int, at: datetime, by_name: str = SYSTEM, batch: int = BATCH) -> list[Gone]:
    """End everything of one station that is past its day; gives what was ended, and what is held."""
    run, ended = uuid7(), list[Gone]()
    for runner in runners():
        ended += _to_the_end(runner, run, station_id, at, by_name, batch)
    held = [gone for gone in due(station_id=station_id, at=at) if gone.held]
    return together([*ended, *(Gone(g.what, g.says, g.basis, g.life, g.method, 0, g.held) for g in held)])


def keep_all(*, at: datetime, by_name: str = SYSTEM) -> list[Gone]:
    """Every station; then the key file is replaced where it is behind, so that it holds no destroyed key."""
    ended = [
        gone for station_id in _stations() for gone in keep(station_id=station_id, at=at, by_name=by_name)
    ]
    path = key_file()
    if path is not None and _is_behind(path):
        replace_key_file(path)
    for gone in ended:
        log.info("kept", extra={"what": gone.what, "count": gone.count, "held": gone.held})
    return ended


def key_file() -> Path | None:
    """The one file of keys, for backups to go with; None where the process has no data directory."""
    return Path(settings.FENGQIAO_HOME) / KEYS if settings.FENGQIAO_HOME else None


def replace_key_file(path: Path) -> keys_apart.Counted:
    """The keys as they stand now. A backup calls it after its dump."""
    connection.ensure_connection()
    return keys_apart.save(connection.connection, path, master_key=master_key())


def scrub() -> None:
    """Write the key table anew, as the owner: PostgreSQL keeps old versions of a row until it is rewritten.

    Readers and writers wait for it, some milliseconds per ten thousand keys. The write-ahead log drops its
    copy as its segments are reused.
    """
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM (FULL) store_key")


def _is_behind(path: Path) -> bool:
    """Missing, or a key was destroyed about when it was written or later, in this run or at a door."""
    if not path.exists():
        return True
    since = datetime.fromtimestamp(path.stat().st_mtime, UTC) - SLACK
    for station_id in _stations():
        with acting_for(station_id):
            if Key.objects.filter(destroyed_at__gt=since).exists():
                return True
    return False


def _stations() -> list[int]:
    return list(Station.objects.order_by("pk").values_list("pk", flat=True))


def _to_the_end(
    runner: Runner, run: UUID, station_id: int, at: datetime, by_name: str, batch: int
) -> Iterator[Gone]:
    while True:
        with acting_for(station_id):
            ended = runner.end(at, batch)
            Destruction.objects.bulk_create(
                Destruction.of(gone, run=run, station_id=station_id, at=at, by_name=by_name) for gone in ended
            )
        if not ended:
            return
        yield from ended
