from __future__ import annotations

from decimal import Decimal

import pytest

from fengqiao.kit.money import yuan


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("50000.00", "50,000.00"),
        (Decimal("1234567.5"), "1,234,567.50"),
        (0, "0.00"),
        ("999.995", "1,000.00"),
        ("-1200", "-1,200.00"),
    ],
)
def test_money_has_two_decimals_and_its_thousands_apart(amount: Decimal | int | str, written: str):
    assert yuan(amount) == written
