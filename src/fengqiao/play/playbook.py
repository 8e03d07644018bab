"""How one kind is played: what arrives, who the resident truly is, and what each post then does.

A kind states it in its `sample.py`; nothing here knows a kind. Acts are chosen from the kind's own
declaration: a move whose act is not there, not in turn or not the actor's to do is passed over, so that
a changed declaration needs a changed line of the sample at most. All spans are minutes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from fengqiao.matters.models import Matter
from fengqiao.people.actors import Actor
from fengqiao.people.roles import Role

Answers = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Picture:
    """Stands among the answers where somebody would send a photo: what it shows, and whether that is put right."""

    says: str
    mended: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Minutes, evenly between two bounds."""

    least: float = 0.0
    most: float = 0.0

    def draw(self, rng: Random) -> float:
        return rng.uniform(self.least, self.most)


@dataclass(frozen=True, slots=True)
class Ground:
    """What an invented address is made of: community code -> addresses there; and places of the register by
    their kind, for what happens at a place."""

    addresses: Mapping[str, tuple[str, ...]]
    places: Mapping[str, tuple[UUID, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that comes in: when, under which reference (its key, and the seed of all chance in it)."""

    at: datetime
    reference: str

    def chance(self, part: str) -> Random:
        """The same draws for the same part of the same arrival, whoever plays it and however often."""
        return Random(f"{self.reference}:{part}")  # noqa: S311 a play, no secret


@dataclass(slots=True)
class Scene:
    """What a move looks at. `done` counts the acts so far; `candidates` are codes of communities to choose from.

    `matter` is the one played, `at` the time: of deciding, then of doing. `by` and `beside` (an officer who could
    come along) are known when the answers are given.
    """

    truth: Any
    level: str
    stage: str
    rng: Random
    candidates: tuple[str, ...] = ()
    unplaced: bool = False
    done: Counter[str] = field(default_factory=Counter)
    matter: Matter = field(default_factory=Matter)
    by: Actor | None = None
    at: datetime | None = None
    beside: UUID | None = None


def nothing(scene: Scene) -> Answers:
    return {}


def always(scene: Scene) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Days:
    """Whole days, evenly between two bounds, and some hours of the last one."""

    least: int
    most: int
    hours: tuple[float, float] = (1.0, 9.0)

    def draw(self, rng: Random) -> float:
        return (24 * rng.randint(self.least, self.most) + rng.uniform(*self.hours)) * 60


@dataclass(frozen=True, slots=True)
class Move:
    """One line of a playbook: `who` turns to `act` some minutes `after` the act before, is kept busy for
    as long as it `takes`, and writes it down at the end with the answers `given`. `calm`: no level
    shortens or stretches the wait. What takes no time is done in between, whatever its actor is busy with."""

    act: str
    who: Role
    after: Span | Days = Span()
    takes: Span = Span()
    given: Callable[[Scene], Answers] = nothing
    when: Callable[[Scene], bool] = always
    calm: bool = False


@dataclass(frozen=True, slots=True)
class Playbook:
    """The play of one kind.

    rate: arrivals a day; none where the calendar makes due what is played. by_hour: 24 weights of the day. haste: level -> factor on what people wait before
    they turn to something. moves: in order of preference, the first that may be made is made. contact:
    whether an act with these answers is the first time somebody spoke with the resident.
    """

    kind: str
    rate: float
    by_hour: tuple[float, ...]
    arrives: Callable[[Random, Ground, Arrival], Answers]
    truth: Callable[[Random], Any]
    moves: tuple[Move, ...]
    contact: Callable[[str, Answers], bool]
    haste: Mapping[str, float] = field(default_factory=dict)
