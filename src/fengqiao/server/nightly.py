"""The backup of every night: begun by the program, because only it holds the owner's login.

Files lie in the data directory under `backups/`, one a day, the newest seven kept. A night that was
missed (the machine was off, the disk full) is made up as soon as it can be.
"""

from __future__ import annotations

import math
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from fengqiao.kit.days import BEIJING, local_day
from fengqiao.server.home import Home
from fengqiao.server.parting import goes_with_parent

KEPT = 7
# The quiet hour, Beijing time.
HOUR = 2
FIRST_LOOK = 600.0
BETWEEN_LOOKS = 60.0
AFTER_FAILURE = 3600.0
STOPS_WITHIN = 5.0
# The command's exit code for a station that wants no nightly backups.
NOT_WANTED = 3
COMMAND = (sys.executable, "-m", "fengqiao.server.cli", "backup", "--nightly")


class Nightly:
    """Looks once a minute whether a backup is due, and runs the command beside the program."""

    def __init__(self, home: Home, environ: Mapping[str, str], say: Callable[[str], None]) -> None:
        self._home = home
        self._environ = {**environ, "FENGQIAO_HOME": str(home.root)}
        self._say = say
        self._process: subprocess.Popen[bytes] | None = None
        wanted = environ.get("FENGQIAO_BACKUP") != "off"
        self._look_at = time.monotonic() + FIRST_LOOK if wanted else math.inf

    def tend(self) -> None:
        """Called again and again; never waits."""
        if self._process is not None:
            self._see_how_it_ended(self._process)
        elif time.monotonic() >= self._look_at:
            self._look_at = time.monotonic() + BETWEEN_LOOKS
            if is_due(self._home, datetime.now(UTC)):
                self._process = subprocess.Popen(
                    COMMAND,
                    env=self._environ,
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                    preexec_fn=goes_with_parent(signal.SIGTERM),
                )

    def stop(self) -> None:
        """A backup that is being written is given up: it bears no name yet."""
        if self._process is not None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(STOPS_WITHIN)
            self._process.kill()
            self._process = None

    def _see_how_it_ended(self, process: subprocess.Popen[bytes]) -> None:
        code = process.poll()
        if code is None:
            return
        self._process = None
        if code == NOT_WANTED:
            self._look_at = math.inf
        elif code != 0:
            self._look_at = time.monotonic() + AFTER_FAILURE
            self._say("自动备份没有成功，一小时后再试。")


def is_due(home: Home, now: datetime) -> bool:
    """Today's is missing and the hour has come, or there is none at all."""
    newest = last(home)
    return newest is None or (newest < local_day(now) and now.astimezone(BEIJING).hour >= HOUR)


def file_of(home: Home, day: date) -> Path:
    return home.backups / f"fengqiao-{day.isoformat()}.backup"


def files(home: Home) -> list[Path]:
    """Oldest first."""
    return sorted(home.backups.glob("fengqiao-????-??-??.backup"))


def last(home: Home) -> date | None:
    found = files(home)
    return date.fromisoformat(found[-1].stem.removeprefix("fengqiao-")) if found else None


def last_told(home: Home) -> str:
    """For `fengqiao doctor`."""
    newest = last(home)
    if newest is None:
        return "还没有"
    late = local_day(datetime.now(UTC)) - newest > timedelta(days=1)
    return (
        f"最近一份 {newest.isoformat()}({len(files(home))} 份){'，已停了一天以上，请查日志' if late else ''}"
    )


def let_go_of_old(home: Home) -> None:
    for path in files(home)[:-KEPT]:
        path.unlink(missing_ok=True)
