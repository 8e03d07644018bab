"""The part of XLSForm's expressions that stations use, read by a small descent and nothing else.

`${code}` is an answer, `.` the answer itself; numbers, 'strings', = != < <= > >=, and, or, not(…),
selected(…, '…') and parentheses. Whatever else is refused with its place, so that no checklist means
something other than what it says. Nothing here can raise once an expression was read.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

LONGEST = 500
DEEPEST = 30

_TOKEN = re.compile(
    r"(?P<code>\$\{[A-Za-z_][\w.-]*\})|(?P<number>-?\d+(?:\.\d+)?)|(?P<own>\.)"
    r"|(?P<string>'[^']*'|\"[^\"]*\")|(?P<sign>!=|<=|>=|[=<>(),])|(?P<word>[A-Za-z][\w-]*)",
    re.ASCII,
)
_NUMBER = re.compile(r"\s*-?\d{1,15}(?:\.\d+)?\s*", re.ASCII)
_COMPARES: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class ExpressionError(ValueError):
    """What cannot be read, and at which character."""


# ["or", tree, tree] and so on, down to ["code", "x"], ["own"] and ["value", 2]: JSON, so that a phone
# reads the same tree and needs no reader of its own.
Tree = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Expression:
    """One expression that was read; `codes` are the answers it looks at."""

    text: str
    codes: frozenset[str]
    tree: Tree

    def holds(self, values: Mapping[str, Any], own: Any = "") -> bool:
        return _truth(_found(self.tree, values, own))


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """Raises ExpressionError."""
    if len(text) > LONGEST:
        raise ExpressionError(f"条件超过 {LONGEST} 个字符")
    reader = _Reader(text)
    tree = reader.either(0)
    reader.end()
    return Expression(text, frozenset(reader.codes), tree)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


class _Reader:
    """One method a rule, weakest binding first; each gives a tree."""

    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.next = 0
        self.codes: set[str] = set()

    def either(self, depth: int) -> Tree:
        return self._joined("or", self._both, depth)

    def _both(self, depth: int) -> Tree:
        return self._joined("and", self._compared, depth)

    def _joined(self, word: str, part: Callable[[int], Tree], depth: int) -> Tree:
        parts = [part(depth)]
        while self._takes("word", word):
            parts.append(part(depth))
        return parts[0] if len(parts) == 1 else (word, *parts)

    def _compared(self, depth: int) -> Tree:
        left = self._value(depth)
        token = self.tokens[self.next]
        if token.kind != "sign" or token.text not in (*_COMPARES, "=", "!="):
            return left
        self.next += 1
        return (token.text, left, self._value(depth))

    def _value(self, depth: int) -> Tree:
        token = self.tokens[self.next]
        if depth > DEEPEST:
            raise ExpressionError(f"第 {token.at} 个字符处：括号套得太深")
        self.next += 1
        if token.kind == "word":
            return self._called(token, depth)
        if token.text == "(":
            inner = self.either(depth + 1)
            self._wants(")")
            return inner
        return self._plain(token)

    def _plain(self, token: _Token) -> Tree:
        if token.kind == "code":
            self.codes.add(token.text[2:-1])
            return ("code", token.text[2:-1])
        if token.kind == "own":
            return ("own",)
        if token.kind == "number":
            return ("value", float(token.text))
        if token.kind == "string":
            return ("value", token.text[1:-1])
        raise _unexpected(token)

    def _called(self, token: _Token, depth: int) -> Tree:
        if token.text not in ("not", "selected"):
            raise ExpressionError(
                f"第 {token.at} 个字符处：不认识“{token.text}”，只能用 and、or、not()、selected()"
            )
        self._wants("(")
        parts = [self.either(depth + 1)]
        if token.text == "selected":
            self._wants(",")
            parts.append(self.either(depth + 1))
        self._wants(")")
        return (token.text, *parts)

    def _takes(self, kind: str, text: str) -> bool:
        token = self.tokens[self.next]
        if (token.kind, token.text) != (kind, text):
            return False
        self.next += 1
        return True

    def _wants(self, sign: str) -> None:
        if not self._takes("sign", sign):
            token = self.tokens[self.next]
            raise ExpressionError(f"第 {token.at} 个字符处：这里应是“{sign}”")

    def end(self) -> None:
        if self.tokens[self.next].kind != "end":
            raise _unexpected(self.tokens[self.next])


def _tokens(text: str) -> list[_Token]:
    found, at = [], 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise ExpressionError(f"第 {at + 1} 个字符处：不认识“{text[at]}”")
        found.append(_Token(match.lastgroup, match.group(), at + 1))
        at = match.end()
    return [*found, _Token("end", "", len(text) + 1)]


def _unexpected(token: _Token) -> ExpressionError:
    if token.kind == "end":
        return ExpressionError(f"第 {token.at} 个字符处：条件没有写完")
    return ExpressionError(f"第 {token.at} 个字符处：这里不应是“{token.text}”")


def _found(tree: Tree, values: Mapping[str, Any], own: Any) -> Any:
    """The value of a tree; its depth is bounded, so this ends."""
    sign, *parts = tree
    if sign in ("value", "own", "code"):
        return own if sign == "own" else parts[0] if sign == "value" else values.get(parts[0], "")
    inner = [_found(part, values, own) for part in parts]
    if sign in ("or", "and", "not"):
        truths = list(map(_truth, inner))
        return any(truths) if sign == "or" else all(truths) if sign == "and" else not truths[0]
    if sign == "selected":
        return _words(inner[1]) in _chosen(inner[0])
    return _compare(sign, *inner)


def _truth(value: Any) -> bool:
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    return bool(value)


def _number(value: Any) -> float:
    """NaN for what is no number; it compares with nothing."""
    if isinstance(value, bool):
        return float(value)
    text = _words(value)
    return float(text) if _NUMBER.fullmatch(text) else math.nan


def _words(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, (list, tuple)):
        return " ".join(map(str, value))
    try:
        return str(value)
    except ValueError:  # an integer of thousands of digits
        return ""


def _chosen(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, (list, tuple)) else _words(value).split()


def _compare(sign: str, left: Any, right: Any) -> bool:
    """Equality is between numbers where either side is one, else between words; order only between numbers."""
    if sign in _COMPARES:
        return _COMPARES[sign](_number(left), _number(right))
    numeric = any(isinstance(side, (int, float)) for side in (left, right))
    same = _number(left) == _number(right) if numeric else _words(left) == _words(right)
    return same if sign == "=" else not same
