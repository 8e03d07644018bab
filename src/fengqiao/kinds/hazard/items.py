"""What an item is called, and which violation it comes to: by the list of orders and by the checklists.

A hazard keeps the code of its item for good; what that means is read where somebody asks, the pinned version of its
checklist first, then the lists in force, then those this program comes with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from fengqiao.checks.queries import items_in_force, items_of
from fengqiao.checks.starting import defaults
from fengqiao.kinds.hazard.closed_list import Order, order_for, orders
from fengqiao.kit.sheets import Item

# Not a station's to order, in whatever list: the fire rescue body decides on approvals.
UNAPPROVED = "unapproved"
# What stands on no list.
OTHER = "other"


def violation_of(code: str, version: int | None) -> str:
    """The violation an item comes to: as its checklist says, else the item is called like it."""
    return next((item.violation for item in _items(code, version) if item.violation), code)


def ordered_as(code: str, version: int | None) -> Order | None:
    """The line of the list an item stands on, by its own code or the violation it comes to; None: no order may be given."""
    return order_for(code) or order_for(violation_of(code, version))


def says_of(code: str, version: int | None) -> str:
    """The item in words: as the list of orders says it, else as the checklist does; its code where nobody knows it."""
    ordered = order_for(code)
    return ordered.says if ordered else next(map(_says, _items(code, version)), code)


def words() -> dict[str, str]:
    """Every item by its code, in words: what may be ordered first, then what the checklists ask."""
    return _in_words(_shipped() | items_in_force())


def choices() -> list[tuple[str, str]]:
    """What a finding that comes from no check may be of."""
    return [*_in_words(items_in_force()).items(), (OTHER, "其他")]


def _in_words(asked: Mapping[str, Item]) -> dict[str, str]:
    ordered = {order.code: order.says for order in orders()}
    return ordered | {code: _says(item) for code, item in asked.items() if code not in ordered}


def _says(item: Item) -> str:
    return item.finding or item.says


def _items(code: str, version: int | None) -> Iterator[Item]:
    """The item of this code wherever there is one, the nearest first."""
    if version is not None:
        yield from _one(items_of(version), code)
    yield from _one(items_in_force(), code)
    yield from _one(_shipped(), code)


def _one(items: Mapping[str, Item], code: str) -> Iterator[Item]:
    if code in items:
        yield items[code]


@cache
def _shipped() -> dict[str, Item]:
    return {item.code: item for listed in defaults() for item in listed.sheet if item.seeks}
