"""How checks are played in the demo station: the calendar owes them, officers knock, the pinned list is answered.

Every share and rate here is an assumption of this product and no finding about anybody. Minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from django.utils.timezone import localdate

from fengqiao.ground.models import Premises
from fengqiao.kinds.inspection.commands import sheet_for
from fengqiao.kinds.inspection.inputs import Source
from fengqiao.kinds.inspection.models import Inspection
from fengqiao.kit.sheets import Item, ItemType, Sheet, findings, relevant_codes
from fengqiao.matters.knocks import budget, knocks
from fengqiao.people.roles import Role
from fengqiao.play.playbook import Answers, Arrival, Days, Ground, Move, Picture, Playbook, Scene, Span

DAY = 24 * 60.0
# What goes wrong at a place of this grade in thirty days, in the middle; each place has a factor of its own.
ARISES = {"red": 0.6, "yellow": 0.3, "green": 0.12}
SHAPE = 0.7
LONGEST = 120
MOST_FOUND = 4
# Nobody in at the first knock, at the second as well, ever; and not let in at the first.
AWAY = {0: 0.78, 1: 0.15, 2: 0.05, 9: 0.02}
REFUSES = 0.015
SIGNS = 0.7
GIVES_UP = 4
FOUND = Picture("检查发现的问题")
SPOTS = ("首层楼梯间", "二层走道", "后门", "首层充电区", "厨房", "配电箱旁")


@dataclass(frozen=True, slots=True)
class Door:
    """What is true of one round at one door: how often nobody is in, whether entry is refused at first, and
    whether the landlord signs the letter a campaign brings."""

    away: int
    refuses: bool
    signs: bool = True


def door(rng: Random) -> Door:
    away = rng.choices(list(AWAY), weights=list(AWAY.values()))[0]
    return Door(away, rng.random() < REFUSES, rng.random() < SIGNS)


def arrives(rng: Random, ground: Ground, arrival: Arrival) -> Answers:
    """Checks do not arrive; what is due is asked of the calendar."""
    raise NotImplementedError


def _tries(scene: Scene) -> int:
    return scene.done["nobody_in"] + scene.done["refused_entry"]


def _may_knock_in_vain(scene: Scene) -> bool:
    """With the month's knocks used up one telephones first, and goes when somebody is in."""
    return _left_of_month(scene) > 1


def _left_of_month(scene: Scene) -> int:
    matter = scene.matter
    if matter.premises_id is None or scene.at is None:
        return 1
    return budget(matter.station_id) - len(knocks(matter.premises_id, at=scene.at))


def _nobody_in(scene: Scene) -> bool:
    return scene.done["nobody_in"] < min(scene.truth.away, GIVES_UP) and _may_knock_in_vain(scene)


def _refused(scene: Scene) -> bool:
    return bool(scene.truth.refuses) and not scene.done["refused_entry"] and _may_knock_in_vain(scene)


def _inspected(scene: Scene) -> Answers:
    sheet, known = sheet_for(scene.matter)
    return {
        "answers": answers(sheet, known, scene),
        "accompanied": "nobody",
        "second_officer": scene.beside,
    }


def answers(sheet: Sheet, known: Any, scene: Scene) -> dict[str, Any]:
    """Everything as it should be, or as it was told before; but for what has gone wrong since the last check."""
    wrong = _wrong(sheet, known, scene)
    given: dict[str, Any] = {}
    for item in sheet:
        if item.relevant and item.code not in relevant_codes(sheet, given):
            continue
        if item.type is ItemType.PHOTO:
            if item.required:
                given[item.code] = {"photos": [Picture("门面")]}
            continue
        bad = _bad(item) if item.code in wrong else None
        given[item.code] = {"value": _good(item, known) if bad is None else bad}
        if bad is not None:
            given[item.code] |= {"spot": scene.rng.choice(SPOTS), "photos": [FOUND]}
    return given


def _wrong(sheet: Sheet, known: Any, scene: Scene) -> set[str]:
    """Which items are found bad: as many as have come up since somebody last looked."""
    place = scene.matter.premises
    asked = relevant_codes(sheet, {item.code: {"value": _good(item, known)} for item in sheet})
    seeking = [item.code for item in sheet if item.seeks and item.code in asked and _bad(item) is not None]
    mean = ARISES.get(scene.level, 0.3) * _since(place, scene) / 30 * _factor(place)
    number = min(_poisson(scene.rng, mean), MOST_FOUND, len(seeking))
    return set(scene.rng.sample(seeking, number))


def _since(place: Premises | None, scene: Scene) -> int:
    last = place.last_check_at if place else None
    if last is None or scene.at is None:
        return LONGEST
    return min((localdate(scene.at) - localdate(last)).days, LONGEST)


def _factor(place: Premises | None) -> float:
    """The place's own, the same at every check."""
    rng = Random(place.number if place else "")  # noqa: S311 a play, no secret
    return rng.gammavariate(SHAPE, 1 / SHAPE)


def _poisson(rng: Random, mean: float) -> int:
    count, left = 0, rng.expovariate(1.0)
    while left < mean:
        count, left = count + 1, left + rng.expovariate(1.0)
    return count


def _good(item: Item, known: Any) -> Any:
    told = known.get(item.code, {}).get("value")
    if told is not None:
        return told
    if item.code == "residents":
        return 12
    fine = next((value for value in _values(item) if not _found(item, value)), None)
    return [fine] if item.type is ItemType.CHOICES else fine


def _bad(item: Item) -> Any:
    return next((value for value in _values(item) if _found(item, value)), None)


def _values(item: Item) -> list[Any]:
    """Answers to choose from; the fine ones of what is simply asked come first."""
    if item.type in (ItemType.NUMBER, ItemType.MEASURE):
        return [5, 0, 100]
    if item.type is ItemType.TEXT:
        return ["已看过"]
    return [value for value, _says in item.options if value != "na"]


def _found(item: Item, value: Any) -> bool:
    return bool(findings(Sheet((item,)), {item.code: {"value": value}}))


def _brings_letter(scene: Scene) -> bool:
    """A campaign's check of a rented house brings the letter along."""
    ours = Inspection.objects.filter(pk=scene.matter.pk, source=Source.CAMPAIGN.value).exists()
    return bool(scene.truth.signs) and ours and scene.done["nobody_in"] >= min(scene.truth.away, GIVES_UP)


def _signed(scene: Scene) -> Answers:
    assert scene.at is not None
    return {"signed_on": localdate(scene.at), "photos": [Picture("已签的责任保证书")]}


MOVES = (
    Move(
        "skip",
        Role.CHIEF,
        after=Span(60, 8 * 60),
        given=lambda s: {"reason": "多次上门均未见到人，核实停业后再列入下一轮"},
        when=lambda s: _tries(s) >= GIVES_UP,
    ),
    Move(
        "refused_entry",
        Role.OFFICER,
        after=Days(0, 4),
        takes=Span(5, 15),
        given=lambda s: {"explained": True, "note": "称不便，约改日再来"},
        when=_refused,
    ),
    Move(
        "nobody_in",
        Role.OFFICER,
        after=Days(0, 3),
        takes=Span(3, 8),
        given=lambda s: {"left_notice": True},
        when=_nobody_in,
    ),
    Move("issue_letter", Role.OFFICER, after=Days(0, 3), takes=Span(3, 8), when=_brings_letter),
    Move("letter_signed", Role.OFFICER, after=Span(1, 4), takes=Span(1, 3), given=_signed),
    Move(
        "inspect",
        Role.OFFICER,
        after=Span(1, 5),
        takes=Span(15, 40),
        given=_inspected,
        when=lambda s: bool(s.done["letter_signed"]),
    ),
    Move("inspect", Role.OFFICER, after=Days(0, 3), takes=Span(15, 40), given=_inspected),
)

PLAYBOOK = Playbook(
    kind="inspection",
    rate=0.0,
    by_hour=(1.0,) * 24,
    arrives=arrives,
    truth=door,
    moves=MOVES,
    contact=lambda act, given: act == "inspect",
)
