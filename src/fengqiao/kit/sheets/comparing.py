"""What changed between two versions of a checklist, item by item."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

from fengqiao.kit.sheets.faults import WORDS
from fengqiao.kit.sheets.shape import Item, Sheet


@dataclass(frozen=True, slots=True)
class Change:
    """One item that is not as before; `parts` are the names of the fields that changed."""

    how: Literal["added", "changed", "removed"]
    item: Item
    before: Item | None = None
    parts: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        return "、".join(WORDS[name] for name in self.parts)


def differences(before: Sheet | None, after: Sheet) -> list[Change]:
    """Added and changed items in the new order, then the removed ones. Another order alone is no change."""
    old = before.by_code if before else {}
    found: list[Change] = []
    for item in after:
        was = old.get(item.code)
        if was is None:
            found.append(Change("added", item))
        elif parts := changed_parts(was, item):
            found.append(Change("changed", item, was, parts))
    found += [Change("removed", item) for code, item in old.items() if code not in after.by_code]
    return found


def changed_parts(before: Item, after: Item) -> tuple[str, ...]:
    return tuple(one.name for one in fields(Item) if getattr(before, one.name) != getattr(after, one.name))
