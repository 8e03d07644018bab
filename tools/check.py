"""`make check`: everything that can be judged without running the product, in one go, two at a time."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PY = [sys.executable]

CHECKS: dict[str, list[str]] = {
    "types": [*PY, "-m", "mypy"],
    "import law": [str(BIN / "lint-imports"), "--no-cache"],
    "format": [*PY, "-m", "ruff", "format", "--check", "-q", "."],
    "lint": [*PY, "-m", "ruff", "check", "-q", "."],
    "own lints": [*PY, "-m", "tools.lint"],
    "migrations": [*PY, "-W", "ignore", "-m", "django", "makemigrations", "--check", "--dry-run"],
    "templates": [*PY, "-m", "djlint", "--lint", "--quiet", "src"],
    "spelling": [
        str(BIN / "codespell"),
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "docs",
        "src",
        "tools",
    ],
}


def run(name: str) -> tuple[str, int, str, float]:
    began = time.monotonic()
    environment = {"DJANGO_SETTINGS_MODULE": "fengqiao.server.settings", **os.environ}
    done = subprocess.run(
        CHECKS[name], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    return name, done.returncode, done.stdout + done.stderr, time.monotonic() - began


def main() -> int:
    failed = 0
    with ThreadPoolExecutor(2) as pool:
        for name, code, said, seconds in pool.map(run, CHECKS):
            print(f"{'ok    ' if code == 0 else 'FAILED'} {name} ({seconds:.1f} s)")
            if code:
                failed += 1
                print(said.strip())
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
