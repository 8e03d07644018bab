"""What a play adds up to, for the command line and for tests: figures of the play, not of any station."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from fengqiao.play.history import Life

UNOWNED_SECONDS = 60.0


@dataclass(slots=True)
class Summary:
    """`unowned` counts the matters that belonged to nobody for more than a minute; spans are minutes."""

    raised: int = 0
    repeated: int = 0
    acts: int = 0
    rungs: int = 0
    ended: int = 0
    waiting: int = 0
    stuck: int = 0
    unowned: int = 0
    longest_unowned_seconds: float = 0.0
    reached: int = 0
    to_contact_median: float | None = None
    to_contact_p90: float | None = None
    outcomes: dict[str, int] = field(default_factory=dict)
    why_open: dict[str, int] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        return asdict(self)


def summary(lives: Sequence[Life]) -> Summary:
    played = [life for life in lives if not life.repeated]
    contact = sorted(_minutes(life) for life in played if life.contact_at)
    nobody = [_unowned_seconds(life) for life in played]
    still = [life for life in played if life.ended_at is None]
    return Summary(
        raised=len(played),
        repeated=len(lives) - len(played),
        acts=sum(len(life.acts) for life in played),
        rungs=sum(life.fired for life in played),
        ended=len(played) - len(still),
        waiting=sum(1 for life in still if not life.stuck),
        stuck=sum(1 for life in still if life.stuck),
        unowned=sum(1 for seconds in nobody if seconds > UNOWNED_SECONDS),
        longest_unowned_seconds=round(max(nobody, default=0.0), 1),
        reached=len(contact),
        to_contact_median=round(median(contact), 1) if contact else None,
        to_contact_p90=round(contact[int(len(contact) * 0.9)], 1) if contact else None,
        outcomes=dict(sorted(Counter(life.outcome for life in played if life.ended_at).items())),
        why_open=dict(sorted(Counter(_why(life) for life in still).items())),
    )


def _minutes(life: Life) -> float:
    assert life.contact_at is not None
    return (life.contact_at - life.raised_at).total_seconds() / 60


def _unowned_seconds(life: Life) -> float:
    """Until somebody held it; one that nobody ever held counts as a day."""
    if life.owned_at is None:
        return 86400.0
    return (life.owned_at - life.raised_at).total_seconds()


def _why(life: Life) -> str:
    """Without the day, so that like cases count together."""
    return life.why if life.stuck else "等待“" + life.why.partition("“")[2]
