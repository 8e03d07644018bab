"""Next checks by a place's own history: at equal visits hazards stand unseen for less long than by grade alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from fengqiao.kinds.inspection.revisit_study import compared
from tools.curves import share


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_the_adaptive_rule_finds_hazards_sooner_with_the_same_visits(seed: int):
    found = compared(seed=seed, places=300)

    assert found.adaptive.visits == found.by_grade.visits
    assert len(found.adaptive.unseen) == len(found.by_grade.unseen)  # the same hazards, none left out
    assert found.adaptive.mean < 0.97 * found.by_grade.mean


def test_the_study_is_the_same_for_a_seed():
    assert compared(seed=1, places=60) == compared(seed=1, places=60)
    assert compared(seed=1, places=60) != compared(seed=2, places=60)


def test_the_numbers_told_are_the_numbers_computed():
    """docs/simulation.md quotes them; a changed rule needs the chart drawn anew."""
    from tools.revisits_chart import PLACES, SEED

    found = compared(seed=SEED, places=PLACES)
    told = (Path(__file__).resolve().parents[5] / "docs" / "simulation.md").read_text("utf-8")

    for says, way in (("by grade and its own history", found.adaptive), ("by grade alone", found.by_grade)):
        assert f"| {says} | {way.mean:.1f} days | {share(way.unseen, 60):.1f} % |" in told
    assert f"{found.adaptive.visits:,} visits" in told
    assert f"{len(found.adaptive.unseen):,} hazards" in told
