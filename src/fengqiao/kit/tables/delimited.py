"""CSV as Excel, WPS and other systems write it: whatever encoding, comma, semicolon or tab."""

from __future__ import annotations

import csv
import re
from io import StringIO

from fengqiao.kit.tables.shape import RawRow, Rounded, Table, TableError, build, header_at

# The full-width forms too: some spreadsheets read them as the plain signs.
FORMULA_STARTS = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")

_SCIENTIFIC = re.compile(r"[0-9]\.([0-9]+)E\+?([0-9]{1,3})|[0-9]E\+?([0-9]{1,3})", re.IGNORECASE)


def read_delimited(data: bytes, *, max_rows: int) -> Table:
    """Raises TableError."""
    rows = _parse(_decode(data))
    return build(rows, start=header_at(rows), max_rows=max_rows)


def _decode(data: bytes) -> str:
    """UTF-8 or UTF-16 by their marks, else UTF-8, else GB18030."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decode_as(data, "utf-16")
    if b"\x00" in data:
        raise TableError("not_a_table", "文件不是表格，请选择 .xlsx 或 .csv 文件")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decode_as(data, "utf-8-sig" if _mostly_utf8(data) else "gb18030")


def _mostly_utf8(data: bytes) -> bool:
    """A damaged UTF-8 file still has far more whole characters than broken ones; a GB one hardly any."""
    loose = data.decode("utf-8", "replace")
    broken = loose.count("\ufffd")
    return sum(char > "\x7f" for char in loose) - broken > 3 * broken


def _decode_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        loose = data.decode(encoding, "replace")
    number = next(number for number, cells in _parse(loose) if "\ufffd" in "".join(cells))
    raise TableError("undecodable", f"第 {number} 行有无法辨认的字符，请用 Excel 或 WPS 另存为 .xlsx 再试")


def _delimiter(text: str) -> str:
    """The one that cuts the first line most; a comma where none does."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    return max(",;\t", key=bare.count)


def _parse(text: str) -> list[RawRow]:
    """Strict, so that a quote left open is an error rather than a cell that swallows the other rows."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[RawRow] = []
    try:
        for number, cells in enumerate(reader, 1):
            rows.append((number, [_cell(cell) for cell in cells]))
    except csv.Error:
        raise TableError("broken_quotes", f"第 {len(rows) + 1} 行的引号没有配对") from None
    return rows


def _cell(cell: str) -> str:
    """Blank means blank; our own guard before a formula's sign is taken off again."""
    bare = cell.strip()
    if bare.startswith("'") and bare[1:].lstrip().startswith(FORMULA_STARTS):
        return bare[1:]
    match = _SCIENTIFIC.fullmatch(bare)
    if match and int(match[2] or match[3]) > len(match[1] or ""):
        return Rounded(bare)
    return bare
