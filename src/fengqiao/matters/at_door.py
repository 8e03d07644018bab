"""Standing at a door, as a kind declares it: what for, and in which stages somebody may be there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AtDoor:
    """`purpose` is all a resident who checks a code is told of the matter: it must name nobody and no alert."""

    purpose: str
    stages: tuple[str, ...]
