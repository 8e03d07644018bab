"""How fraud alerts are played in the demo station: residents, officers and the desk, as numbers to change.

Every share and span here is an assumption of this product and no finding about anybody: there is no
public figure of how often a called resident picks up or how long a search takes. Minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from fengqiao.kinds.fraud_alert.inputs import FRAUD_TYPES, LEAST_CALLS, CallResult
from fengqiao.people.roles import Role
from fengqiao.play.playbook import Answers, Arrival, Ground, Move, Playbook, Scene, Span

T = TypeVar("T")
When = Callable[[Scene], bool]

RATE = 8.0
# Alerts follow the day: few at night, a peak before noon and one after supper.
BY_HOUR = (1, 1, 1, 1, 1, 1, 2, 3, 6, 9, 11, 9, 6, 7, 9, 10, 9, 8, 7, 8, 9, 7, 4, 2)
LEVELS = {"critical": 0.12, "high": 0.33, "medium": 0.35, "low": 0.2}
# The higher the level, the sooner everybody turns to it.
HASTE = {"critical": 0.35, "high": 0.6, "medium": 1.2, "low": 2.5}
# How the address comes: with its community's code, as words that tell, as words that could mean two places.
ADDRESSES = {"code": 0.82, "words": 0.14, "unclear": 0.04}
UNCLEAR = ("东风", "红星", "桂安大道")

# Where the resident really is when the officer sets out, and how long looking there takes.
WHERE = {"home": 0.64, "work": 0.18, "family": 0.06, "bank": 0.05, "elsewhere": 0.07}
SEARCH = {
    "home": Span(6, 18),
    "work": Span(12, 40),
    "family": Span(15, 45),
    "bank": Span(8, 25),
    "elsewhere": Span(60, 600),
}
PLACES = {"home": "住处", "work": "工作单位", "family": "亲属家", "bank": "银行网点", "elsewhere": "外出途中"}
# Of those who are elsewhere, some are not found at all.
NEVER_FOUND = 0.25
ANSWERS_PHONE = 0.38
SEARCHING = ("second_search", "joint_search")
UNREACHED = (CallResult.NO_ANSWER, CallResult.BUSY, CallResult.HUNG_UP)
# Of those who are elsewhere and were found, some are another station's to meet.
FAR_AWAY = 0.3
# How the talk ends; of the refused, some listen the second time; of the dissuaded, some pay all the same.
ENDS = {"dissuaded": 0.72, "aware": 0.1, "refused": 0.07, "already_paid": 0.06, "false_alarm": 0.05}
LISTENS_LATER = 0.45
RATINGS = {"satisfied": 0.6, "fairly": 0.25, "dissatisfied": 0.05, "declined": 0.1}
RELAPSES = 0.03


@dataclass(frozen=True, slots=True)
class Resident:
    """What is true of one alert, whoever finds it out. `search` is how long each lead takes to follow."""

    where: str
    found: bool
    answers: bool
    ends: str
    listens_later: bool
    relapses: bool
    far: bool
    amount: int
    search: dict[str, float] = field(default_factory=dict)


def resident(rng: Random) -> Resident:
    where = chosen(rng, WHERE)
    return Resident(
        where=where,
        found=where != "elsewhere" or rng.random() >= NEVER_FOUND,
        answers=rng.random() < ANSWERS_PHONE,
        ends=chosen(rng, ENDS),
        listens_later=rng.random() < LISTENS_LATER,
        relapses=rng.random() < RELAPSES,
        far=where == "elsewhere" and rng.random() < FAR_AWAY,
        amount=rng.randrange(5, 400) * 500,
        search={lead: span.draw(rng) for lead, span in SEARCH.items()},
    )


def chosen(rng: Random, shares: dict[T, float]) -> T:
    return rng.choices(list(shares), weights=list(shares.values()))[0]


def alert(rng: Random, ground: Ground, arrival: Arrival) -> Answers:
    """The centre's instruction. The names and numbers are visibly invented."""
    code = rng.choice(list(ground.addresses))
    how = chosen(rng, ADDRESSES)
    address = rng.choice(ground.addresses[code] or ("地址待补",))
    return {
        "reference": arrival.reference,
        "level": chosen(rng, LEVELS),
        "fraud_type": rng.choice(FRAUD_TYPES),
        "received_at": arrival.at,
        "target": {
            "name": f"演示事主{rng.randrange(100, 999)}",
            "phone": f"1390000{rng.randrange(10_000):04d}",
        },
        "address": rng.choice(UNCLEAR) if how == "unclear" else address,
        "community": code if how == "code" else None,
    }


def _call(scene: Scene) -> Answers:
    return {"result": (CallResult.REACHED if scene.truth.answers else scene.rng.choice(UNREACHED)).value}


def _place(scene: Scene) -> Answers:
    return {"community": scene.rng.choice(scene.candidates)}


def _met(scene: Scene) -> Answers:
    return {"identity_checked": True, "where": PLACES[scene.truth.where]}


def _dissuaded(scene: Scene) -> Answers:
    result = "aware" if scene.truth.ends == "aware" else "dissuaded"
    amount = scene.truth.amount
    return {"result": result, "contact_cut": True, "identity_checked": True, "amount_intended": amount}


def _paid(scene: Scene) -> Answers:
    return {"amount_lost": scene.truth.amount}


def _handed_off(scene: Scene) -> Answers:
    return {"to": "centre", "handoff_reference": f"ZF-{scene.rng.randrange(10**6):06d}"}


def _leads(scene: Scene) -> Answers:
    return {"leads": scene.rng.sample(["neighbours", "workplace", "landlord", "family", "bank"], 3)}


def _followed(scene: Scene) -> Answers:
    return {"lead": scene.rng.choice(["neighbours", "workplace", "family"]), "result": "nothing"}


def _ends(*how: str) -> When:
    return lambda scene: bool(scene.stage == "persuading" and scene.truth.ends in how)


def _looking(where: str) -> When:
    """Found there, after the search has gone through the nearer leads."""
    return lambda s: bool(
        s.truth.found and not s.truth.far and s.truth.where == where and s.stage in SEARCHING
    )


def _not_yet(act: str, stage: str) -> When:
    return lambda scene: scene.stage == stage and not scene.done[act]


def _talks(act: str, how: tuple[str, ...], given: Callable[[Scene], Answers]) -> tuple[Move, Move]:
    """Who reached the resident talks on: at the door the officer, on the telephone the desk."""
    ends = _ends(*how)
    at_door = Move(
        act, Role.OFFICER, takes=Span(8, 35), given=given, when=lambda s: bool(ends(s) and s.done["meet"])
    )
    by_phone = Move(act, Role.DESK, takes=Span(4, 15), given=given, when=ends)
    return at_door, by_phone


MOVES = (
    Move("place", Role.DESK, after=Span(0.2, 0.6), given=_place, when=lambda s: s.unplaced, calm=True),
    Move("sign", Role.DESK, after=Span(0.3, 3.5), takes=Span(0.1, 0.3)),
    Move("call", Role.DESK, Span(0.3, 3), Span(0.5, 2), _call, lambda s: s.stage == "signed"),
    Move("go", Role.OFFICER, after=Span(0.5, 4), when=lambda s: not s.done["go"]),
    Move(
        "meet",
        Role.OFFICER,
        takes=SEARCH["home"],
        given=_met,
        when=lambda s: s.stage == "dispatched" and s.truth.where == "home",
    ),
    Move(
        "not_home",
        Role.OFFICER,
        takes=SEARCH["home"],
        given=lambda s: {"told_by": s.rng.choice(("邻居", "房东", "物业"))},
        when=lambda s: s.stage == "dispatched",
    ),
    Move("search", Role.DESK, after=Span(0.5, 4), given=_leads),
    Move(
        "lead",
        Role.OFFICER,
        after=Span(3, 10),
        takes=Span(4, 15),
        given=_followed,
        when=lambda s: s.stage in SEARCHING and not s.done["lead"],
    ),
    Move(
        "transfer",
        Role.DESK,
        after=Span(5, 20),
        given=lambda s: {"station": "外地派出所(演示)"},
        when=lambda s: bool(s.truth.found and s.truth.far and s.stage in SEARCHING),
    ),
    Move(
        "receive",
        Role.DESK,
        after=Span(4, 25),
        given=lambda s: {"receipt": f"HZ-{s.rng.randrange(1000):03d}"},
    ),
    *(Move("meet", Role.OFFICER, Span(1, 6), SEARCH[where], _met, _looking(where)) for where in WHERE),
    Move(
        "call",
        Role.DESK,
        Span(60, 300),
        Span(0.5, 2),
        lambda s: {"result": s.rng.choice(UNREACHED).value},
        lambda s: s.stage in SEARCHING and not s.truth.found and s.done["call"] < LEAST_CALLS,
        calm=True,
    ),
    Move(
        "exhaust",
        Role.CHIEF,
        after=Span(24 * 60, 40 * 60),
        given=lambda s: {"tried": "住处、单位、亲属、银行网点均已查找，电话多次未接"},
        when=lambda s: not s.truth.found,
        calm=True,
    ),
    *_talks("dissuade", ("dissuaded", "aware"), _dissuaded),
    *_talks("refuse", ("refused",), lambda s: {"warned": True}),
    *_talks("paid", ("already_paid",), _paid),
    Move(
        "false_alarm",
        Role.DESK,
        after=Span(2, 15),
        given=lambda s: {"reason": "本人与平台核实，为正常交易"},
        when=_ends("false_alarm"),
    ),
    Move(
        "dissuade",
        Role.OFFICER,
        after=Span(40, 110),
        takes=Span(15, 50),
        given=_dissuaded,
        when=lambda s: bool(s.stage == "refused" and s.truth.listens_later),
        calm=True,
    ),
    Move(
        "second_talk",
        Role.OFFICER,
        after=Span(40, 110),
        takes=Span(15, 50),
        given=lambda s: {"second_officer": True, "family": "not_told", "bank_told": True},
        when=_not_yet("second_talk", "refused"),
        calm=True,
    ),
    Move(
        "close_refused",
        Role.CHIEF,
        after=Span(60, 600),
        given=lambda s: {"reason": "两次劝阻仍拒绝，已告知银行网点"},
        when=lambda s: bool(s.done["second_talk"]),
        calm=True,
    ),
    Move("hand_off", Role.DESK, after=Span(1, 8), takes=Span(0.5, 2), given=_handed_off, calm=True),
    Move(
        "call_back",
        Role.OFFICER,
        after=Span(20 * 60, 24 * 60),
        takes=Span(1, 4),
        given=lambda s: {"reached": True},
        when=lambda s: s.stage in ("revisit", "handed_off") and not s.done["call_back"],
        calm=True,
    ),
    Move(
        "confirm",
        Role.DESK,
        after=Span(52 * 60, 70 * 60),
        takes=Span(1, 4),
        given=lambda s: {"no_transfer": not s.truth.relapses},
        calm=True,
    ),
    Move(
        "visit_again",
        Role.OFFICER,
        after=Span(60 * 60, 72 * 60),
        takes=Span(10, 30),
        given=lambda s: {"reached": True},
        when=_not_yet("visit_again", "confirmed"),
        calm=True,
    ),
    Move("close", Role.DESK, after=Span(10, 180), calm=True),
    # Where the only one at the desk did the acting.
    Move("close", Role.CHIEF, after=Span(60, 600), calm=True),
    Move(
        "rate",
        Role.DESK,
        after=Span(60, 2000),
        given=lambda s: {"rating": chosen(s.rng, RATINGS)},
        when=_not_yet("rate", "closed"),
        calm=True,
    ),
)


def _spoken(act: str, given: Answers) -> bool:
    return act == "meet" or (act == "call" and given.get("result") == CallResult.REACHED.value)


PLAYBOOK = Playbook(
    kind="fraud_alert",
    rate=RATE,
    by_hour=BY_HOUR,
    arrives=alert,
    truth=resident,
    moves=MOVES,
    contact=_spoken,
    haste=HASTE,
)
