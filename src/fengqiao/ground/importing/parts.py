"""The rows of a run in parts, sealed under the run's key: stored, judged, written and read part by part."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

from django.db.models import Sum

from fengqiao.ground.importing.shape import Context, Given, Importer, Standing, Verdict
from fengqiao.ground.models import ImportPart, ImportRun
from fengqiao.kit.problems import FieldError, NotFound
from fengqiao.store.secrets import Secret, seal_all
from fengqiao.store.vault import Key

# Rows of an importer whose rows belong together are stored in parts of this size, and judged in one.
STORED = 2000
GONE = "这次导入的明细已按期销毁，只保留合计"


@dataclass(frozen=True, slots=True)
class Report:
    """The rows of one file and what became, or would become, of each; verdicts stand in the file's order."""

    rows: list[Given]
    verdicts: list[Verdict]

    def count(self, standing: Standing) -> int:
        return Counter(verdict.standing for verdict in self.verdicts)[standing]

    @property
    def ok(self) -> int:
        return self.count(Standing.OK)

    @property
    def failed(self) -> int:
        return self.count(Standing.FAILED)

    @property
    def skipped(self) -> int:
        return self.count(Standing.SKIPPED)


def judged(page: Importer, rows: Sequence[Given], context: Context) -> list[Verdict]:
    """One verdict for each row, in the order of the file; the generic faults were found while reading."""
    fresh = [Given(given.number, given.cells, list(given.faults)) for given in rows]
    found = sorted(page.judge(fresh, context), key=lambda verdict: verdict.number)
    if len(found) != len(rows):
        raise RuntimeError(f"importer {page.what} gave {len(found)} verdicts for {len(rows)} rows")
    return found


def key_of(run: ImportRun) -> Key:
    """The run's key, made at its first use. Raises NotFound when its day is over."""
    key = Key.objects.filter(pk=run.pk).first()
    if key is None:
        key = Key.fresh(subject=run.pk, station_id=run.station_id)
        key.save(force_insert=True)
    if key.wrapped is None:
        raise NotFound(GONE)
    return key


def store(run: ImportRun, rows: list[Given], *, part: int) -> None:
    """Rows not judged yet, in parts; whatever the run had before goes."""
    key, size = key_of(run), part or STORED
    ImportPart.objects.filter(run=run).delete()
    cut = [rows[start : start + size] for start in range(0, len(rows), size)]
    for number, some in enumerate(cut):
        kept = ImportPart(station_id=run.station_id, run=run, number=number)
        kept.content = _sealed(some, [])
        seal_all(kept, key)
        kept.save(force_insert=True)
    run.parts, run.done = len(cut), 0


def opened(run: ImportRun, *, first: int = 0, most: int | None = None) -> Iterator[tuple[ImportPart, Report]]:
    """Parts with their rows, in the file's order. Raises NotFound when the run's day is over."""
    key = Key.objects.filter(pk=run.pk).first()
    if key is None or key.wrapped is None or not run.parts:
        raise NotFound(GONE)
    found = ImportPart.objects.filter(run=run, number__gte=first).order_by("number")
    for part in found.iterator(chunk_size=1) if most is None else found[:most]:
        yield part, _told(json.loads(part.content.open(key, "content")))


def keep(run: ImportRun, part: ImportPart, found: Report, key: Key) -> None:
    part.ok, part.failed, part.skipped = found.ok, found.failed, found.skipped
    part.content = _sealed(found.rows, found.verdicts)
    seal_all(part, key)
    part.save()


def count(run: ImportRun) -> None:
    """The run's counts from its parts."""
    sums = ImportPart.objects.filter(run=run).aggregate(*(Sum(name) for name in ("ok", "failed", "skipped")))
    for name in ("ok", "failed", "skipped"):
        setattr(run, name, sums[f"{name}__sum"] or 0)


def whole(run: ImportRun) -> Report:
    """All rows of a run. Raises NotFound when its day is over."""
    rows: list[Given] = []
    verdicts: list[Verdict] = []
    for _part, found in opened(run):
        rows += found.rows
        verdicts += found.verdicts
    return Report(rows, verdicts)


class Verdicts(Sequence[Verdict]):
    """The verdicts of one standing (or all), opened no further than somebody looks."""

    def __init__(self, run: ImportRun, standing: str = "") -> None:
        names = [standing] if standing else ["ok", "failed", "skipped"]
        self._run, self._standing = run, standing
        counted = ImportPart.objects.filter(run=run).order_by("number").values_list(*names)
        self._counts = [sum(counts) for counts in counted]
        if not self._counts or next(opened(run, most=1), None) is None:
            raise NotFound(GONE)

    def __len__(self) -> int:
        return sum(self._counts)

    @overload
    def __getitem__(self, at: int) -> Verdict: ...
    @overload
    def __getitem__(self, at: slice) -> list[Verdict]: ...
    def __getitem__(self, at: int | slice) -> Verdict | list[Verdict]:
        if isinstance(at, int):
            return self[at : at + 1][0]
        start, stop, _step = at.indices(len(self))
        return self._between(start, stop)

    def _between(self, start: int, stop: int) -> list[Verdict]:
        found: list[Verdict] = []
        before = 0
        for number, count in enumerate(self._counts):
            if before < stop and before + count > start:
                verdicts = self._of(number)
                found += verdicts[max(start - before, 0) : stop - before]
            before += count
        return found

    def _of(self, number: int) -> list[Verdict]:
        _part, found = next(opened(self._run, first=number, most=1))
        return [v for v in found.verdicts if not self._standing or v.standing == self._standing]


def _sealed(rows: Iterable[Given], verdicts: Iterable[Verdict]) -> Secret:
    kept = {
        "rows": [(row.number, row.cells, _pairs(row.faults)) for row in rows],
        "verdicts": [(v.number, v.standing, v.summary, v.note, _pairs(v.faults)) for v in verdicts],
    }
    return Secret.of(json.dumps(kept, ensure_ascii=False))


def _told(kept: dict[str, Any]) -> Report:
    rows = [Given(number, cells, [FieldError(*f) for f in faults]) for number, cells, faults in kept["rows"]]
    verdicts = [
        Verdict(number, Standing(standing), summary, note, tuple(FieldError(*fault) for fault in faults))
        for number, standing, summary, note, faults in kept["verdicts"]
    ]
    return Report(rows, verdicts)


def _pairs(faults: Iterable[FieldError]) -> list[tuple[str, str]]:
    return [(fault.field, fault.says) for fault in faults]
