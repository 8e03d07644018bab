"""By hand: the program is started in a directory of its own, the fleet runs, the figures are printed."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from tests.fleet.run import run
from tests.program import Running, descendants, program


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.fleet", description=__doc__)
    asked.add_argument("--phones", type=int, default=50)
    asked.add_argument("--seconds", type=float, default=90)
    asked.add_argument("--officers", type=int, default=6, help="whose phones these are, each with a beat")
    asked.add_argument("--pause", type=float, default=5, help="seconds between two visits of one phone")
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        with program(Path(folder) / "home") as running:
            began, spent = time.monotonic(), _spent(running)
            found = run(running, say=_say, **vars(given))
            wall, cpu = time.monotonic() - began, _spent(running) - spent
    for name, value in asdict(found).items():
        sys.stdout.write(f"{name}: {len(value) if isinstance(value, list) else value}\n")
        for line in value[:20] if isinstance(value, list) else ():
            sys.stdout.write(f"  {line}\n")
    sys.stdout.write(f"program: {cpu:.0f} s of CPU in {wall:.0f} s; load {os.getloadavg()[2]:.1f}\n")
    sys.stdout.write(f"seed {given.seed}: {'clean' if found.clean else 'NOT clean'}\n")
    return 0 if found.clean else 1


def _say(line: str) -> None:
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {line}; load {os.getloadavg()[0]:.1f}\n")
    sys.stdout.flush()


def _spent(running: Running) -> float:
    """Seconds of CPU of every process of the program, those that have ended included."""
    ticks = 0
    for pid in (running.process.pid, *descendants(running.process.pid)):
        try:
            told = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        ticks += sum(map(int, told[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
