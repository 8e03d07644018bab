"""Standing at a door, as a kind declares it: what for, in which stages somebody may be there; and what a knock asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from fengqiao.kit.inputs import Input, asks
from fengqiao.kit.rules import Rule

# A fact a rule may look at: how many knocks a month this place may have, where this is one more; else nothing.
OVER = "knock.over"
SHORTEST = 4


@dataclass(frozen=True, slots=True)
class AtDoor:
    """`purpose` is all a resident who checks a code is told of the matter: it must name nobody and no alert.

    `urgent`: every matter of the kind races a clock by the level of its emergency, a life or savings at stake.
    No budget of knocks applies then, and none is counted.
    """

    purpose: str
    stages: tuple[str, ...]
    urgent: bool = False


def over_budget(*, unless: str = "") -> Rule:
    """One knock more than the station allows a place in a month has a written reason; `unless` nobody knocked."""
    excused = f"${{knock_reason}} or {unless}" if unless else "${knock_reason}"
    return Rule(
        "knock_reason",
        f"近 30 天上门已满 ${{{OVER}}} 次，请写明再去的原因",
        f"${{{OVER}}} and not({excused})",
    )


class DoorInput(Input):
    """What an act done at a door asks: such an act is a knock. Inputs with rules of their own name these too."""

    rules: ClassVar[tuple[Rule, ...]] = (over_budget(),)
    knock_reason: str | None = asks(
        "超出走访次数的原因", default=None, hint="本月上门已满次数时必填", max_length=200, only=OVER
    )
