"""The whole kind on one page: asked on a person's own page, answered within the station's days, with the reason."""

from __future__ import annotations

from fengqiao.kinds.data_request import commands as does
from fengqiao.kinds.data_request.inputs import RequestIntake
from fengqiao.kinds.data_request.models import DataRequest
from fengqiao.matters.party import PartyPage
from fengqiao.matters.registry import RAISE, Act, Clock, Kind, Outcome, Stage
from fengqiao.matters.standing_acts import STANDING_OUTCOMES, STANDING_STAGES, standing_acts
from fengqiao.matters.states import LoopState
from fengqiao.people.roles import Role
from fengqiao.store.declare import Life

DESK = (Role.DESK, Role.CHIEF)

# fmt: off
ACTS = (
    Act("grant", "已办理，答复", does.grant, DESK, ("received",), ("answered",), icon="check"),
    Act("refuse", "不予办理，答复", does.refuse, (Role.CHIEF,), ("received",), ("answered",), grave=True, icon="stop"),
    *standing_acts(),
)
# fmt: on

KIND = Kind(
    slug="data_request",
    says="个人信息请求",
    prefix="XX",
    detail=DataRequest,
    intake=RequestIntake,
    takes=does.take,
    raised_by=(Role.PARTY,),
    stages=(
        Stage("received", "待答复", LoopState.RAISED),
        Stage("answered", "已答复", LoopState.CLOSED),
        *STANDING_STAGES,
    ),
    acts=ACTS,
    outcomes=(
        Outcome("granted", "已办理", solved=True),
        Outcome("refused", "不予办理"),
        *STANDING_OUTCOMES,
    ),
    clocks=(
        Clock(
            "answer", "答复时限", {"": "15wd"}, (RAISE,), ("grant", "refuse"), basis="个人信息保护法第50条"
        ),
    ),
    party=PartyPage(
        "个人信息请求",
        columns=("wanted", "ground", "reply"),
        acts=(),
        hint="发给提出请求的人：能看到请求和答复，看不到别的。",
        when=lambda matter: True,
    ),
    everywhere=True,
    keep=Life("办结", 365),
)
