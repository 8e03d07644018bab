"""Rates as they are printed: one decimal half-up, beside the interval that says how sure they are."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from math import sqrt

Z_95 = 1.959964


# Of fewer a percentage says nothing; the fraction is shown instead.
FEW = 30


def wilson(successes: int, n: int, z: float = Z_95) -> tuple[float, float]:
    """Wilson's score interval for a rate, as fractions in 0..1; nothing counted says nothing: (0, 1)."""
    if n == 0:
        return 0.0, 1.0
    if not 0 <= successes <= n:
        raise ValueError("successes must lie between 0 and n")
    rate, weight = successes / n, z * z / n
    middle = (rate + weight / 2) / (1 + weight)
    half = z * sqrt(rate * (1 - rate) / n + weight / (4 * n)) / (1 + weight)
    # At the ends the interval touches them exactly; floats would miss by a hair.
    return (middle - half if successes else 0.0), (middle + half if successes < n else 1.0)


def percent(numerator: int, denominator: int) -> Decimal:
    """Per cent with one decimal, half-up, computed exactly; raises ValueError for a zero denominator."""
    if denominator == 0:
        raise ValueError("a rate of nothing")
    return (Decimal(100 * numerator) / denominator).quantize(Decimal("0.1"), ROUND_HALF_UP)
