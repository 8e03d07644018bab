"""Figures and the rows behind them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router
from pydantic import BaseModel, Field

from fengqiao.api.matters import MattersPage
from fengqiao.api.paging import after, cursor_behind
from fengqiao.api.root import REFUSALS
from fengqiao.figures.computing import Value, Window, compute, find, rows
from fengqiao.ground.models import Premises
from fengqiao.kit.problems import BadInput, NotFound
from fengqiao.matters import queries
from fengqiao.matters.figure import Over
from fengqiao.matters.telling import tell_line
from fengqiao.people.doors import actor

router = Router(tags=["figures"])


class LeftOutTold(BaseModel):
    """Matters of the window that the denominator leaves out for one reason; `slug` is a `which` of the rows."""

    slug: str
    says: str
    number: int


class FigureTold(BaseModel):
    """`over` is what is counted: matters raised in the window, or the premises of the register as they are now, of
    the community asked for. `value` in `unit` (%, 分钟, 元), null where it must not be printed, see `reason`; `low` and `high` are the
    95 % Wilson interval of a percentage.
    """

    slug: str
    says: str
    over: Literal["matters", "premises"]
    unit: str
    value: float | None
    reason: str | None
    numerator: int
    denominator: int
    low: float | None
    high: float | None
    definition: str
    version: int
    as_of: datetime
    left_out: list[LeftOutTold] = []


class Asked(BaseModel):
    from_: Annotated[date | None, Field(alias="from")] = None
    to: date | None = None
    community: str = ""

    def window(self) -> Window:
        """Without dates: this month to date."""
        today = timezone.localdate()
        last = self.to or max(today, self.from_ or today)
        if "\x00" in self.community:
            raise BadInput.at("community", "含有无法查询的字符")
        return Window(self.from_ or last.replace(day=1), last, self.community)


class AskedRows(Asked):
    which: Annotated[str, Field(description="numerator, denominator, or a slug of left_out")] = "denominator"
    cursor: str = ""
    limit: Annotated[int, Field(ge=1, le=500)] = 50


@router.get("/figures", response={200: list[FigureTold], **REFUSALS}, summary="The registered figures")
def list_figures(request: HttpRequest, asked: Query[Asked]) -> list[FigureTold]:
    return [_told(value) for value in compute(actor(request), asked.window(), as_of=timezone.now())]


class PlaceTold(BaseModel):
    """One place of the register, without its contact."""

    id: UUID
    number: str
    kind: str
    name: str
    address: str
    community: str
    grade: str
    check_due: date | None
    last_check_at: datetime | None
    verified_at: datetime | None
    e_bikes: bool | None
    separated: bool | None


class PlacesPage(BaseModel):
    items: list[PlaceTold]
    next: str | None


@router.get(
    "/figures/{slug}/matters", response={200: MattersPage, **REFUSALS}, summary="The rows behind a figure"
)
def list_rows(request: HttpRequest, slug: str, asked: Query[AskedRows]) -> MattersPage:
    found = queries.shown(after(_behind(request, slug, asked, Over.MATTERS), asked.cursor))
    page = list(found[: asked.limit + 1])
    more = len(page) > asked.limit
    page = page[: asked.limit]
    return MattersPage(items=[tell_line(row) for row in page], next=cursor_behind(page[-1]) if more else None)


@router.get(
    "/figures/{slug}/premises",
    response={200: PlacesPage, **REFUSALS},
    summary="The places behind a figure over the register, by number",
)
def list_places(request: HttpRequest, slug: str, asked: Query[AskedRows]) -> PlacesPage:
    """The cursor is the number of the last place told."""
    if "\x00" in asked.cursor:
        raise BadInput.at("cursor", "游标无效，请从头开始")
    found = _behind(request, slug, asked, Over.PREMISES).filter(number__gt=asked.cursor)
    page = list(found.select_related("community").order_by("number")[: asked.limit + 1])
    more = len(page) > asked.limit
    page = page[: asked.limit]
    told = [_place(one) for one in page]
    return PlacesPage(items=told, next=told[-1].number if more else None)


def _behind(request: HttpRequest, slug: str, asked: AskedRows, over: Over) -> Any:
    """Raises NotFound where the figure counts something else."""
    if find(slug)[1].over is not over:
        raise NotFound(f"“{slug}”不是这类指标，见 /figures 的 over")
    return rows(actor(request), slug, asked.window(), asked.which, as_of=timezone.now())


def _place(one: Premises) -> PlaceTold:
    return PlaceTold(
        community=one.community.code,
        **{name: getattr(one, name) for name in PlaceTold.model_fields if name != "community"},
    )


def _told(value: Value) -> FigureTold:
    def number(text: str | None) -> float | None:
        return None if text is None else float(text)

    return FigureTold(
        slug=value.slug,
        says=value.says,
        over=value.over,
        unit=value.unit,
        value=number(value.value),
        reason=value.reason or None,
        numerator=value.numerator,
        denominator=value.denominator,
        low=number(value.low),
        high=number(value.high),
        definition=value.definition,
        version=value.version,
        as_of=value.as_of,
        left_out=[LeftOutTold(slug=out.slug, says=out.says, number=out.number) for out in value.left_out],
    )
