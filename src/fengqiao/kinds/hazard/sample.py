"""How hazards are played in the demo station: what rounds find, how places put it right, who looks again.

Every share and span here is an assumption of this product and no finding about anybody. Minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from fengqiao.people.roles import Role
from fengqiao.play.playbook import Answers, Arrival, Ground, Move, Picture, Playbook, Scene, Span

T = TypeVar("T")
HOUR, DAY = 60.0, 24 * 60.0

RATE = 4.0
# Rounds are walked in the morning, in the afternoon, and now and then after supper.
BY_HOUR = (0, 0, 0, 0, 0, 0, 0, 1, 4, 9, 10, 6, 1, 2, 8, 9, 8, 4, 1, 3, 3, 1, 0, 0)
PLACES = {"rental_house": 0.62, "shop": 0.28, "charging_area": 0.1}
# Item, what is said, where, severity, deadline.
ITEMS: dict[tuple[str, str, str, str, str], float] = {
    ("ebike_indoors", "电动自行车停放在楼梯间", "首层楼梯间", "general", "0d"): 0.24,
    ("ebike_charging_indoors", "电动自行车在走道充电", "二层走道", "serious", "0d"): 0.12,
    ("dragged_wires", "从窗口拉线给电动自行车充电", "首层窗口", "general", "3d"): 0.1,
    ("exits_free", "杂物堵塞安全出口", "后门", "serious", "0d"): 0.12,
    ("separation", "充电区与住人部分没有实墙隔开", "首层充电区", "general", "15d"): 0.12,
    ("extinguishers", "灭火器配置不足", "二层楼道", "minor", "3d"): 0.14,
    ("grille_opening", "防盗网没有逃生口", "三层阳台", "general", "15d"): 0.1,
    ("partitions", "房间用木板分隔", "四层隔间", "general", "30d"): 0.06,
}
SOURCES = {"round": 0.78, "complaint": 0.14, "campaign": 0.08}
ON_THE_SPOT = 0.22
# How the place goes about it; who did half of it is told a second time, who never does anything is handed on.
ENDS = {"in_time": 0.68, "late": 0.14, "partly": 0.1, "never": 0.08}
# Of the serious ones, found to be a major fire hazard.
MAJOR = 0.05
# The same again at the surprise visit.
AGAIN = 0.06
SEEN_AGAIN = "到现场逐项看过"
MENDED: Answers = {"photos": [Picture("已整改", mended=True)]}


@dataclass(frozen=True, slots=True)
class Keeper:
    """What is true of one place, whoever finds it out: how its keeper goes about it."""

    ends: str
    major: bool = False


def keeper(rng: Random) -> Keeper:
    return Keeper(chosen(rng, ENDS), rng.random() < MAJOR)


def chosen(rng: Random, shares: dict[T, float]) -> T:
    return rng.choices(list(shares), weights=list(shares.values()))[0]


def hazard(rng: Random, ground: Ground, arrival: Arrival) -> Answers:
    """A finding at a place of the register; where there is none of that kind, at an address."""
    item, finding, spot, severity, deadline = chosen(rng, ITEMS)
    source = chosen(rng, SOURCES)
    known = ground.places.get(chosen(rng, PLACES), ())
    code = rng.choice(list(ground.addresses))
    address = rng.choice(ground.addresses[code] or ("地址待补",))
    where: Answers = {"premises": rng.choice(known)} if known else {"address": address, "community": code}
    on_spot = source != "complaint" and deadline == "0d" and rng.random() < ON_THE_SPOT
    # Who complains sends none; what our own rounds find is photographed.
    photos: Answers = {} if source == "complaint" else {"photos": [Picture(finding)]}
    return (
        where
        | photos
        | {
            "reference": arrival.reference,
            "item": item,
            "finding": finding,
            "spot": spot,
            "severity": severity,
            "source": source,
            "deadline": deadline,
            "fixed_on_spot": on_spot,
            "after_photos": [Picture("已整改", mended=True)] if on_spot else [],
        }
    )


def _mended(scene: Scene) -> Answers:
    return MENDED


def _served(scene: Scene) -> Answers:
    if scene.rng.random() < 0.05:
        return {"method": "left", "place": "场所门口", "refusal": "称与己无关", "recorded": True}
    return {"method": "direct", "place": "场所门口", "receiver": "场所负责人", "relation": "经营者"}


def _looked(scene: Scene) -> Answers:
    ends = scene.truth.ends
    if scene.done["reinspect"] == 0 and ends in ("partly", "never"):
        result = "partly" if ends == "partly" else "not"
        return {"result": result, "seen": SEEN_AGAIN, "photos": [Picture("仍未整改到位")]}
    return {"result": "fixed", "seen": SEEN_AGAIN, "photos": MENDED["photos"]}


def _stayed(scene: Scene) -> Answers:
    if scene.rng.random() < AGAIN:
        again = Picture("同样问题又出现")
        return {"result": "again", "seen": "同一部位又出现同样问题", "photos": [again]}
    return {"result": "still", "seen": "仍保持整改"}


def _fixes(*ends: str) -> Callable[[Scene], bool]:
    """It reports; whoever does nothing the first time is found out by the re-inspection, and then reports."""
    return lambda scene: bool(
        scene.stage == "fixing" and (scene.truth.ends in ends or scene.done["reinspect"] > 0)
    )


def _given_up(scene: Scene) -> bool:
    return bool(scene.stage == "not_fixed" and scene.truth.ends == "never")


def _left(act: str, stage: str, least: float, most: float, given: Callable[[Scene], Answers]) -> Move:
    return Move(
        act,
        Role.OFFICER,
        after=Span(least, most),
        takes=Span(10, 25),
        given=given,
        when=lambda scene: scene.stage == stage and not scene.done[act],
        calm=True,
    )


def _reinspects(who: Role) -> tuple[Move, Move]:
    """After a report within two days; without one when the time is over."""
    after_report = Move(
        "reinspect",
        who,
        after=Span(4 * HOUR, 2 * DAY),
        takes=Span(10, 30),
        given=_looked,
        when=lambda scene: scene.stage in ("reinspect_due", "fixed_on_spot"),
        calm=True,
    )
    unasked = Move(
        "reinspect",
        who,
        Span(4 * DAY, 16 * DAY),
        Span(10, 30),
        _looked,
        lambda s: s.stage == "fixing",
        calm=True,
    )
    return after_report, unasked


MOVES = (
    Move(
        "place",
        Role.DESK,
        after=Span(1, 5),
        given=lambda s: {"community": s.rng.choice(s.candidates)},
        when=lambda s: s.unplaced,
    ),
    Move(
        "hand_off",
        Role.OFFICER,
        after=Span(HOUR, DAY),
        given=lambda s: {"to": "fire_rescue", "why": "refusal", "facts": "告知后到期仍未整改"},
        when=_given_up,
        calm=True,
    ),
    Move("notify", Role.OFFICER, after=Span(10, 240), takes=Span(5, 15), calm=True),
    Move("serve", Role.OFFICER, after=Span(2, 90), takes=Span(2, 10), given=_served, calm=True),
    Move(
        "mark_major",
        Role.OFFICER,
        after=Span(20, 120),
        given=lambda s: {"why": "唯一安全出口被封堵，影响全楼疏散"},
        when=lambda s: bool(s.truth.major) and s.stage == "fixing",
        calm=True,
    ),
    Move(
        "report_serious",
        Role.OFFICER,
        after=Span(30, 300),
        given=lambda s: {"danger": "出口受阻，影响全楼住户疏散", "ordered": "已当面告知立即清空"},
        when=lambda s: s.stage == "fixing" and not s.done["report_serious"],
        calm=True,
    ),
    Move(
        "report_fixed", Role.DESK, Span(3 * HOUR, 2 * DAY), Span(1, 3), _mended, _fixes("in_time"), calm=True
    ),
    Move("report_fixed", Role.DESK, Span(8 * DAY, 20 * DAY), Span(1, 3), _mended, _fixes("late"), calm=True),
    *_reinspects(Role.OFFICER),
    *_reinspects(Role.CHIEF),
    Move(
        "receive",
        Role.DESK,
        after=Span(2 * DAY, 9 * DAY),
        given=lambda s: {"receiver": "消防救援大队窗口(演示)", "intends": "派员核查"},
        calm=True,
    ),
    Move(
        "close",
        Role.CHIEF,
        after=Span(HOUR, DAY),
        given=lambda s: {"why": "handed_off", "reason": "接收单位已回执"},
        when=lambda s: s.stage == "receipted",
        calm=True,
    ),
    _left("revisit", "verified", 20 * DAY, 29 * DAY, _stayed),
    _left("revisit_again", "verified", 50 * DAY, 58 * DAY, _stayed),
)

PLAYBOOK = Playbook(
    kind="hazard",
    rate=RATE,
    by_hour=BY_HOUR,
    arrives=hazard,
    truth=keeper,
    moves=MOVES,
    contact=lambda act, given: act in ("notify", "serve"),
    haste={"serious": 0.5, "general": 1.0, "minor": 1.3},
)
