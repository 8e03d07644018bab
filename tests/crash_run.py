"""The crash run by hand: `python -m tests.crash_run --minutes 30 --rate 200`. Prints a table of figures.

The suite runs it short (`tests/test_crash.py`); the figures of a long one stand in docs/reliability.md.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from fengqiao.server.backup import programs
from fengqiao.server.database import resolve
from fengqiao.server.home import Home
from tests.crash.chaos import Chaos
from tests.crash.load import Load
from tests.crash.reckoning import Figures, reckon
from tests.program import program

# After the last blow: the scanner's round, and what falls due meanwhile.
CALM = 12.0


def crash_run(
    home: Path,
    *,
    seconds: float,
    rate: float,
    seed: int,
    between: tuple[float, float],
    threads: int = 32,
    replay_most: int = 5000,
) -> Figures:
    """Load and blows for so many seconds, then everything acknowledged sent again, then the reckoning."""
    dice = random.Random(seed)
    with program(home) as running:
        load = Load(running, running.command("token", "desk"), rate=rate, threads=threads, seed=seed)
        chaos = Chaos(running, dice, between)
        load.start()
        chaos.start()
        try:
            time.sleep(seconds)
        finally:
            chaos.stop()
            load.stop()
        running.wait_until_ready()
        load.settle()
        replayed = load.replay(replay_most, dice)
        time.sleep(CALM)
        url = programs.keeper_url(Home(home), resolve(Home(home), {}))
        with programs.connect_as_keeper(url) as held:
            return reckon(held, load.ledger, chaos.blows, replayed)


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.crash_run")
    asked.add_argument("--minutes", type=float, default=5)
    asked.add_argument("--rate", type=float, default=200, help="requests offered a second")
    asked.add_argument("--every", type=float, default=10, help="seconds between blows, on average")
    asked.add_argument("--seed", type=int, default=20220510)
    asked.add_argument("--replay-most", type=int, default=5000)
    given = asked.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="fengqiao-crash-"))
    folder.chmod(0o711)
    try:
        figures = crash_run(
            folder / "home",
            seconds=given.minutes * 60,
            rate=given.rate,
            seed=given.seed,
            between=(given.every * 0.4, given.every * 1.6),
            replay_most=given.replay_most,
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for name, value in asdict(figures).items():
        sys.stdout.write(
            f"{name:<18} {value:>10.2f}\n" if isinstance(value, float) else f"{name:<18} {value:>10}\n"
        )
    return 1 if figures.breaches() else 0


if __name__ == "__main__":
    sys.exit(main())
