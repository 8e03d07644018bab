"""Computing registered figures: by cohort, with their n and interval, and the rows behind them.

The cohort is the matters raised in the window; open ones stay in. Outcomes count as of the cut-off, some
days after the window's end, so that a month's figure stands still once it is past: where its definition names the
moments that count. What is voided, merged, restored or entered late changes old months too, and so do the clocks
and numbers of visits, which are read as they stand now. A percentage is
printed to one decimal, half up, from 30 matters on; below that the fraction is shown.

A figure over the register counts the standing places the actor may see, as they are now: of its window only the
community holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Aggregate, Count, F, FloatField, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from fengqiao.ground.models import Premises, PremisesKind
from fengqiao.kit.intervals import percent, wilson
from fengqiao.kit.problems import BadInput, NotFound
from fengqiao.matters.figure import By, Figure, Measure, Over
from fengqiao.matters.models import Matter, MatterQuerySet
from fengqiao.matters.registry import Kind, kinds
from fengqiao.people.actors import Actor

# numerator, denominator, or the slug of what the figure leaves out.
Which = str
Part = tuple[By, str]


class Median(Aggregate):
    """PostgreSQL's percentile_cont(0.5); NULLs are passed over."""

    template = "percentile_cont(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True, slots=True)
class Window:
    """Local days, both inclusive; `community` is a code or empty."""

    first: date
    last: date
    community: str = ""

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise BadInput.at("to", "结束日期不能早于开始日期")

    def cutoff(self, figure: Figure, as_of: datetime) -> datetime:
        """Until when outcomes count: the end of the window and the days it takes to settle, or now."""
        if figure.over is Over.PREMISES:
            return as_of
        settled = datetime.combine(self.last, datetime.min.time()) + timedelta(days=1 + figure.settles_after)
        return min(make_aware(settled), as_of)


@dataclass(frozen=True, slots=True)
class Out:
    """How many the cohort left out for one reason."""

    slug: str
    says: str
    number: int


@dataclass(frozen=True, slots=True)
class Value:
    """One number with all that is needed to trust it, as text; `unit` is %, 分钟, 天 or 元.

    For a median or a sum, `numerator` is how many were measured and `denominator` the whole cohort.
    """

    slug: str
    says: str
    over: str
    unit: str
    value: str | None
    reason: str
    numerator: int
    denominator: int
    low: str | None
    high: str | None
    definition: str
    version: int
    as_of: datetime
    left_out: tuple[Out, ...] = ()

    @property
    def fraction(self) -> str:
        return f"{self.numerator}/{self.denominator}"


UNITS = {Measure.SHARE: "%", Measure.MINUTES: "分钟", Measure.DAYS: "天", Measure.YUAN: "元"}
SPELLS = (Measure.MINUTES, Measure.DAYS)


def registered() -> list[tuple[Kind, Figure]]:
    return [(page, figure) for page in kinds() for figure in page.figures]


def find(slug: str) -> tuple[Kind, Figure]:
    """Raises NotFound for a slug nobody registered."""
    for page, figure in registered():
        if figure.slug == slug:
            return page, figure
    raise NotFound(f"没有“{slug}”这个指标")


def breakdowns(page: Kind, figure: Figure) -> tuple[By, ...]:
    """What a figure can be broken down by, besides community and month."""
    if figure.over is Over.PREMISES:
        return (By("premises", "按场所类型", "kind", _kinds_of_place),)
    return (By("premises", "按场所类型", "premises__kind", _kinds_of_place), *page.by)


def _kinds_of_place() -> dict[str, str]:
    return {value: str(says) for value, says in PremisesKind.choices}


def _raised(actor: Actor, page: Kind, window: Window) -> MatterQuerySet:
    found = Matter.objects.seen_by(actor).filter(
        kind=page.slug, raised_day__gte=window.first, raised_day__lte=window.last
    )
    return found.filter(community__code=window.community) if window.community else found


def _standing(actor: Actor, window: Window) -> QuerySet[Premises]:
    found: QuerySet[Premises] = Premises.objects.seen_by(actor).standing()
    return found.filter(community__code=window.community) if window.community else found


def _counted(actor: Actor, page: Kind, over: Over, window: Window) -> QuerySet[Any]:
    return _standing(actor, window) if over is Over.PREMISES else _raised(actor, page, window)


def rows(
    actor: Actor, slug: str, window: Window, which: Which, *, as_of: datetime, part: Part | None = None
) -> QuerySet[Any]:
    """The rows behind a number, behind one part of it, or behind what it leaves out: matters, or places. Raises
    BadInput for what the figure does not count."""
    page, figure = find(slug)
    cutoff = window.cutoff(figure, as_of)
    found = _counted(actor, page, figure.over, window)
    if part:
        found = found.filter(**{part[0].column: part[1]})
    return found.filter(_behind(figure, which, cutoff))


def _behind(figure: Figure, which: Which, cutoff: datetime) -> Q:
    if which == "denominator":
        return figure.cohort(cutoff)
    if which == "numerator":
        return figure.cohort(cutoff) & figure.counted(cutoff)
    for left in figure.leaves_out:
        if left.slug == which:
            return left.cohort(cutoff)
    raise BadInput.at("which", "只能是 numerator、denominator，或这个指标未计入的一类")


def compute(actor: Actor, window: Window, *, as_of: datetime) -> list[Value]:
    """Every registered figure over the window, in one query a kind, and one more where it counts places too."""
    return [value for page in kinds() for value in _of_kind(actor, page, window, as_of)]


def _of_kind(actor: Actor, page: Kind, window: Window, as_of: datetime) -> list[Value]:
    found: dict[str, Any] = {}
    for over in dict.fromkeys(figure.over for figure in page.figures):
        wanted = {
            f"{figure.slug}.{name}": sums
            for figure in page.figures
            if figure.over is over
            for name, sums in _sums(figure, window, as_of).items()
        }
        found |= _counted(actor, page, over, window).aggregate(**wanted)
    return [_value(figure, _own(figure, found), as_of) for figure in page.figures]


def one(actor: Actor, slug: str, window: Window, *, as_of: datetime) -> Value:
    """One figure over the window. Raises NotFound."""
    page, figure = find(slug)
    counted = _counted(actor, page, figure.over, window)
    return _value(figure, counted.aggregate(**_sums(figure, window, as_of)), as_of)


def by_community(actor: Actor, slug: str, window: Window, *, as_of: datetime) -> list[tuple[str, str, Value]]:
    """(code, name, value) of each community that has something in the cohort, in the order of codes."""
    told = _grouped(actor, slug, window, ("community__code", "community__name"), as_of=as_of)
    return [(row["community__code"], row["community__name"], value) for row, value in told]


def by_part(
    actor: Actor, slug: str, window: Window, by: By, *, as_of: datetime
) -> list[tuple[str, str, Value]]:
    """(value of the column, its words, value) of each part that has something in the cohort, the largest first."""
    told = _grouped(actor, slug, window, (by.column,), as_of=as_of)
    words = by.words()
    parts = [(row[by.column], words.get(row[by.column], row[by.column]), value) for row, value in told]
    return sorted(parts, key=lambda one: (-one[2].denominator, one[0]))


def _grouped(
    actor: Actor, slug: str, window: Window, columns: tuple[str, ...], *, as_of: datetime
) -> Iterator[tuple[dict[str, Any], Value]]:
    """A figure for each value of the first column; what has none is left out."""
    page, figure = find(slug)
    of = figure.cohort(window.cutoff(figure, as_of))
    counted = _counted(actor, page, figure.over, window)
    found = counted.filter(of, **{f"{columns[0].partition('__')[0]}__isnull": False})
    grouped = found.order_by(columns[0]).values(*columns)
    told: Iterable[dict[str, Any]] = grouped.annotate(**_sums(figure, window, as_of))
    for row in told:
        yield row, _value(figure, row, as_of)


def by_month(
    actor: Actor, slug: str, months: Iterable[Window], *, as_of: datetime
) -> list[tuple[Window, Value]]:
    """The same figure month by month, each with its own cut-off."""
    return [(month, one(actor, slug, month, as_of=as_of)) for month in months]


def _own(figure: Figure, found: dict[str, Any]) -> dict[str, Any]:
    start = f"{figure.slug}."
    return {name.removeprefix(start): value for name, value in found.items() if name.startswith(start)}


def _sums(figure: Figure, window: Window, as_of: datetime) -> dict[str, Any]:
    cutoff = window.cutoff(figure, as_of)
    of = Q(pk__isnull=False) & figure.cohort(cutoff)
    counted = of & figure.counted(cutoff)
    if figure.weights:
        hits, all_of_them = figure.weights
        return {
            "of": Coalesce(Sum(all_of_them, filter=of), 0),
            "counts": Coalesce(Sum(hits, filter=of), 0),
        }
    sums: dict[str, Any] = {"of": Count("pk", filter=of), "counts": Count("pk", filter=counted)}
    if figure.measure in SPELLS:
        sums["measured"] = Median(figure.value, filter=counted)
    elif figure.measure is Measure.YUAN:
        sums["measured"] = Sum(figure.value or F("pk"), filter=counted)
    for left in figure.leaves_out:
        sums[f"out_{left.slug}"] = Count("pk", filter=left.cohort(cutoff))
    return sums


def _value(figure: Figure, sums: dict[str, Any], as_of: datetime) -> Value:
    hits, n = sums["counts"], sums["of"]
    share = figure.measure is Measure.SHARE
    low, high = wilson(hits, n) if share and n else (None, None)
    return Value(
        slug=figure.slug,
        says=figure.says,
        over=figure.over.value,
        unit=UNITS[figure.measure],
        value=_share(hits, n, figure.min_n) if share else _measured(sums.get("measured"), figure.measure),
        reason=_reason(n if share else hits, figure.min_n if share else 1, figure.over),
        numerator=hits,
        denominator=n,
        low=f"{low * 100:.1f}" if low is not None else None,
        high=f"{high * 100:.1f}" if high is not None else None,
        definition=figure.definition,
        version=figure.version,
        as_of=as_of,
        left_out=tuple(Out(one.slug, one.says, sums[f"out_{one.slug}"]) for one in figure.leaves_out),
    )


def _share(hits: int, n: int, least: int) -> str | None:
    return str(percent(hits, n)) if n >= least else None


def _measured(value: Any, measure: Measure) -> str | None:
    if value is None:
        return None
    places = Decimal("0.1") if measure in SPELLS else Decimal("0.01")
    return str(Decimal(str(value)).quantize(places, ROUND_HALF_UP))


def _reason(n: int, least: int, over: Over) -> str:
    places = over is Over.PREMISES
    if n == 0:
        return _("登记簿里没有相关场所") if places else _("期内没有相关事项")
    if n >= least:
        return ""
    return (_("样本不足 {} 处，只列分数") if places else _("样本不足 {} 件，只列分数")).format(least)
