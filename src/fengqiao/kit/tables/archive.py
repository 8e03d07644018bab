"""Looking into an XLSX before the reader may: it is a zip of XML and both can be made to burst.

The reader lays a sheet out as one dense grid, so two cells far apart in a file of 5 KB would ask for
gigabytes and end the process. Sizes and extents are therefore checked first, on the unpacked bytes.
"""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from io import BytesIO
from typing import Any
from xml.parsers import expat

from fengqiao.kit.tables.shape import TableError

MAX_UNPACKED = 160 * 2**20
MAX_RATIO = 200
MAX_ENTRIES = 2000
MAX_GRID = 6_000_000
# A small part may compress well by nature; only a large one tells a bomb.
_RATIO_FROM = 16 * 2**20

_REFERENCE = re.compile(rb"(?<![\w:])r\s*=\s*[\"']([A-Za-z]{0,7})([0-9]{1,20})[\"']")
_CELL = re.compile(r"([A-Za-z]*)([0-9]+)")

NOT_A_TABLE = "文件不是表格，或已损坏；请用 Excel 或 WPS 另存为 .xlsx 再试"


def check_archive(data: bytes) -> None:
    """Raises TableError for what is no workbook, or would burst when unpacked."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_directory(entries)
            for entry in entries:
                # Reading to the end also proves the size the directory states (by its checksum).
                _check_extent(archive.read(entry))
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        NotImplementedError,
        ValueError,
        EOFError,
        OSError,
    ):
        raise TableError("not_a_table", NOT_A_TABLE) from None


def _check_directory(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if "[Content_Types].xml" not in names or len(set(names)) < len(names) or len(names) > MAX_ENTRIES:
        raise TableError("not_a_table", NOT_A_TABLE)
    if any(entry.flag_bits & 1 for entry in entries):
        raise TableError("password", "文件有密码，请去掉密码后再导入")
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > MAX_UNPACKED or (unpacked > _RATIO_FROM and unpacked > MAX_RATIO * packed):
        raise TableError("bomb", f"文件展开后有 {unpacked // 2**20} MiB，过大，请分成几份")


def _check_extent(part: bytes) -> None:
    """Two passes: a rough one over every reference, an exact one only where that looks too far."""
    if b"\x00" in part[:64] and part[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise TableError("not_a_table", NOT_A_TABLE)
    found = _REFERENCE.findall(part) or [(b"A", b"0")]
    columns, rows = map(set, zip(*found, strict=True))
    widest = max(_column(column.decode()) for column in columns)
    if widest * max(map(int, rows)) <= MAX_GRID:
        return
    right, bottom = _filled(part)
    if right * bottom > MAX_GRID:
        raise TableError("bomb", f"表格范围过大({bottom} 行 {right} 列)，请删去远处的多余内容")


def _column(letters: str) -> int:
    """`A` to 1; at least 1."""
    number = 0
    for char in letters.upper():
        number = number * 26 + ord(char) - 64
    return max(number, 1)


class _Extent:
    """Follows a sheet's cells and keeps the furthest that holds a value (formatting alone takes no room)."""

    def __init__(self) -> None:
        self.row = self.column = self.right = self.bottom = 0

    def starts(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        at = _CELL.fullmatch(attributes.get("r", ""))
        if name == "row":
            self.row, self.column = int(at[2]) if at else self.row + 1, 0
        elif name == "c" and at:
            self.row, self.column = int(at[2]), _column(at[1])
        elif name == "c":
            self.column += 1
        elif name in ("v", "is"):
            self.right, self.bottom = max(self.right, self.column), max(self.bottom, self.row)


def _filled(part: bytes) -> tuple[int, int]:
    """Columns and rows up to the furthest filled cell, one-based."""
    extent, parser = _Extent(), expat.ParserCreate()
    parser.StartElementHandler = extent.starts
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(part, True)
    except expat.ExpatError:
        raise TableError("not_a_table", NOT_A_TABLE) from None
    return extent.right, extent.bottom


def _refuse_doctype(*_: Any) -> None:
    raise TableError("not_a_table", NOT_A_TABLE)
