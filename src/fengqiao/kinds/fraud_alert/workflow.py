"""The whole kind on one page: a telecom-fraud alert from the centre's instruction to the confirmed result.

Levels and their clocks are this product's defaults (no public norm was found); a station sets its own.
Phone and door go side by side: a call never takes the officer off the way. Whoever is not found, refuses
or has paid stays in the denominator; a transfer leaves it only with the other station's receipt.
"""

from __future__ import annotations

from fengqiao.kinds.fraud_alert import commands as does
from fengqiao.kinds.fraud_alert.figures import FIGURES
from fengqiao.kinds.fraud_alert.inputs import AlertIntake
from fengqiao.kinds.fraud_alert.models import FraudAlert
from fengqiao.kinds.fraud_alert.papers import PAPERS
from fengqiao.matters.at_door import AtDoor
from fengqiao.matters.registry import RAISE, Act, Clock, Kind, Level, Limit, Outcome, Stage, Wait
from fengqiao.matters.standing_acts import STANDING_OUTCOMES, STANDING_STAGES, standing_acts
from fengqiao.matters.states import LoopState
from fengqiao.people.roles import Role
from fengqiao.store.declare import Life

DESK = (Role.DESK, Role.CHIEF)
CHIEF = (Role.CHIEF,)
OFFICERS = (Role.OFFICER, Role.AUXILIARY)
STAFF = (*DESK, *OFFICERS)
AT_DOORS = (*OFFICERS, Role.GRID_MEMBER)
ANYONE = (*STAFF, Role.GRID_MEMBER)
# The lower levels go to the grid; at the others its members help, and do not go alone.
GRID = {Role.GRID_MEMBER: Limit(levels=("medium", "low"))}

SEARCHING = does.SEARCHING
TALKING = does.TALKING
LOOKING = ("signed", "calling", "dispatched", "not_at_residence", *SEARCHING)
ENDS_THE_RACE = ("persuading", "transferred")


# A table reads better than a column: one act a line.
# fmt: off
ACTS = (
    Act("sign", "签收", does.sign, ANYONE, ("received",), ("signed",), limits=GRID, icon="signed"),
    Act("call", "记一次电话", does.call, ANYONE, LOOKING, ("calling", *LOOKING[2:], "persuading"), icon="phone"),
    Act("go", "出发上门", does.go, ANYONE, ("signed", "calling", "not_at_residence"), ("dispatched",), limits=GRID, icon="send"),
    Act("meet", "已见面", does.meet, AT_DOORS, (*LOOKING, *TALKING), ("persuading",), stays=TALKING, limits=GRID, icon="hand"),
    Act("not_home", "不在常住地", does.not_home, AT_DOORS, ("dispatched",), ("not_at_residence",), limits=GRID, icon="away"),
    Act("wrong_address", "地址有误", does.wrong_address, AT_DOORS, ("dispatched",), ("not_at_residence",), limits=GRID, icon="error"),
    Act("search", "开始二次排查", does.search, STAFF, ("not_at_residence",), ("second_search",), icon="search"),
    Act("lead", "记一条线索", does.lead, ANYONE, SEARCHING, (*SEARCHING, "persuading"), icon="flag"),
    Act("widen", "扩大排查", does.search, STAFF, SEARCHING, icon="plus"),
    Act("joint", "联合寻找", does.joint, CHIEF, ("second_search",), ("joint_search",), levels=("critical",), icon="people"),
    Act("transfer", "移交属地", does.transfer, STAFF, LOOKING, ("transferred",), grave=True, icon="send"),
    Act("receive", "对方已接收", does.receive, STAFF, ("transferred",), ("closed_transferred",), icon="check"),
    Act("take_back", "收回继续查找", does.take_back, STAFF, ("transferred",), ("second_search",), icon="undo"),
    Act("dissuade", "劝阻成功", does.dissuade, ANYONE, TALKING, ("revisit",), icon="shield"),
    Act("refuse", "不听劝阻", does.refuse, ANYONE, ("persuading",), ("refused",), icon="stop"),
    Act("second_talk", "二次劝阻仍拒绝", does.second_talk, STAFF, ("refused",), icon="people"),
    Act("close_refused", "拒绝劝阻，办结", does.close_refused, CHIEF, ("refused",), ("refused_closed",), grave=True, icon="check"),
    Act("paid", "已转账", does.paid, ANYONE, (*TALKING, "refused_closed"), ("already_paid",), icon="warning"),
    Act("hand_off", "已转止付/报案", does.hand_off, STAFF, ("already_paid",), ("handed_off",), icon="send"),
    Act("call_back", "24小时回访", does.call_back, STAFF, ("revisit", "handed_off"), icon="phone"),
    Act("confirm", "回访确认", does.confirm, STAFF, ("revisit",), ("confirmed", "already_paid"), verifies=True, icon="check-circle"),
    Act("visit_again", "7日上门回访", does.visit_again, STAFF, ("confirmed",), levels=("critical", "high"), icon="door"),
    Act("relapse", "劝阻后又转账", does.relapse, STAFF, ("revisit", "confirmed", "closed"), ("already_paid",), when=does.saved, grave=True, icon="warning"),
    Act("close", "办结", does.close, DESK, ("confirmed", "handed_off"), ("closed",), verifies=True, icon="check"),
    Act("rate", "记事主评价", does.rate, DESK, ("closed", "refused_closed"), icon="chat"),
    Act("exhaust", "未找到，办结", does.exhaust, CHIEF, SEARCHING, ("exhausted",), grave=True, icon="search"),
    Act("reopen", "有新线索，重新查找", does.reopen, STAFF, ("exhausted",), ("second_search",), when=does.words_stand, icon="refresh"),
    Act("false_alarm", "误报", does.false_alarm, DESK, ("received", *LOOKING, "persuading"), ("false_alarm",), grave=True, icon="undo"),
    Act("correct", "更正", does.correct, DESK, anywhere=True, icon="edit"),
    *standing_acts(desk_voids_in=("received",)),
)

LOST = ("already_paid",)
AT_THE_DOOR = ("meet", "not_home", "wrong_address")
CLOCKS = (
    Clock("sign", "签收时限", {"critical": "2min", "high": "5min", "medium": "15min", "low": "60min"}, (RAISE,), ("sign",)),
    Clock("first_call", "首次电话时限", {"critical": "3min", "high": "5min", "medium": "30min", "low": "120min"}, ("sign",), ("call", "meet"), stops_in=ENDS_THE_RACE),
    Clock("door", "上门时限", {"critical": "20min", "high": "30min"}, ("sign", "go"), AT_THE_DOOR, stops_in=ENDS_THE_RACE),
    Clock("door_after_call", "上门时限", {"medium": "240min", "low": "24h"}, ("go",), AT_THE_DOOR, ("calling", "dispatched"), ENDS_THE_RACE),
    Clock("report", "上报二次排查时限", {"": "5min"}, (), (), ("not_at_residence",), ("second_search", "dispatched", *ENDS_THE_RACE)),
    Clock("search", "二次排查时限", {"critical": "60min", "high": "2h", "medium": "24h", "low": "48h"}, (), (), SEARCHING, ENDS_THE_RACE),
    Clock("receipt", "移交回执时限", {"critical": "10min", "": "30min"}, ("transfer",), ("receive", "take_back")),
    Clock("second_talk", "二次劝阻时限", {"": "2h"}, ("refuse",), ("second_talk", "dissuade", "paid")),
    Clock("hand_off", "止付移交时限", {"": "10min"}, (), ("hand_off",), ("already_paid",)),
    Clock("call_back", "24小时回访时限", {"": "24h"}, ("dissuade", "hand_off"), ("call_back", "confirm"), stops_in=LOST),
    Clock("confirm", "回访确认时限", {"": "96h"}, ("dissuade",), ("confirm",), stops_in=LOST),
    Clock("visit_again", "7日上门回访时限", {"critical": "7d", "high": "7d"}, ("dissuade",), ("visit_again",), stops_in=LOST),
)
# fmt: on
# Nothing paid since is known only when the 72 hours are over; until then a success is provisional.
WAITS = (Wait("confirm_from", "劝阻成功到回访确认至少", {"": "72h"}, after=("dissuade",), acts=("confirm",)),)

KIND = Kind(
    slug="fraud_alert",
    says="反诈预警",
    prefix="YJ",
    detail=FraudAlert,
    intake=AlertIntake,
    takes=does.take,
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
        Stage("second_search", "二次排查", LoopState.ASSIGNED),
        Stage("joint_search", "联合寻找", LoopState.ASSIGNED),
        Stage("transferred", "已移交，待回执", LoopState.ASSIGNED),
        Stage("persuading", "劝阻中", LoopState.ASSIGNED, unraced="a talk takes as long as it takes"),
        Stage("refused", "不听劝阻", LoopState.ACTED, unraced="after the second talk the chief decides"),
        Stage("already_paid", "已转账", LoopState.ACTED),
        Stage(
            "handed_off", "已转止付/报案", LoopState.ACTED, unraced="called back, it only waits to be closed"
        ),
        Stage("revisit", "待回访", LoopState.ACTED),
        Stage(
            "confirmed",
            "已确认",
            LoopState.VERIFIED,
            unraced="what was due after it is done, it only waits to be closed",
        ),
        Stage("closed", "办结", LoopState.CLOSED),
        Stage("refused_closed", "拒绝劝阻办结", LoopState.CLOSED),
        Stage("exhausted", "未找到", LoopState.CLOSED),
        Stage("closed_transferred", "已移交", LoopState.CLOSED),
        Stage("false_alarm", "误报", LoopState.CLOSED),
        *STANDING_STAGES,
    ),
    acts=ACTS,
    outcomes=(
        Outcome("dissuaded", "及时劝阻", solved=True),
        Outcome("aware", "自主防范", solved=True),
        Outcome("refused", "不听劝阻"),
        Outcome("already_paid", "已转账"),
        Outcome("relapsed", "劝阻后又转账"),
        Outcome("exhausted", "未找到"),
        Outcome("transferred", "已移交属地"),
        Outcome("false_alarm", "误报"),
        *STANDING_OUTCOMES,
    ),
    clocks=CLOCKS,
    waits=WAITS,
    figures=FIGURES,
    papers=PAPERS,
    at_door=AtDoor("反诈劝阻", (*LOOKING[2:], *TALKING, "confirmed")),
    file="alerts",
    keep=Life("办结", 30),
)
