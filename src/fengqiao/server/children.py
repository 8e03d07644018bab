"""One child process of the program: started, started again when it falls, asked to stop, made to."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from fengqiao.server.parting import goes_with_parent

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0
# Having run this long, a child that falls is not one that cannot start.
STEADY = 10.0


class Child:
    def __init__(
        self, name: str, argv: Sequence[str], environ: Mapping[str, str], say: Callable[[str], None]
    ):
        self.name = name
        self._argv = list(argv)
        self._environ = dict(environ)
        self._say = say
        self._process: subprocess.Popen[bytes] | None = None
        self._began = 0.0
        self._pause = FIRST_PAUSE
        self._again_at: float | None = None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        return self._process.poll() if self._process else None

    def start(self) -> None:
        self._began = time.monotonic()
        self._again_at = None
        self._process = subprocess.Popen(
            self._argv,
            env=self._environ,
            stdin=subprocess.DEVNULL,
            # Ctrl-C reaches a whole group at once; children stop when the program asks them, in order.
            start_new_session=True,
            preexec_fn=goes_with_parent(signal.SIGTERM),
        )

    def tend(self) -> None:
        """Called again and again: starts it anew after a fall, ever more patiently (0.2 to 5 seconds)."""
        now = time.monotonic()
        if self._again_at is not None:
            if now >= self._again_at:
                self.start()
        elif not self.alive:
            self.kill()
            if now - self._began > STEADY:
                self._pause = FIRST_PAUSE
            self._say(f"{self.name} 意外退出（{self.exit_code}），{self._pause:.1f} 秒后重新启动。")
            self._again_at = now + self._pause
            self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def ask_to_stop(self) -> None:
        self._again_at = None
        if self._process is not None and self.alive:
            self._process.terminate()

    def kill(self) -> None:
        """The whole group, so that grandchildren of one that fell do not keep its port."""
        if self._process is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
