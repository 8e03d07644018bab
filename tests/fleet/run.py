"""The whole run: officers' phones in the field, and a station that goes on meanwhile."""

from __future__ import annotations

import random
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fleet.phones import SimulatedPhone
from tests.fleet.reckoning import Reckoning, reckon
from tests.fleet.station import Station, meanwhile, rearrange
from tests.program import Running

MATTERS, CHECKS = 2, 1  # for each phone, at the beginning
HOME_WITHIN = 600.0
Say = Callable[[str], None]
Job = Callable[[], None]


def run(
    running: Running,
    *,
    phones: int,
    seconds: float,
    seed: int,
    officers: int = 4,
    pause: float = 0.03,
    say: Say = lambda line: None,
) -> Reckoning:
    """`pause`: seconds between two visits of one phone, on average. What went wrong stands in the reckoning."""
    chance = random.Random(seed)
    began = datetime.now(UTC) - timedelta(seconds=1)
    with TemporaryDirectory() as folder:
        station = Station.opened(running, Path(folder), chance, officers=min(officers, phones))
        station.publish()
        broken = _all([station.take_in] * (phones * MATTERS), at_once=4)
        station.order_checks(phones * CHECKS)
        fleet = [_phone(station, number, seed, pause) for number in range(phones)]
        say(f"{len(fleet)} phones of {len(station.officers)} officers, {len(station.matters)} matters")
        broken += _live(station, fleet, seconds, pause, say)
    say("home")
    home = time.monotonic() + HOME_WITHIN
    broken += _all([partial(phone.come_home, home) for phone in fleet], at_once=16)
    say("reckoning")
    return reckon(station, fleet, broken, began=began)


def _phone(station: Station, number: int, seed: int, pause: float) -> SimulatedPhone:
    officer = station.officers[number % len(station.officers)]
    chance = random.Random(seed * 1000 + number)
    return SimulatedPhone(station.running, officer, chance, station.matters, pause)


def _live(station: Station, fleet: list[SimulatedPhone], seconds: float, pause: float, say: Say) -> list[str]:
    until = time.monotonic() + seconds
    jobs: list[Job] = [
        partial(meanwhile, station, every=max(0.1, 4 * pause / len(fleet)), until=until),
        partial(rearrange, station, every=max(15.0, seconds / 20), until=until),
        partial(_tell, fleet, until, say),
        *(partial(phone.live, until) for phone in fleet),
    ]
    return _all(jobs, at_once=len(jobs))


def _all(jobs: list[Job], *, at_once: int) -> list[str]:
    """Gives what they raised, with where: one that breaks leaves the others going."""
    with ThreadPoolExecutor(at_once) as pool:
        errors = [done.exception() for done in [pool.submit(job) for job in jobs]]
    return ["".join(traceback.format_exception(error)) for error in errors if error is not None]


def _tell(fleet: list[SimulatedPhone], until: float, say: Say) -> None:
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(60, left))
        made = sum(len(phone.outbox) for phone in fleet)
        waiting = sum(len(phone.waiting()) for phone in fleet)
        say(f"{max(0, until - time.monotonic()):.0f} s left: {made} visits, {waiting} of them waiting")
