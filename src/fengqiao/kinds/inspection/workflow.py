"""The whole kind on one page: a place is due, somebody knocks, the list is answered, findings live on as hazards.

How often a place is due follows from its published grade and its own history (ground's rules); a clean check is a
result, not a hazard. Nobody is in, nobody opens: that is said, counted as a knock, and the check stays due.
"""

from __future__ import annotations

from fengqiao.kinds.inspection import commands as does
from fengqiao.kinds.inspection.figures import FIGURES
from fengqiao.kinds.inspection.following import counts, follows
from fengqiao.kinds.inspection.inputs import InspectionIntake
from fengqiao.kinds.inspection.letter import issue_letter, letter_signed, to_issue, to_sign
from fengqiao.kinds.inspection.models import Inspection
from fengqiao.kinds.inspection.owing import owes
from fengqiao.kinds.inspection.papers import PAPERS
from fengqiao.matters.at_door import AtDoor
from fengqiao.matters.registry import RAISE, Act, Clock, Kind, Level, Outcome, Stage
from fengqiao.matters.standing_acts import STANDING_OUTCOMES, STANDING_STAGES, standing_acts
from fengqiao.matters.states import LoopState
from fengqiao.people.roles import Role
from fengqiao.store.declare import Life

DESK = (Role.DESK, Role.CHIEF)
CHIEF = (Role.CHIEF,)
FIELD = (Role.OFFICER, Role.AUXILIARY, Role.GRID_MEMBER)
STAFF = (*DESK, Role.OFFICER, Role.AUXILIARY)
OPEN = ("due", "not_in")
AT_ANY_TIME = (*OPEN, "clean", "found")

# A table reads better than a column: one act a line.
# fmt: off
ACTS = (
    Act("inspect", "检查", does.inspect, FIELD, OPEN, ("clean", "found"), sheet=does.sheet_for, issues=("record",), icon="check"),
    Act("nobody_in", "没有见到人", does.nobody_in, FIELD, OPEN, ("not_in",), icon="away"),
    Act("refused_entry", "不让进入", does.refused_entry, FIELD, OPEN, ("not_in",), icon="stop"),
    Act("skip", "本轮不查", does.skip, CHIEF, OPEN, ("skipped",), grave=True, icon="undo"),
    Act("issue_letter", "出具责任保证书", issue_letter, STAFF, AT_ANY_TIME, when=to_issue, issues=("letter",), icon="file"),
    Act("letter_signed", "登记保证书已签", letter_signed, STAFF, AT_ANY_TIME, when=to_sign, icon="signed"),
    *standing_acts(),
)
# The last day comes with the intake where the round says it; these spans hold where it does not.
CLOCKS = (
    Clock("inspect", "检查时限", {"red": "5d", "yellow": "7d", "green": "14d", "": "7d"}, (RAISE,), ("inspect", "skip")),
)
# fmt: on

KIND = Kind(
    slug="inspection",
    says="场所检查",
    prefix="JC",
    detail=Inspection,
    intake=InspectionIntake,
    takes=does.take,
    raised_by=(*DESK, *FIELD),
    levels=(Level("red", "红", 1), Level("yellow", "黄"), Level("green", "绿")),
    stages=(
        Stage("due", "待检查", LoopState.RAISED),
        Stage("not_in", "未见到人", LoopState.ASSIGNED),
        Stage("clean", "未发现隐患", LoopState.CLOSED),
        Stage("found", "已记隐患", LoopState.CLOSED),
        Stage("skipped", "本轮不查", LoopState.CLOSED),
        *STANDING_STAGES,
    ),
    acts=ACTS,
    outcomes=(
        Outcome("clean", "未发现隐患", solved=True),
        Outcome("found", "发现隐患", solved=True),
        Outcome("skipped", "本轮不查"),
        *STANDING_OUTCOMES,
    ),
    clocks=CLOCKS,
    figures=FIGURES,
    papers=PAPERS,
    at_door=AtDoor("消防安全检查", OPEN),
    follows=follows,
    counts=counts,
    owes=owes,
    keep=Life("办结", 1095),
)
