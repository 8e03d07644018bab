"""Tables for people: XLSX of text cells only and CSV, neither of which can carry a live formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO, StringIO
from itertools import zip_longest
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from fengqiao.kit.days import BEIJING
from fengqiao.kit.tables.delimited import FORMULA_STARTS
from fengqiao.kit.text import clean

if TYPE_CHECKING:
    from openpyxl import Workbook

_CHOICES_SHEET = "选项"
# Lists reach this far below the header, so that a template can be filled in.
_LISTS_TO_ROW = 5000
_MEASURED = 200
# "_x0041_" in a sheet means "A"; text that happens to look so must say it means itself.
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True, slots=True)
class Sheet:
    """`choices` gives a column (by header) the values its drop-down list offers."""

    name: str
    headers: Sequence[str]
    rows: Iterable[Sequence[object]] = ()
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)


def write_xlsx(
    sheets: Mapping[str, Sequence[Sequence[object]]] | Iterable[Sheet],
    *,
    notes: Mapping[str, Sequence[str]] | None = None,
) -> bytes:
    """A workbook of `Sheet`s, or of `{name: [headers, *rows]}`; `notes` adds sheets of plain lines."""
    from openpyxl import Workbook  # noqa: PLC0415 slow import

    book = Workbook(write_only=True)
    listed: list[Sequence[str]] = []
    for sheet in _as_sheets(sheets):
        _write_sheet(book, sheet, listed)
    for name, lines in (notes or {}).items():
        _write_note(book, name, lines)
    if listed:
        _write_choices(book, listed)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def write_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with the mark Excel needs; a cell that could start a formula gets a ' in front."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows([_guarded(cell_text(value)) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def cell_text(value: object) -> str:
    """A value as text: times to the minute in Beijing, yes and no in Chinese, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return (value.astimezone(BEIJING) if value.tzinfo else value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return clean(str(value))


def _starts_formula(text: str) -> bool:
    return text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS)


def _guarded(text: str) -> str:
    return f"'{text}" if _starts_formula(text) else text


def _as_sheets(sheets: Mapping[str, Sequence[Sequence[object]]] | Iterable[Sheet]) -> list[Sheet]:
    if not isinstance(sheets, Mapping):
        return list(sheets)
    return [
        Sheet(name, [cell_text(header) for header in (rows[0] if rows else [])], rows[1:])
        for name, rows in sheets.items()
    ]


def _write_sheet(book: Workbook, sheet: Sheet, listed: list[Sequence[str]]) -> None:
    rows = [[cell_text(value) for value in row] for row in sheet.rows]
    page: Any = book.create_sheet(_sheet_name(sheet.name))
    page.freeze_panes = "A2"
    _set_columns(page, [list(sheet.headers), *rows[:_MEASURED]])
    for header, values in sheet.choices.items():
        _offer(page, list(sheet.headers).index(header), values, listed, last=len(rows) + 1)
    pens = _Pens(page)
    page.append(pens.headers(cell_text(header) for header in sheet.headers))
    for row in rows:
        page.append(pens.row(row))


def _sheet_name(name: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", clean(name)).strip("' ")[:31] or "表"


def _set_columns(page: Any, rows: list[list[str]]) -> None:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 slow import

    for index in range(max(map(len, rows))):
        column = page.column_dimensions[get_column_letter(index + 1)]
        column.width = min(48, max(8, *(_width(row[index]) + 2 for row in rows if index < len(row))))
        # Empty cells of a template too: what is typed there stays as typed, long numbers whole.
        column.number_format = "@"


def _width(text: str) -> int:
    return max((sum(1 + (east_asian_width(c) in "WF") for c in line) for line in text.split("\n")), default=0)


class _Pens:
    """One styled cell of each sort, refilled for every value: styling cells anew costs ten times the writing.

    A write-only sheet writes each cell out before it asks for the next, so a row must be a generator.
    """

    def __init__(self, page: Any) -> None:
        from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 slow import
        from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415 slow import

        self.plain, self.quoted, self.header = (WriteOnlyCell(page) for _ in range(3))
        for cell in (self.plain, self.quoted, self.header):
            cell.number_format = "@"
        self.quoted.quotePrefix = True
        self.header.font = Font(bold=True)
        self.header.fill = PatternFill("solid", fgColor="DCE6F1")
        self.header.alignment = Alignment(vertical="center", wrap_text=True)

    def row(self, texts: Iterable[str]) -> Iterator[Any]:
        return (_filled(self.quoted if _starts_formula(text) else self.plain, text) for text in texts)

    def headers(self, texts: Iterable[str]) -> Iterator[Any]:
        return (_filled(self.header, text) for text in texts)


def _filled(cell: Any, text: str) -> Any:
    """Text whatever it looks like: the library would make "=1+1" a formula and "#N/A" an error."""
    cell.value = _ESCAPE.sub("_x005F_", text)
    cell.data_type = "s"
    return cell


def _offer(page: Any, column: int, values: Sequence[str], listed: list[Sequence[str]], *, last: int) -> None:
    """A drop-down list: in the cell's own rule when short, on the hidden sheet when not (255 at most)."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 slow import
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415 slow import

    joined = ",".join(values)
    if len(joined) > 250 or '"' in joined or any("," in value for value in values):
        listed.append(values)
        source = get_column_letter(len(listed))
        formula = f"'{_CHOICES_SHEET}'!${source}$1:${source}${len(values)}"
    else:
        formula = f'"{joined}"'
    rule = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=True)
    rule.errorTitle, rule.error = "不在可选范围内", "请从下拉列表中选择"
    letter = get_column_letter(column + 1)
    rule.add(f"{letter}2:{letter}{max(last, _LISTS_TO_ROW)}")
    page.data_validations.append(rule)


def _write_note(book: Workbook, name: str, lines: Sequence[str]) -> None:
    page: Any = book.create_sheet(_sheet_name(name))
    page.column_dimensions["A"].width = 90
    pens = _Pens(page)
    for line in lines:
        page.append(pens.row([clean(line)]))


def _write_choices(book: Workbook, listed: list[Sequence[str]]) -> None:
    page: Any = book.create_sheet(_CHOICES_SHEET)
    page.sheet_state = "hidden"
    pens = _Pens(page)
    for values in zip_longest(*listed, fillvalue=""):
        page.append(pens.row(values))
