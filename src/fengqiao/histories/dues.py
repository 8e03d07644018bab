"""The due day in force, where it comes from, and whether it was kept."""

from __future__ import annotations

from datetime import date, timedelta

from fengqiao.histories.models import DueSource


def due_in_force(
    *, original: date | None, new: date | None, start: date | None = None, days: int | None = None
) -> tuple[date | None, str]:
    """A new day replaces the original; without either it is so many days after the start, where that is known."""
    if new:
        return new, DueSource.NEW.value
    if original:
        return original, DueSource.ORIGINAL.value
    if start and days is not None:
        return start + timedelta(days=days), DueSource.DERIVED.value
    return None, ""


def is_late(*, due: date | None, certified: date | None, verified: date | None) -> bool | None:
    """After the due day; the day itself is in time. None where it cannot be told."""
    done = certified or verified
    return done > due if done and due else None
