"""What a campaign alone has: which places, which list, from when to when, and who joins in as departments."""

from __future__ import annotations

from django.db import models

from fengqiao.kinds.campaign.inputs import Grade, PlaceKind
from fengqiao.kinds.campaign.places import CampaignPlace
from fengqiao.kinds.campaign.progress import Row, Tally, tally
from fengqiao.matters.models import Detail
from fengqiao.store.declare import WORK, Char, Json, Text

__all__ = ["Campaign", "CampaignPlace"]


class Campaign(Detail):
    """The scope is a query, and what it once found stays (`CampaignPlace`): a place that comes into the register
    meanwhile is in it too, and one whose grade changes does not fall out.

    `told` holds each round that is over as it stood at its end, a row for each community: the register moves on,
    what was achieved does not.
    """

    data = WORK

    name = Char("名称", max_length=80, data=WORK)
    kinds = Json("场所类型", default=list, data=WORK)
    communities = Json("社区", default=list, blank=True, data=WORK)
    grades = Json("等级", default=list, blank=True, data=WORK)
    e_bikes_only = models.BooleanField("只查有电动自行车的", default=False)
    checklist = Char("检查清单", max_length=60, blank=True, data=WORK)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    rounds = models.PositiveSmallIntegerField("查几轮", default=1)
    round = models.PositiveSmallIntegerField("第几轮", default=1)
    began_at = models.DateTimeField("开始检查", null=True)
    round_began_at = models.DateTimeField("本轮开始", null=True)
    told = Json("各轮情况", default=list, blank=True, data=WORK)
    departments = Char("联合部门", max_length=120, blank=True, data=WORK)
    summary = Text("小结", blank=True, data=WORK)

    def __str__(self) -> str:
        return str(self.name)

    def tally(self) -> Tally:
        """How far the round is; the last one stays as it stood when it ended."""
        over = self.rounds_over()
        return over[-1] if len(over) >= self.round else tally(self)

    def rounds_over(self) -> list[Tally]:
        """The rounds that are over, as they stood."""
        return [Tally(tuple(Row(*row) for row in rows)) for rows in self.told]

    def end_round(self) -> None:
        """Keep the running round as it stands now."""
        rows = self.tally().rows
        self.told = [
            *self.told,
            [[row.name, row.places, row.checked, row.found, row.mended] for row in rows],
        ]

    def kinds_says(self) -> str:
        return "、".join(dict(PlaceKind.pairs()).get(one, one) for one in self.kinds)

    def grades_says(self) -> str:
        return "、".join(dict(Grade.pairs()).get(one, one) for one in self.grades) or "全部"

    def communities_says(self) -> str:
        return f"{len(self.communities)} 个社区" if self.communities else "全部社区"

    def round_says(self) -> str:
        return f"{self.round}/{self.rounds}"

    def rounds_says(self) -> str:
        return ""

    def told_says(self) -> str:
        """The board tells it."""
        return ""
