"""A station of its own for a benchmark: embedded PostgreSQL with durability on, a web process, a token."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class House:
    url: str
    app_url: str
    home: Path
    program: psutil.Process

    def token(self, username: str) -> str:
        env = {**os.environ, "FENGQIAO_HOME": str(self.home)}
        done = subprocess.run(
            [sys.executable, "-m", "fengqiao.server.cli", "token", username],
            env=env,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip().splitlines()[-1]

    def spent(self) -> dict[str, float]:
        """Seconds of CPU so far of the web process and of the database: what a busy machine does not change much."""
        spent = {"web": 0.0, "database": 0.0}
        for process in self.program.children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                times, said = process.cpu_times(), " ".join(process.cmdline())
                part = "web" if "server.web" in said else "database" if "postgres" in said else ""
                if part:
                    # a connection that has ended is counted with the server that had it
                    spent[part] += times.user + times.system + times.children_user + times.children_system
        return spent


@contextmanager
def house(*, port: int = 8190) -> Iterator[House]:
    """The whole program with the demo station, stopped afterwards."""
    with tempfile.TemporaryDirectory(prefix="fengqiao-bench-") as folder:
        Path(folder).chmod(0o711)
        home = Path(folder) / "home"
        env = {**os.environ, "FENGQIAO_HOME": str(home), "PORT": str(port), "FENGQIAO_PLAY": "0"}
        program = subprocess.Popen(
            [sys.executable, "-m", "fengqiao.server.cli", "serve"], env=env, stdout=subprocess.DEVNULL
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(f"{url}/readyz")
            yield House(url, app_url(home), home, psutil.Process(program.pid))
        finally:
            program.terminate()
            program.wait(timeout=30)


def wait_for(url: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{url} did not answer")


def app_url(home: Path) -> str:
    from fengqiao.server.embedded import EmbeddedPostgres
    from fengqiao.server.home import Home

    return EmbeddedPostgres(Home(home)).app_url
