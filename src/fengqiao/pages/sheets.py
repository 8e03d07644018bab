"""A checklist as part of a form: drawn item by item, posted, and read back as `kit.sheets` wants answers.

Without script every item is shown, with the condition it depends on; `web/js/sheets.js` hides what need
not be asked. Answers that are known already are shown with a way to change them, and are posted along.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from unicodedata import normalize

from django.http import QueryDict
from django.utils.translation import gettext as _

from fengqiao.kit.sheets import Item, ItemType, Severity, Sheet, parse, relevant_codes
from fengqiao.kit.sheets.shape import COUNTING

_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,6})?")


@dataclass(frozen=True, slots=True)
class ItemOption:
    id: str
    value: str
    says: str
    chosen: bool
    good: bool | None  # None where no answer is better than another


@dataclass(frozen=True)
class BoundItem:
    """One item with its answer. `errors` are by part: `""` the value, `photos`, `note`, `spot`.

    What the template reads more than once is worked out once: a door may have hundreds of items.
    """

    item: Item
    name: str
    answer: Mapping[str, Any]
    known: bool
    relevant: bool
    errors: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def id(self) -> str:
        return f"f-{self.name}"

    @property
    def says(self) -> str:
        return self.item.says

    @property
    def error(self) -> str:
        return "".join(list(self.errors.values())[:1])

    @property
    def focus_id(self) -> str:
        return self.options[0].id if self.options else f"{self.id}-value"

    @property
    def serious(self) -> bool:
        return self.item.severity is Severity.SERIOUS and self.item.seeks

    @cached_property
    def values(self) -> list[str]:
        value = self.answer.get("value")
        many = value if isinstance(value, (list, tuple)) else [value]
        return [str(one) for one in many if one not in (None, "")]

    @property
    def value(self) -> str:
        return "".join(self.values[:1])

    @cached_property
    def options(self) -> list[ItemOption]:
        good = self.item.good
        return [
            ItemOption(
                f"{self.id}-{value}",
                value,
                _(says) if self.item.type is ItemType.YES_NO_NA else says,
                value in self.values,
                (value in good or value == "na") if good else None,
            )
            for value, says in self.item.options
        ]

    @property
    def many(self) -> bool:
        return self.item.type is ItemType.CHOICES

    @property
    def counts(self) -> bool:
        return self.item.type in COUNTING

    @property
    def is_photo(self) -> bool:
        return self.item.type is ItemType.PHOTO

    @property
    def inputmode(self) -> str:
        return {ItemType.NUMBER: "numeric", ItemType.MEASURE: "decimal"}.get(self.item.type, "")

    @property
    def note(self) -> str:
        return str(self.answer.get("note") or "")

    @property
    def spot(self) -> str:
        return str(self.answer.get("spot") or "")

    @cached_property
    def photos(self) -> list[str]:
        return [str(one) for one in self.answer.get("photos") or ()]

    @property
    def answered(self) -> bool:
        return bool(self.photos if self.is_photo else self.values)

    @property
    def more_open(self) -> bool:
        """Whether what belongs to a finding lies open: it was given, or it is asked for."""
        return bool(self.note or self.spot or self.photos or any(part for part in self.errors))

    @property
    def told(self) -> str:
        """The answer in words."""
        words = {option.value: option.says for option in self.options}
        said = "、".join(words.get(value, value) for value in self.values)
        return f"{said} {self.item.unit}".strip()

    @cached_property
    def tree(self) -> str:
        """The condition as the script reads it."""
        return json.dumps(parse(self.item.relevant).tree, ensure_ascii=False) if self.item.relevant else ""

    @property
    def fine(self) -> str:
        """What "the rest is fine" answers; empty where nobody can say."""
        return self.item.good[0] if self.item.type is ItemType.YES_NO_NA and self.item.good else ""


@dataclass(frozen=True, slots=True)
class Group:
    says: str
    items: list[BoundItem]


class BoundSheet:
    """The checklist of one rendering: what was posted, else what is known."""

    def __init__(
        self,
        sheet: Sheet,
        *,
        name: str,
        posted: QueryDict | None,
        known: Mapping[str, Any],
        errors: Mapping[str, str],
    ) -> None:
        self.sheet = sheet
        answers = given_answers(sheet, name, posted) if posted is not None else known
        asked = relevant_codes(sheet, answers)
        self.items = [
            BoundItem(
                item,
                f"{name}.{item.code}",
                answers.get(item.code) or {},
                known=posted is None and bool(known.get(item.code)),
                relevant=item.code in asked,
                errors=_of(item.code, errors),
            )
            for item in sheet
        ]

    @property
    def groups(self) -> list[Group]:
        by_code = {one.item.code: one for one in self.items}
        return [Group(says, [by_code[item.code] for item in items]) for says, items in self.sheet.groups]

    @property
    def wrong(self) -> list[BoundItem]:
        return [one for one in self.items if one.errors]

    @property
    def total(self) -> int:
        return sum(one.relevant and one.item.required for one in self.items)

    @property
    def answered(self) -> int:
        return sum(one.relevant and one.item.required and one.answered for one in self.items)


def given_answers(sheet: Sheet, name: str, data: QueryDict) -> dict[str, Any]:
    """The posted answers, converted and not judged; an item nothing was said of is left out."""
    found = {item.code: _given(item, f"{name}.{item.code}", data) for item in sheet}
    return {code: answer for code, answer in found.items() if answer}


def _given(item: Item, name: str, data: QueryDict) -> dict[str, Any]:
    def texts(part: str) -> list[str]:
        return [text for text in map(str.strip, data.getlist(f"{name}.{part}")) if text]

    answer: dict[str, Any] = {"value": _value(item, texts("value"))}
    answer |= {part: "".join(texts(part)[-1:]) for part in ("note", "spot")}
    answer["photos"] = texts("photos")
    return {part: value for part, value in answer.items() if value not in (None, "", [])}


def _value(item: Item, texts: list[str]) -> Any:
    if item.type is ItemType.CHOICES:
        return texts
    if not texts:
        return None
    return _number(texts[-1]) if item.type in COUNTING else texts[-1]


def _number(text: str) -> int | float | str:
    """A number typed in any width; what is none stays text, for `judge` to refuse."""
    plain = normalize("NFKC", text).replace(",", "")
    if not _NUMBER.fullmatch(plain):
        return text
    return float(plain) if "." in plain else int(plain)


def _of(code: str, errors: Mapping[str, str]) -> dict[str, str]:
    """The errors of one item, by part."""
    found = {path[len(code) + 1 :]: says for path, says in errors.items() if path.startswith(f"{code}.")}
    return ({"": errors[code]} if code in errors else {}) | found
