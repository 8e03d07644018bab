"""One item as one row of a table, in the words people write: the shape of our own XLSX.

`cells_of` tells an item, `item_of` reads one back. A cell may hold the Chinese word or the code; what
is left empty is as by default.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from fengqiao.kit.problems import FieldError
from fengqiao.kit.sheets import faults
from fengqiao.kit.sheets.shape import YES_NO_NA, Item, ItemType, Severity

YES_NO = {"是": True, "否": False, "yes": True, "no": False, "true": True, "false": False}
TYPE_WORDS = {
    **{one.says: one.value for one in ItemType},
    **{one.value: one.value for one in ItemType},
    "是否题": "yes_no_na",
    "yes_no": "yes_no_na",
    "integer": "number",
    "数字": "number",
    "decimal": "measure",
    "小数": "measure",
    "文本": "text",
    "string": "text",
    "image": "photo",
    "图片": "photo",
}
SEVERITY_WORDS = {**{one.says: one.value for one in Severity}, **{one.value: one.value for one in Severity}}
TEXTS = (
    "code",
    "says",
    "group",
    "unit",
    "relevant",
    "constraint",
    "constraint_says",
    "basis",
    "advice",
    "fact",
    "finding",
    "violation",
)
_SPAN = re.compile(r"(\d{1,3})\s*(个工作日|工作日|小时|日|天)(?:内)?")
_UNITS = {"个工作日": "wd", "工作日": "wd", "小时": "h", "日": "d", "天": "d"}
_AT_ONCE = ("立即", "当场", "立即整改")


def cells_of(item: Item) -> dict[str, str]:
    """The item as the cells of its row."""
    words = dict(item.options)
    own = words if item.type is ItemType.YES_NO_NA else {}
    return {
        **{name: getattr(item, name) for name in TEXTS},
        "type": item.type.says,
        "required": "是" if item.required else "否",
        "choices": ";".join(f"{value}={says}" for value, says in item.choices),
        "good": ";".join(own.get(one, one) for one in item.good),
        "severity": item.severity.says,
        "span": item.span,
        "photo_needed": "是" if item.photo_needed else "否",
    }


def item_of(cells: Mapping[str, str]) -> tuple[dict[str, Any], list[FieldError]]:
    """The item as JSON, and every fault of its row. The item is empty where there is one."""
    told: dict[str, Any] = {name: cells[name].strip() for name in TEXTS if cells.get(name, "").strip()}
    found: list[FieldError] = []
    for name, words in (("type", TYPE_WORDS), ("severity", SEVERITY_WORDS)):
        _word(told, found, cells, name, words)
    for name in ("required", "photo_needed"):
        _word(told, found, cells, name, YES_NO)
    if text := cells.get("choices", ""):
        told["choices"] = [_choice(part) for part in _parts(text)]
    if text := cells.get("good", ""):
        told["good"] = [_good(told, part) for part in _parts(text)]
    if text := cells.get("span", ""):
        told["span"] = _span(text)
    found += [] if found else faults.of_item(told)
    return ({} if found else told), found


def _word(
    told: dict[str, Any],
    found: list[FieldError],
    cells: Mapping[str, str],
    name: str,
    words: Mapping[str, Any],
) -> None:
    text = cells.get(name, "").strip()
    if not text:
        return
    if text.lower() in words:
        told[name] = words[text.lower()]
    else:
        offered = "、".join(word for word in words if not word.isascii())
        found.append(FieldError(name, f"“{text[:20]}”不在可选范围内：{offered}"))


def _parts(text: str) -> list[str]:
    return [part for part in (part.strip() for part in re.split("[;；\n]", text)) if part]


def _choice(part: str) -> list[str]:
    """`bottle=瓶装气`, or just 瓶装气, which is then its own value."""
    value, sign, says = part.partition("=")
    return [value.strip(), says.strip() if sign else value.strip()]


def _good(told: Mapping[str, Any], part: str) -> str:
    """The value a word means; a bound in the signs the keyboard has."""
    kind = told.get("type", ItemType.YES_NO_NA)
    pairs = YES_NO_NA if kind == ItemType.YES_NO_NA else told.get("choices", [])
    meant = {says: value for value, says in pairs}
    return str(meant.get(part, part.replace("≥", ">=").replace("≤", "<=")))


def _span(text: str) -> str:
    text = text.strip()
    if text in _AT_ONCE:
        return faults.AT_ONCE
    match = _SPAN.fullmatch(text)
    return f"{match[1]}{_UNITS[match[2]]}" if match else text
