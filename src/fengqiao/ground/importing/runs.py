"""One run: previewed and kept sealed for a day, committed once, its rows destroyed after."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from fengqiao.ground.importing.reading import rows_of
from fengqiao.ground.importing.registry import importer
from fengqiao.ground.importing.shape import Context, Given, Importer, Standing, Verdict
from fengqiao.ground.models import ImportRun
from fengqiao.kit.ids import uuid7
from fengqiao.kit.inputs import validate
from fengqiao.kit.problems import BadInput, FieldError, NotFound, TooLarge
from fengqiao.store.scope import require_transaction
from fengqiao.store.secrets import Secret, seal_all
from fengqiao.store.vault import Key

KEPT = timedelta(hours=24)
MOST_BYTES = 20 * 2**20


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


def trial(*, what: str, data: bytes, context: Context) -> tuple[Context, Report]:
    """Read and judge a file, write nothing. Raises a Problem for a file that cannot be judged by row."""
    page = importer(what)
    if len(data) > MOST_BYTES:
        raise TooLarge(f"文件超过 {MOST_BYTES // 2**20} MB,请分成几份")
    context = _answered(page, context)
    rows = page.read(data, context) if page.read else rows_of(data, page.columns, context)
    if not rows:
        raise BadInput("文件里没有可导入的行")
    return context, Report(rows, _judged(page, rows, context))


def preview(*, what: str, data: bytes, context: Context) -> ImportRun:
    """Judge a file and keep it for a day, so that what is committed is what was seen."""
    require_transaction()
    purge(at=context.at)
    context, found = trial(what=what, data=data, context=context)
    run = ImportRun(
        id=uuid7(),
        station=context.station,
        what=what,
        filename=context.filename[-120:],
        file_digest=hashlib.sha256(data).hexdigest(),
        options=context.options.model_dump(mode="json") if context.options else {},
        by_name=context.by_name,
        created_at=context.at,
        expires_at=context.at + KEPT,
    )
    _keep(run, found)
    return run


def commit(*, run_id: UUID, context: Context) -> ImportRun:
    """Write the good rows, in this transaction. Rows are judged again, as the register may have changed
    since; a run committed before stays as it is. Raises NotFound for a run unknown or past its day."""
    require_transaction()
    run = ImportRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None or (run.committed_at is None and run.expires_at <= context.at):
        raise NotFound("这次导入已过期或不存在,请重新上传文件")
    if run.committed_at:
        return run
    page = importer(run.what)
    _one_at_a_time(run)
    context = _answered(page, context, run.options, filename=run.filename)
    rows = [Given(given.number, given.cells, given.faults) for given in report(run).rows]
    found = Report(rows, _judged(page, rows, context))
    page.write([verdict for verdict in found.verdicts if verdict.standing is Standing.OK], context)
    run.committed_at = context.at
    _keep(run, found)
    return run


def report(run: ImportRun) -> Report:
    """The rows of a run; raises NotFound when its day is over."""
    key = Key.objects.filter(pk=run.pk).first()
    if not run.content or key is None or key.wrapped is None:
        raise NotFound("这次导入的明细已按期销毁,只保留合计")
    kept = json.loads(run.content.open(key, "content"))
    rows = [Given(number, cells, [FieldError(*f) for f in faults]) for number, cells, faults in kept["rows"]]
    verdicts = [
        Verdict(number, Standing(standing), summary, note, tuple(FieldError(*fault) for fault in faults))
        for number, standing, summary, note, faults in kept["verdicts"]
    ]
    return Report(rows, verdicts)


def recent(importers: Iterable[str], *, most: int) -> list[ImportRun]:
    """The last runs of these importers, the newest first, without their rows."""
    return list(ImportRun.objects.filter(what__in=list(importers)).defer("content")[:most])


def one_run(run_id: UUID, importers: Iterable[str]) -> ImportRun:
    """Raises NotFound for what is absent or of an importer that is not the caller's."""
    run = ImportRun.objects.filter(pk=run_id, what__in=list(importers)).first()
    if run is None:
        raise NotFound("没有这次导入")
    return run


def past_their_day(*, at: datetime) -> QuerySet[ImportRun]:
    """This station's runs whose rows must go."""
    return ImportRun.objects.filter(expires_at__lte=at).exclude(content=None)


def purge(*, at: datetime, limit: int = 1000) -> int:
    """Destroy the rows of up to `limit` of this station's runs that are past their day; gives how many."""
    gone = list(past_their_day(at=at).values_list("pk", flat=True)[:limit])
    Key.objects.filter(pk__in=gone).update(wrapped=None, destroyed_at=at)
    return ImportRun.objects.filter(pk__in=gone).update(content=None)


def _answered(page: Importer, context: Context, given: Any = None, *, filename: str = "") -> Context:
    """The importer's questions answered: as given, else as the file's name says, else by default."""
    named = filename or context.filename
    options = None
    if page.asks is not None:
        asked = given if given is not None else (context.options or {})
        known = {name: value for name, value in dict(asked).items() if value not in (None, "")}
        options = validate(page.asks, page.answers(named) | known)
    return Context(context.station, context.at, named, context.by, context.by_name, options)


def _judged(page: Importer, rows: list[Given], context: Context) -> list[Verdict]:
    """One verdict for each row, in the order of the file; the generic faults were found while reading."""
    fresh = [Given(given.number, given.cells, list(given.faults)) for given in rows]
    found = sorted(page.judge(fresh, context), key=lambda verdict: verdict.number)
    if len(found) != len(rows):
        raise RuntimeError(f"importer {page.what} gave {len(found)} verdicts for {len(rows)} rows")
    return found


def _keep(run: ImportRun, found: Report) -> None:
    """Seal the rows under the run's own key."""
    run.ok, run.failed, run.skipped = found.ok, found.failed, found.skipped
    kept = {
        "rows": [(row.number, row.cells, _pairs(row.faults)) for row in found.rows],
        "verdicts": [(v.number, v.standing, v.summary, v.note, _pairs(v.faults)) for v in found.verdicts],
    }
    key = Key.objects.filter(pk=run.pk).first()
    if key is None:
        key = Key.fresh(subject=run.pk, station_id=run.station_id)
        key.save(force_insert=True)
    run.content = Secret.of(json.dumps(kept, ensure_ascii=False))
    seal_all(run, key)
    run.save()


def _pairs(faults: Any) -> list[tuple[str, str]]:
    return [(fault.field, fault.says) for fault in faults]


def _one_at_a_time(run: ImportRun) -> None:
    """Two commits of one kind in a station wait for each other: the second then finds no change."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [f"import:{run.what}", run.station_id]
        )
