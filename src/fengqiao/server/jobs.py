"""The job queue (procrastinate): carries what may be repeated. A duty is never only a job."""

from __future__ import annotations

import asyncio
import logging
import threading
from datetime import timedelta
from uuid import UUID

from django.core.management import call_command
from django.utils import timezone
from procrastinate.contrib.django import app

from fengqiao.ground.importing.carrying import CARRY, carry, unfinished
from fengqiao.ground.models import Station
from fengqiao.matters.commands import pass_on, raise_owed
from fengqiao.matters.commands.passing_on import BATCH
from fengqiao.matters.grades import regrade
from fengqiao.people.break_glass import freeze_unreviewed
from fengqiao.people.models import SignInTrial
from fengqiao.play.resting import rests
from fengqiao.server.keeping import keep_all
from fengqiao.server.sealer import verify_all
from fengqiao.store.scope import acting_for

TRIALS_KEPT = timedelta(days=1)

log = logging.getLogger("fengqiao.jobs")


@app.periodic(cron="17 * * * *")
@app.task(name="fengqiao.tidy", queueing_lock="fengqiao.tidy")
def tidy(timestamp: int) -> None:
    """Hourly: sessions that ended, sign-in trials nobody counts any more, everything declared past its day."""
    now = timezone.now()
    call_command("clearsessions")
    SignInTrial.objects.filter(at__lt=now - TRIALS_KEPT).delete()
    keep_all(at=now)


@app.periodic(cron="*/10 * * * *")
@app.task(name="fengqiao.freeze", queueing_lock="fengqiao.freeze")
def freeze(timestamp: int) -> None:
    """Accounts whose break-glass nobody reviewed in time. What is due stands in rows: a lost run is caught up."""
    for station_id in Station.objects.values_list("pk", flat=True):
        with acting_for(station_id):
            freeze_unreviewed(at=timezone.now())


@app.periodic(cron="7 * * * *")
@app.task(name="fengqiao.owe", queueing_lock="fengqiao.owe")
def owe(timestamp: int) -> None:
    """Hourly: what the calendar makes due. Each has a key of its own, so a lost run is caught up."""
    for station_id in Station.objects.values_list("pk", flat=True):
        with acting_for(station_id):
            if not rests(station_id):
                raise_owed(station_id=station_id, at=timezone.now())


@app.periodic(cron="3 * * * *")
@app.task(name="fengqiao.pass_on", queueing_lock="fengqiao.pass_on")
def pass_on_all(timestamp: int) -> None:
    """Hourly, first right after midnight: what those hold whose posts have ended or whose accounts are frozen."""
    for station_id in Station.objects.values_list("pk", flat=True):
        while _passed_on(station_id) == BATCH:
            pass


def _passed_on(station_id: int) -> int:
    with acting_for(station_id):
        return 0 if rests(station_id) else pass_on(station_id=station_id, at=timezone.now())


@app.task(name=CARRY)
def carry_import(station_id: int, run_id: str) -> None:
    """A large file through its parts. The run's row says how far it got, so a repeat goes on there."""
    carry(station=Station.objects.get(pk=station_id), run_id=UUID(run_id))


@app.periodic(cron="* * * * *")
@app.task(name="fengqiao.carry_imports", queueing_lock="fengqiao.carry_imports")
def carry_imports(timestamp: int) -> None:
    """Every minute: files whose carrier was lost."""
    for station in Station.objects.all():
        with acting_for(station.pk):
            left = unfinished()
        for run_id in left:
            carry(station=station, run_id=run_id)


@app.periodic(cron="23 4 * * *")
@app.task(name="fengqiao.grade", queueing_lock="fengqiao.grade")
def grade(timestamp: int) -> None:
    """Nightly: grades that change by the passing of days alone (a deadline has passed, nobody has verified a place
    for a year); what the kinds count of a place is counted anew."""
    for station_id in Station.objects.values_list("pk", flat=True):
        with acting_for(station_id):
            regrade(station_id=station_id, at=timezone.now())


@app.periodic(cron="41 3 * * *")
@app.task(name="fengqiao.verify", queueing_lock="fengqiao.verify")
def verify_logs(timestamp: int) -> None:
    """Nightly: the whole log read again; the result is kept for the audit administrator."""
    for name, report in verify_all():
        if not report.good:
            log.error("the sealed log does not verify", extra={"station": name})


def run(stop: threading.Event) -> None:
    """Work off jobs until told to stop; a queue that broke is opened again after a while."""
    while not stop.is_set():
        try:
            asyncio.run(_work(stop))
        except Exception:
            log.warning("the job queue stopped; opening it again", exc_info=True)
            stop.wait(3)


async def _work(stop: threading.Event) -> None:
    worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with worker_app.open_async():
        working = asyncio.create_task(
            worker_app.run_worker_async(install_signal_handlers=False, listen_notify=False)
        )
        while not stop.is_set() and not working.done():
            await asyncio.sleep(0.3)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
