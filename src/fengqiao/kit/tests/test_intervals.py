from __future__ import annotations

from decimal import Decimal

import pytest

from fengqiao.kit.intervals import percent, wilson


def test_rates_print_with_one_decimal_half_up() -> None:
    assert str(percent(64, 71)) == "90.1"
    assert str(percent(1, 800)) == "0.1"
    assert percent(1, 2000) == Decimal("0.1")
    assert str(percent(5, 5)) == "100.0"


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percent(0, 0)


def test_wilson_of_the_headline_figure() -> None:
    low, high = wilson(91, 101)

    assert (f"{low:.1%}", f"{high:.1%}") == ("82.7%", "94.5%")


def test_wilson_stays_between_none_and_all() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(0, 10)[0] == 0.0
    assert wilson(10, 10)[1] == 1.0
    with pytest.raises(ValueError, match="between"):
        wilson(11, 10)
