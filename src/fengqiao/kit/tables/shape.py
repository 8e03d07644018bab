"""What a table is once read, and the rules every format shares: headers, empty rows, ceilings."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice

from fengqiao.kit.problems import FieldError, Problem
from fengqiao.kit.text import clean, normalise

MAX_COLUMNS = 500
# How many title lines may stand above the headers.
_TITLES = 10
NO_HEADER = "没有找到表头，请在第一行写上各列的名称"

RawRow = tuple[int, list[str]]


class TableError(Problem):
    """The file cannot be read as a table; `reason` is a stable word, the detail what to do about it."""

    code, status, says = "bad_table", 422, "表格无法读取"

    def __init__(self, reason: str = "", detail: str = "", *, errors: tuple[FieldError, ...] = ()) -> None:
        super().__init__(detail, errors=errors, reason=reason)
        self.reason = reason


class Rounded(str):
    """A long number the spreadsheet has rounded: its last digits are lost, so an importer refuses it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Row:
    """`number` is the row as the spreadsheet shows it; `cells` has every header, empty text where blank."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    headers: list[str]
    rows: list[Row]


def letter(column: int) -> str:
    """0 to `A`, 26 to `AA`."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def header_at(rows: list[RawRow]) -> int:
    """Index of the header row: the first with two filled cells, as titles above it fill only one."""
    filled = ((index, sum(map(bool, cells))) for index, (_, cells) in enumerate(rows) if any(cells))
    top = list(islice(filled, _TITLES))
    if not top:
        raise TableError("empty", "表格是空的")
    first = top[0][0]
    start = next((index for index, count in top if count > 1), first)
    if start != first and any(cell.strip().isdigit() for cell in rows[start][1]):
        # Figures are data: what stood above was a header with holes, not a title.
        raise TableError("no_header", NO_HEADER)
    return start


def build(rows: list[RawRow], *, start: int, max_rows: int) -> Table:
    """The table whose headers stand in `rows[start]`. Raises TableError."""
    headers = _headers(rows[start][1])
    body = [row for row in rows[start + 1 :] if any(row[1])]
    if len(body) > max_rows:
        raise TableError("too_many_rows", f"表格有 {len(body)} 行，最多 {max_rows} 行，请分成几份")
    named = [index for index, header in enumerate(headers) if header]
    found = []
    for number, cells in body:
        _refuse_unnamed(headers, number, cells)
        values = {headers[i]: _cleaned(cells[i]) if i < len(cells) else "" for i in named}
        if any(values.values()):
            found.append(Row(number, values))
    return Table([headers[i] for i in named], found)


def _headers(cells: list[str]) -> list[str]:
    headers = [normalise(cell) for cell in cells]
    if len(headers) > MAX_COLUMNS:
        raise TableError("too_many_columns", f"表格有 {len(headers)} 列，最多 {MAX_COLUMNS} 列")
    named = [header for header in headers if header]
    if not named or all(header.replace(".", "").replace("-", "").isdigit() for header in named):
        raise TableError("no_header", NO_HEADER)
    twice = [header for header, count in Counter(named).items() if count > 1]
    if twice:
        raise TableError("duplicate_header", f"表头重复：{'、'.join(twice)}")
    return headers


def _refuse_unnamed(headers: list[str], number: int, cells: list[str]) -> None:
    for index, cell in enumerate(cells):
        if cell and (index >= len(headers) or not headers[index]):
            where = f"第 {number} 行第 {letter(index)} 列"
            raise TableError("no_header", f"{where}有内容，但这一列没有表头；请检查表头、分隔符或引号")


def _cleaned(cell: str) -> str:
    return cell if isinstance(cell, Rounded) else clean(cell)
