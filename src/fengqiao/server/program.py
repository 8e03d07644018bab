"""The one program: database, web and worker, kept running together and stopped in order."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Literal

from fengqiao.server.cannot_start import CannotStart
from fengqiao.server.children import Child
from fengqiao.server.database import Database, environment, open_database
from fengqiao.server.embedded import EmbeddedPostgres
from fengqiao.server.home import Home
from fengqiao.server.listening import is_open, wait_for_port
from fengqiao.server.nightly import Nightly
from fengqiao.server.refusals import refusals

Role = Literal["all", "web", "worker"]
Say = Callable[[str], None]

TICK = 0.1
# How often to look after a database that another program started.
GLANCE = 2.0
CHILDREN_STOP_WITHIN = 8.0
WAITS_FOR_OUTSIDE_DATABASE = 60.0
STOPPED = 0
FAILED = 1
REFUSED = 78
WEB = (sys.executable, "-m", "fengqiao.server.web")
WORKER = (sys.executable, "-m", "fengqiao.server.worker")


def say_on_stderr(line: str) -> None:
    with suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(f"fengqiao: {line}\n")
        sys.stderr.flush()


def run_program(
    home: Home,
    *,
    role: Role = "all",
    host: str = "127.0.0.1",
    port: int = 8000,
    prepare: Sequence[Sequence[str]] = (),
    when_ready: Callable[[], None] | None = None,
    environ: Mapping[str, str] | None = None,
    web: Sequence[str] = WEB,
    worker: Sequence[str] = WORKER,
    say: Say = say_on_stderr,
) -> int:
    """Run until SIGINT, SIGTERM or SIGHUP; gives the exit code. To be called from the main thread.

    `prepare`: commands run one after another, with the owner's login, before anything serves.
    `when_ready`: called once, when the web process takes connections (at once where there is none).
    """
    _open_standard_streams()
    given = dict(os.environ if environ is None else environ) | {"FENGQIAO_HOST": host, "PORT": str(port)}
    program = Program(home, given, say)
    commands = {"web": web, "worker": worker}
    if role != "all":
        commands = {role: commands[role]}
    door = (host, port) if "web" in commands else None
    with _Signals(program.ask_to_stop):
        try:
            if door:
                wait_for_port(*door, lambda: program.stopping)
            return program.run(prepare, commands, door, when_ready)
        except CannotStart as error:
            say(str(error))
            return FAILED
        finally:
            program.stop()


class Program:
    def __init__(self, home: Home, environ: dict[str, str], say: Say):
        self._home = home
        self._environ = environ
        self._say = say
        self._asked = 0
        self._postgres: EmbeddedPostgres | None = None
        self._children: list[Child] = []
        self._nightly: Nightly | None = None
        self._look_at = 0.0

    def ask_to_stop(self) -> None:
        """Once: in order. A second time: at once, though the database still ends cleanly."""
        self._asked += 1

    @property
    def stopping(self) -> bool:
        return self._asked > 0

    def run(
        self,
        prepare: Sequence[Sequence[str]],
        commands: Mapping[str, Sequence[str]],
        door: tuple[str, int] | None,
        when_ready: Callable[[], None] | None,
    ) -> int:
        database = self._open()
        if self.stopping:
            return STOPPED
        if self._refused(database):
            return REFUSED
        as_owner = environment(self._home, database, self._environ, as_owner=True)
        for argv in prepare:
            code = self._run_to_end(argv, as_owner)
            if code != 0 or self.stopping:
                return STOPPED if self.stopping else code
        handed = environment(self._home, database, self._environ, as_owner=False)
        self._children = [Child(name, argv, handed, self._say) for name, argv in commands.items()]
        for child in self._children:
            child.start()
        if "worker" in commands:
            self._nightly = Nightly(self._home, self._environ, self._say)
        self._keep(door, when_ready)
        return STOPPED

    def stop(self) -> None:
        """Children first, then the database under them."""
        if self._nightly is not None:
            self._nightly.stop()
        for child in self._children:
            child.ask_to_stop()
        deadline = time.monotonic() + CHILDREN_STOP_WITHIN
        while any(child.alive for child in self._children) and time.monotonic() < deadline:
            if self._asked > 1:
                break
            time.sleep(0.02)
        for child in self._children:
            child.kill()
        self._children = []
        if self._postgres is not None:
            self._postgres.stop()
            self._postgres = None

    def _open(self) -> Database:
        database, self._postgres = open_database(
            self._home,
            self._environ,
            give_up=lambda: self.stopping,
            patience=WAITS_FOR_OUTSIDE_DATABASE,
        )
        return database

    def _refused(self, database: Database) -> bool:
        debug = self._environ.get("FENGQIAO_DEBUG", "0") in ("1", "true", "yes")
        host = self._environ["FENGQIAO_HOST"]
        found = refusals(database, environ=self._environ, debug=debug, host=host)
        for refusal in found:
            self._say(f"拒绝启动 [{refusal.code}] {refusal.says}{refusal.mend}")
        return bool(found)

    def _run_to_end(self, argv: Sequence[str], environ: Mapping[str, str]) -> int:
        child = Child(" ".join(argv), argv, environ, self._say)
        self._children = [child]
        child.start()
        while child.alive and not self.stopping:
            time.sleep(0.02)
        if not self.stopping and child.exit_code != 0:
            self._say(f"准备步骤失败（退出码 {child.exit_code}）：{child.name}")
        return child.exit_code or 0

    def _keep(self, door: tuple[str, int] | None, when_ready: Callable[[], None] | None) -> None:
        while not self.stopping:
            self._keep_database()
            for child in self._children:
                if not self.stopping:
                    child.tend()
            if when_ready and (door is None or is_open(*door)):
                when_ready()
                when_ready = None
            if self._nightly is not None:
                self._nightly.tend()
            time.sleep(TICK)

    def _keep_database(self) -> None:
        """Our own server is a look at its process; a server of another program is asked now and then."""
        postgres = self._postgres
        if postgres is None or (not postgres.mine and time.monotonic() < self._look_at):
            return
        self._look_at = time.monotonic() + GLANCE
        try:
            if postgres.ensure_running(lambda: self.stopping) and not self.stopping:
                self._say("数据库曾意外停止，已重新启动。")
        except CannotStart as error:
            self._say(str(error))
            time.sleep(1.0)


class _Signals:
    """Ctrl-C, SIGTERM and a closed terminal ask the program to stop; afterwards all is as before."""

    asked_by = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self, ask: Callable[[], None]):
        self._ask = ask

    def __enter__(self) -> None:
        # A hang-up that nohup had ignored stays ignored.
        heard = [n for n in self.asked_by if n != signal.SIGHUP or signal.getsignal(n) != signal.SIG_IGN]
        self._before = {number: signal.signal(number, self._hear) for number in heard}

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self._ask()


def _open_standard_streams() -> None:
    """A closed 0, 1 or 2 would be given to the next file we open, and a child would write into that."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(Path(os.devnull), os.O_RDWR), True)
