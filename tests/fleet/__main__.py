"""By hand: the program is started in a directory of its own, the fleet runs, the figures are printed."""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.fleet.run import run
from tests.program import program


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.fleet", description=__doc__)
    asked.add_argument("--phones", type=int, default=50)
    asked.add_argument("--seconds", type=float, default=90)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        with program(Path(folder) / "home") as running:
            found = run(running, phones=given.phones, seconds=given.seconds, seed=given.seed, officers=5)
    for name, value in asdict(found).items():
        sys.stdout.write(f"{name}: {len(value) if isinstance(value, list) else value}\n")
        for line in value[:20] if isinstance(value, list) else ():
            sys.stdout.write(f"  {line}\n")
    sys.stdout.write(f"seed {given.seed}: {'clean' if found.clean else 'NOT clean'}\n")
    return 0 if found.clean else 1


if __name__ == "__main__":
    sys.exit(main())
