"""The papers of a campaign: its report with what stayed open, and D07, the letter landlords sign."""

from __future__ import annotations

from typing import TypeAlias

from fengqiao.kinds.campaign.models import Campaign
from fengqiao.kinds.campaign.progress import by_community, still_open
from fengqiao.kit.documents import Block, Field, Fields, Grid, Head, Para, Signatures
from fengqiao.matters.paper import Paper
from fengqiao.matters.paper_content import Printing
from fengqiao.people.roles import Role

CampaignPrinting: TypeAlias = Printing[Campaign]
STAFF = (Role.DESK, Role.CHIEF, Role.OFFICER)


def report(printing: CampaignPrinting) -> tuple[Block, ...]:
    """Scope, how far it came by community, and every hazard that is still open."""
    detail = printing.detail
    told = detail.progress()
    left = still_open(detail)
    return (
        Fields(
            (
                Field("名称", detail.name, wide=True),
                Field("场所类型", detail.kinds_says()),
                Field("社区", detail.communities_says()),
                Field("时间", f"{detail.starts_on:%Y-%m-%d} 至 {detail.ends_on:%Y-%m-%d}"),
                Field("轮次", f"{detail.round}/{detail.rounds}"),
                Field("联合部门", detail.departments or "无", wide=True),
            )
        ),
        Head("一、总体情况"),
        Para(f"{told.in_words()}。"),
        Head("二、各社区进度"),
        Grid(
            ("社区", "场所", "已查", "进度"),
            tuple(
                (row.name, str(row.places), str(row.checked), f"{row.percent}%")
                for row in by_community(detail)
            ),
            (70, 28, 28, 30),
            empty="范围内没有场所",
        ),
        Head("三、尚未整改的隐患"),
        Grid(
            ("场所", "隐患", "环节"),
            tuple(
                (one.premises.name if one.premises else "", one.title, printing.stage_of(one)) for one in left
            ),
            (60, 66, 30),
            empty="没有",
        ),
        Head("四、小结"),
        Para(detail.summary or "尚未填写。"),
        Signatures(("填报人:", "审阅人:", "日期:")),
    )


PAPERS = (Paper("report", "专项整治情况报告", "ZXBG", STAFF, report),)
