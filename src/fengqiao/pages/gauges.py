"""The arithmetic behind clock chips, bars, intervals and small lines: numbers in, drawing facts out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from fengqiao.pages.spans import spell

AMBER_SHARE = 0.2  # of the whole span left, when nothing else is said
AMBER_WITHOUT_START = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class ClockFace:
    """What a clock chip shows. `left` is the share of the span still there, 0 to 100."""

    tone: str
    says: str
    left: int
    warn_at: datetime | None
    running: bool


def clock_face(
    due: datetime,
    *,
    at: datetime,
    started: datetime | None = None,
    stopped: datetime | None = None,
    warn_at: datetime | None = None,
) -> ClockFace:
    """The face of a clock due at `due`, seen `at`; `stopped` is when its act was done."""
    if stopped is not None:
        met = stopped <= due
        says = _("按时") if met else _("超 {}").format(spell(stopped - due))
        return ClockFace("met" if met else "missed", says, 100 if met else 0, None, False)
    warn_at = warn_at or _default_warning(due, started)
    if at >= due:
        return ClockFace("burning", _("超 {}").format(spell(at - due)), 0, warn_at, True)
    tone = "warning" if at >= warn_at else "calm"
    whole = (due - started).total_seconds() if started else 0
    left = round(100 * (due - at).total_seconds() / whole) if whole > 0 else 100
    return ClockFace(tone, _("剩 {}").format(spell(due - at)), min(left, 100), warn_at, True)


def _default_warning(due: datetime, started: datetime | None) -> datetime:
    return due - (AMBER_SHARE * (due - started) if started else AMBER_WITHOUT_START)


def percent(value: float, most: float) -> float:
    """A share of `most` in percent, kept between 0 and 100."""
    return round(min(max(100 * value / most, 0), 100), 1) if most > 0 else 0.0


def line_points(
    values: Sequence[float], *, width: int = 100, height: int = 28, most: float | None = None
) -> str:
    """SVG points of a small line, lowest value at the bottom; flat when all are equal. With `most` the scale goes
    from nothing to there, so that several lines can be read beside each other."""
    if not values:
        return ""
    low, high = (min(values), max(values)) if most is None else (0, most)
    step = width / max(len(values) - 1, 1)
    span = (high - low) or 1
    return " ".join(
        f"{index * step:.1f},{height - 2 - (value - low) / span * (height - 4):.1f}"
        for index, value in enumerate(values)
    )
