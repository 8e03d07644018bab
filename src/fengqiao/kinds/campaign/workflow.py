"""The whole kind on one page: planned, run in rounds, told honestly at the end with what stayed open."""

from __future__ import annotations

from fengqiao.kinds.campaign import commands as does
from fengqiao.kinds.campaign.board import behind, board, places
from fengqiao.kinds.campaign.following import follows
from fengqiao.kinds.campaign.inputs import CampaignIntake
from fengqiao.kinds.campaign.models import Campaign
from fengqiao.kinds.campaign.owing import owes
from fengqiao.kinds.campaign.papers import PAPERS, under_way
from fengqiao.matters.party import PartyPage
from fengqiao.matters.registry import RAISE, Act, Clock, Kind, Outcome, Stage
from fengqiao.matters.standing_acts import STANDING_OUTCOMES, STANDING_STAGES, standing_acts
from fengqiao.matters.states import LoopState
from fengqiao.people.roles import Role
from fengqiao.store.declare import Life

DESK = (Role.DESK, Role.CHIEF)
CHIEF = (Role.CHIEF,)

# fmt: off
ACTS = (
    Act("start", "开始", does.start, CHIEF, ("planned",), ("running",), icon="send"),
    Act("next_round", "开始下一轮", does.next_round, CHIEF, ("running",), icon="refresh"),
    Act("extend", "延长", does.extend, CHIEF, ("planned", "running"), icon="clock"),
    Act("finish", "结束检查，写小结", does.finish, (Role.DESK,), ("running",), ("reporting",), icon="flag"),
    Act("close", "审阅后办结", does.close, CHIEF, ("reporting",), ("closed",), verifies=True, issues=("report",), icon="check"),
    Act("call_off", "取消", does.call_off, CHIEF, ("planned", "running"), ("called_off",), grave=True, icon="stop"),
    *standing_acts(),
)
CLOCKS = (
    Clock("end", "专项整治期限", {"": "30d"}, (RAISE, "extend"), ("finish", "extend")),
    Clock("review", "审阅时限", {"": "5wd"}, ("finish",), ("close",)),
)
# fmt: on

KIND = Kind(
    slug="campaign",
    says="专项整治",
    prefix="ZX",
    detail=Campaign,
    intake=CampaignIntake,
    takes=does.take,
    raised_by=DESK,
    stages=(
        Stage("planned", "计划中", LoopState.RAISED),
        Stage("running", "进行中", LoopState.ASSIGNED),
        Stage("reporting", "待审阅", LoopState.ACTED),
        Stage("closed", "办结", LoopState.CLOSED),
        Stage("called_off", "已取消", LoopState.CLOSED),
        *STANDING_STAGES,
    ),
    acts=ACTS,
    outcomes=(
        Outcome("done", "已完成", solved=True),
        Outcome("called_off", "已取消"),
        *STANDING_OUTCOMES,
    ),
    clocks=CLOCKS,
    papers=PAPERS,
    party=PartyPage(
        "专项整治进度",
        columns=("name", "kinds", "starts_on", "ends_on", "departments"),
        acts=(),
        hint="发给联合部门：只看到进度和各社区数字，没有人名、场所名，不能办理。",
        when=under_way,
        board=True,
    ),
    everywhere=True,
    board=board,
    behind=behind,
    scope=places,
    follows=follows,
    owes=owes,
    keep=Life("办结", 1095),
)
