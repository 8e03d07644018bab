"""Standing at a door, as a kind declares it: what for, in which stages somebody may be there, and what is done there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AtDoor:
    """`purpose` is all a resident who checks a code is told of the matter: it must name nobody and no alert.

    `acts` are those done at the door, each a knock. `urgent`: a life or savings are at stake, and no
    budget of knocks applies.
    """

    purpose: str
    stages: tuple[str, ...]
    acts: tuple[str, ...] = ()
    urgent: bool = False
