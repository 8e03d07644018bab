"""Phones on bad lines with wrong clocks against the real program: lost 0, twice 0, overwritten in silence 0.

`python -m tests.fleet --phones 500 --seconds 3600 --officers 26 --pause 180` is the same by hand (docs/reliability.md).
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.fleet.run import run
from tests.program import program

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

SEED = int(os.environ.get("FENGQIAO_TEST_SEED", "1"))


def test_a_fleet_on_bad_lines_loses_doubles_and_overwrites_nothing(tmp_path: Path):
    with program(tmp_path / "home") as running:
        found = run(running, phones=50, seconds=90, seed=SEED, officers=6, pause=5)

    assert found.clean, f"seed {SEED}: {found}"
    # It was bad enough to mean something: the line, the clock, the order, the beats, the posts, the forms.
    assert found.acts > 500
    assert min(found.lost_answers, found.doubled, found.questions, found.caught_up) > 0
    assert found.worst_clock_days > 2.5
    assert min(found.matters_placed, found.officers_moved, found.changed_hands) > 0
    assert found.versions > 1
    assert found.answered_by_an_older_version > 0
    # What the server refuses is a rule that a phone cannot know offline; it stands on the phone with its reason.
    assert sum(found.refused.values()) < found.acts / 10
