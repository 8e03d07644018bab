"""One program: everything comes up together, is kept up, and goes down in order."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from fengqiao.server.embedded import EmbeddedPostgres
from fengqiao.server.home import Home
from fengqiao.server.tests.conftest import Running, can_sign_in, eventually, is_alive

pytestmark = pytest.mark.slow
Start = Callable[..., Running]


def server_pid(home: Home) -> int:
    place = EmbeddedPostgres(home).place
    return int((place.cluster / "postmaster.pid").read_text().split("\n", 1)[0])


def is_shut_down(home: Home) -> bool:
    log = (home.logs / "postgres.log").read_text().rstrip()
    return log.endswith("database system is shut down")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_stops_everything_in_order(start_program: Start, home: Home, number: signal.Signals) -> None:
    running = start_program()
    running.wait_until_ready()
    web, worker, server = running.web_pid(), running.worker_pid(), server_pid(home)
    began = time.monotonic()

    code = running.stop(number)

    assert code == 0, running.told
    assert time.monotonic() - began < 5
    assert [pid for pid in (web, worker, server) if is_alive(pid)] == []
    assert (home.root / "worker-stopped").read_text() == "in order"
    assert is_shut_down(home)


@pytest.mark.parametrize("which", ["web", "worker"])
def test_a_killed_child_is_started_again(start_program: Start, which: str) -> None:
    running = start_program()
    running.wait_until_ready()
    pid_of = {"web": running.web_pid, "worker": running.worker_pid}[which]
    before = pid_of()

    os.kill(before, signal.SIGKILL)

    after = eventually(lambda: (pid := pid_of()) and pid != before and pid)
    assert is_alive(after)
    assert f"{which} 意外退出（-9）" in running.told


def test_a_killed_database_is_started_again(start_program: Start, home: Home) -> None:
    running = start_program()
    running.wait_until_ready()
    before, url = server_pid(home), EmbeddedPostgres(home).app_url

    os.kill(before, signal.SIGKILL)

    eventually(lambda: "数据库曾意外停止" in running.told and can_sign_in(url))
    assert server_pid(home) != before
    assert running.stop() == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs the kernel's parent-death signal")
def test_kill_9_of_the_program_takes_everything_down_cleanly(start_program: Start, home: Home) -> None:
    running = start_program()
    running.wait_until_ready()
    pids = [running.web_pid(), running.worker_pid(), server_pid(home)]

    running.process.kill()

    eventually(lambda: not any(is_alive(pid) for pid in pids))
    assert (home.root / "worker-stopped").exists()
    assert is_shut_down(home)


def test_it_starts_again_right_after_kill_9(start_program: Start) -> None:
    running = start_program()
    running.wait_until_ready()
    running.process.kill()

    again = start_program(port=running.port)
    again.port = running.port

    again.wait_until_ready()
    assert again.stop() == 0


def test_a_taken_port_is_said_and_nothing_is_started(start_program: Start, fresh_home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        running = start_program(home=fresh_home, port=port)

        assert running.process.wait(20) == 1

    assert f"PORT={port + 1}" in running.told
    assert "Traceback" not in running.told
    assert not fresh_home.pg.exists()


def test_what_prepares_runs_first_as_the_owner(start_program: Start, home: Home) -> None:
    prepares = (
        "import os, psycopg\n"
        "with psycopg.connect(os.environ['FENGQIAO_OWNER_URL']) as owner: owner.execute('CREATE TABLE made ()')"
    )
    running = start_program(
        prepare=[[sys.executable, "-c", prepares], [sys.executable, "-c", "print('SECOND')"]]
    )

    running.wait_until_ready()

    with psycopg.connect(EmbeddedPostgres(home).app_url) as app:
        app.execute("SELECT FROM made")
    assert running.told.index("SECOND") < running.told.index("READY")


def test_a_failed_preparation_ends_the_program(start_program: Start, home: Home) -> None:
    running = start_program(prepare=[[sys.executable, "-c", "raise SystemExit(3)"]])

    assert running.process.wait(30) == 3
    assert "退出码 3" in running.told
    assert is_shut_down(home)


def test_it_stops_while_it_prepares(start_program: Start, home: Home) -> None:
    sleeps = "import time; print('PREPARING', flush=True); time.sleep(60)"
    running = start_program(prepare=[[sys.executable, "-c", sleeps]])
    eventually(lambda: "PREPARING" in running.told)
    began = time.monotonic()

    assert running.stop() == 0
    assert time.monotonic() - began < 5
    assert is_shut_down(home)


def test_a_child_that_will_not_stop_is_made_to(start_program: Start, home: Home) -> None:
    deaf = (
        "import os, signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "open(os.environ['FENGQIAO_HOME'] + '/deaf', 'w').close()\n"
        "time.sleep(60)"
    )
    running = start_program(worker=[sys.executable, "-c", deaf])
    running.wait_until_ready()
    eventually(lambda: (home.root / "deaf").exists())
    began = time.monotonic()
    running.process.send_signal(signal.SIGINT)
    time.sleep(0.5)

    # A second Ctrl-C does not wait the eight seconds out.
    assert running.stop(signal.SIGINT) == 0
    assert time.monotonic() - began < 5
    assert is_shut_down(home)


def test_a_second_program_shares_the_database_and_takes_it_over(start_program: Start, home: Home) -> None:
    first = start_program()
    first.wait_until_ready()
    second = start_program(role="web")
    second.wait_until_ready()

    assert first.stop() == 0

    eventually(lambda: "数据库曾意外停止" in second.told)
    assert can_sign_in(EmbeddedPostgres(home).app_url)
    assert second.stop() == 0
    assert is_shut_down(home)


def test_it_refuses_what_is_dangerous(start_program: Start, home: Home) -> None:
    environ = {key: value for key, value in os.environ.items() if not key.startswith("DATABASE_")}
    running = start_program(environ=environ | {"FENGQIAO_DEBUG": "1"})

    assert running.process.wait(30) == 78
    assert "settings.debug" in running.told
    assert is_shut_down(home)


def test_it_runs_without_standard_streams(start_program: Start, home: Home, ground: Path) -> None:
    running = start_program()
    running.wait_until_ready()
    assert running.stop() == 0

    closed = ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *running.process.args]
    running.process = type(running.process)(
        closed, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    )

    eventually(running.web_pid)
    assert running.stop() == 0
    assert is_shut_down(home)
