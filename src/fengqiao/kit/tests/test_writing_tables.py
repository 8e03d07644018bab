from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from fengqiao.kit.tables import Sheet, read_table, write_csv, write_xlsx
from fengqiao.kit.text import clean

HOSTILE = ["=1+1", "+86", "-5", "@SUM(A1)", "\uff1dcmd", " =1", "#N/A", "_x0041_", "<script>", "0012"]


def opened(data: bytes) -> Any:
    return load_workbook(io.BytesIO(data))


def test_a_workbook_comes_back_as_it_was_written() -> None:
    at = datetime(2022, 5, 10, 2, 2, tzinfo=UTC)
    data = write_xlsx(
        {
            "事项登记簿": [
                ["编号", "社区", "时间", "日", "空", "办结"],
                [1, "细滘", at, date(2022, 5, 10), None, True],
            ]
        }
    )

    table = read_table(data, "a.xlsx")

    assert [list(row.cells.values()) for row in table.rows] == [
        ["1", "细滘", "2022-05-10 10:02", "2022-05-10", "", "是"]
    ]


def test_every_cell_is_text_and_none_a_formula() -> None:
    sheet = opened(write_xlsx({"甲": [["名称"], *([text] for text in HOSTILE)]})).active
    written = [cell for (cell,) in sheet.iter_rows(min_row=2)]

    assert {cell.data_type for cell in written} == {"s"}
    assert {cell.number_format for cell in written} == {"@"}
    assert [bool(cell.quotePrefix) for cell in written] == [True] * 6 + [False] * 4


def test_hostile_words_survive_both_formats_unchanged() -> None:
    rows = [["名称", "码"], *([text, "x"] for text in HOSTILE)]
    wanted = [text.strip() for text in HOSTILE]

    for data in (write_xlsx({"甲": rows}), write_csv(rows)):
        assert [row.cells["名称"] for row in read_table(data, "a").rows] == wanted


def test_a_csv_opens_in_excel_and_holds_no_formula() -> None:
    data = write_csv([["名称", "值"], ["=1+1", 5], ["\t=1", "细滘"]])

    assert data == "\ufeff名称,值\r\n'=1+1,5\r\n'=1,细滘\r\n".encode()


def test_headers_are_frozen_bold_and_wide_enough() -> None:
    sheet = opened(
        write_xlsx([Sheet("社区", ["社区名称", "码"], [["容桂街道海尾社区居民委员会", "1"]])])
    ).active

    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold
    assert (sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width) == (28, 8)
    assert sheet.column_dimensions["A"].number_format == "@"


def test_lists_are_offered_in_the_cell_or_from_a_hidden_sheet() -> None:
    many = [f"第{n}社区居民委员会" for n in range(26)]
    sheet = Sheet("模板", ["状态", "社区"], choices={"状态": ["是", "否"], "社区": many})

    book = opened(write_xlsx([sheet], notes={"填写说明": ["编号须为文本", "=不是公式"]}))

    rules = {str(rule.sqref): rule.formula1 for rule in book["模板"].data_validations.dataValidation}
    assert rules == {"A2:A5000": '"是,否"', "B2:B5000": "'选项'!$A$1:$A$26"}
    assert book["选项"].sheet_state == "hidden"
    assert [cell.value for (cell,) in book["选项"].iter_rows()] == many
    assert [cell.value for (cell,) in book["填写说明"].iter_rows()] == ["编号须为文本", "=不是公式"]


def test_a_template_read_back_has_headers_and_no_rows() -> None:
    table = read_table(write_xlsx([Sheet("模板", ["名称", "码"])], notes={"说明": ["一"]}), "a.xlsx")

    assert (table.headers, table.rows) == (["名称", "码"], [])


@pytest.mark.parametrize("name", ["", "a/b:c*d?[e]\\", "'引'", "很" * 40, "\x00"])
def test_any_name_becomes_a_sheet(name: str) -> None:
    assert 0 < len(opened(write_xlsx({name: [["名称"]]})).active.title) <= 31


@given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_any_text_can_be_written_and_read(texts: list[str]) -> None:
    rows = [["名称", "码"], *([text, "x"] for text in texts)]

    read = [row.cells["名称"] for row in read_table(write_xlsx({"甲": rows}), "a.xlsx").rows]

    assert read == [clean(text) for text in texts]
    write_csv(rows)
