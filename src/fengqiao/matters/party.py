"""What a party to a matter sees by its link, and may do there, as a kind declares it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fengqiao.matters.models import Matter


def open_ones(matter: Matter) -> bool:
    return matter.is_open


@dataclass(frozen=True)
class PartyPage:
    """`columns` are columns of the detail that name nobody, in the order they are read; `acts` those among the
    kind's that `Role.PARTY` may do. `photos` are columns that hold photos: of the thing, and of nobody. `advises`
    gives lines of plain advice for this detail; `when` says whether the matter is the party's to see by now; `says`
    heads the page. `hint` tells whoever gives a link away what it shows; `board`: the kind's board is shown there, too.
    """

    says: str
    columns: tuple[str, ...]
    acts: tuple[str, ...]
    hint: str
    photos: tuple[str, ...] = ()
    advises: Callable[[Any], tuple[str, ...]] = lambda detail: ()
    when: Callable[[Matter], bool] = open_ones
    board: bool = False
