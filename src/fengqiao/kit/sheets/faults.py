"""What can be wrong with one item of a checklist, said in words; used by whatever reads one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from fengqiao.kit.calendar import parse_span
from fengqiao.kit.expressions import ExpressionError, parse
from fengqiao.kit.problems import FieldError

MOST_ITEMS = 500
AT_ONCE = "0d"
CODE = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,59}")
# As the lists of violations write theirs.
VIOLATION = re.compile(r"(?:[a-z0-9_.\-]{2,60})?")
# A choice's value stands in selected() lists, where a space would part it.
VALUE = re.compile(r"[^\s'\"=;；]{1,60}")
BOUND = re.compile(r"(>=|<=|!=|=|>|<)\s*(-?\d{1,9}(?:\.\d{1,6})?)", re.ASCII)
TYPES = ("yes_no_na", "choice", "choices", "number", "measure", "text", "photo")
SEVERITIES = ("minor", "general", "serious")
# The words of each column, as the tables of a checklist head them.
WORDS = {
    "code": "代码",
    "says": "检查内容",
    "type": "题型",
    "group": "分组",
    "required": "必答",
    "unit": "单位",
    "choices": "选项",
    "good": "合格答案",
    "relevant": "显示条件",
    "constraint": "填写限制",
    "constraint_says": "限制提示",
    "severity": "程度",
    "basis": "依据",
    "span": "整改期限",
    "photo_needed": "隐患须拍照",
    "advice": "整改建议",
    "fact": "写入登记簿",
    "finding": "问题写作",
    "violation": "违法行为代码",
}
LENGTHS = {
    "says": 300,
    "group": 60,
    "unit": 20,
    "relevant": 500,
    "constraint": 500,
    "constraint_says": 200,
    "basis": 200,
    "span": 12,
    "advice": 500,
    "finding": 200,
    "violation": 60,
}
_KNOWN = frozenset(WORDS)
# The columns of the premises register an item may answer.
FACTS = ("", "e_bikes", "separated")


def said(found: list[FieldError]) -> str:
    """The first fault, after the words of its field."""
    return f"{WORDS.get(found[0].field, '')}：{found[0].says}"


def of_item(given: Any) -> list[FieldError]:
    """Every fault of one item as JSON; empty when it can be read."""
    if not isinstance(given, Mapping):
        return [FieldError("", "应为一组字段")]
    plain = [*_names(given), *_texts(given), *_flags(given)]
    return plain or [*_choices(given), *_good(given), *_expressions(given), *_span(given)]


def in_order(item: Any, earlier: Collection[str]) -> list[FieldError]:
    """What an item must not be beside those before it."""
    found = []
    if item.code in earlier:
        found.append(FieldError("code", f"“{item.code}”重复"))
    for name in ("relevant", "constraint"):
        text = getattr(item, name)
        known = {*earlier, item.code} if name == "constraint" else earlier
        missing = sorted(parse(text).codes - set(known)) if text else []
        if missing:
            found.append(FieldError(name, f"只能引用前面的检查项，没有“{missing[0]}”"))
    return found


def _names(given: Mapping[str, Any]) -> Iterator[FieldError]:
    for name in given:
        if name not in _KNOWN:
            yield FieldError(str(name)[:40], f"没有“{str(name)[:40]}”这一栏")
    code = given.get("code")
    if not isinstance(code, str) or not CODE.fullmatch(code):
        yield FieldError("code", "须以英文字母开头，只含英文字母、数字、_ . -,最多 60 个字符")
    if not isinstance(given.get("says"), str) or not given["says"].strip():
        yield FieldError("says", "必填")
    if given.get("type", TYPES[0]) not in TYPES:
        yield FieldError("type", f"“{str(given['type'])[:20]}”不在可选范围内")
    if given.get("fact", "") not in FACTS:
        yield FieldError("fact", f"登记簿里没有“{str(given['fact'])[:20]}”这一项")
    if given.get("severity", "general") not in SEVERITIES:
        yield FieldError("severity", f"“{str(given['severity'])[:20]}”不在可选范围内")


def _texts(given: Mapping[str, Any]) -> Iterator[FieldError]:
    for name, most in LENGTHS.items():
        value = given.get(name, "")
        if not isinstance(value, str) or "\x00" in value or any("\ud800" <= c <= "\udfff" for c in value):
            yield FieldError(name, "应为文字")
        elif len(value) > most:
            yield FieldError(name, f"不能超过 {most} 个字")
        elif name == "violation" and not VIOLATION.fullmatch(value):
            yield FieldError(name, "用 2 至 60 个小写字母、数字、_ . -")


def _flags(given: Mapping[str, Any]) -> Iterator[FieldError]:
    for name in ("required", "photo_needed"):
        if not isinstance(given.get(name, False), bool):
            yield FieldError(name, "应为是或否")


def _choices(given: Mapping[str, Any]) -> Iterator[FieldError]:
    choices, chooses = given.get("choices", []), given.get("type") in ("choice", "choices")
    if not isinstance(choices, (list, tuple)) or not all(map(_is_choice, choices)):
        yield FieldError("choices", "每个须有值(不含空格、引号、等号、分号)和文字(不含分号)")
        return
    values = [value for value, _says in choices]
    if len(set(values)) < len(values):
        yield FieldError("choices", "值重复")
    if chooses and len(values) < 2:
        yield FieldError("choices", "单选、多选至少要有两个选项")
    if not chooses and values:
        yield FieldError("choices", "只有单选、多选才有选项")


def _is_choice(pair: Any) -> bool:
    if not isinstance(pair, (list, tuple)) or len(pair) != 2 or not all(isinstance(p, str) for p in pair):
        return False
    value, says = pair
    return bool(VALUE.fullmatch(value)) and 0 < len(says.strip()) <= 100 and not set(says) & set(";；\n")


def _good(given: Mapping[str, Any]) -> Iterator[FieldError]:
    good, kind = given.get("good", []), given.get("type", TYPES[0])
    if not isinstance(good, (list, tuple)) or not all(isinstance(one, str) for one in good):
        yield FieldError("good", "应为列表")
    elif kind in ("text", "photo") and good:
        yield FieldError("good", "文字和照片没有合格答案")
    elif kind in ("number", "measure"):
        wrong = [one for one in good if not BOUND.fullmatch(one)]
        if wrong:
            yield FieldError("good", f"范围写作 >=2 这样，不认识“{wrong[0][:20]}”")
    else:
        offered = (
            ("yes", "no") if kind == "yes_no_na" else [_value(pair) for pair in given.get("choices", [])]
        )
        wrong = [one for one in good if one not in offered]
        if wrong:
            yield FieldError("good", f"“{wrong[0][:20]}”不在选项内")


def _value(pair: Any) -> Any:
    return pair[0] if isinstance(pair, (list, tuple)) and pair else None


def _expressions(given: Mapping[str, Any]) -> Iterator[FieldError]:
    for name in ("relevant", "constraint"):
        try:
            if given.get(name, "").strip():
                parse(given[name])
            elif given.get(name):
                yield FieldError(name, "只有空格")
        except ExpressionError as error:
            yield FieldError(name, str(error))


def _span(given: Mapping[str, Any]) -> Iterator[FieldError]:
    # At once is no span of time: the calendar knows none of length nought.
    if (text := given.get("span", "")) and text != AT_ONCE:
        try:
            parse_span(text)
        except ValueError:
            yield FieldError("span", f"写作 0d、3d、15d、3wd 这样，不认识“{text}”")
