"""The report of a campaign: how far it came, and what stayed open. A draft until the chief closes it, then issued."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from django.utils.timezone import localtime

from fengqiao.kinds.campaign.board import bar, by_community, figures, ratio
from fengqiao.kinds.campaign.models import Campaign
from fengqiao.kinds.campaign.progress import still_open
from fengqiao.kit.documents import Block, Field, Fields, Grid, Head, Para, Signatures
from fengqiao.matters.models import Matter
from fengqiao.matters.paper import Paper
from fengqiao.matters.paper_content import Printing
from fengqiao.people.roles import Role

CampaignPrinting: TypeAlias = Printing[Campaign]
STAFF = (Role.DESK, Role.CHIEF)


def under_way(matter: Matter) -> bool:
    return matter.stage in ("running", "reporting")


def report(printing: CampaignPrinting) -> tuple[Block, ...]:
    """Scope, how far each round came, the last one by community, and every hazard that is still open."""
    detail = printing.detail
    told = detail.tally()
    left = still_open(detail)
    return (
        Fields(tuple(_what(detail))),
        Head("一、总体情况"),
        bar(detail, told),
        Fields(tuple(figures(told.total))),
        *_rounds(detail),
        Head("二、各社区情况"),
        by_community(told),
        Head("三、尚未整改的隐患"),
        Para(
            f"截至 {localtime(printing.at):%Y-%m-%d %H:%M}，尚未整改 {len(left)} 处，按期限先后列出，逐件继续跟踪。"
        ),
        Grid(
            ("序号", "场所", "隐患", "环节"),
            tuple(_left(printing, count, one) for count, one in enumerate(left, 1)),
            (14, 50, 64, 28),
            empty="没有",
        ),
        Head("四、小结"),
        Para(detail.summary or "尚未填写。"),
        Signatures(("填报人：", "审阅人：", "日期：")),
    )


def _what(detail: Campaign) -> Iterator[Field]:
    yield Field("名称", detail.name, wide=True)
    yield Field("场所类型", detail.kinds_says())
    yield Field("等级", detail.grades_says())
    yield Field("社区", detail.communities_says())
    yield Field("其他条件", "有电动自行车的" if detail.e_bikes_only else "无")
    yield Field("时间", f"{detail.starts_on:%Y-%m-%d} 至 {detail.ends_on:%Y-%m-%d}", wide=True)
    yield Field("轮次", f"第 {detail.round} 轮，计划 {detail.rounds} 轮")
    yield Field("联合部门", detail.departments or "无")


def _rounds(detail: Campaign) -> Iterator[Block]:
    """Where there was more than one: what each came to. Hazards are counted from the beginning on."""
    over = detail.rounds_over()
    if detail.rounds > 1 and over:
        rows = tuple(
            (f"第 {count} 轮", ratio(one.total.checked, one.total.places), str(one.total.found))
            for count, one in enumerate(over, 1)
        )
        yield Grid(("已结束的轮次", "已查", "累计发现隐患"), rows, (50, 56, 50))


def _left(printing: CampaignPrinting, count: int, one: Matter) -> tuple[str, ...]:
    return (str(count), one.premises.name if one.premises else "", one.title, printing.stage_of(one))


PAPERS = (
    Paper("draft", "专项整治情况报告(稿)", "ZXBG", STAFF, report, when=under_way),
    Paper("report", "专项整治情况报告", "ZXBG", STAFF, report, mark="专治"),
)
