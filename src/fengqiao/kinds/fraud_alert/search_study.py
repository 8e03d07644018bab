"""What following all leads at once gains over one after the other: the same residents, searched for twice.

Pure computation over the sample's residents; no matter, no station. Minutes since nobody was at home.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from fengqiao.kinds.fraud_alert.sample import Resident, resident

# The home has been tried; the nearer leads come first, as an officer alone would go.
LEADS = ("work", "family", "bank", "elsewhere")


@dataclass(frozen=True, slots=True)
class Compared:
    """Sorted minutes of the same residents; `never` were not found in either way and are in neither list."""

    at_once: list[float]
    one_by_one: list[float]
    searched: int
    never: int


def compared(*, seed: int, residents: int) -> Compared:
    rng = Random(seed)  # noqa: S311 a play, no secret
    away = [one for one in (resident(rng) for _ in range(residents)) if one.where != "home"]
    found = [one for one in away if one.found]
    return Compared(
        at_once=sorted(at_once(one) for one in found),
        one_by_one=sorted(one_by_one(one) for one in found),
        searched=len(found),
        never=len(away) - len(found),
    )


def at_once(one: Resident) -> float:
    """Each lead has its own searcher: only the right one counts."""
    return one.search[one.where]


def one_by_one(one: Resident) -> float:
    """One searcher follows the leads in turn up to the right one; the last is asked about on the way."""
    tried = LEADS[: LEADS.index(one.where) + 1]
    return sum(one.search[lead] for lead in tried)
