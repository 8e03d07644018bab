"""A registered number, as a kind declares it: its cohort, what of it counts, and what it leaves out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Expression, F, Q
from django.db.models.expressions import CombinedExpression

Counting = Callable[[datetime], Q]
Summed = F | CombinedExpression


class Measure(StrEnum):
    """What a figure prints: a share in percent, the median of some minutes or days, or a sum of yuan."""

    SHARE = "share"
    MINUTES = "minutes"
    DAYS = "days"
    YUAN = "yuan"


class Over(StrEnum):
    """What a figure counts: matters raised in the window, or the places of the register as they stand now (the
    register keeps the last state of a place, so its figures have no past)."""

    MATTERS = "matters"
    PREMISES = "premises"


@dataclass(frozen=True, slots=True)
class By:
    """A breakdown: the values of a column of what is counted, and the words of those that have any."""

    slug: str
    says: str
    column: str
    words: Callable[[], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a kind's course, month by month, as the events tell: how many matters stood in one of `stages`
    at the month's end; or, with `entered`, how many came into one of these within the month. `also` narrows
    them by the end of the month.
    """

    slug: str
    says: str
    stages: tuple[str, ...] = ()
    entered: tuple[str, ...] = ()
    also: Counting | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Matters of the window that a figure's cohort leaves out, and why: printed with it, so that nothing leaves unseen."""

    slug: str
    says: str
    of: Q | Counting

    def cohort(self, cutoff: datetime) -> Q:
        return self.of if isinstance(self.of, Q) else self.of(cutoff)


@dataclass(frozen=True, slots=True)
class Figure:
    """One registered number over the cohort `of`: matters raised in the window. Where it depends on time who
    belongs to the cohort (those whose deadline has passed), `of` is a function of the cut-off. With
    `over=Over.PREMISES` the cohort is places of the register, `of` and `counts` are about their columns, and
    the cut-off is now.

    SHARE: how many of them are in `counts`; where outcomes still move after the window, `counts` is a
    function of the cut-off (`settles_after` days past the window's end, or now). With `weights` the two
    sums of these are compared instead of the numbers of matters (counted, of).
    MINUTES, DAYS, YUAN: the median, or the sum, of `value` over those in `counts`.
    """

    slug: str
    says: str
    definition: str
    of: Q | Counting
    counts: Q | Counting
    measure: Measure = Measure.SHARE
    value: Expression | F | None = None
    weights: tuple[Summed, Summed] | None = None
    settles_after: int = 7
    over: Over = Over.MATTERS
    leaves_out: tuple[LeftOut, ...] = ()
    version: int = 1
    min_n: int = 30

    def cohort(self, cutoff: datetime) -> Q:
        return self.of if isinstance(self.of, Q) else self.of(cutoff)

    def counted(self, cutoff: datetime) -> Q:
        return self.counts if isinstance(self.counts, Q) else self.counts(cutoff)
