"""The registered figures of checks: those due in the window, and how well the register of places is known.

The second half counts places as the register has them now ("四清": 底数清, 情况明; the cycle; 人车分离).
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.timezone import localdate

from fengqiao.ground.grading import VERIFIED_FOR
from fengqiao.matters.facts import COUNTED, clock_due, clock_met
from fengqiao.matters.figure import Figure, Over

DONE = Q(stage__in=["clean", "found"])
EVERY = Q()


def _verified(now: datetime) -> Q:
    return Q(verified_at__gt=now - VERIFIED_FOR)


def _within_its_cycle(now: datetime) -> Q:
    """Checked, and the next check not due before today."""
    return Q(last_check_at__isnull=False, check_due__gte=localdate(now))


FIGURES = (
    Figure(
        "inspect_on_time",
        "检查按期率",
        "期内到期的检查中，在最迟日期前完成的占比；本轮不查的算已处理，作废、重复不计。",
        of=COUNTED & clock_due("inspect"),
        counts=clock_met("inspect"),
    ),
    Figure(
        "inspect_clean",
        "检查未发现隐患占比",
        "期内登记并已完成的检查中，没有发现隐患的占比。它说明场所的状况，不是工作好坏。",
        of=COUNTED & DONE,
        counts=Q(stage="clean"),
    ),
    Figure(
        "inspect_not_in",
        "上门未见到人占比",
        "期内登记的检查中，至少一次没有见到人的占比：用来改进上门时间。",
        of=COUNTED,
        counts=Q(inspection__tries__gt=0),
    ),
    Figure(
        "register_verified",
        "底数清",
        "在册场所中，12 个月内核实过的占比。“四清”之一。",
        of=EVERY,
        counts=_verified,
        over=Over.PREMISES,
    ),
    Figure(
        "register_known",
        "情况明",
        "在册场所中，已评等级且有负责人电话的占比。“四清”之一。",
        of=EVERY,
        counts=~Q(grade="") & ~Q(contact_phone=""),
        over=Over.PREMISES,
    ),
    Figure(
        "coverage_cycle",
        "周期内检查覆盖率",
        "在册场所中，查过且还没有到下次检查日期的占比；从未检查的不算覆盖。没有常规检查清单的场所也在分母内。",
        of=EVERY,
        counts=_within_its_cycle,
        over=Over.PREMISES,
    ),
    Figure(
        "separation_done",
        "人车分离完成率",
        "停放电动自行车的在册场所中，已核实人车分离的占比；没有看过的不算完成。",
        of=Q(e_bikes=True),
        counts=Q(separated=True),
        over=Over.PREMISES,
    ),
)
