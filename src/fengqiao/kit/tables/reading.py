"""The one way in for a file that should be a table: told by its content, not by its name."""

from __future__ import annotations

from fengqiao.kit.tables.delimited import read_delimited
from fengqiao.kit.tables.shape import Table, TableError
from fengqiao.kit.tables.workbook import read_workbook

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")


def read_table(data: bytes, filename: str, *, max_rows: int = 200_000, max_bytes: int = 20 * 2**20) -> Table:
    """Read the first filled visible sheet of an XLSX, or a CSV; raises TableError saying what to do."""
    if len(data) > max_bytes:
        raise TableError("too_large", f"文件超过 {max_bytes // 2**20} MiB，请分成几份")
    if not data.strip():
        raise TableError("empty", "文件是空的")
    if data.startswith(b"PK"):
        return read_workbook(data, max_rows=max_rows)
    if data.startswith(_OLE):
        raise _old_or_locked(data)
    if data.startswith(_FOREIGN) or data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
        raise TableError("not_a_table", f"{filename} 不是表格，请选择 .xlsx 或 .csv 文件")
    return read_delimited(data, max_rows=max_rows)


def _old_or_locked(data: bytes) -> TableError:
    """A locked XLSX wears the old format's coat, with a stream of this name inside."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return TableError("password", "文件有密码，请去掉密码后再导入")
    return TableError("old_xls", "旧版 .xls 文件无法读取，请用 Excel 或 WPS 另存为 .xlsx 再导入")
