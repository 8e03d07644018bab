"""A paper as a kind declares it: who may print it, when, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fengqiao.kit.documents import Block
from fengqiao.people.roles import Role

if TYPE_CHECKING:
    from fengqiao.matters.models import Matter

# Given a `paper_content.Printing` of the kind's own detail.
Content = Callable[[Any], tuple[Block, ...]]
When = Callable[["Matter"], bool]


def always(matter: Matter) -> bool:
    return True


@dataclass(frozen=True)
class Paper:
    """`form` is its number in the station's catalogue of forms; `opens` names the sealed columns that are
    printed in full (which is a look, and is written down as one); all others are masked.

    `mark` (代字) begins the number of a paper that is issued: an act issues it, once, and its words stay.
    Without one it is drawn anew each time it is printed. `addressee`: to whom it is served, told from the kind's detail.
    """

    slug: str
    says: str
    form: str
    by: tuple[Role, ...]
    content: Content
    when: When = always
    opens: tuple[str, ...] = ()
    mark: str = ""
    addressee: Callable[[Any], str] = lambda detail: ""
