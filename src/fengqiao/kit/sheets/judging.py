"""Judging answers: what is wrong with them, and which of them are findings. Never raises, whatever JSON came."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fengqiao.kit.expressions import parse
from fengqiao.kit.problems import FieldError
from fengqiao.kit.sheets.faults import BOUND
from fengqiao.kit.sheets.shape import CHOOSING, COUNTING, Answer, Item, ItemType, Sheet

LONGEST_TEXT = 1000
LONGEST_NOTE = 500
LONGEST_SPOT = 100
MOST_PHOTOS = 9
# Beyond this a number was mistyped, and some of what reads it could not hold it.
LARGEST = 10**9
_PARTS = {"value", "note", "spot", "photos"}
_BOUNDS: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer that is not good."""

    item: Item
    answer: Answer

    @property
    def says(self) -> str:
        """What is wrong, as a paper may say it: the item's own sentence; its words, where they name what must not be;
        with a choice or a number what was answered."""
        item = self.item
        if item.finding or item.good == ("no",):
            return item.finding or item.says
        if item.type is ItemType.YES_NO_NA:
            return f"不符合：{item.says}"
        return f"{item.says}：{self._answered}"

    @property
    def _answered(self) -> str:
        """The answers that are not good, in words; a number with its unit."""
        value, said = self.answer.value, dict(self.item.options)
        if self.item.type in COUNTING:
            return f"{value} {self.item.unit}".strip()
        chosen = value if isinstance(value, tuple) else (value,)
        return "、".join(said[str(one)] for one in chosen if one not in self.item.good)


def judge(sheet: Sheet, answers: Any) -> tuple[FieldError, ...]:
    """Everything wrong with the answers; `field` is the item's code, with `.photos` and the like after it."""
    if not isinstance(answers, Mapping):
        return (FieldError("", "应为一组检查项的答案"),)
    unknown = [code for code in answers if code not in sheet.by_code]
    found = [FieldError(str(code)[:60], "清单里没有这一项") for code in unknown]
    values: dict[str, Any] = {}
    for item in sheet:
        answer, faults = _read(item, answers.get(item.code))
        relevant = _relevant(item, values)
        if not relevant and item.code in answers:
            faults = [FieldError(item.code, "按前面的答案不用答这一项，请清空")]
        elif relevant and not faults:
            faults = list(_faults(item, answer, values))
        if relevant and answer.value is not None:
            values[item.code] = answer.value
        found += faults
    return tuple(found)


def findings(sheet: Sheet, answers: Any) -> tuple[Finding, ...]:
    """The answers that are hazards, in the order of the sheet; what `judge` refuses is none."""
    found = []
    for item, answer in _read_all(sheet, answers):
        if _is_finding(item, answer):
            found.append(Finding(item, answer))
    return tuple(found)


def answered(sheet: Sheet, answers: Any) -> tuple[tuple[Item, Answer], ...]:
    """Every item that was to be asked, with its answer: the record of a check."""
    return tuple(_read_all(sheet, answers))


def relevant_codes(sheet: Sheet, answers: Any) -> frozenset[str]:
    """The items that are to be asked, as far as the answers tell."""
    return frozenset(item.code for item, _answer in _read_all(sheet, answers))


def _read_all(sheet: Sheet, answers: Any) -> Iterator[tuple[Item, Answer]]:
    """Each relevant item with its answer; one that cannot be read counts as not given."""
    given, values = answers if isinstance(answers, Mapping) else {}, dict[str, Any]()
    for item in sheet:
        if not _relevant(item, values):
            continue
        answer, faults = _read(item, given.get(item.code))
        answer = Answer() if faults else answer
        if answer.value is not None:
            values[item.code] = answer.value
        yield item, answer


def _relevant(item: Item, values: Mapping[str, Any]) -> bool:
    return not item.relevant or parse(item.relevant).holds(values)


def _faults(item: Item, answer: Answer, values: Mapping[str, Any]) -> Iterator[FieldError]:
    """What is wrong with an answer that could be read."""
    given = bool(answer.photos) if item.type is ItemType.PHOTO else answer.value is not None
    if not given:
        if item.required or answer != Answer():
            where = f"{item.code}.photos" if item.type is ItemType.PHOTO else item.code
            yield FieldError(where, "须有照片" if item.type is ItemType.PHOTO else "必填")
        return
    if item.constraint and not parse(item.constraint).holds(
        {**values, item.code: answer.value}, answer.value
    ):
        yield FieldError(item.code, item.constraint_says or "不符合填写限制")
        return
    if item.photo_needed and not answer.photos and _is_finding(item, answer):
        yield FieldError(f"{item.code}.photos", "发现隐患须拍照")


def _is_finding(item: Item, answer: Answer) -> bool:
    value = answer.value
    if not item.good or value is None or value == "na":
        return False
    if item.type in COUNTING:
        return not all(_keeps(bound, value) for bound in item.good)
    chosen = value if isinstance(value, tuple) else (value,)
    return any(one not in item.good for one in chosen)


def _keeps(bound: str, value: Any) -> bool:
    match = BOUND.fullmatch(bound)
    return match is None or _BOUNDS[match[1]](value, float(match[2]))


def _read(item: Item, given: Any) -> tuple[Answer, list[FieldError]]:
    """The answer, or what is wrong with its shape. Nothing given is an empty answer."""
    if given is None:
        return Answer(), []
    if not isinstance(given, Mapping) or set(given) - _PARTS:
        return Answer(), [FieldError(item.code, "答案应只含 value、note、spot、photos")]
    value, says = _value(item, given.get("value"))
    faults = [FieldError(item.code, says)] if says else []
    for name, most in (("note", LONGEST_NOTE), ("spot", LONGEST_SPOT)):
        if fault := _text_fault(given.get(name), most):
            faults.append(FieldError(f"{item.code}.{name}", fault))
    photos = _photos(given.get("photos"))
    if photos is None:
        faults.append(FieldError(f"{item.code}.photos", f"照片应为编号，最多 {MOST_PHOTOS} 张"))
    if faults:
        return Answer(), faults
    return Answer(value, given.get("note") or "", given.get("spot") or "", photos or ()), []


def _value(item: Item, value: Any) -> tuple[Any, str]:
    """The value as the item's type wants it, or None with what is wrong."""
    if value is None or value == "" or value == []:
        return None, ""
    if item.type in COUNTING:
        return _counted(item, value)
    if item.type in CHOOSING:
        return _one_of(item, value)
    if item.type is ItemType.PHOTO:
        return None, "这一项只要照片"
    return (None, fault) if (fault := _text_fault(value, LONGEST_TEXT)) else (value, "")


def _counted(item: Item, value: Any) -> tuple[Any, str]:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None, "应为数字"
    if not -LARGEST <= value <= LARGEST:  # NaN keeps no bound either
        return None, "数字过大"
    if item.type is ItemType.NUMBER and value != int(value):
        return None, "应为整数"
    return (int(value) if item.type is ItemType.NUMBER else value), ""


def _one_of(item: Item, value: Any) -> tuple[Any, str]:
    offered = [one for one, _says in item.options]
    if item.type is ItemType.CHOICES:
        if not isinstance(value, list) or not all(isinstance(one, str) and one in offered for one in value):
            return None, "不在可选范围内"
        return tuple(dict.fromkeys(value)), ""
    return (value, "") if isinstance(value, str) and value in offered else (None, "不在可选范围内")


def _text_fault(value: Any, most: int) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or "\x00" in value or any("\ud800" <= c <= "\udfff" for c in value):
        return "应为文字"
    return f"不能超过 {most} 个字" if len(value) > most else ""


def _photos(given: Any) -> tuple[str, ...] | None:
    """Ids as text in one spelling; None for anything else."""
    if given is None:
        return ()
    if not isinstance(given, list) or len(given) > MOST_PHOTOS:
        return None
    try:
        return tuple(dict.fromkeys(str(UUID(one)) for one in given))
    except (ValueError, AttributeError, TypeError):
        return None
