"""The grade of a place by published rules: facts in, red, yellow or green out, with the articles that made it so.

Places only: a person is never graded. The rules are data a station may change, `DEFAULT` what holds until it does.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from fengqiao.kit.problems import BadInput, FieldError

MOST, LONGEST = 9999, 366


class Grade(StrEnum):
    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"


SAYS = {Grade.RED: "红", Grade.YELLOW: "黄", Grade.GREEN: "绿"}
JUDGED = (Grade.RED, Grade.YELLOW)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something countable about a place. `says` tells it with its number; a `yes_no` fact is 0 or 1.

    A `known` fact the register knows by itself; the others are told by whoever keeps the hazards.
    """

    code: str
    asks: str
    says: str
    yes_no: bool = False
    known: bool = False


FACTS = (
    Fact("open_serious", "未整改的严重隐患(处)", "{} 处严重隐患未整改"),
    Fact("open_general", "未整改的一般隐患(处)", "{} 处一般隐患未整改"),
    Fact("open_minor", "未整改的轻微隐患(处)", "{} 处轻微隐患未整改"),
    Fact("overdue", "超期未整改的隐患(处)", "{} 处隐患超期未整改"),
    Fact("recurred_180d", "180 日内反弹的隐患(处)", "180 日内 {} 处隐患反弹"),
    Fact("checks_365d", "365 日内检查(次)", "365 日内检查 {} 次"),
    Fact("found_365d", "365 日内发现的隐患(处)", "365 日内发现 {} 处隐患"),
    Fact(
        "mixed", "停放电动自行车，未核实人车分离", "停放电动自行车，未核实人车分离", yes_no=True, known=True
    ),
    Fact("mixed_rooms", "未核实人车分离处的房间数(间)", "电动自行车未人车分离，有 {} 间房", known=True),
    Fact("rooms", "房间数(间)", "有 {} 间房", known=True),
    Fact("never_checked", "从未检查", "从未检查", yes_no=True, known=True),
    Fact("unverified", "12 个月内没有核实", "12 个月内没有核实", yes_no=True, known=True),
    Fact("no_contact", "没有负责人电话", "没有负责人电话", yes_no=True, known=True),
)
BY_CODE = {fact.code: fact for fact in FACTS}


@dataclass(frozen=True, slots=True)
class Article:
    """One published rule: a place that reaches `least` of the fact has (at least) this grade."""

    number: int
    grade: Grade
    fact: Fact
    least: int


@dataclass(frozen=True, slots=True)
class Rules:
    """`least`: grade -> fact -> the number that suffices; `rounds`: grade -> days between two checks."""

    least: Mapping[Grade, Mapping[str, int]]
    rounds: Mapping[Grade, int]

    def articles(self) -> list[Article]:
        """Numbered through: red first, the facts in their order."""
        asked = [(grade, fact) for grade in JUDGED for fact in FACTS if fact.code in self.least[grade]]
        return [
            Article(number, grade, fact, self.least[grade][fact.code])
            for number, (grade, fact) in enumerate(asked, 1)
        ]

    def plain(self) -> dict[str, dict[str, int]]:
        """As JSON; `read_rules` takes it back."""
        rules = {str(grade): dict(self.least[grade]) for grade in JUDGED}
        return rules | {"rounds": {str(grade): days for grade, days in self.rounds.items()}}


DEFAULT = Rules(
    least={
        Grade.RED: {"open_serious": 1, "overdue": 2, "recurred_180d": 2, "mixed_rooms": 20},
        Grade.YELLOW: {
            "open_general": 1,
            "open_minor": 3,
            "overdue": 1,
            "recurred_180d": 1,
            "mixed": 1,
            "never_checked": 1,
            "unverified": 1,
            "no_contact": 1,
        },
    },
    rounds={Grade.RED: 15, Grade.YELLOW: 30, Grade.GREEN: 90},
)


@dataclass(frozen=True, slots=True)
class Graded:
    grade: Grade
    why: str


def grade(facts: Mapping[str, int], articles: list[Article]) -> Graded:
    """The worst grade an article gives, and the sentence with every article that gives it."""
    for judged in JUDGED:
        broken = [one for one in articles if one.grade is judged and facts.get(one.fact.code, 0) >= one.least]
        if broken:
            reasons = (f"{one.fact.says.format(facts[one.fact.code])}(第{one.number}条)" for one in broken)
            return Graded(judged, f"{SAYS[judged]}：{'、'.join(reasons)}")
    return Graded(Grade.GREEN, f"{SAYS[Grade.GREEN]}：没有触及红、黄各条")


# What a place is expected to show at a check before anything is known of it: one hazard in four checks.
PRIOR_FOUND, PRIOR_CHECKS = 1.0, 4.0
NEARER, FARTHER = 0.5, 1.5


def next_check(
    given: Grade, rules: Rules, *, last: date | None, since: date, facts: Mapping[str, int] | None = None
) -> tuple[date, str]:
    """When the next round is due, in calendar days from the last check or from registration, and how that came.

    The round of the grade, nearer where the year's checks of this place found more than is usual, farther where
    they found less. Hazards that arise at a rate r stand unseen least, for the same number of checks, when each
    place is checked at intervals proportional to 1/sqrt(r) (minimise the sum of r*T/2 under a fixed sum of 1/T).
    What is counted is finds a check, and who is checked often shows fewer of them each time: the intervals spread
    less than that, on the careful side. docs/simulation.md has what it gains over the grade alone.
    From the place's history alone, never from who lives there.
    """
    days = rules.rounds[given]
    if last is None:
        return since + timedelta(days), f"{since} 登记，从未检查；{SAYS[given]}色 {days} 日内检查"
    checks, found = (facts or {}).get("checks_365d", 0), (facts or {}).get("found_365d", 0)
    adapted = max(1, round(days * _nearness(checks, found)))
    said = f"上次检查 {last}；{SAYS[given]}色每 {days} 日一轮"
    if adapted != days:
        how = "提前" if adapted < days else "放宽"
        said += f"；近一年查 {checks} 次发现 {found} 处，{how}到 {adapted} 日"
    return last + timedelta(adapted), said


def _nearness(checks: int, found: int) -> float:
    """The share of the usual interval: the square root of the usual rate over this place's."""
    usual = PRIOR_FOUND / PRIOR_CHECKS
    here = (PRIOR_FOUND + found) / (PRIOR_CHECKS + checks)
    return min(FARTHER, max(NEARER, math.sqrt(usual / here)))


def read_rules(given: Any) -> Rules:
    """The rules of plain data as a form or a setting gives them. Raises BadInput naming each wrong value."""
    wrong: list[FieldError] = []
    least = {grade: dict(_least(_part(given, grade), grade, wrong)) for grade in JUDGED}
    rounds = {grade: _days(_part(given, "rounds").get(grade), grade, wrong) for grade in Grade}
    if not wrong and not rounds[Grade.RED] <= rounds[Grade.YELLOW] <= rounds[Grade.GREEN]:
        wrong.append(FieldError("rounds.red", "红色的检查周期不能长于黄色，黄色不能长于绿色"))
    if not wrong and not any(least.values()):
        wrong.append(FieldError("red", "至少要有一条规则"))
    if wrong:
        raise BadInput("评级规则填写有误", errors=tuple(wrong))
    return Rules(least, rounds)


def _part(given: Any, name: str) -> Mapping[str, Any]:
    part = given.get(name) if isinstance(given, Mapping) else None
    return part if isinstance(part, Mapping) else {}


def _least(part: Mapping[str, Any], given: Grade, wrong: list[FieldError]) -> Iterator[tuple[str, int]]:
    for code, value in part.items():
        fact = BY_CODE.get(code)
        number = _whole(value)
        if fact is None:
            wrong.append(FieldError(f"{given}.{code}", "没有这一项"))
        elif number is None or not 1 <= number <= (1 if fact.yes_no else MOST):
            wrong.append(FieldError(f"{given}.{code}", f"{fact.asks}：请填 1 到 {MOST} 的整数，不用则留空"))
        else:
            yield code, number


def _days(value: Any, given: Grade, wrong: list[FieldError]) -> int:
    days = _whole(value)
    if days is None or not 1 <= days <= LONGEST:
        wrong.append(FieldError(f"rounds.{given}", f"{SAYS[given]}色的检查周期：请填 1 到 {LONGEST} 天"))
        return 0
    return days


def _whole(value: Any) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
