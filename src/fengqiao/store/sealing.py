"""Sealing: what was added to the logs since the last seal is digested row by row and chained.

Nobody who writes waits for it: it takes no lock on a table and reads only below the oldest transaction
still running (`pg_snapshot_xmin`), so a row of a slow writer is sealed by the next round, and none twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import connection, models

from fengqiao.store.appended import append_only_models
from fengqiao.store.heartbeat import seconds_since
from fengqiao.store.scope import acting_for
from fengqiao.store.seals import Leaf, Part, Seal, last_seal

SEALER = "sealer"
BEHIND_AFTER = 60.0  # seconds of silence after which unsealed rows are told at the board
A_ROUND = 20_000  # rows of one table in one seal; one transaction is never split
_SEALING = 0x5EA1
# How values are written as text must not hang on a session's settings.
_ONE_SPELLING = (
    "SELECT set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO, YMD', true), "
    "set_config('IntervalStyle', 'postgres', true), set_config('bytea_output', 'hex', true), "
    "set_config('extra_float_digits', '1', true)"
)


def sealed_models() -> list[type[models.Model]]:
    """Every table that is only added to; the seals themselves are chained instead."""
    return [model for model in append_only_models() if model is not Seal]


def seal_next(station_id: int) -> Seal | None:
    """Seal what a station's logs gained, in a transaction of its own; None when there was nothing, or when
    another program is sealing."""
    with acting_for(station_id):
        if not _alone(station_id):
            return None
        before = last_seal()
        reached = {part.table: part for part in before.told()} if before else {}
        horizon, at = _now()
        one_spelling()
        found = [_gained(model, reached, horizon) for model in sealed_models()]
        if not any(leaves for _, leaves in found):
            return None
        seal = Seal.over(station_id=station_id, before=before, at=at, found=found)
        seal.save(force_insert=True)
        return seal


def is_behind() -> bool:
    """Whether rows of the station said wait unsealed while nobody has sealed for a minute."""
    silent = seconds_since(SEALER)
    if silent is not None and silent <= BEHIND_AFTER:
        return False
    before = last_seal()
    reached = {part.table: part for part in before.told()} if before else {}
    return any(_waits(model._meta.db_table, reached) for model in sealed_models())


def one_spelling() -> None:
    """For the rest of this transaction, rows are rendered the same whoever asks."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE_SPELLING)


def columns_of(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(str(field.column) for field in model._meta.concrete_fields)


def digests(table: str, columns: Sequence[str], where: str, values: Sequence[Any]) -> list[Leaf]:
    """Id and SHA-256 of each row found, by id; `one_spelling` was called before."""
    listed = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT id, ROW({listed})::text FROM "{table}" WHERE {where} ORDER BY id',  # noqa: S608
            list(values),
        )
        return [(row_id, hashlib.sha256(f"{table}\0{text}".encode()).digest()) for row_id, text in cursor]


def _gained(model: type[models.Model], reached: dict[str, Part], horizon: int) -> tuple[Part, list[Leaf]]:
    table, columns = model._meta.db_table, columns_of(model)
    part = reached.get(table, Part(table))
    if horizon < part.until:
        part, left = _restarted(part, columns)
        if left:
            return part, left
    until = _until(part, horizon)
    leaves = digests(table, columns, "id > %s AND tx >= %s AND tx < %s", [part.floor, part.until, until])
    return _with(part, leaves, columns, until=until), leaves


def _restarted(part: Part, columns: tuple[str, ...]) -> tuple[Part, list[Leaf]]:
    """Transactions count from lower numbers than the rows hold: a backup was restored into another server.

    What was left unsealed there is sealed first; from then on only rows with larger ids are new.
    """
    left = digests(part.table, columns, "id > %s AND tx >= %s", [part.floor, part.until])
    after = _with(part, left, columns, until=0)
    return replace(after, floor=after.top), left


def _with(part: Part, leaves: list[Leaf], columns: tuple[str, ...], *, until: int) -> Part:
    top = max([part.top, *(row_id for row_id, _ in leaves[-1:])])
    return replace(part, until=until, top=top, rows=len(leaves), columns=columns if leaves else ())


def _until(part: Part, horizon: int) -> int:
    """The horizon, or the transaction before which a round is full."""
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT tx FROM "{part.table}" WHERE id > %s AND tx >= %s AND tx < %s '  # noqa: S608
            f"ORDER BY tx, id OFFSET {A_ROUND} LIMIT 1",
            [part.floor, part.until, horizon],
        )
        full = cursor.fetchone()
        if full is None:
            return horizon
        cursor.execute(
            f'SELECT min(tx) FROM "{part.table}" WHERE id > %s AND tx >= %s',  # noqa: S608
            [part.floor, part.until],
        )
        (first,) = cursor.fetchone()
    return int(full[0]) if full[0] > first else int(first) + 1


def _waits(table: str, reached: dict[str, Part]) -> bool:
    part = reached.get(table, Part(table))
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT EXISTS (SELECT FROM "{table}" WHERE id > %s AND tx >= %s)',  # noqa: S608
            [part.floor, part.until],
        )
        return bool(cursor.fetchone()[0])


def _alone(station_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s::int)", [_SEALING, station_id])
        return bool(cursor.fetchone()[0])


def _now() -> tuple[int, datetime]:
    """The oldest transaction still running, and the database's time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, clock_timestamp()")
        horizon, at = cursor.fetchone()
    return int(horizon), at
