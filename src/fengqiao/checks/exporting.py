"""A checklist as a file: our own table, to be changed and brought back, or an XLSForm for other programs."""

from __future__ import annotations

from fengqiao.checks.importing import COLUMNS
from fengqiao.kit.sheets import Sheet
from fengqiao.kit.sheets.table import cells_of
from fengqiao.kit.sheets.xlsform import write_xlsform
from fengqiao.kit.tables import Sheet as Page
from fengqiao.kit.tables import write_xlsx

# What only serves plain lists on their way in.
_WRITTEN = tuple(column for column in COLUMNS if column.name not in ("fault", "no"))


def own_xlsx(sheet: Sheet, *, name: str, slug: str, number: int) -> bytes:
    """With the drop-down lists of the import's template, so that it can be filled in further."""
    headers = [column.header for column in _WRITTEN]
    rows = [[cells[column.name] for column in _WRITTEN] for cells in map(cells_of, sheet)]
    lists = {
        column.header: list(column.choices)
        for column in _WRITTEN
        if column.choices and not callable(column.choices)
    }
    told = f"{name} 第 {number} 版({slug})。改好后在“检查清单”页上传，即为新版本；本页说明不会被导入。"
    lines = [told, "", *(f"{column.header}：{column.hint}" for column in _WRITTEN if column.hint)]
    return write_xlsx([Page(name, headers, rows, lists)], notes={"填写说明": lines})


def xlsform(sheet: Sheet, *, name: str, slug: str, number: int) -> bytes:
    return write_xlsform(sheet, title=name, form_id=slug, version=str(number))
