"""Following all leads at once against one after the other: the same residents, never slower, seeded."""

from __future__ import annotations

from random import Random

import pytest

from fengqiao.kinds.fraud_alert.sample import ENDS, WHERE, resident
from fengqiao.kinds.fraud_alert.search_study import at_once, compared, one_by_one


def test_all_leads_at_once_are_never_slower_and_mostly_faster():
    rng = Random(3)
    away = [one for one in (resident(rng) for _ in range(500)) if one.where != "home"]

    assert all(at_once(one) <= one_by_one(one) for one in away)
    assert any(at_once(one) < one_by_one(one) for one in away)


def test_the_study_is_the_same_for_a_seed_and_leaves_nobody_out():
    first, again = compared(seed=1, residents=400), compared(seed=1, residents=400)

    assert first == again
    assert first != compared(seed=2, residents=400)
    assert first.searched == len(first.at_once) == len(first.one_by_one)
    assert first.at_once == sorted(first.at_once)


@pytest.mark.parametrize("shares", [WHERE, ENDS], ids=["where", "ends"])
def test_the_shares_add_up(shares: dict[str, float]):
    assert sum(shares.values()) == pytest.approx(1)


def test_the_numbers_told_are_the_numbers_computed():
    """docs/simulation.md quotes the medians; a changed sample needs the chart drawn anew."""
    from pathlib import Path

    from tools.search_chart import RESIDENTS, SEED, middle, share

    found = compared(seed=SEED, residents=RESIDENTS)
    told = (Path(__file__).resolve().parents[5] / "docs" / "simulation.md").read_text("utf-8")

    assert (
        f"| all leads at once | {middle(found.at_once):.1f} min | {share(found.at_once, 60):.1f} % |" in told
    )
    assert f"{middle(found.one_by_one):.1f} min | {share(found.one_by_one, 60):.1f} % |" in told
    assert f"{found.searched:,} of them away" in told
