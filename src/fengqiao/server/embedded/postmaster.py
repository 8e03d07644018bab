"""The server process: start it, wait until it answers, stop it. Asked by connecting, never by number."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from fengqiao.server.cannot_start import CannotStart
from fengqiao.server.embedded.cluster import environment
from fengqiao.server.embedded.pidfile import disown_strangers
from fengqiao.server.embedded.place import Place
from fengqiao.server.parting import goes_with_parent

# Crash recovery of some gigabytes of log takes minutes on a slow disk.
PATIENCE = 600.0
# How long a server left by a killed starter may take to go.
PREDECESSOR = 120.0
STOPS_WITHIN = 60.0
LOG_LIMIT = 8 * 1024 * 1024
TAKEN = ('lock file "', "pre-existing shared memory block")


def never() -> bool:
    return False


class Postmaster:
    """One server over one cluster. `probe` gives the process number of the server that answers, or None."""

    def __init__(self, place: Place, arguments: Sequence[str], log: Path, probe: Callable[[], int | None]):
        self._place = place
        self._arguments = arguments
        self._log = log
        self._probe = probe
        self._process: subprocess.Popen[bytes] | None = None
        self._log_start = 0

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self.alive else None

    def launch(self) -> None:
        """Fork and return; `wait` waits. To be called from a thread that lives as long as the server."""
        self._turn_log()
        self._log_start = self._log.stat().st_size if self._log.exists() else 0
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._arguments,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._place.root,
                env=environment(self._place),
                # Ctrl-C reaches the whole group at once; the server must outlive those who use it.
                start_new_session=True,
                preexec_fn=goes_with_parent(signal.SIGINT),
                **self._place.account.identity,
            )

    def wait(self, give_up: Callable[[], bool] = never) -> bool:
        """True when it answers; False when `give_up` said so first. Launches anew while a predecessor goes."""
        began = time.monotonic()
        pause = 0.01
        while not give_up():
            if not self.alive:
                self._make_way(time.monotonic() - began)
                time.sleep(0.1)
                self.launch()
            elif self._is_ours(self._probe()):
                return True
            elif time.monotonic() - began > PATIENCE:
                self.stop()
                raise CannotStart(f"数据库在 {PATIENCE:.0f} 秒内没有恢复完毕。请看日志 {self._log}。")
            time.sleep(pause)
            pause = min(pause * 1.5, 0.2)
        return False

    def _is_ours(self, answering: int | None) -> bool:
        return answering is not None and answering == self.pid

    def stop(self) -> None:
        """Fast shutdown by SIGINT: SIGTERM would wait for every client to leave by itself."""
        if self._process is None:
            return
        for farewell in (signal.SIGINT, signal.SIGQUIT):
            if self._process.poll() is None:
                self._process.send_signal(farewell)
                with suppress(subprocess.TimeoutExpired):
                    self._process.wait(STOPS_WITHIN)
        self._process = None

    def _make_way(self, waited: float) -> None:
        """Our server has ended. Because another one holds the cluster? Else it is an error."""
        told = self._told()
        if waited > PREDECESSOR or not any(sign in told for sign in TAKEN):
            raise CannotStart(f"数据库没有启动。日志 {self._log} 的末尾：\n{told[-1200:].strip()}")
        other = self._probe()
        if other is not None:
            # Orphan of a killed starter, where no signal told it (macOS). It answered from our directory.
            with suppress(ProcessLookupError):
                os.kill(other, signal.SIGINT)
        else:
            disown_strangers(self._place)

    def _told(self) -> str:
        with self._log.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace")

    def _turn_log(self) -> None:
        if self._log.exists() and self._log.stat().st_size > LOG_LIMIT:
            self._log.rename(self._log.with_name(f"{self._log.name}.1"))
