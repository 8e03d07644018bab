"""A first mapping from words that look alike, for somebody to put right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from fengqiao.ground.importing.mapping import ColumnMap, values_found
from fengqiao.ground.importing.reading import header_key, header_words
from fengqiao.ground.importing.shape import Column, Context, Importer
from fengqiao.kit.days_as_written import guess_form
from fengqiao.kit.tables import Table

LIKE = 0.72
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[\s_\-/.]+")


def guess(table: Table, page: Importer, context: Context) -> ColumnMap:
    """The best pairs first, each header and each column once; the form of days from what the cells hold."""
    columns = {name: f"{{{header}}}" for name, header in _pairs(table.headers, page.columns)}
    first = ColumnMap(what=page.what, columns=columns)
    days = [column for column in page.columns if column.day and column.name in columns]
    texts = [text for column in days for text, _count in values_found(table, first, column)]
    values = {
        column.name: found
        for column in page.columns
        if column.name in columns and (found := _values(table, first, column, context))
    }
    return ColumnMap(what=page.what, columns=columns, dates=guess_form(texts), values=values)


def _pairs(headers: Sequence[str], columns: Sequence[Column]) -> list[tuple[str, str]]:
    scored = sorted(
        ((likeness(header, column), column.name, header) for header in headers for column in columns),
        key=lambda one: -one[0],
    )
    taken: dict[str, str] = {}
    for score, name, header in scored:
        if score >= LIKE and name not in taken and header not in taken.values():
            taken[name] = header
    return list(taken.items())


def likeness(header: str, column: Column) -> float:
    """1 for the same word; else how much of the letters and of the words two names share."""
    return max(_alike(header, word) for word in header_words(column))


def _alike(one: str, other: str) -> float:
    a, b = header_key(one), header_key(other)
    if a == b:
        return 1.0
    if not a.isascii() and min(len(a), len(b)) >= 2 and (a.endswith(b) or b.endswith(a)):
        # 单位名称 is a 名称, as what a Chinese word is stands at its end.
        return 0.75 + 0.1 * min(len(a), len(b)) / max(len(a), len(b))
    words_a, words_b = _words(one), _words(other)
    shared = len(words_a & words_b) / max(len(words_a | words_b), 1)
    return max(SequenceMatcher(None, a, b).ratio() * 0.9, shared * 0.95)


def _words(text: str) -> set[str]:
    return {part.lower() for part in _CAMEL.split(text) if part}


def _values(table: Table, mapping: ColumnMap, column: Column, context: Context) -> dict[str, str]:
    """Their words that are nearly one of ours."""
    offered = list(column.offered(context)) if column.strict else []
    found: dict[str, str] = {}
    for their, _count in values_found(table, mapping, column) if offered else []:
        best = max(offered, key=lambda our: SequenceMatcher(None, their, our).ratio())
        if their not in offered and SequenceMatcher(None, their, best).ratio() >= 0.6:
            found[their] = best
    return found
