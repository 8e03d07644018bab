"""One run: read, mapped where its columns are somebody else's, judged, committed once, destroyed after a day."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from fengqiao.ground.importing import parts
from fengqiao.ground.importing.carrying import ask_carrier, step
from fengqiao.ground.importing.mapping import ColumnMap, mapped, read_mapping
from fengqiao.ground.importing.parts import Report, judged, key_of
from fengqiao.ground.importing.reading import MOST_BYTES, match_headers, note_doubles, rows_of, table_of
from fengqiao.ground.importing.registry import importer
from fengqiao.ground.importing.saved import known_by_headers
from fengqiao.ground.importing.shape import Context, Given, Importer
from fengqiao.ground.models import ImportPart, ImportRun, ImportState
from fengqiao.kit.ids import uuid7
from fengqiao.kit.inputs import validate
from fengqiao.kit.problems import BadInput, NotFound, TooLarge
from fengqiao.kit.tables import Rounded, Row, Table
from fengqiao.store.scope import require_transaction
from fengqiao.store.secrets import Secret, seal_all
from fengqiao.store.vault import Key

KEPT = timedelta(hours=24)
# So many rows are judged and written while somebody waits; more are carried by the worker.
AT_ONCE = 2000
EXPIRED = "这次导入已过期或不存在，请重新上传文件"


def trial(
    *, what: str, data: bytes, context: Context, mapping: ColumnMap | None = None
) -> tuple[Context, Report]:
    """Read and judge a file, write nothing. Raises a Problem for a file that cannot be judged by row."""
    page = importer(what)
    context = _answered(page, context)
    rows = _read(page, data, context, mapping)
    note_doubles(rows, page)
    return context, Report(rows, judged(page, rows, context))


def begin(
    *,
    what: str,
    data: bytes,
    context: Context,
    mapping: ColumnMap | None = None,
    max_bytes: int = MOST_BYTES,
    state: ImportState = ImportState.JUDGING,
) -> ImportRun:
    """A run with its rows stored: to be judged and shown, or, where nobody will look, written at once.

    Raises a Problem for a file that cannot be judged by row.
    """
    require_transaction()
    purge(at=context.at)
    page = importer(what)
    context = _answered(page, context)
    rows = _read(page, data, context, mapping, max_bytes=max_bytes)
    run = _new(page, data, context)
    _take_rows(run, page, rows, mapping, state)
    return run


def preview(*, what: str, data: bytes, context: Context, mapping: ColumnMap | None = None) -> ImportRun:
    """Judge a file and keep it for a day, so that what is committed is what was seen; a large one is judged
    by the worker."""
    run = begin(what=what, data=data, context=context, mapping=mapping)
    return _go_on(run, context)


def arrive(*, what: str, data: bytes, context: Context, by_column: bool = False) -> ImportRun:
    """A file with our headers is judged; one with others', or one somebody asks it for, waits to be mapped."""
    page = importer(what)
    _refuse_large(data, MOST_BYTES)
    if page.can_map:
        table = table_of(data, context)
        if by_column or not _is_ours(table, page) or known_by_headers(what, table.headers):
            return begin_mapping(what=what, data=data, context=context, table=table)
    return preview(what=what, data=data, context=context)


def _is_ours(table: Table, page: Importer) -> bool:
    try:
        return bool(match_headers(table, page.columns))
    except BadInput:
        return False


def begin_mapping(*, what: str, data: bytes, context: Context, table: Table) -> ImportRun:
    """Keep a table whose columns are to be mapped."""
    require_transaction()
    purge(at=context.at)
    page = importer(what)
    context = _answered(page, context)
    if not table.rows:
        raise BadInput("文件里没有可导入的行")
    run = _new(page, data, context)
    run.state = ImportState.MAPPING
    kept = {
        "headers": table.headers,
        "rows": [(r.number, list(r.cells.values()), _rounded(r)) for r in table.rows],
    }
    run.content = Secret.of(json.dumps(kept, ensure_ascii=False))
    seal_all(run, key_of(run))
    run.save()
    return run


def table_kept(run: ImportRun) -> Table:
    """The table a mapping is being made for. Raises NotFound when it was mapped or its day is over."""
    key = Key.objects.filter(pk=run.pk).first()
    if not run.content or key is None or key.wrapped is None or run.committed_at:
        raise NotFound(EXPIRED)
    kept = json.loads(run.content.open(key, "content"))
    headers = kept["headers"]
    rows = [Row(number, _cells(headers, cells, rounded)) for number, cells, rounded in kept["rows"]]
    return Table(headers, rows)


def preview_mapped(*, run_id: UUID, mapping: ColumnMap, context: Context) -> ImportRun:
    """Read the kept table by a mapping and judge it; may be done again with a better one until the commit."""
    require_transaction()
    run = _live(run_id, context)
    if run.state not in (ImportState.MAPPING, ImportState.JUDGED):
        raise BadInput("这次导入正在核对或已写入，不能再改对应关系")
    page = importer(run.what)
    context = _answered(page, context, run.options, filename=run.filename)
    rows = mapped(table_kept(run), mapping, page, context)
    _take_rows(run, page, rows, mapping, ImportState.JUDGING)
    return _go_on(run, context)


def commit(*, run_id: UUID, context: Context) -> ImportRun:
    """Write the good rows: in this transaction, or part by part by the worker where they are many. A run
    committed before stays as it is. Raises NotFound for a run unknown or past its day."""
    run = begin_commit(run_id=run_id, context=context)
    return run if run.state == ImportState.DONE else _go_on(run, context)


def begin_commit(*, run_id: UUID, context: Context) -> ImportRun:
    """The run locked and on its way to be written. Raises NotFound or BadInput."""
    require_transaction()
    run = _live(run_id, context)
    if run.state in (ImportState.MAPPING, ImportState.JUDGING):
        raise BadInput("这次导入还没有核对完")
    if run.state == ImportState.JUDGED:
        run.state, run.done = ImportState.WRITING, 0
        run.save(update_fields=["state", "done"])
    return run


def report(run: ImportRun) -> Report:
    """The rows of a run; raises NotFound when its day is over."""
    return parts.whole(run)


def recent(importers: Iterable[str], *, most: int) -> list[ImportRun]:
    """The last runs of these importers, the newest first, without their rows."""
    return list(ImportRun.objects.filter(what__in=list(importers)).defer("content")[:most])


def one_run(run_id: UUID, importers: Iterable[str]) -> ImportRun:
    """Raises NotFound for what is absent or of an importer that is not the caller's."""
    run = ImportRun.objects.filter(pk=run_id, what__in=list(importers)).first()
    if run is None:
        raise NotFound("没有这次导入")
    return run


def begun_before(
    *, what: str, data: bytes, mapping: ColumnMap | None, by_name: str, at: datetime
) -> ImportRun | None:
    """The same file by the same hand, written in part: a repeat goes on with it."""
    found = ImportRun.objects.filter(
        what=what,
        file_digest=hashlib.sha256(data).hexdigest(),
        mapping=_plain(mapping),
        by_name=by_name,
        state=ImportState.WRITING,
        expires_at__gt=at,
    )
    return found.first()


def past_their_day(*, at: datetime) -> QuerySet[ImportRun]:
    """This station's runs whose rows must go."""
    held = ImportPart.objects.values("run_id")
    past = ImportRun.objects.filter(expires_at__lte=at)
    return past.exclude(content=None) | past.filter(pk__in=held)


def purge(*, at: datetime, limit: int = 1000) -> int:
    """Destroy the rows of up to `limit` of this station's runs that are past their day; gives how many."""
    gone = list(past_their_day(at=at).values_list("pk", flat=True)[:limit])
    Key.objects.filter(pk__in=gone).update(wrapped=None, destroyed_at=at)
    ImportPart.objects.filter(run_id__in=gone).delete()
    return ImportRun.objects.filter(pk__in=gone).update(content=None)


def _go_on(run: ImportRun, context: Context) -> ImportRun:
    """Few rows now, many by the worker; rows that belong together always now."""
    page = importer(run.what)
    if page.part and run.parts * page.part > max(AT_ONCE, page.part):
        ask_carrier(run)
        return run
    context = _answered(page, context, run.options, filename=run.filename)
    while run.is_carried:
        step(run, context)
    return run


def _live(run_id: UUID, context: Context) -> ImportRun:
    run = ImportRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None or (run.committed_at is None and run.expires_at <= context.at):
        raise NotFound(EXPIRED)
    return run


def _new(page: Importer, data: bytes, context: Context) -> ImportRun:
    return ImportRun(
        id=uuid7(),
        station=context.station,
        what=page.what,
        filename=context.filename[-120:],
        file_digest=hashlib.sha256(data).hexdigest(),
        options=context.options.model_dump(mode="json") if context.options else {},
        by_name=context.by_name,
        created_at=context.at,
        expires_at=context.at + KEPT,
        ok=0,
        failed=0,
        skipped=0,
    )


def _take_rows(
    run: ImportRun, page: Importer, rows: list[Given], mapping: ColumnMap | None, state: ImportState
) -> None:
    note_doubles(rows, page)
    run.mapping, run.state = _plain(mapping), state
    run.save()
    parts.store(run, rows, part=page.part)
    run.save()


def _plain(mapping: ColumnMap | None) -> dict[str, Any]:
    return mapping.model_dump(mode="json") if mapping else {}


def mapping_of(run: ImportRun) -> ColumnMap | None:
    """How the run was mapped, where it was."""
    return read_mapping(run.mapping, importer(run.what)) if run.mapping else None


def _read(
    page: Importer,
    data: bytes,
    context: Context,
    mapping: ColumnMap | None,
    *,
    max_bytes: int = MOST_BYTES,
) -> list[Given]:
    _refuse_large(data, max_bytes)
    if mapping is not None:
        rows = mapped(table_of(data, context, max_bytes=max_bytes), mapping, page, context)
    elif page.read:
        rows = page.read(data, context)
    else:
        rows = rows_of(data, page.columns, context, max_bytes=max_bytes)
    if not rows:
        raise BadInput("文件里没有可导入的行")
    return rows


def _refuse_large(data: bytes, most: int) -> None:
    if len(data) > most:
        raise TooLarge(f"文件超过 {most // 2**20} MB，请分成几份")


def _rounded(row: Row) -> list[int]:
    return [index for index, cell in enumerate(row.cells.values()) if isinstance(cell, Rounded)]


def _cells(headers: list[str], cells: list[str], rounded: list[int]) -> dict[str, str]:
    for index in rounded:
        cells[index] = Rounded(cells[index])
    return dict(zip(headers, cells, strict=True))


def _answered(page: Importer, context: Context, given: Any = None, *, filename: str = "") -> Context:
    """The importer's questions answered: as given, else as the file's name says, else by default."""
    named = filename or context.filename
    options = None
    if page.asks is not None:
        asked = given if given is not None else (context.options or {})
        known = {name: value for name, value in dict(asked).items() if value not in (None, "")}
        options = validate(page.asks, page.answers(named) | known)
    return Context(context.station, context.at, named, context.by, context.by_name, options)
