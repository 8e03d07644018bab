"""The keeper of one home's cluster: start or attach, put the logins right, keep it running, stop it."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Self

from fengqiao.server.cannot_start import CannotStart
from fengqiao.server.embedded import asking, logins
from fengqiao.server.embedded.binaries import Binaries, wheel_binaries
from fengqiao.server.embedded.cluster import SUPERUSER, make_cluster, server_arguments
from fengqiao.server.embedded.place import OUTSIDE, Place, settle
from fengqiao.server.embedded.postmaster import PATIENCE, Postmaster, never
from fengqiao.server.embedded.sockets import (
    make_socket_directory,
    remove_socket_directory,
    socket_directory,
)
from fengqiao.server.home import Home


class EmbeddedPostgres:
    """`with EmbeddedPostgres(home) as pg:` or `start()` and `stop()`; URLs are known before the start.

    Whoever holds the flock on the place owns the server (`mine`); a second one attaches, and its `stop()`
    leaves the server alone. Start it from a thread that lives as long as the server shall.
    """

    def __init__(self, home: Home, *, for_tests: bool = False, outside: Path = OUTSIDE):
        self._home = home
        self._durable = not for_tests
        self._outside = outside
        self._lock: int | None = None
        self._postmaster: Postmaster | None = None

    @property
    def mine(self) -> bool:
        return self._lock is not None

    @property
    def pid(self) -> int | None:
        return self._postmaster.pid if self._postmaster else None

    @cached_property
    def place(self) -> Place:
        return settle(self._home, self._outside)

    @cached_property
    def binaries(self) -> Binaries:
        """pg_dump, pg_restore and psql for ourselves to run."""
        return wheel_binaries()

    @property
    def owner_url(self) -> str:
        return self._url(logins.OWNER, "owner_password", logins.DATABASE)

    @property
    def app_url(self) -> str:
        return self._url(logins.APP, "app_password", logins.DATABASE)

    @property
    def admin_url(self) -> str:
        """The superuser's, to the database `postgres`; nothing serves with it."""
        return self._url(SUPERUSER, "superuser_password", "postgres")

    @property
    def keeper_url(self) -> str:
        """The superuser's, to the station's database: a backup has to see past the wall."""
        return self._url(SUPERUSER, "superuser_password", logins.DATABASE)

    def start(self, give_up: Callable[[], bool] = never) -> bool:
        """True when the database answers; False when `give_up` said so first. Waits up to 600 seconds."""
        self.place.make()
        deadline = time.monotonic() + PATIENCE
        while not give_up():
            if self._take_lock():
                return self._start_own(give_up)
            if asking.answers(self.app_url):
                return True
            if time.monotonic() > deadline:
                raise CannotStart(f"另一个程序占着 {self.place.root}，但数据库一直没有应答。")
            time.sleep(0.05)
        return False

    def stop(self) -> None:
        if self._postmaster is not None:
            self._postmaster.stop()
            self._postmaster = None
            remove_socket_directory(self.place)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def ensure_running(self, give_up: Callable[[], bool] = never) -> bool:
        """Start it again if it died, or take it over if whoever owned it went; True if that was needed."""
        if self._postmaster is not None and self._postmaster.alive:
            return False
        if not self.mine and asking.answers(self.app_url):
            return False
        if self._postmaster is not None:
            self._postmaster.launch()
            self._postmaster.wait(give_up)
        else:
            self.start(give_up)
        return True

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _start_own(self, give_up: Callable[[], bool]) -> bool:
        try:
            programs = self.place.programs(self._outside)
            if not self.place.cluster.exists():
                password = self._home.secret("superuser_password")
                make_cluster(self.place, programs, password, durable=self._durable)
            self._postmaster = self._new_postmaster(programs)
            self._postmaster.launch()
            if self._postmaster.wait(give_up):
                self._put_logins_right()
                return True
        except BaseException:
            self.stop()
            raise
        self.stop()
        return False

    def _new_postmaster(self, programs: Binaries) -> Postmaster:
        sockets = make_socket_directory(self.place)
        arguments = server_arguments(self.place, programs, sockets, durable=self._durable)
        admin_url = self.admin_url
        log = self._home.logs / "postgres.log"
        return Postmaster(self.place, arguments, log, lambda: asking.answering_pid(admin_url))

    def _put_logins_right(self) -> None:
        logins.put_right(
            self.admin_url,
            self.keeper_url,
            self._home.secret("owner_password"),
            self._home.secret("app_password"),
        )

    def _url(self, user: str, secret: str, database: str) -> str:
        return logins.url(user, self._home.secret(secret), database, socket_directory(self.place))

    def _take_lock(self) -> bool:
        """Nobody inherits it: Python's descriptors close on exec, so it ends with this process."""
        handle = os.open(self.place.lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._lock = handle
        return True
