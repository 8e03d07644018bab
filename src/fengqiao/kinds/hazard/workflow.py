"""The whole kind on one page: a hazard from the finding to the check that it stayed fixed.

Three families of papers and never one: advice (anybody's), an order (two officers, in scope, on the list), a
hand-off. Fixed is what somebody else than the finder saw; closed is what stayed fixed when nobody was warned.
"""

from __future__ import annotations

from fengqiao.kinds.hazard import commands as does
from fengqiao.kinds.hazard.figures import BY, COURSE, FIGURES
from fengqiao.kinds.hazard.following import counts, follows
from fengqiao.kinds.hazard.inputs import HazardIntake
from fengqiao.kinds.hazard.items import choices
from fengqiao.kinds.hazard.models import Hazard
from fengqiao.kinds.hazard.papers import PAPERS, advice, is_major, not_major
from fengqiao.matters.at_door import AtDoor
from fengqiao.matters.party import PartyPage
from fengqiao.matters.registry import RAISE, Act, Clock, Kind, Level, Outcome, Stage
from fengqiao.matters.standing_acts import STANDING_OUTCOMES, STANDING_STAGES, standing_acts
from fengqiao.matters.states import LoopState
from fengqiao.people.roles import Role
from fengqiao.store.declare import Life

DESK = (Role.DESK, Role.CHIEF)
CHIEF = (Role.CHIEF,)
OFFICER = (Role.OFFICER, Role.CHIEF)
STAFF = (*DESK, Role.OFFICER, Role.AUXILIARY)
ANYONE = (*STAFF, Role.GRID_MEMBER)

TO_TELL = ("found", "partly_fixed", "not_fixed")
TOLD = ("notified", "fixing")
TO_CHECK = ("fixing", "reinspect_due", "fixed_on_spot")
UNDER_WAY = (*TO_TELL, *TOLD, "reinspect_due")
UNFIXED = (*UNDER_WAY, "handed_off", "receipted")
DISPUTABLE = (*TOLD, "reinspect_due", "partly_fixed", "not_fixed")
ENDS_THE_WAIT = ("handed_off", "verified")

# A table reads better than a column: one act a line.
# fmt: off
ACTS = (
    Act("fix_on_spot", "当场整改", does.fix_on_spot, ANYONE, ("found",), ("fixed_on_spot",), icon="check"),
    Act("notify", "签发告知单", does.notify, ANYONE, TO_TELL, ("notified",), issues=("notice",), icon="file"),
    Act("order", "责令改正", does.order, OFFICER, TO_TELL, ("notified",), issues=("order",), icon="warning"),
    Act("serve", "登记送达", does.serve, ANYONE, ("notified",), ("fixing",), serves=("notice", "order"), icon="hand"),
    Act("report_fixed", "已整改，报复查", does.report_fixed, (*ANYONE, Role.PARTY), TOLD, ("reinspect_due",), icon="check"),
    Act("extend", "延期", does.extend, CHIEF, TOLD, icon="clock"),
    Act("reinspect", "复查", does.reinspect, STAFF, TO_CHECK, ("verified", "partly_fixed", "not_fixed"), verifies=True, not_raiser=True,
        issues=("reinspection",), icon="check-circle"),
    Act("hand_off", "移交", does.hand_off, STAFF, UNDER_WAY, ("handed_off",), grave=True, issues=("handoff",), icon="send"),
    Act("receive", "收到移交回执", does.receive, STAFF, ("handed_off",), ("receipted",), icon="inbox"),
    Act("take_back", "收回自办", does.take_back, STAFF, ("handed_off", "receipted"), ("found",), icon="undo"),
    Act("mark_major", "认定重大火灾隐患", does.mark_major, OFFICER, UNFIXED, levels=("serious",), when=not_major, grave=True, icon="warning"),
    Act("report_serious", "重大火灾隐患书面报告", does.report_serious, OFFICER, UNFIXED, levels=("serious",), when=is_major, issues=("serious",), icon="flag"),
    Act("object", "提出异议", does.protest, (*ANYONE, Role.PARTY), DISPUTABLE, icon="chat"),
    Act("answer", "答复异议", does.answer, CHIEF, DISPUTABLE, ("withdrawn",), icon="chat"),
    Act("revisit", "突击回查", does.revisit, STAFF, ("verified",), ("verified", "closed", "recurred"), icon="search"),
    Act("revisit_again", "再次突击回查", does.revisit_again, STAFF, ("verified",), ("closed", "recurred"), levels=("serious", "general"), icon="search"),
    Act("unfounded", "查无此隐患", does.unfounded, STAFF, ("found",), ("unfounded",), grave=True, icon="undo"),
    Act("close", "其他原因办结", does.close, DESK, (*UNFIXED, "verified"), ("closed",), grave=True, icon="check"),
    *standing_acts(),
)

SEEN = ("fix_on_spot", "notify", "order", "hand_off", "unfounded")
CLOCKS = (
    Clock("on_site", "举报现场核查时限", {"": "3wd"}, (RAISE,), SEEN, basis="消防监督检查规定：堵塞通道、停用设施 24 小时，其他 3 个工作日"),
    Clock("serve", "告知送达时限", {"": "3wd"}, (RAISE, "notify", "order", "take_back"), ("serve", "fix_on_spot", "unfounded"), stops_in=ENDS_THE_WAIT,
          basis="参照消防监督检查规定第19条"),
    Clock("fix", "整改期限", {"serious": "3d", "general": "15d", "minor": "3d"}, (RAISE, "notify", "order", "extend"),
          ("notify", "order", "extend", "report_fixed", "fix_on_spot", "reinspect", "unfounded"), stops_in=ENDS_THE_WAIT),
    Clock("reinspect", "复查时限", {"": "3wd"}, (RAISE, "notify", "order", "extend", "fix_on_spot", "report_fixed"),
          ("notify", "order", "extend", "fix_on_spot", "report_fixed", "reinspect", "unfounded"), stops_in=ENDS_THE_WAIT, basis="参照消防监督检查规定第20条"),
    Clock("decide", "再告知或移交时限", {"": "5wd"}, ("take_back",), (), ("partly_fixed", "not_fixed"), ("notified", "handed_off")),
    Clock("unapproved", "未经消防许可移交时限", {"": "5wd"}, (RAISE,), ("unfounded",), stops_in=ENDS_THE_WAIT, basis="消防监督检查规定：发现未经许可的，书面移送"),
    Clock("serious_report", "重大火灾隐患书面报告时限", {"": "24h"}, ("mark_major", "notify", "order", "hand_off"), ("report_serious",),
          basis="与责令改正同时报告"),
    Clock("receipt", "移交回执时限", {"": "10wd"}, ("hand_off",), ("receive", "take_back")),
    Clock("follow_up", "移交办理跟踪时限", {"": "30d"}, (), ("close", "take_back"), ("receipted",)),
    Clock("answer", "异议答复时限", {"": "5wd"}, ("object",), ("answer",)),
    Clock("revisit", "突击回查时限", {"": "30d"}, (), ("revisit",), ("verified",)),
    Clock("revisit_again", "再次突击回查时限", {"serious": "90d", "general": "90d"}, (), ("revisit_again",), ("verified",)),
)
# fmt: on

KIND = Kind(
    slug="hazard",
    says="隐患",
    prefix="YH",
    detail=Hazard,
    intake=HazardIntake,
    sources={"hazard_items": choices},
    takes=does.take,
    raised_by=ANYONE,
    levels=(
        Level("serious", "严重", 2),
        Level("general", "一般", 1),
        Level("minor", "轻微"),
    ),
    stages=(
        Stage("found", "已发现", LoopState.RAISED),
        Stage("notified", "已告知/已责令", LoopState.ASSIGNED),
        Stage("fixing", "整改中", LoopState.ASSIGNED),
        Stage("fixed_on_spot", "当场整改", LoopState.ACTED),
        Stage("reinspect_due", "待复查", LoopState.ACTED),
        Stage("partly_fixed", "部分整改", LoopState.ASSIGNED),
        Stage("not_fixed", "未整改", LoopState.ASSIGNED),
        Stage("handed_off", "已移交，待回执", LoopState.ASSIGNED),
        Stage("receipted", "移交已回执", LoopState.ASSIGNED),
        Stage(
            "verified",
            "整改到位",
            LoopState.VERIFIED,
            unraced="every surprise check due at its level was made",
        ),
        Stage("closed", "销号", LoopState.CLOSED),
        Stage("recurred", "反弹", LoopState.CLOSED),
        Stage("unfounded", "查无", LoopState.CLOSED),
        Stage("withdrawn", "告知已撤销", LoopState.CLOSED),
        *STANDING_STAGES,
    ),
    acts=ACTS,
    outcomes=(
        Outcome("fixed", "整改到位", solved=True),
        Outcome("recurred", "反弹"),
        Outcome("handed_off", "移交办理"),
        Outcome("ceased", "停业、空置"),
        Outcome("demolished", "已拆除"),
        Outcome("other", "其他原因办结"),
        Outcome("unfounded", "查无此隐患"),
        Outcome("withdrawn", "告知已撤销"),
        *STANDING_OUTCOMES,
    ),
    clocks=CLOCKS,
    follows=follows,
    counts=counts,
    figures=FIGURES,
    by=BY,
    course=COURSE,
    papers=PAPERS,
    at_door=AtDoor("消防隐患整改", (*UNDER_WAY, "fixed_on_spot", "verified")),
    compares=("photos", "after_photos"),
    party=PartyPage(
        "隐患整改",
        columns=("address", "finding", "spot", "basis", "advice", "due_at", "second_due_at", "check_result"),
        photos=("photos",),
        acts=("report_fixed", "object"),
        hint="发给场所负责人：能看到问题、怎么改、期限，能自报整改、提出异议；看不到别的。",
        advises=advice,
        when=lambda matter: matter.is_open and matter.stage != "found",
    ),
    file="hazards",
    keep=Life("办结", 1095),
)
