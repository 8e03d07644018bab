"""What the matters of a place say of its grade, counted from the kinds as things stand now.

After an act its place is told at once (a kind's `follows`); what changes by the passing of days alone (a deadline
runs out, a check is a year old) the nightly run counts anew. A merged double's matters count for the place it joined.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from fengqiao.ground.grading import grade_premises
from fengqiao.ground.merging import doubles, one_with_merged
from fengqiao.matters.registry import kinds


def facts_at(premises_id: UUID, *, at: datetime) -> Counter[str]:
    """Of one place, asked by any of its ids."""
    whole = one_with_merged(premises_id)
    return sum(_counted(whole, at).values(), Counter[str]())


def retell(premises_id: UUID, *, station_id: int, at: datetime) -> None:
    """One place graded by what is known of it now, asked by any of its ids."""
    standing = one_with_merged(premises_id)[0]
    grade_premises(station_id=station_id, at=at, facts={standing: facts_at(standing, at=at)}, ids=[standing])


def regrade(*, station_id: int, at: datetime) -> Counter[str]:
    """Every place of the station; gives how many have which grade."""
    facts, joined = _counted(None, at), doubles()
    for double in joined.keys() & facts.keys():
        facts.setdefault(joined[double], Counter()).update(facts.pop(double))
    return grade_premises(station_id=station_id, at=at, facts=facts)


def _counted(places: Collection[UUID] | None, at: datetime) -> dict[UUID, Counter[str]]:
    found: dict[UUID, Counter[str]] = {}
    for page in kinds():
        for place, facts in (page.counts(places, at) if page.counts else {}).items():
            found.setdefault(place, Counter()).update(facts)
    return found
