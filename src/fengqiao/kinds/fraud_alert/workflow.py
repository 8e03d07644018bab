"""The whole kind on one page: a telecom-fraud alert from the centre's instruction to the confirmed result.

Levels and their clocks are this product's defaults (no public norm was found); a station sets its own.
"""

from __future__ import annotations

from django.db.models import Q

from fengqiao.kinds.fraud_alert import commands
from fengqiao.kinds.fraud_alert.inputs import AlertIntake
from fengqiao.kinds.fraud_alert.models import FraudAlert
from fengqiao.kinds.fraud_alert.papers import PAPERS
from fengqiao.matters.at_door import AtDoor
from fengqiao.matters.facts import clock_due, clock_met
from fengqiao.matters.registry import RAISE, Act, Clock, Figure, Kind, Level, Outcome, Stage
from fengqiao.matters.standing_acts import VOID_OUTCOME, VOID_STAGE, standing_acts
from fengqiao.matters.states import LoopState
from fengqiao.people.roles import Role
from fengqiao.store.declare import Life

DESK = (Role.DESK, Role.CHIEF)
OFFICERS = (Role.OFFICER, Role.AUXILIARY)
ANYONE = (*DESK, *OFFICERS, Role.GRID_MEMBER)

# Those who were never ours to dissuade leave the denominator; refused, paid and not found never do.
_counted = ~Q(outcome__in=["voided", "false_alarm"])
_confirmed = Q(state__in=[LoopState.VERIFIED, LoopState.CLOSED])

KIND = Kind(
    slug="fraud_alert",
    says="反诈预警",
    prefix="YJ",
    detail=FraudAlert,
    intake=AlertIntake,
    takes=commands.take,
    raised_by=DESK,
    levels=(
        Level("critical", "特高", 4),
        Level("high", "高", 3),
        Level("medium", "中", 2),
        Level("low", "低", 1),
    ),
    stages=(
        Stage("received", "待签收", LoopState.RAISED),
        Stage("signed", "已签收", LoopState.ASSIGNED),
        Stage("calling", "电话劝阻中", LoopState.ASSIGNED),
        Stage("dispatched", "上门中", LoopState.ASSIGNED),
        Stage("not_at_residence", "不在常住地", LoopState.ASSIGNED),
        Stage("persuading", "劝阻中", LoopState.ASSIGNED),
        Stage("revisit", "待回访", LoopState.ACTED),
        Stage("refused", "不听劝阻", LoopState.ACTED),
        Stage("already_paid", "已转账", LoopState.ACTED),
        Stage("confirmed", "已确认", LoopState.VERIFIED),
        Stage("closed", "办结", LoopState.CLOSED),
        Stage("exhausted", "未找到", LoopState.CLOSED),
        Stage("false_alarm", "误报", LoopState.CLOSED),
        VOID_STAGE,
    ),
    acts=(
        Act(
            "sign",
            "签收",
            commands.sign,
            by=(*DESK, *OFFICERS),
            from_=("received",),
            to=("signed",),
            icon="signed",
        ),
        Act(
            "call",
            "记一次电话",
            commands.call,
            by=ANYONE,
            from_=("signed", "calling", "dispatched", "not_at_residence"),
            to=("calling", "persuading"),
            icon="phone",
        ),
        Act(
            "go",
            "出发上门",
            commands.go,
            by=(*DESK, *OFFICERS),
            from_=("signed", "calling", "not_at_residence"),
            to=("dispatched",),
            icon="send",
        ),
        Act(
            "not_home",
            "不在常住地",
            commands.not_home,
            by=OFFICERS,
            from_=("dispatched",),
            to=("not_at_residence",),
            icon="away",
        ),
        Act(
            "meet",
            "已见面",
            commands.meet,
            by=OFFICERS,
            from_=("signed", "calling", "dispatched", "not_at_residence"),
            to=("persuading",),
            icon="hand",
        ),
        Act(
            "dissuade",
            "劝阻成功",
            commands.dissuade,
            by=ANYONE,
            from_=("persuading", "refused"),
            to=("revisit",),
            icon="shield",
        ),
        Act(
            "refuse",
            "不听劝阻",
            commands.refuse,
            by=ANYONE,
            from_=("persuading",),
            to=("refused",),
            icon="stop",
        ),
        Act(
            "paid",
            "已转账",
            commands.paid,
            by=ANYONE,
            from_=("persuading", "refused"),
            to=("already_paid",),
            icon="warning",
        ),
        Act(
            "confirm",
            "回访确认",
            commands.confirm,
            by=(*DESK, *OFFICERS),
            from_=("revisit",),
            to=("confirmed",),
            verifies=True,
            icon="check-circle",
        ),
        Act(
            "close",
            "办结",
            commands.close,
            by=DESK,
            from_=("confirmed", "refused", "already_paid"),
            to=("closed",),
            verifies=True,
            icon="check",
        ),
        Act(
            "exhaust",
            "未找到,办结",
            commands.exhaust,
            by=(Role.CHIEF,),
            from_=("calling", "not_at_residence"),
            to=("exhausted",),
            grave=True,
            icon="search",
        ),
        Act(
            "false_alarm",
            "误报",
            commands.false_alarm,
            by=DESK,
            from_=("received", "signed", "calling", "dispatched", "not_at_residence", "persuading"),
            to=("false_alarm",),
            grave=True,
            icon="undo",
        ),
        *standing_acts(),
    ),
    outcomes=(
        Outcome("dissuaded", "及时劝阻", solved=True),
        Outcome("aware", "自主防范", solved=True),
        Outcome("refused", "不听劝阻"),
        Outcome("already_paid", "已转账"),
        Outcome("relapsed", "劝阻后又转账"),
        Outcome("exhausted", "未找到"),
        Outcome("false_alarm", "误报"),
        VOID_OUTCOME,
    ),
    clocks=(
        Clock(
            "sign",
            "签收时限",
            {"critical": "2min", "high": "5min", "medium": "15min", "low": "60min"},
            starts_with=(RAISE,),
            stops_with=("sign",),
        ),
        Clock(
            "first_call",
            "首次电话时限",
            {"critical": "3min", "high": "5min", "medium": "30min", "low": "120min"},
            starts_with=("sign",),
            stops_with=("call", "meet"),
        ),
        Clock(
            "door",
            "上门时限",
            {"critical": "20min", "high": "30min"},
            starts_with=("sign",),
            stops_with=("meet", "not_home", "dissuade", "refuse", "paid"),
        ),
        Clock(
            "door_after_call",
            "上门时限",
            {"medium": "240min", "low": "24h"},
            starts_with=("go",),
            stops_with=("meet", "not_home", "dissuade", "refuse", "paid"),
        ),
        Clock(
            "search",
            "二次排查时限",
            {"critical": "60min", "high": "2h", "medium": "24h", "low": "48h"},
            starts_with=("not_home",),
            stops_with=("meet", "dissuade", "refuse", "paid"),
        ),
        Clock(
            "confirm",
            "回访确认时限",
            {"": "72h"},
            starts_with=("dissuade",),
            stops_with=("confirm",),
        ),
    ),
    figures=(
        Figure(
            "dissuade_success_strict",
            "劝阻成功率(严格)",
            "期内收到的预警中,经回访确认“及时劝阻”的占比;作废、误报不计入分母,"
            "不听劝阻、已转账、未找到和尚未办结的都留在分母内;自主防范不算成功。",
            of=_counted,
            counts=Q(outcome="dissuaded") & _confirmed,
        ),
        Figure(
            "dissuade_success_broad",
            "劝阻成功率(宽口径)",
            "期内收到的预警中,经回访确认“及时劝阻”或“自主防范”的占比;分母与严格口径相同。",
            of=_counted,
            counts=Q(outcome__in=["dissuaded", "aware"]) & _confirmed,
        ),
        Figure(
            "sign_on_time",
            "按时签收率",
            "签收时限已有结果(已签收或已超时)的预警中,在时限内签收的占比;作废不计。",
            of=~Q(outcome="voided") & clock_due("sign"),
            counts=clock_met("sign"),
        ),
        Figure(
            "door_on_time",
            "按时上门率",
            "上门时限已有结果的预警中,在时限内到达(见面或确认不在)的占比;作废不计。",
            of=~Q(outcome="voided") & (clock_due("door") | clock_due("door_after_call")),
            counts=clock_met("door") | clock_met("door_after_call"),
        ),
    ),
    papers=PAPERS,
    at_door=AtDoor("反诈劝阻", ("dispatched", "not_at_residence", "persuading", "refused")),
    file="alerts",
    keep=Life("办结", 30),
)
