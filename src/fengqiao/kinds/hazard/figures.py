"""The registered figures of hazards, as published beside every number.

The cohort is the hazards found in the window. A hazard counts as put right if somebody else than its finder
verified it within ten working days of its deadline; an extension counts only if the chief gave it in time.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.lookups import LessThan

from fengqiao.kinds.hazard.commands import NOT_COUNTED, RECURS_WITHIN
from fengqiao.kinds.hazard.inputs import Source
from fengqiao.kinds.hazard.items import words
from fengqiao.kinds.hazard.models import Hazard
from fengqiao.matters.facts import COUNTED, days
from fengqiao.matters.figure import By, Figure, Line, Measure
from fengqiao.matters.models import Clock

# What was looked at and is no hazard, or was taken back, is none.
HAZARDS = COUNTED & ~Q(outcome__in=["unfounded", "withdrawn"])
OUT = "作废、重复、查无、撤销的不计"
OWN_ROUNDS = (Source.ROUND.value, Source.CAMPAIGN.value, Source.AFTER_FIRE.value)
# 30 days, 30 more, ten working days with a long holiday among them.
DEADLINES_SETTLE, RECURRENCES_SETTLE = 90, 270


def _passed(cutoff: datetime) -> Q:
    """Their deadline has passed."""
    return HAZARDS & Q(hazard__due_at__lte=cutoff)


def _put_right(cutoff: datetime) -> Q:
    """Verified by ten working days after the deadline, and by the cut-off."""
    return Q(hazard__verified_at__lte=cutoff) & Q(hazard__verified_at__lte=F("hazard__settle_at"))


def _put_right_on_time(cutoff: datetime) -> Q:
    return _put_right(cutoff) & Q(hazard__fixed_at__lte=F("hazard__due_at"))


def _handed_off(cutoff: datetime) -> Q:
    return Q(hazard__handed_at__lte=cutoff)


def _check_due(cutoff: datetime) -> Q:
    """Looked at again, or it had to be by then."""
    done_or_due = Q(hazard__checked_at__lte=cutoff) | Q(hazard__check_due_at__lte=cutoff)
    return HAZARDS & Q(hazard__check_due_at__isnull=False) & done_or_due


def _recurred(cutoff: datetime) -> Q:
    """Another hazard, counted itself, repeats this one within half a year of its verification."""
    again = Hazard.objects.filter(
        earlier=OuterRef("pk"),
        matter__raised_at__lte=OuterRef("hazard__verified_at") + RECURS_WITHIN,
        matter__raised_at__lt=cutoff,
    )
    return Q(Exists(again.exclude(matter__outcome__in=NOT_COUNTED)))


def _receipt_due(cutoff: datetime) -> Q:
    over = Q(hazard__receipted_at__lte=cutoff) | Q(hazard__receipt_due_at__lte=cutoff)
    return HAZARDS & Q(hazard__receipt_due_at__isnull=False) & over


FIGURES = (
    Figure(
        "rectify_rate_due",
        "到期整改率",
        "期内发现、整改期限已满的隐患中，期限届满后 10 个工作日内由发现人以外的人复查确认整改到位的占比；"
        f"已移交的留在分母内、不算整改，另列；{OUT}。",
        of=_passed,
        counts=_put_right,
        settles_after=DEADLINES_SETTLE,
    ),
    Figure(
        "rectify_rate_on_time",
        "按期整改率",
        "期内发现、整改期限已满的隐患中，在期限内整改完成(以报告整改的时间计，无人报告的以复查时间计)并经复查确认的占比；"
        f"分母与到期整改率相同；期限届满前经所长批准延期的按延期后的期限；{OUT}。",
        of=_passed,
        counts=_put_right_on_time,
        settles_after=DEADLINES_SETTLE,
    ),
    Figure(
        "handed_off_share",
        "移交占比",
        f"期内发现、整改期限已满的隐患中，移交消防救援机构、街道等单位的占比；{OUT}。",
        of=_passed,
        counts=_handed_off,
        settles_after=DEADLINES_SETTLE,
    ),
    Figure(
        "reinspect_on_time",
        "按时复查率",
        "期内发现的隐患中，应复查(期限届满或报告整改后 3 个工作日)已到期或已复查的，首次复查在时限内的占比；"
        f"未复查即移交的不计；{OUT}。",
        of=_check_due,
        counts=lambda cutoff: Q(hazard__checked_at__lte=F("hazard__check_due_at")),
        settles_after=DEADLINES_SETTLE,
    ),
    Figure(
        "recurrence_180d",
        "180 日反弹率",
        f"期内发现、已确认整改到位的隐患中，确认后 180 日内同一场所同一项目又被发现的占比；{OUT}。",
        of=HAZARDS & Q(hazard__verified_at__isnull=False),
        counts=_recurred,
        settles_after=RECURRENCES_SETTLE,
    ),
    Figure(
        "refusal_rate",
        "拒收率",
        f"期内发现、文书已送达的隐患中，受送达人拒收、留置送达的占比；{OUT}。",
        of=lambda cutoff: HAZARDS & Q(hazard__served_at__lte=cutoff),
        counts=Q(hazard__refused_at__isnull=False),
        settles_after=30,
    ),
    Figure(
        "handoff_receipt_rate",
        "移交回执率",
        f"期内发现、已移交且回执期限已到或已收到回执的隐患中，10 个工作日内收到回执的占比；{OUT}。",
        of=_receipt_due,
        counts=lambda cutoff: Q(hazard__receipted_at__lte=F("hazard__receipt_due_at")),
        settles_after=DEADLINES_SETTLE,
    ),
    Figure(
        "self_found_share",
        "自查发现率",
        "期内发现的全部隐患中，由本所巡查、专项整治、火灾后排查发现的占比；其余为群众举报、单位自报、外部移送；"
        f"{OUT}。“四清”中的“发现及时”之一。",
        of=HAZARDS,
        counts=Q(hazard__source__in=OWN_ROUNDS),
    ),
    Figure(
        "median_age_at_finding",
        "发现时最长存在天数(中位)",
        "期内发现的隐患，从该场所此前最近一次核实或检查到发现的天数的中位数：隐患存在不会早于那时；没有记录的不计；"
        f"{OUT}。“四清”中的“发现及时”之二。",
        of=HAZARDS,
        counts=Q(hazard__unseen_since__isnull=False),
        measure=Measure.DAYS,
        value=days("hazard__unseen_since", "raised_at"),
    ),
)

assert timedelta(days=180) == RECURS_WITHIN, "the figure's name says so"


BY = (By("item", "按隐患项目", "hazard__item", words),)

UNFIXED = (
    *("found", "notified", "fixing", "fixed_on_spot", "reinspect_due", "partly_fixed", "not_fixed"),
    *("handed_off", "receipted"),
)


def _overdue(end: datetime) -> Q:
    """Past the last deadline it had been given by then: one given later moves no month that is past."""
    given = Clock.objects.filter(matter=OuterRef("pk"), name="fix", starts_at__lt=end)
    return HAZARDS & Q(LessThan(Subquery(given.order_by("-starts_at", "-id").values("due_at")[:1]), end))


COURSE = (
    Line("open", "未整改(月末)", stages=UNFIXED, also=lambda end: HAZARDS),
    Line("overdue", "其中超期(月末)", stages=UNFIXED, also=_overdue),
    Line("rectified", "确认整改到位(当月)", entered=("verified",), also=lambda end: HAZARDS),
)
