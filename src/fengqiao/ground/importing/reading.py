"""From a file to rows: headers matched to columns, cells cleaned, faults any row can have noted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from fengqiao.ground.importing.shape import Column, Context, Given, Importer
from fengqiao.kit.problems import BadInput
from fengqiao.kit.tables import Rounded, Table, read_table
from fengqiao.kit.text import normalise

# What this system must not hold of anybody, whatever the file is for.
BARRED = re.compile(
    "身份证|证件号|公民身份|民族|宗教|信仰|前科|涉毒|吸毒|重点人员|人员标签|人员等级|人脸|指纹|银行卡|银行账"
)
EXCEL_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"})
LONGEST = 2000
MOST_BYTES = 20 * 2**20
LOST = re.compile(r"[\ufffd\ue000-\uf8ff□]|(?<=[\u4e00-\u9fff])\?(?=[\u4e00-\u9fff])|^\?+(?=[\u4e00-\u9fff])")


def rows_of(
    data: bytes, columns: Sequence[Column], context: Context, *, max_bytes: int = MOST_BYTES
) -> list[Given]:
    """The rows of an XLSX or CSV. Raises TableError or BadInput for a file that cannot be judged row by row."""
    return rows_in(table_of(data, context, max_bytes=max_bytes), columns, context)


def table_of(data: bytes, context: Context, *, max_bytes: int = MOST_BYTES) -> Table:
    """The file as a table, without columns that must not come in. Raises TableError or BadInput."""
    table = read_table(data, context.filename, max_bytes=max_bytes)
    barred = [header for header in table.headers if BARRED.search(header)]
    if barred:
        raise BadInput(f"表格含有本系统不得登记的列：{'、'.join(barred)}；请删去后再导入")
    return table


def rows_in(table: Table, columns: Sequence[Column], context: Context) -> list[Given]:
    """The rows under our own headers. Raises BadInput."""
    found = match_headers(table, columns)
    cells = ((row.number, {name: row.cells[header] for name, header in found.items()}) for row in table.rows)
    return checked(cells, columns, context)


def checked(
    rows: Iterable[tuple[int, Mapping[str, str]]], columns: Sequence[Column], context: Context
) -> list[Given]:
    """Cells by the names of our columns, cleaned, with the faults any cell can have."""
    offered = {column.name: frozenset(column.offered(context)) for column in columns if column.strict}
    return [_given(number, raw, columns, offered) for number, raw in rows]


def note_doubles(rows: list[Given], page: Importer) -> None:
    """Noted while the whole file is at hand: whoever judges may see no more than a part of it."""
    for names in page.unique:
        firsts: dict[tuple[str, ...], int] = {}
        for given in rows:
            mark = tuple(given.text(name) for name in names)
            first = firsts.setdefault(mark, given.number)
            if first != given.number and all(mark):
                given.fault(names[-1], f"{page.headers[names[-1]]} {mark[-1]} 与第 {first} 行重复")


def match_headers(table: Table, columns: Sequence[Column]) -> dict[str, str]:
    """Column name -> header in the file. Raises BadInput for missing or doubled columns."""
    meant = {header_key(word): column.name for column in columns for word in header_words(column)}
    found: dict[str, str] = {}
    for header in table.headers:
        name = meant.get(header_key(header))
        if name and name in found:
            raise BadInput(f"“{found[name]}”和“{header}”是同一列，请只留一列")
        if name:
            found[name] = header
    missing = [column.header for column in columns if column.required and column.name not in found]
    if missing:
        raise BadInput(f"缺少必填的列：{'、'.join(missing)}(表头有：{'、'.join(table.headers)[:200]})")
    return found


def header_words(column: Column) -> tuple[str, ...]:
    return (column.header, column.name, *column.aliases)


def header_key(header: str) -> str:
    """经度(必填)* and 经度 are one header."""
    return re.sub(r"[((].*?[))]|[\s*_::]", "", normalise(header)).lower()


def _given(
    number: int, raw: Mapping[str, str], columns: Sequence[Column], offered: Mapping[str, frozenset[str]]
) -> Given:
    cells = {name: normalise(cell) for name, cell in raw.items()}
    given = Given(number, cells)
    for column in columns:
        text = cells.get(column.name)
        if not text:
            says = "必填" if column.required else ""
        else:
            says = _fault(column, raw[column.name], text, offered)
        if says:
            given.fault(column.name, says)
    return given


def _fault(column: Column, raw: str, text: str, offered: Mapping[str, frozenset[str]]) -> str:
    """What can be wrong with any filled cell, or nothing."""
    if isinstance(raw, Rounded):
        return f"数字“{raw}”已被表格软件改写，请把该列设为文本后重填"
    if text in EXCEL_ERRORS:
        return f"单元格是公式错误 {text}"
    if LOST.search(text):
        return f"“{text[:20]}”中有丢失的字(如“滘”)，请用 .xlsx 或 UTF-8 重新导出"
    if len(text) > LONGEST:
        return f"超过 {LONGEST} 个字"
    if column.name in offered and text not in offered[column.name]:
        return f"“{text[:20]}”不在可选范围内：{'、'.join(sorted(offered[column.name]))[:120]}"
    return ""
