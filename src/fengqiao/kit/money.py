"""Money as every page, list and paper writes it: yuan with two decimals, thousands apart by commas."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def yuan(amount: Decimal | int | str) -> str:
    """50000 is 50,000.00; the unit stands beside it, in the name of the column or after the number.

    Raises decimal.InvalidOperation for what is no number.
    """
    return f"{Decimal(str(amount)).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"
