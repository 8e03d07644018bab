"""The whole kind on one page."""

from __future__ import annotations

from django.db.models import Q

from fengqiao.kinds.lost_property import commands
from fengqiao.kinds.lost_property.inputs import FoundInput
from fengqiao.kinds.lost_property.models import LostProperty
from fengqiao.matters.figure import Figure
from fengqiao.matters.registry import RAISE, Act, Clock, Kind, Outcome, Stage
from fengqiao.matters.standing_acts import STANDING_OUTCOMES, STANDING_STAGES, standing_acts
from fengqiao.matters.states import LoopState
from fengqiao.people.roles import Role
from fengqiao.store.declare import Life

ANYONE = (Role.DESK, Role.CHIEF, Role.OFFICER, Role.AUXILIARY)

KIND = Kind(
    slug="lost_property",
    says="拾得物",
    prefix="SD",
    detail=LostProperty,
    intake=FoundInput,
    takes=commands.take,
    raised_by=ANYONE,
    stages=(
        Stage("kept", "保管中", LoopState.RAISED),
        Stage("given_back", "已归还", LoopState.CLOSED),
        Stage("handed_on", "已上交", LoopState.CLOSED),
        *STANDING_STAGES,
    ),
    acts=(
        Act("give_back", "归还失主", commands.give_back, by=ANYONE, from_=("kept",), to=("given_back",)),
        Act("hand_on", "上交", commands.hand_on, by=(Role.CHIEF,), from_=("kept",), to=("handed_on",)),
        *standing_acts(),
    ),
    outcomes=(
        Outcome("given_back", "已归还", solved=True),
        Outcome("handed_on", "已上交"),
        *STANDING_OUTCOMES,
    ),
    clocks=(
        Clock(
            "claim",
            "招领期",
            {"": "365d"},
            starts_with=(RAISE,),
            stops_with=("give_back", "hand_on"),
            basis="民法典第318条",
        ),
    ),
    figures=(
        Figure(
            "lost_property_given_back",
            "拾得物归还率",
            "期内登记的拾得物中已归还的占比，作废不计。",
            of=~Q(outcome="voided"),
            counts=Q(outcome="given_back"),
        ),
    ),
    keep=Life("办结", 30),
)
