"""Kills and pauses at random, of the database, the web and the worker."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.program import Running, descendants

VICTIMS = {"database": "bin/postgres -D", "web": "fengqiao.server.web", "worker": "fengqiao.server.worker"}
PAUSED_OF_TEN = 2


@dataclass(frozen=True)
class Blow:
    """`at` is monotonic, `moment` the time of day; both of when the victim was gone, or went on again."""

    victim: str
    paused: bool
    at: float
    moment: datetime


@dataclass
class Chaos:
    running: Running
    dice: random.Random
    between: tuple[float, float]
    blows: list[Blow] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._go_on)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _go_on(self) -> None:
        while not self._stop.wait(self.dice.uniform(*self.between)):
            victim = self.dice.choice(sorted(VICTIMS))
            found = [
                pid
                for pid, words in sorted(descendants(self.running.process.pid).items())
                if VICTIMS[victim] in words
            ]
            if found:
                self._strike(victim, self.dice.choice(found))

    def _strike(self, victim: str, pid: int) -> None:
        paused = self.dice.randrange(10) < PAUSED_OF_TEN
        with suppress(ProcessLookupError):
            if paused:
                os.kill(pid, signal.SIGSTOP)
                time.sleep(self.dice.uniform(0.5, 3.0))
                os.kill(pid, signal.SIGCONT)
            else:
                os.kill(pid, signal.SIGKILL)
            self.blows.append(Blow(victim, paused, time.monotonic(), datetime.now(UTC)))
