"""The clock scanner's loop: every second it fires what is due, station by station, and says it lives.

Any number of scanners may run; the matter's row lock and the event's unique key make every rung fire
once. After an outage the first rounds fire everything that was missed, however old.
"""

from __future__ import annotations

import logging
import threading

from django.db import Error, connection

from fengqiao.ground.models import Station
from fengqiao.matters.scanning import BATCH, database_time, fire_due
from fengqiao.play.resting import rests
from fengqiao.store.heartbeat import SCANNER, beat
from fengqiao.store.scope import acting_for

PAUSE = 1.0
log = logging.getLogger("fengqiao.clocks")


def scan_all() -> int:
    """One round over every station; gives the number of rungs fired."""
    fired = sum(_scan(station_id) for station_id in Station.objects.values_list("pk", flat=True))
    beat(SCANNER)
    return fired


def _scan(station_id: int) -> int:
    """A demo station whose past is just being played rests: what looks overdue in it is not."""
    fired = 0
    while True:
        with acting_for(station_id):
            now = 0 if rests(station_id) else fire_due(at=database_time())
        fired += now
        if now < BATCH:
            return fired


def run(stop: threading.Event) -> None:
    """Scan until told to stop; a database that is away is waited for."""
    while not stop.is_set():
        try:
            fired = scan_all()
            if fired:
                log.info("clock rungs fired", extra={"fired": fired})
        except Error:
            log.warning("the clocks could not be read; trying again")
            connection.close()
        stop.wait(PAUSE)
    connection.close()
