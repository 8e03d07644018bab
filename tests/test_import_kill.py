"""An import that is killed wherever it stands: the same command brings in the rest, and each row once."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.program import COMMAND, environment, run_command

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

ROWS = 12_000


def table(path: Path) -> Path:
    rows = [f"K-{n},出租屋,公寓{n},容桂街道海尾社区海尾路{n}号,440606006016" for n in range(ROWS)]
    path.write_text("\n".join(["编号,类型,名称,地址,社区", *rows]), encoding="utf-8")
    return path


def killed(home: Path, file: Path, *, after: float) -> None:
    process = subprocess.Popen(
        [*COMMAND, "import", "premises", str(file)],
        env=environment(home, 0),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.wait()


def told(home: Path, file: Path) -> dict[str, int]:
    found = json.loads(run_command(home, "import", "premises", str(file), "--json"))
    return {name: found[name] for name in ("ok", "failed", "skipped")}


def test_killed_three_times_and_whole_in_the_end(tmp_path: Path):
    tmp_path.chmod(0o711)
    home, file = tmp_path / "home", table(tmp_path / "many.csv")
    run_command(home, "demo")

    for after in (3, 5, 8):
        killed(home, file, after=after)
    first, again = told(home, file), told(home, file)

    assert first["failed"] == again["failed"] == 0
    assert first["ok"] + first["skipped"] == ROWS
    assert again == {"ok": 0, "failed": 0, "skipped": ROWS}
