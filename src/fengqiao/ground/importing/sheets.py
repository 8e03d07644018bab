"""Workbooks of an import: the template to fill in, and the rows that failed, to mend and send again."""

from __future__ import annotations

from fengqiao.ground.importing.parts import Report
from fengqiao.ground.importing.shape import Context, Importer, Standing
from fengqiao.kit.tables import Sheet, write_xlsx

REASON = "未导入原因"


def template(page: Importer, context: Context) -> bytes:
    """Headers with their drop-down lists, and a sheet that explains each column."""
    lines = [f"{page.says}导入模板：请在第一张表填写，每行一条；本页说明不会被导入。", ""]
    for column in page.columns:
        marks = [
            *(["必填"] if column.required else ["选填"]),
            column.hint,
            f"如：{column.example}" if column.example else "",
        ]
        lines.append(f"{column.header}：{'；'.join(filter(None, marks))}")
    sheet = Sheet(page.says, [column.header for column in page.columns], (), _lists(page, context))
    return write_xlsx([sheet], notes={"填写说明": lines})


def failed_rows(page: Importer, found: Report, context: Context) -> bytes:
    """The failed rows as they were given, with the reason; a second import passes the reason by."""
    cells = {row.number: row.cells for row in found.rows}
    rows = [
        [*(cells[v.number].get(column.name, "") for column in page.columns), v.reason(page.headers)]
        for v in found.verdicts
        if v.standing is Standing.FAILED
    ]
    headers = [*(column.header for column in page.columns), REASON]
    return write_xlsx([Sheet(page.says, headers, rows, _lists(page, context))])


def _lists(page: Importer, context: Context) -> dict[str, list[str]]:
    return {column.header: list(offered) for column in page.columns if (offered := column.offered(context))}
