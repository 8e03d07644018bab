"""The disk runs full under load: nothing is acknowledged that is not kept, and work goes on once there is space."""

from __future__ import annotations

import os
import random
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from fengqiao.server.backup import programs
from fengqiao.server.database import resolve
from fengqiao.server.home import Home
from tests.crash.load import Ledger, Load
from tests.crash.reckoning import lost
from tests.program import program

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

SIZE = "192m"
# So long nothing more is acknowledged: what was left in allocated pages and log segments is used up.
SILENCE = 3.0
BACK_WITHIN = 10.0


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of its own, which only root may mount."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system takes root")
    folder = Path(tempfile.mkdtemp(prefix="fengqiao-full-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0711", "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode != 0:
        folder.rmdir()
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


def fill_up(ballast: Path) -> None:
    """Take every byte that is left, also what was freed meanwhile."""
    with suppress(OSError), ballast.open("ab", buffering=0) as file:
        while True:
            file.write(b"\0" * 4096)


def fill_until_silent(ballast: Path, ledger: Ledger) -> None:
    """Until nothing new is taken any more; a repeat of what is kept may be answered as before."""
    began = changed = time.monotonic()
    taken = len(ledger.told)
    while time.monotonic() - changed < SILENCE:
        fill_up(ballast)
        time.sleep(0.2)
        if len(ledger.told) != taken:
            taken, changed = len(ledger.told), time.monotonic()
        assert changed - began < 90, "new records are acknowledged although the disk is full"


def seconds_until_back(ballast: Path, ledger: Ledger) -> float:
    """From the moment there is space to the first new record that is acknowledged."""
    full, space = len(ledger.told), time.monotonic()
    ballast.unlink()
    while len(ledger.told) == full:
        assert time.monotonic() - space < 60, "never came back"
        time.sleep(0.05)
    return time.monotonic() - space


def test_a_full_disk_loses_nothing_and_is_got_over(small_disk: Path):
    home = small_disk / "home"
    with program(home) as running:
        load = Load(running, running.command("token", "desk"), rate=40, threads=8, seed=1)
        load.start()
        try:
            time.sleep(5)
            before = len(load.ledger.told)
            fill_until_silent(small_disk / "ballast", load.ledger)
            failed = sum(load.ledger.answers[answer] for answer in ("500", "503", "none"))
            back = seconds_until_back(small_disk / "ballast", load.ledger)
            time.sleep(2)
        finally:
            load.stop()
        running.wait_until_ready()
        load.settle()
        load.replay(5000, random.Random(1))
        url = programs.keeper_url(Home(home), resolve(Home(home), {}))
        with programs.connect_as_keeper(url) as held:
            gone = lost(held, load.ledger)

    assert before > 0
    assert failed > 0
    assert back < BACK_WITHIN
    assert (gone, load.ledger.wrong, load.ledger.unanswered) == (0, [], {})
