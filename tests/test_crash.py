"""Killed in the middle of work: nothing acknowledged is lost, nothing is doubled, every clock fires once.

A short run of `tests.crash_run`; by hand it runs for as long as one likes.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash_run import crash_run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

SECONDS = float(os.environ.get("FENGQIAO_CRASH_SECONDS", "20"))
SEED = int(os.environ.get("FENGQIAO_CRASH_SEED", "20220510"))


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="fengqiao-crash-"))
    folder.chmod(0o711)
    yield folder / "home"
    shutil.rmtree(folder, ignore_errors=True)


def test_random_kills_lose_nothing_and_double_nothing(home: Path):
    figures = crash_run(home, seconds=SECONDS, rate=60, seed=SEED, between=(0.8, 2.5), threads=12)

    assert figures.breaches() == {}
    assert figures.kills + figures.pauses >= 5
    assert figures.acknowledged > 50
    assert figures.replayed == figures.acknowledged
    assert figures.clocks_fired > 50
    assert figures.looks > 0
