"""What a checklist is made of, and how it is told as JSON and read back."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from functools import cached_property
from typing import Any

from fengqiao.kit.inputs import Choice
from fengqiao.kit.problems import BadInput
from fengqiao.kit.sheets import faults


class ItemType(Choice):
    YES_NO_NA = "yes_no_na", "是否"
    CHOICE = "choice", "单选"
    CHOICES = "choices", "多选"
    NUMBER = "number", "整数"
    MEASURE = "measure", "数值"
    TEXT = "text", "文字"
    PHOTO = "photo", "照片"


class Severity(Choice):
    MINOR = "minor", "轻微"
    GENERAL = "general", "一般"
    SERIOUS = "serious", "严重"


YES_NO_NA = (("yes", "是"), ("no", "否"), ("na", "不适用"))
CHOOSING = frozenset({ItemType.YES_NO_NA, ItemType.CHOICE, ItemType.CHOICES})
COUNTING = frozenset({ItemType.NUMBER, ItemType.MEASURE})


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at.

    `good` are the answers that are fine: values to choose from, or bounds a number keeps all of (`>=2`);
    empty means that no answer is a finding, and 不适用 never is one. `relevant` may look at earlier items
    only. `span` is the deadline a finding gets by default (`0d` at once), `basis` the article it breaks,
    `photo_needed` asks for a photo of a finding, `advice` says how to mend it. A photo item is its photos.
    `fact` names the column of the premises register that the answer (yes or no) is written to. `finding` is the
    sentence a finding is told by, where the words of the item do not make one; `violation` the violation it comes to, by
    its code on the lists of those who order and hand on.
    """

    code: str
    says: str
    type: ItemType = ItemType.YES_NO_NA
    group: str = ""
    required: bool = True
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    good: tuple[str, ...] = ()
    relevant: str = ""
    constraint: str = ""
    constraint_says: str = ""
    severity: Severity = Severity.GENERAL
    basis: str = ""
    span: str = ""
    photo_needed: bool = False
    advice: str = ""
    fact: str = ""
    finding: str = ""
    violation: str = ""

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """(value, words) of what can be chosen; empty where nothing is."""
        return YES_NO_NA if self.type is ItemType.YES_NO_NA else self.choices

    @property
    def seeks(self) -> bool:
        """Whether an answer can be a finding."""
        return bool(self.good)

    def to_json(self) -> dict[str, Any]:
        """Without what is as by default, so that the same item is always told the same."""
        told = {}
        for one in fields(self):
            value = getattr(self, one.name)
            if one.default is MISSING or value != one.default:
                told[one.name] = _plain(value)
        return told

    @classmethod
    def from_json(cls, given: Any, *, at: int = 1) -> Item:
        """Raises BadInput naming the item, by its place and code."""
        found = faults.of_item(given)
        if found:
            raise BadInput(f"{_named(given, at)}{faults.said(found)}", errors=tuple(found))
        told = dict(given)
        told["type"] = ItemType(told.get("type", ItemType.YES_NO_NA))
        told["severity"] = Severity(told.get("severity", Severity.GENERAL))
        told["good"] = tuple(told.get("good", ()))
        told["choices"] = tuple((value, says) for value, says in told.get("choices", ()))
        return cls(**told)


@dataclass(frozen=True)
class Sheet:
    """A whole checklist, in the order it is asked."""

    items: tuple[Item, ...]

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @cached_property
    def by_code(self) -> Mapping[str, Item]:
        return {item.code: item for item in self.items}

    @property
    def groups(self) -> list[tuple[str, list[Item]]]:
        """Items under their headings; neighbours of one heading stand together."""
        found: list[tuple[str, list[Item]]] = []
        for item in self.items:
            if not found or found[-1][0] != item.group:
                found.append((item.group, []))
            found[-1][1].append(item)
        return found

    @cached_property
    def digest(self) -> str:
        """The same for the same content, and for no other."""
        told = json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(told.encode()).hexdigest()

    @cached_property
    def photographed(self) -> Sheet:
        """The same, with a photo needed of every finding: where a finding becomes a hazard, it is evidence."""
        return Sheet(
            tuple(replace(item, photo_needed=item.photo_needed or item.seeks) for item in self.items)
        )

    def to_json(self) -> list[dict[str, Any]]:
        return [item.to_json() for item in self.items]

    @classmethod
    def from_json(cls, given: Any) -> Sheet:
        """Raises BadInput naming the first wrong item, with every fault of it."""
        if not isinstance(given, Sequence) or isinstance(given, str) or not given:
            raise BadInput("检查项应为列表，至少一项")
        if len(given) > faults.MOST_ITEMS:
            raise BadInput(f"最多 {faults.MOST_ITEMS} 个检查项")
        items = tuple(Item.from_json(one, at=at) for at, one in enumerate(given, 1))
        for at, item in enumerate(items, 1):
            earlier = {one.code for one in items[: at - 1]}
            if found := faults.in_order(item, earlier):
                raise BadInput(f"{_named(given[at - 1], at)}{faults.said(found)}", errors=tuple(found))
        return cls(items)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as given, of the right shape; `value` is None where only a note or photos were given."""

    value: str | int | float | tuple[str, ...] | None = None
    note: str = ""
    spot: str = ""
    photos: tuple[str, ...] = ()


def _plain(value: Any) -> Any:
    """Tuples as lists, and a Choice as its bare value: what JSON would give back."""
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, str) else value


def _named(given: Any, at: int) -> str:
    code = given.get("code") if isinstance(given, Mapping) else None
    known = isinstance(code, str) and re.fullmatch(r"[\w.-]{1,60}", code)
    return f"第 {at} 项({code})" if known else f"第 {at} 项"
