"""The sealer's loop: every ten seconds what was added to the logs is sealed and copied out, station by station.

Any number of sealers may run: one seals at a time, the others pass. Sealing never waits for a copy; a
folder that was away is caught up, and the sealer counts as silent until it is.
"""

from __future__ import annotations

import logging
import threading

from django.conf import settings
from django.db import Error, connection

from fengqiao.ground.models import Station
from fengqiao.people.models import SealCheck
from fengqiao.store.heartbeat import beat
from fengqiao.store.scope import acting_for
from fengqiao.store.seal_copies import copy_out
from fengqiao.store.sealing import SEALER, seal_next
from fengqiao.store.verifying import Report, verify

PAUSE = 10.0
MOST_IN_A_ROUND = 50
log = logging.getLogger("fengqiao.seals")


def seal_all() -> int:
    """One round over every station; gives the number of seals made."""
    made, copied = 0, True
    for station_id in Station.objects.values_list("pk", flat=True):
        made += _seal(station_id)
        copied = _copy(station_id) and copied
    if copied:
        beat(SEALER)
    return made


def verify_all() -> list[tuple[str, Report]]:
    """Every station's log read again, by the station's name; what was found is kept."""
    found = []
    for station in Station.objects.order_by("pk"):
        report = verify(station.pk, settings.SEAL_FOLDERS)
        with acting_for(station.pk):
            SealCheck.objects.create(
                station=station,
                seals=report.seals,
                rows=report.rows,
                good=report.good,
                first_fault="" if report.good else str(report.faults[0])[:200],
            )
        found.append((station.name, report))
    return found


def run(stop: threading.Event) -> None:
    """Seal until told to stop; a database that is away is waited for."""
    while not stop.is_set():
        try:
            seal_all()
        except Error:
            log.warning("the logs could not be sealed; trying again")
            connection.close()
        stop.wait(PAUSE)
    connection.close()


def _seal(station_id: int) -> int:
    """Seals until nothing is left; a large import is several."""
    made = 0
    while made < MOST_IN_A_ROUND and seal_next(station_id) is not None:
        made += 1
    return made


def _copy(station_id: int) -> bool:
    """Whether every folder has every seal."""
    there = True
    for folder in settings.SEAL_FOLDERS:
        try:
            with acting_for(station_id):
                copy_out(folder, station_id)
        except (OSError, ValueError):
            log.error("seals could not be copied out", extra={"folder": str(folder)})
            there = False
    return there
