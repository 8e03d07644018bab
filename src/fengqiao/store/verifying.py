"""Proving the log: every seal, every sealed row and every copy is read again, and the first fault is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from django.db import connection, models
from django.utils import timezone

from fengqiao.store.scope import acting_for
from fengqiao.store.seal_copies import copied
from fengqiao.store.sealing import columns_of, digests, one_spelling, sealed_models
from fengqiao.store.seals import BEFORE_THE_FIRST, Part, Seal

What = Literal["changed", "missing", "inserted", "columns", "chain", "copy"]
SAYS: dict[str, str] = {
    "changed": "被改动",
    "missing": "被删除",
    "inserted": "是后来插入的",
    "columns": "缺少封存时的列，无法核对",
    "chain": "封条链断开",
    "copy": "与库外副本不一致",
}
MOST_NAMED = 20
_A_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Fault:
    """`row` is the id of a row of `table`, or the number of a seal where the table is store_seal."""

    table: str
    row: int
    what: What
    seal: int = 0

    def __str__(self) -> str:
        return f"{self.table} 第 {self.row} 行{SAYS[self.what]}" + (
            f"(封条 {self.seal})" if self.seal else ""
        )


@dataclass(slots=True)
class Report:
    """What was read; `faults` holds the first ones, the very first in front."""

    seals: int = 0
    rows: int = 0
    last: str = ""
    faults: list[Fault] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not self.faults


def verify(station_id: int, folders: list[Path]) -> Report:
    """Read a station's log whole, in one transaction that changes nothing."""
    with acting_for(station_id):
        one_spelling()
        report = Report()
        for fault in _faults(station_id, folders, report):
            report.faults.append(fault)
            if len(report.faults) == MOST_NAMED:
                break
    return report


def _faults(station_id: int, folders: list[Path], report: Report) -> Iterator[Fault]:
    held = {model._meta.db_table: model for model in sealed_models()}
    digest, reached, known = BEFORE_THE_FIRST, {}, {table: set[int]() for table in held}
    chain: dict[int, str] = {}
    for seal in Seal.objects.order_by("number").iterator(chunk_size=200):
        report.seals, report.rows, report.last = report.seals + 1, report.rows + seal.rows, seal.short
        if seal.number != report.seals or bytes(seal.previous) != digest or seal.computed() != seal.digest:
            yield Fault("store_seal", seal.number, "chain")
        digest = bytes(seal.digest)
        chain[seal.number] = digest.hex()
        for part, leaves in seal.leaves_of():
            reached[part.table] = part
            if part.table not in held:
                continue
            known[part.table].update(row_id for row_id, _ in leaves)
            yield from _of_rows(held[part.table], part, dict(leaves), seal)
    for table in held:
        yield from _inserted(reached.get(table, Part(table)), known[table])
    for folder in folders:
        yield from _of_copy(folder, station_id, chain)


def _of_rows(model: type[models.Model], part: Part, leaves: dict[int, bytes], seal: Seal) -> Iterator[Fault]:
    """Sealed rows that are not what they were, in the order of their ids."""
    if not leaves:
        return
    if lacking := set(part.columns) - set(columns_of(model)):
        yield Fault(part.table, min(leaves), "columns", seal.number)
        assert lacking
        return
    now = dict(digests(part.table, part.columns, "id = ANY(%s::bigint[])", [list(leaves)]))
    for row_id, digest in leaves.items():
        if row_id not in now:
            if not _forgotten(model, seal):
                yield Fault(part.table, row_id, "missing", seal.number)
        elif now[row_id] != digest:
            yield Fault(part.table, row_id, "changed", seal.number)


def _forgotten(model: type[models.Model], seal: Seal) -> bool:
    """Rows whose life has ended are deleted on their day; what the seal says of them can no longer be read."""
    days = getattr(model, "forgotten_after", None)
    return days is not None and seal.at < timezone.now() - timedelta(days=days - 1)


def _inserted(part: Part, known: set[int]) -> Iterator[Fault]:
    """Rows that stand where everything was sealed, and are in no seal."""
    after = -(2**62)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT id FROM "{part.table}" WHERE id > %s AND NOT (id > %s AND tx >= %s) '  # noqa: S608
                f"ORDER BY id LIMIT {_A_PAGE}",
                [after, part.floor, part.until],
            )
            page = [row_id for (row_id,) in cursor]
        yield from (Fault(part.table, row_id, "inserted") for row_id in page if row_id not in known)
        if len(page) < _A_PAGE:
            return
        after = page[-1]


def _of_copy(folder: Path, station_id: int, chain: dict[int, str]) -> Iterator[Fault]:
    """A copy may be behind the database, never ahead of it or different."""
    try:
        lines: list[dict[str, Any]] = copied(folder, station_id)
    except (OSError, ValueError):
        lines = []
    if not lines and chain:
        yield Fault("store_seal", 1, "copy")
    before = BEFORE_THE_FIRST.hex()
    for place, line in enumerate(lines, start=1):
        same = line["number"] == place and line["digest"] == chain.get(place) and line["previous"] == before
        if not same:
            yield Fault("store_seal", place, "copy")
        before = line["digest"]
