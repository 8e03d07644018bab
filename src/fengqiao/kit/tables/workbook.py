"""One sheet of an XLSX: the first visible one that holds anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from fengqiao.kit.tables.archive import MAX_GRID, NOT_A_TABLE, check_archive
from fengqiao.kit.tables.shape import RawRow, Rounded, Table, TableError, build, header_at

# A spreadsheet keeps 15 digits of a number; from here on the last ones are zeros of its own making.
_ROUNDED_FROM = 10**15

Merge = tuple[tuple[int, int], tuple[int, int]]


def read_workbook(data: bytes, *, max_rows: int) -> Table:
    """Raises TableError."""
    check_archive(data)
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 slow import

    try:
        with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
            sheet = _first_filled(book)
            rows = [(number, [words(value) for value in cells]) for number, cells in _rows(sheet)]
            merges, left = sheet.merged_cell_ranges or [], sheet.start[1]
    except CalamineError:
        raise TableError("not_a_table", NOT_A_TABLE) from None
    start = header_at(rows)
    _spread(rows, merges, left=left, below=rows[start][0])
    return build(rows, start=start, max_rows=max_rows)


def _first_filled(book: Any) -> Any:
    names = [
        meta.name
        for meta in book.sheets_metadata
        if str(meta.visible).endswith(".Visible") and str(meta.typ).endswith(".WorkSheet")
    ]
    for name in names:
        sheet = book.get_sheet_by_name(name)
        if sheet.start is not None:
            return sheet
    raise TableError("empty", "表格是空的")


def _rows(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    """Rows by their number in Excel; the reader starts at row 1, but at the first filled column."""
    return enumerate(sheet.iter_rows(), 1)


def words(value: Any) -> str:
    """A cell as the user reads it: whole numbers without a point, days and times in ISO form."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        # Times are fractions of a day, so 10:02 may arrive as 10:01:59.999.
        near = value + timedelta(milliseconds=500)
        return near.replace(microsecond=0).isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _number(value: float) -> str:
    text = f"{Decimal(format(value, '.15g')):f}"
    return Rounded(text) if abs(value) >= _ROUNDED_FROM else text


def _spread(rows: list[RawRow], merges: list[Merge], *, left: int, below: int) -> None:
    """Give every cell of a merge its first cell's value, in the rows below the header's number."""
    room = MAX_GRID
    for (top, first), (bottom, last) in merges:
        if top < below:
            continue
        width = len(rows[0][1])
        last, bottom = min(last - left, width - 1), min(bottom, len(rows) - 1)
        room -= max(0, bottom - top + 1) * max(0, last - first + left + 1)
        if room < 0:
            raise TableError("bomb", "合并单元格过多，请取消合并后再导入")
        if top < len(rows) and 0 <= first - left < width:
            _fill(rows[top : bottom + 1], slice(first - left, last + 1))


def _fill(rows: list[RawRow], columns: slice) -> None:
    value = rows[0][1][columns.start]
    for _, cells in rows:
        cells[columns] = [value] * (columns.stop - columns.start)
