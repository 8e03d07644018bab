"""Somebody else's columns made ours: for each of our columns a text in which `{header}` stands for their cell.

`{ViolationID}` takes a column, `其他` is the same in every row, `{HouseNumber} {StreetName}` joins two.
After that their words become ours where `values` says so, and days are read in the form they were written in.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ConfigDict, field_validator

from fengqiao.ground.importing.reading import checked, header_key
from fengqiao.ground.importing.shape import Column, Context, Given, Importer
from fengqiao.kit.days_as_written import DayForm, as_iso
from fengqiao.kit.inputs import Input, asks, validate
from fengqiao.kit.problems import BadInput
from fengqiao.kit.tables import Table
from fengqiao.kit.text import normalise

TAKES = re.compile(r"\{([^{}]+)\}")
MOST_VALUES = 40


class ColumnMap(Input):
    """One mapping as it is saved, sent and read from a file."""

    model_config = ConfigDict(str_max_length=500)

    what: str = asks("内容", max_length=40)
    name: str = asks("名称", default="", max_length=60)
    columns: dict[str, str] = asks("各列")
    dates: DayForm = asks("日期格式", default=DayForm.AUTO)
    values: dict[str, dict[str, str]] = asks("值的换算", default={})

    @field_validator("columns")
    @classmethod
    def _filled(cls, given: dict[str, str]) -> dict[str, str]:
        return {name: text.strip() for name, text in given.items() if text.strip()}


def read_mapping(given: Any, page: Importer) -> ColumnMap:
    """From JSON or a saved row. Raises BadInput naming what is no mapping of this importer."""
    found = validate(ColumnMap, given)
    if found.what != page.what:
        raise BadInput(f"这份对应关系是“{found.what}”的，不是“{page.what}”的")
    for name in [*found.columns, *found.values]:
        if name not in page.headers:
            raise BadInput(f"对应关系里没有认识的列“{name[:40]}”；可用：{'、'.join(page.headers)}")
    return found


def read_mapping_file(data: bytes, page: Importer) -> ColumnMap:
    try:
        return read_mapping(json.loads(data.decode("utf-8-sig")), page)
    except (ValueError, RecursionError):
        raise BadInput("对应关系文件不是 JSON") from None


def fingerprint(headers: Iterable[str]) -> str:
    """Of the headers as a set: the order of columns means nothing."""
    keys = sorted({header_key(header) for header in headers})
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()


def mapped(table: Table, mapping: ColumnMap, page: Importer, context: Context) -> list[Given]:
    """Every row as the importer would have it. Raises BadInput for headers the file does not have."""
    _refuse_unfit(table, mapping, page.columns)
    return list(mapped_rows(table, mapping, page, context, most=len(table.rows)))


def mapped_rows(
    table: Table, mapping: ColumnMap, page: Importer, context: Context, *, most: int
) -> Iterator[Given]:
    """The first rows, whether or not the mapping is whole yet: for looking."""
    readers = {column.name: _reader(column, mapping, table) for column in page.columns}
    rows = table.rows[:most]
    cells = [
        (row.number, {name: reader(row.cells) for name, reader in readers.items() if reader}) for row in rows
    ]
    found = checked(cells, page.columns, context)
    for given in found:
        _read_days(given, mapping, page.columns)
    return iter(found)


def values_found(table: Table, mapping: ColumnMap, column: Column) -> list[tuple[str, int]]:
    """What a mapped column holds before any translation, the most frequent first."""
    text = mapping.columns.get(column.name, "")
    if not TAKES.search(text):
        return []
    reader = _taken(text, table)
    counted = Counter(normalise(reader(row.cells)) for row in table.rows)
    counted.pop("", None)
    return counted.most_common()


def _refuse_unfit(table: Table, mapping: ColumnMap, columns: Sequence[Column]) -> None:
    wanted = {header for text in mapping.columns.values() for header in TAKES.findall(text)}
    absent = sorted(wanted - set(table.headers))
    if absent:
        raise BadInput(f"文件里没有对应关系用到的列：{'、'.join(absent)[:300]}")
    missing = [column.header for column in columns if column.required and column.name not in mapping.columns]
    if missing:
        raise BadInput(f"必填的列还没有对应：{'、'.join(missing)}；请选一列或填固定值")


Reader = Callable[[Mapping[str, str]], str]


def _reader(column: Column, mapping: ColumnMap, table: Table) -> Reader | None:
    text = mapping.columns.get(column.name, "")
    if not text:
        return None
    taken, ours = _taken(text, table), mapping.values.get(column.name)
    if not ours:
        return taken
    theirs = {normalise(their): our for their, our in ours.items() if our}

    def translated(cells: Mapping[str, str]) -> str:
        raw = taken(cells)
        return theirs.get(normalise(raw), raw)

    return translated


def _taken(text: str, table: Table) -> Reader:
    """A whole cell stays what it is, so that a number the spreadsheet has rounded is still known as such."""
    headers = set(table.headers)
    whole = TAKES.fullmatch(text)
    if whole:
        return lambda cells: cells.get(whole[1], "")
    if not TAKES.search(text):
        return lambda cells: text

    def joined(cells: Mapping[str, str]) -> str:
        parts = [cells.get(header, "") for header in TAKES.findall(text)]
        filled = TAKES.sub(lambda found: cells.get(found[1], "") if found[1] in headers else "", text)
        return filled.strip(" ,、-") if any(parts) else ""

    return joined


def _read_days(given: Given, mapping: ColumnMap, columns: Sequence[Column]) -> None:
    for column in columns:
        text = given.text(column.name)
        if not column.day or not text:
            continue
        day = as_iso(text, mapping.dates)
        if day is None:
            given.fault(column.name, f"“{text[:20]}”不是“{mapping.dates.says}”的日期，请改选日期格式")
        else:
            given.cells[column.name] = day
