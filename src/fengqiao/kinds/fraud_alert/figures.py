"""The registered figures of fraud alerts, as published beside every number.

No public definition of 劝阻成功率 was found; this product states its own, and prints both. The cohort is
the alerts received in the window; outcomes count as of seven days after its end.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Q

from fengqiao.matters.facts import COUNTED, clock_due, clock_met, minutes
from fengqiao.matters.figure import Counting, Figure, LeftOut, Measure

ALL = Q()
ELSEWHERE = ("false_alarm", "transferred")
URGENT = Q(level__in=["critical", "high"])
DOOR = ("meet", "not_home", "wrong_address")
RELAPSE_UNTIL = F("fraudalert__dissuaded_at") + timedelta(days=30)
SEARCHED = Q(fraudalert__search_round__gt=0)


def _ours(*known: str, of: Q = ALL) -> Counting:
    """Assigned alerts, less those that by the cut-off were found to be no fraud or another station's. Refused, paid and
    not found stay in. `known`: columns whose moment must have come by then."""

    def cohort(cutoff: datetime) -> Q:
        left = Q(outcome__in=ELSEWHERE, closed_at__lte=cutoff)
        return COUNTED & Q(holder__isnull=False) & ~left & of & _by(cutoff, *known)

    return cohort


def _by(cutoff: datetime, *columns: str) -> Q:
    return Q(**{f"fraudalert__{column}__lte": cutoff for column in columns})


def _ended(outcome: str) -> Counting:
    return lambda cutoff: Q(outcome=outcome, closed_at__lte=cutoff)


LEFT_OUT = (
    LeftOut("duplicate", "重复", Q(outcome="duplicate")),
    LeftOut("voided", "作废", Q(outcome="voided")),
    LeftOut("false_alarm", "误报", _ended("false_alarm")),
    LeftOut("transferred", "取得回执的移交", _ended("transferred")),
    LeftOut("unassigned", "还没有责任人", COUNTED & Q(holder=None)),
)


def _confirmed(*results: str) -> Counting:
    """Confirmed by the cut-off, and nothing had been paid by then; a later relapse changes no old month."""

    def counts(cutoff: datetime) -> Q:
        stood = Q(fraudalert__relapsed_at=None) | Q(fraudalert__relapsed_at__gt=cutoff)
        return Q(fraudalert__result__in=results) & _by(cutoff, "confirmed_at") & stood

    return counts


def _leg(slug: str, says: str, start: str, end: str) -> Figure:
    def both(cutoff: datetime) -> Q:
        return Q(**{f"{start}__isnull": False, f"{end}__lte": cutoff})

    return Figure(
        slug,
        says,
        "期内收到的预警中，两个时点都有的，所用分钟数的中位数；作废、重复不计。",
        of=COUNTED,
        counts=both,
        measure=Measure.MINUTES,
        value=minutes(start, end),
    )


def _on_time(slug: str, says: str, definition: str, *names: str, done_by: tuple[str, ...] = ()) -> Figure:
    due, met = Q(), Q()
    for name in names:
        due |= clock_due(name, done_by=done_by)
        met |= clock_met(name, done_by=done_by)
    return Figure(slug, says, f"{definition}；作废、重复不计。", of=COUNTED & due, counts=met)


FIGURES = (
    Figure(
        "dissuade_success_strict",
        "劝阻成功率(严格)",
        "期内收到并落到责任人的预警中，经回访确认“及时劝阻”且截至统计截止日未再转账的占比。重复、作废、误报和取得回执的移交"
        "不计入分母；不听劝阻、已转账、未找到和尚未办结的都留在分母内；自主防范不算成功。截止日为期末后 7 日。",
        of=_ours(),
        counts=_confirmed("dissuaded"),
        leaves_out=LEFT_OUT,
        version=3,
    ),
    Figure(
        "dissuade_success_broad",
        "劝阻成功率(宽口径)",
        "期内收到并落到责任人的预警中，经回访确认“及时劝阻”或“自主防范”且未再转账的占比；分母与严格口径相同。",
        of=_ours(),
        counts=_confirmed("dissuaded", "aware"),
        leaves_out=LEFT_OUT,
        version=3,
    ),
    _on_time(
        "sign_on_time",
        "按时签收率",
        "签收时限已有结果(已签收或已超时)的，在时限内签收的占比",
        "sign",
        done_by=("sign",),
    ),
    _on_time(
        "contact_on_time",
        "按时联系率",
        "首次电话时限已有结果的，在时限内拨打或见面的占比",
        "first_call",
        done_by=("call", "meet"),
    ),
    _on_time(
        "door_on_time",
        "按时上门率",
        "上门时限已有结果的，在时限内到达(见面、确认不在或地址有误)的占比；电话先联系上的不算",
        "door",
        "door_after_call",
        done_by=DOOR,
    ),
    Figure(
        "meet_rate",
        "见面率",
        "期内收到的特高、高等级预警中，当面见到本人的占比；分母与劝阻成功率同样剔除。",
        of=_ours(of=URGENT),
        counts=lambda cutoff: _by(cutoff, "met_at"),
        version=2,
    ),
    Figure(
        "effective_visit_rate",
        "有效上门率",
        "期内收到的预警的全部上门次数中，见到本人的次数占比；来文地址有误的那几次不计。",
        of=COUNTED & Q(fraudalert__visits__gt=F("fraudalert__wrong_visits")),
        counts=Q(fraudalert__met_visits__gt=0),
        weights=(F("fraudalert__met_visits"), F("fraudalert__visits") - F("fraudalert__wrong_visits")),
        version=2,
    ),
    Figure(
        "second_search_find_rate",
        "二次排查找到率",
        "期内收到的预警中，进入二次排查或联合寻找后在排查中找到本人的占比；未找到的留在分母内。",
        of=COUNTED & SEARCHED,
        counts=lambda cutoff: Q(fraudalert__found_in_search=True) & _by(cutoff, "contacted_at"),
        version=2,
    ),
    Figure(
        "refusal_turned",
        "拒绝后劝回率",
        "期内收到的预警中，曾拒绝劝阻、后经回访确认劝阻成功的占比。",
        of=_ours("refused_at"),
        counts=_confirmed("dissuaded"),
        version=2,
    ),
    Figure(
        "relapse_30d",
        "劝阻后 30 日内再转账率",
        "期内收到、记为及时劝阻的预警中，劝阻后 30 日内得知又转账的占比；截止日为期末后 37 日。",
        of=_ours("dissuaded_at", of=Q(fraudalert__result="dissuaded")),
        counts=lambda cutoff: Q(fraudalert__relapsed_at__lte=RELAPSE_UNTIL) & _by(cutoff, "relapsed_at"),
        settles_after=37,
        version=2,
    ),
    Figure(
        "loss_prevented",
        "劝阻涉及金额(自述)",
        "期内收到、经回访确认及时劝阻的预警中，本人自述拟转金额之和；未说金额的按未知，不估算。",
        of=_ours(),
        counts=lambda cutoff: _confirmed("dissuaded")(cutoff) & Q(fraudalert__amount_intended__isnull=False),
        measure=Measure.YUAN,
        value=F("fraudalert__amount_intended"),
    ),
    _leg("minutes_to_sign", "收到到签收(中位分钟)", "raised_at", "fraudalert__signed_at"),
    _leg("minutes_to_contact", "签收到联系上(中位分钟)", "fraudalert__signed_at", "fraudalert__contacted_at"),
    _leg("minutes_to_meet", "联系上到见面(中位分钟)", "fraudalert__contacted_at", "fraudalert__met_at"),
)
