"""Phones on bad lines with wrong clocks against the real program: lost 0, twice 0, overwritten in silence 0."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.fleet.run import run
from tests.program import program

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SEED = int(os.environ.get("FENGQIAO_TEST_SEED", "1"))


def test_a_fleet_on_bad_lines_loses_doubles_and_overwrites_nothing(tmp_path: Path):
    with program(tmp_path / "home") as running:
        found = run(running, phones=8, seconds=8, seed=SEED, officers=2)

    assert found.clean, f"seed {SEED}: {found}"
    # It was bad enough to mean something.
    assert found.acts > 100
    assert min(found.lost_answers, found.doubled, found.questions) > 0
    # What the server refuses is a rule that a phone cannot know offline; it stands on the phone with its reason.
    assert sum(found.refused.values()) < found.acts / 10
