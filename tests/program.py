"""The whole program as its users start it, in a data directory of its own."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COMMAND = [sys.executable, "-m", "fengqiao.server.cli"]
# Printed at the first start of the demo station (server/demonstration.py).
DEMO_PASSWORD = "fengqiao-demo"


def free_port() -> int:
    with closing(socket.socket()) as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@dataclass
class Running:
    """`call` speaks JSON with the API; None means the line broke, as it may while things are killed."""

    process: subprocess.Popen[str]
    home: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self, *words: str, check: bool = True) -> str:
        done = subprocess.run(
            [*COMMAND, *words],
            env=environment(self.home, self.port),
            capture_output=True,
            text=True,
            check=False,
        )
        assert not check or done.returncode == 0, done.stderr
        return done.stdout.strip()

    def call(self, method: str, path: str, token: str, body: Any = None) -> tuple[int, Any] | None:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        try:
            line.request(method, path, None if body is None else json.dumps(body), headers)
            answer = line.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text.startswith((b"{", b"[")) else text
        except (OSError, http.client.HTTPException, ValueError):
            return None
        finally:
            line.close()

    def wait_until_ready(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            answer = self.call("GET", "/readyz", "-")
            if answer and answer[0] == 200:
                return
            assert self.process.poll() is None, "the program ended"
            time.sleep(0.1)
        raise AssertionError("the program did not become ready")


def environment(home: Path, port: int, *, play: bool = False) -> dict[str, str]:
    keep = {
        name: value for name, value in os.environ.items() if not name.startswith(("FENGQIAO_", "DATABASE_"))
    }
    # Stories count what they did themselves: the demo station does not play unless one asks for it.
    return {**keep, "FENGQIAO_HOME": str(home), "PORT": str(port), "FENGQIAO_PLAY": "1" if play else "0"}


def run_command(home: Path, *words: str, fails: bool = False, **environ: str) -> str:
    """One command to its end; gives what it said, on both streams."""
    done = subprocess.run(
        [*COMMAND, *words], env=environment(home, 0) | environ, capture_output=True, text=True, check=False
    )
    assert (done.returncode != 0) is fails, done.stdout + done.stderr
    return done.stdout + done.stderr


@contextmanager
def program(home: Path, *words: str, play: bool = False, ready_within: float = 180) -> Iterator[Running]:
    """Started, ready (within so many seconds), and stopped by SIGTERM afterwards."""
    port = free_port()
    process = subprocess.Popen([*COMMAND, "serve", *words], env=environment(home, port, play=play), text=True)
    running = Running(process, home, port)
    try:
        running.wait_until_ready(ready_within)
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


def descendants(pid: int) -> dict[int, str]:
    """Every process below this one, with its command line."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
            words = (path.parent / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
        parents[int(path.parent.name)] = (int(fields[1]), words)
    found: dict[int, str] = {}
    edge = {pid}
    while edge:
        edge = {child for child, (parent, _) in parents.items() if parent in edge and child not in found}
        found |= {child: parents[child][1] for child in edge}
    return found
