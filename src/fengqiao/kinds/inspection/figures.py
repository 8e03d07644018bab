"""The registered figures of checks: those due in the window, as published beside every number."""

from __future__ import annotations

from django.db.models import Q

from fengqiao.matters.facts import COUNTED, clock_due, clock_met
from fengqiao.matters.registry import Figure

DONE = Q(stage__in=["clean", "found"])
FIGURES = (
    Figure(
        "inspect_on_time",
        "检查按期率",
        "期内到期的检查中,在最迟日期前完成的占比;本轮不查的算已处理,作废、重复不计。",
        of=COUNTED & clock_due("inspect"),
        counts=clock_met("inspect"),
    ),
    Figure(
        "inspect_clean",
        "检查未发现隐患占比",
        "期内登记并已完成的检查中,没有发现隐患的占比。它说明场所的状况,不是工作好坏。",
        of=COUNTED & DONE,
        counts=Q(stage="clean"),
    ),
    Figure(
        "inspect_not_in",
        "上门未见到人占比",
        "期内登记的检查中,至少一次没有见到人的占比:用来改进上门时间。",
        of=COUNTED,
        counts=Q(inspection__tries__gt=0),
    ),
)
