"""Computing registered figures: by cohort, with their n and interval, and the rows behind them.

The cohort is the matters raised in the window; the outcome is as of now, and open ones stay in. A
percentage is printed to one decimal, half up, from 30 matters on; below that the fraction is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.db.models import Count, Q

from fengqiao.kit.intervals import percent, wilson
from fengqiao.kit.problems import BadInput, NotFound
from fengqiao.matters.models import Matter, MatterQuerySet
from fengqiao.matters.registry import Figure, Kind, kinds
from fengqiao.people.actors import Actor

Which = Literal["numerator", "denominator"]


@dataclass(frozen=True, slots=True)
class Window:
    """Local days, both inclusive; `community` is a code or empty."""

    first: date
    last: date
    community: str = ""

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise BadInput.at("to", "结束日期不能早于开始日期")


@dataclass(frozen=True, slots=True)
class Value:
    """One number with all that is needed to trust it. Shares are between 0 and 100, in percent."""

    slug: str
    says: str
    value: str | None
    reason: str
    numerator: int
    denominator: int
    low: str | None
    high: str | None
    definition: str
    version: int
    as_of: datetime

    @property
    def fraction(self) -> str:
        return f"{self.numerator}/{self.denominator}"


def registered() -> list[tuple[Kind, Figure]]:
    return [(page, figure) for page in kinds() for figure in page.figures]


def find(slug: str) -> tuple[Kind, Figure]:
    """Raises NotFound for a slug nobody registered."""
    for page, figure in registered():
        if figure.slug == slug:
            return page, figure
    raise NotFound(f"没有“{slug}”这个指标")


def cohort(actor: Actor, page: Kind, figure: Figure, window: Window) -> MatterQuerySet:
    """The denominator's rows."""
    found = Matter.objects.seen_by(actor).filter(
        kind=page.slug, raised_day__gte=window.first, raised_day__lte=window.last
    )
    if window.community:
        found = found.filter(community__code=window.community)
    return found.filter(figure.of)


def rows(actor: Actor, slug: str, window: Window, which: Which) -> MatterQuerySet:
    """The rows behind a number, newest first."""
    page, figure = find(slug)
    found = cohort(actor, page, figure, window)
    return found.filter(figure.counts) if which == "numerator" else found


def compute(actor: Actor, window: Window, *, as_of: datetime) -> list[Value]:
    """Every registered figure over the window."""
    return [_one(actor, page, figure, window, as_of) for page, figure in registered()]


def _one(actor: Actor, page: Kind, figure: Figure, window: Window, as_of: datetime) -> Value:
    found = cohort(actor, page, figure, window).aggregate(
        of=Count("pk"), counts=Count("pk", filter=Q(pk__isnull=False) & figure.counts)
    )
    hits, n = found["counts"], found["of"]
    low, high = wilson(hits, n) if n else (None, None)
    return Value(
        slug=figure.slug,
        says=figure.says,
        value=str(percent(hits, n)) if n >= figure.min_n else None,
        reason=_reason(n, figure.min_n),
        numerator=hits,
        denominator=n,
        low=f"{low * 100:.1f}" if low is not None else None,
        high=f"{high * 100:.1f}" if high is not None else None,
        definition=figure.definition,
        version=figure.version,
        as_of=as_of,
    )


def _reason(n: int, least: int) -> str:
    if n == 0:
        return "期内没有相关事项"
    return f"样本不足 {least} 件,只列分数" if n < least else ""
