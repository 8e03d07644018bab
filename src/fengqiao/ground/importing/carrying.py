"""Carrying a run through its parts. How far it got stands in its row, so whoever comes next goes on there.

A part is judged, or judged and written, in one transaction that also moves the row on. Judging without
writing begins anew after a break (later rows may need a place that an earlier one would make); writing goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from fengqiao.ground.importing import parts
from fengqiao.ground.importing.registry import importer
from fengqiao.ground.importing.shape import Context, Importer, Standing
from fengqiao.ground.models import ImportPart, ImportRun, ImportState, Station
from fengqiao.kit.inputs import validate
from fengqiao.store.scope import acting_for

CARRY = "fengqiao.carry_import"
Told = Callable[[ImportRun], None]


def ask_carrier(run: ImportRun) -> None:
    """Let the worker begin at once. A lost job costs a minute: `unfinished` is asked that often."""
    app.configure_task(name=CARRY).defer(station_id=run.station_id, run_id=str(run.pk))


def unfinished() -> list[UUID]:
    """This station's runs with work left that nobody need wait for."""
    found = ImportRun.objects.filter(state__in=[ImportState.JUDGING, ImportState.WRITING])
    return list(found.filter(expires_at__gt=timezone.now()).values_list("pk", flat=True))


def carry(*, station: Station, run_id: UUID, told: Told | None = None) -> ImportRun | None:
    """Take a run to the end of its state, a transaction a part; None where another carrier has it."""
    with _alone(run_id) as alone:
        if not alone:
            return None
        context = _context(station, run_id)
        run, begun = None, False
        while run is None or run.is_carried:
            with acting_for(station.pk):
                run = _locked(run_id)
                if not begun and run.state == ImportState.JUDGING:
                    run.done = 0
                begun = True
                step(run, context)
            if told:
                told(run)
        return run


def step(run: ImportRun, context: Context) -> None:
    """One part on, or all of them where the importer's rows belong together; inside a transaction."""
    page = importer(run.what)
    _plan_anew()
    if run.state == ImportState.JUDGING:
        _judge(page, run, context)
    elif run.state == ImportState.WRITING:
        one_at_a_time(run)
        _write(page, run, context)
    run.save()


def _plan_anew() -> None:
    """A plan kept from when the table was small looks through all of it for each of a thousand names."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan")


def _judge(page: Importer, run: ImportRun, context: Context) -> None:
    key, found = parts.key_of(run), _next(page, run)
    verdicts = parts.judged(page, [given for _, rows in found for given in rows.rows], context)
    for part, rows in found:
        some, verdicts = verdicts[: len(rows.rows)], verdicts[len(rows.rows) :]
        parts.keep(run, part, parts.Report(rows.rows, some), key)
    _move_on(run, len(found), ImportState.JUDGED, context.at)


def _write(page: Importer, run: ImportRun, context: Context) -> None:
    """The good rows. What was shown as bad or unchanged stays out; all else is judged now, be it for the first
    time or again, as the register may have changed since."""
    key, found = parts.key_of(run), _next(page, run)
    verdicts = {v.number: v for _, rows in found for v in rows.verdicts}
    out = {number for number, verdict in verdicts.items() if verdict.standing is not Standing.OK}
    now = parts.judged(page, [g for _, rows in found for g in rows.rows if g.number not in out], context)
    page.write([verdict for verdict in now if verdict.standing is Standing.OK], context)
    verdicts |= {verdict.number: verdict for verdict in now}
    for part, rows in found:
        parts.keep(run, part, parts.Report(rows.rows, [verdicts[given.number] for given in rows.rows]), key)
    _move_on(run, len(found), ImportState.DONE, context.at)


def _next(page: Importer, run: ImportRun) -> list[tuple[ImportPart, parts.Report]]:
    return list(parts.opened(run, first=run.done, most=1 if page.part else None))


def _move_on(run: ImportRun, count: int, then: ImportState, at: datetime) -> None:
    run.done += count
    parts.count(run)
    if run.done >= run.parts:
        run.state = then
        run.done = 0 if then is ImportState.JUDGED else run.done
        run.committed_at = at if then is ImportState.DONE else None


def _locked(run_id: UUID) -> ImportRun:
    return ImportRun.objects.select_for_update().get(pk=run_id)


def _context(station: Station, run_id: UUID) -> Context:
    with acting_for(station.pk):
        run = ImportRun.objects.get(pk=run_id)
    page = importer(run.what)
    options = validate(page.asks, run.options) if page.asks else None
    return Context(station, timezone.now(), run.filename, None, run.by_name, options)


@contextmanager
def _alone(run_id: UUID) -> Iterator[bool]:
    """One carrier a run, across processes; the lock falls with the connection of a carrier that dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [f"carry:{run_id}"])
        (alone,) = cursor.fetchone()
    try:
        yield bool(alone)
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [f"carry:{run_id}"])


def one_at_a_time(run: ImportRun) -> None:
    """Two commits of one kind in a station wait for each other: the second then finds no change."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [f"import:{run.what}", run.station_id]
        )
