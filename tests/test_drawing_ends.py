"""What draws pictures goes with the program, however the program goes."""

from __future__ import annotations

import os
import signal
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from fengqiao.evidence.drawing import WORKER
from fengqiao.kit.ids import uuid7
from tests import pictures
from tests.program import Running, descendants, program

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def send(running: Running, token: str) -> int:
    form = {"id": str(uuid7()), "file": SimpleUploadedFile("door.jpg", pictures.jpeg())}
    asked = urllib.request.Request(
        f"{running.url}/api/v1/photos",
        encode_multipart(BOUNDARY, form),
        {"Authorization": f"Bearer {token}", "Content-Type": MULTIPART_CONTENT},
    )
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return int(answer.status)


def drawing(running: Running) -> set[int]:
    return {pid for pid, words in descendants(running.process.pid).items() if str(WORKER) in words}


def gone(pids: set[int]) -> bool:
    return not any(Path(f"/proc/{pid}").exists() for pid in pids)


def soon(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_nothing_draws_on_when_the_program_has_gone(tmp_path: Path):
    home = tmp_path / "home"
    with program(home) as running:
        token = running.command("token", "officer-016")
        assert send(running, token) == 201
        of_the_first = drawing(running)

        for pid, words in descendants(running.process.pid).items():
            if "fengqiao.server.web" in words:
                os.kill(pid, signal.SIGKILL)
        soon(lambda: gone(of_the_first))
        running.wait_until_ready()
        assert send(running, token) == 201
        of_the_second = drawing(running)
    assert of_the_first
    assert of_the_second
    soon(lambda: gone(of_the_second))

    with program(home) as running:
        assert send(running, token) == 201
        of_the_third = drawing(running)
        running.process.kill()
        soon(lambda: gone(of_the_third))
    assert of_the_third
