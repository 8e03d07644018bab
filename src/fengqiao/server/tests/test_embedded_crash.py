"""kill -9 of the server, of its starter, of both: what was answered stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest

from fengqiao.server.embedded import EmbeddedPostgres
from fengqiao.server.home import Home
from fengqiao.server.tests.conftest import SOURCE, can_sign_in, eventually, is_alive

pytestmark = pytest.mark.slow

STARTER = """
import sys, time
from pathlib import Path
from fengqiao.server.embedded import EmbeddedPostgres
from fengqiao.server.home import Home
postgres = EmbeddedPostgres(Home(Path(sys.argv[1])))
postgres.start()
print(postgres.pid, flush=True)
time.sleep(600)
"""


class Writer(threading.Thread):
    """Adds rows one by one and remembers every number the server acknowledged."""

    def __init__(self, url: str):
        super().__init__()
        self.url = url
        self.acknowledged: list[int] = []

    def run(self) -> None:
        try:
            with psycopg.connect(self.url, autocommit=True) as app:
                while True:
                    number = len(self.acknowledged)
                    app.execute("INSERT INTO kept VALUES (%s)", [number])
                    self.acknowledged.append(number)
        except psycopg.OperationalError:
            return


def rows(url: str) -> set[int]:
    with psycopg.connect(url) as app:
        return {number for (number,) in app.execute("SELECT number FROM kept")}


def start_in_another_process(home: Home) -> tuple[subprocess.Popen[str], int]:
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(home.root)],
        env=os.environ | {"PYTHONPATH": str(SOURCE)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert starter.stdout is not None
    with starter.stdout:
        return starter, int(starter.stdout.readline())


def test_kill_9_of_the_server_loses_nothing_acknowledged(home: Home) -> None:
    with EmbeddedPostgres(home) as postgres:
        with psycopg.connect(postgres.owner_url) as owner:
            owner.execute("CREATE TABLE kept (number int)")
        acknowledged = 0
        for _ in range(3):
            with psycopg.connect(postgres.owner_url) as owner:
                owner.execute("TRUNCATE kept")
            writer = Writer(postgres.app_url)
            writer.start()
            eventually(lambda writer=writer: len(writer.acknowledged) > 200)
            os.kill(postgres.pid or 0, signal.SIGKILL)
            writer.join()

            # Clients notice a moment before the dead process can be reaped.
            eventually(postgres.ensure_running)

            assert set(writer.acknowledged) <= rows(postgres.app_url)
            acknowledged += len(writer.acknowledged)
    assert acknowledged > 600


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs the kernel's parent-death signal")
def test_kill_9_of_the_starter_shuts_the_server_down_cleanly(home: Home) -> None:
    starter, server = start_in_another_process(home)

    starter.kill()
    starter.wait()

    eventually(lambda: not is_alive(server))
    assert (home.logs / "postgres.log").read_text().rstrip().endswith("database system is shut down")


def test_a_start_right_after_kill_9_of_the_starter_waits_for_the_old_server(home: Home) -> None:
    starter, server = start_in_another_process(home)
    starter.kill()
    starter.wait()

    with EmbeddedPostgres(home) as postgres:
        assert postgres.mine
        assert postgres.pid != server
        assert can_sign_in(postgres.app_url)


def test_kill_9_of_both_leaves_a_cluster_that_starts_again(home: Home) -> None:
    starter, server = start_in_another_process(home)
    starter.send_signal(signal.SIGSTOP)
    os.kill(server, signal.SIGKILL)
    starter.kill()
    starter.wait()

    with EmbeddedPostgres(home) as postgres:
        assert can_sign_in(postgres.app_url)


def test_an_orphan_nobody_told_is_asked_to_go(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where there is no parent-death signal: the old server still answers when the new one starts."""
    monkeypatch.setattr("fengqiao.server.embedded.postmaster.goes_with_parent", lambda farewell: None)
    orphan = EmbeddedPostgres(home)
    orphan.start()
    old = orphan.pid
    os.close(orphan._lock or 0)

    with EmbeddedPostgres(home) as postgres:
        assert postgres.mine
        assert postgres.pid != old
        assert can_sign_in(postgres.app_url)
    orphan._postmaster._process.wait()


def test_waiting_for_recovery_can_be_given_up(fresh_home: Home) -> None:
    postgres = EmbeddedPostgres(fresh_home)

    started = postgres.start(give_up=lambda: Path(fresh_home.pg / "18").exists())

    assert not started
    assert not postgres.mine
    assert not can_sign_in(postgres.app_url)
