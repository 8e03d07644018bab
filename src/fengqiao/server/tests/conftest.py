"""Homes PostgreSQL can reach, and a program of stand-in children to start, kill and watch."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from fengqiao.server.embedded import EmbeddedPostgres
from fengqiao.server.embedded.for_tests import cluster_for_tests
from fengqiao.server.home import Home

SOURCE = Path(__file__).resolve().parents[3]
OUTSIDE_SERVER = os.environ.get("FENGQIAO_TEST_SERVER", "postgresql://postgres@127.0.0.1:5432/postgres")

WEB = """
import http.server, os
class Quiet(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
        self.wfile.write(str(os.getpid()).encode())
    def log_message(self, *a): pass
http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Quiet).serve_forever()
"""
WORKER = """
import os, signal, sys, time
from pathlib import Path
def stop(*a):
    Path(os.environ["FENGQIAO_HOME"], "worker-stopped").write_text("in order"); sys.exit(0)
signal.signal(signal.SIGTERM, stop)
Path(os.environ["FENGQIAO_HOME"], "worker-pid").write_text(str(os.getpid()))
while True: time.sleep(0.05)
"""
PROGRAM = """
import json, sys
from pathlib import Path
from fengqiao.server.home import Home
from fengqiao.server.program import run_program
given = json.loads(sys.argv[1])
home = Home(Path(given.pop("home")))
sys.exit(run_program(home, when_ready=lambda: print("READY", flush=True), **given))
"""


@pytest.fixture
def ground() -> Iterator[Path]:
    """A directory on a real disk which the user of PostgreSQL can walk into, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="fengqiao-ground-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def fresh_home(ground: Path) -> Home:
    """A data directory nothing has been started in yet."""
    return Home(ground / "fresh")


@pytest.fixture(scope="session")
def stopped_home() -> Iterator[Path]:
    """One that was started and stopped: copying it is quicker than making a cluster for every story."""
    folder = Path(tempfile.mkdtemp(prefix="fengqiao-ground-"))
    folder.chmod(0o711)
    with EmbeddedPostgres(Home(folder / "home")):
        pass
    yield folder / "home"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def home(ground: Path, stopped_home: Path) -> Home:
    subprocess.run(["cp", "-a", str(stopped_home), str(ground / "home")], check=True)
    return Home(ground / "home")


@pytest.fixture(scope="session")
def cluster() -> Iterator[EmbeddedPostgres]:
    """One throw-away cluster, durability off, for everything that only asks questions."""
    with cluster_for_tests() as postgres:
        yield postgres


@pytest.fixture
def outside_database() -> Iterator[str]:
    """The URL of a fresh database on the machine's own PostgreSQL, signed in to as its superuser."""
    name = f"fengqiao_outside_{os.getpid()}"
    try:
        server = psycopg.connect(OUTSIDE_SERVER, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        pytest.skip("no PostgreSQL answers at FENGQIAO_TEST_SERVER or 127.0.0.1:5432")
    with server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        try:
            yield OUTSIDE_SERVER.rsplit("/", 1)[0] + f"/{name}"
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def eventually(question: Callable[[], Any], within: float = 20.0) -> Any:
    """The first true answer; fails after so many seconds without one."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if answer := question():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"not within {within} s")


class Running:
    """The program in a process of its own, with stand-ins for web and worker."""

    def __init__(self, home: Home, **given: Any):
        home.make()
        self.home = home
        self.port = free_port()
        arguments = {
            "home": str(home.root),
            "port": self.port,
            "web": [sys.executable, "-c", WEB],
            "worker": [sys.executable, "-c", WORKER],
        } | given
        environ = {key: value for key, value in os.environ.items() if not key.startswith("DATABASE_")}
        self.output = home.root.parent / f"output-{self.port}"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, json.dumps(arguments)],
                env=environ | {"PYTHONPATH": str(SOURCE)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def told(self) -> str:
        return self.output.read_text()

    def wait_until_ready(self) -> None:
        def ready_or_gone() -> bool:
            return "READY" in self.told or self.process.poll() is not None

        eventually(ready_or_gone, 60.0)
        assert "READY" in self.told, self.told

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)

    def web_pid(self) -> int | None:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as door:
                door.sendall(b"GET / HTTP/1.0\r\n\r\n")
                return int(door.makefile("rb").read().rsplit(b"\r\n", 1)[-1])
        except (OSError, ValueError):
            return None

    def worker_pid(self) -> int:
        return int((self.home.root / "worker-pid").read_text())


@pytest.fixture
def start_program(home: Home) -> Iterator[Callable[..., Running]]:
    started: list[Running] = []

    def start(**given: Any) -> Running:
        started.append(Running(given.pop("home", home), **given))
        return started[-1]

    yield start
    for running in started:
        if running.process.poll() is None:
            running.stop()


def is_alive(pid: int) -> bool:
    """Alive and no zombie: in a container nobody may reap it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def can_sign_in(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True
