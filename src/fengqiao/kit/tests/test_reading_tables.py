from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time
from random import Random
from typing import Any

import pytest
from openpyxl import Workbook

from fengqiao.kit.tables import Rounded, Table, TableError, read_table


def workbook(fill: Callable[[Any], None]) -> bytes:
    book = Workbook()
    fill(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_of(*rows: list[Any]) -> bytes:
    return workbook(lambda sheet: [sheet.append(row) for row in rows])


def cells(table: Table) -> list[dict[str, str]]:
    return [row.cells for row in table.rows]


def reason(data: bytes, name: str = "表.xlsx", **limits: int) -> tuple[str, str]:
    with pytest.raises(TableError) as caught:
        read_table(data, name, **limits)
    return caught.value.reason, caught.value.detail


def test_cells_read_as_the_user_sees_them() -> None:
    moment = datetime(2022, 5, 10, 10, 2)  # noqa: DTZ001 a sheet knows no zones
    data = sheet_of(
        ["名称", "数", "日", "时刻", "钟点", "是"],
        [" 海尾\u200b ", 12, date(2022, 5, 10), moment, time(8, 30), True],
        ["细滘", 0.1 + 0.2, None, None, None, None],
    )

    assert [list(row.values()) for row in cells(read_table(data, "a.xlsx"))] == [
        ["海尾", "12", "2022-05-10", "2022-05-10 10:02:00", "08:30:00", "TRUE"],
        ["细滘", "0.3", "", "", "", ""],
    ]


def test_a_title_above_and_blank_rows_do_not_move_the_row_numbers() -> None:
    def fill(sheet: Any) -> None:
        sheet["B2"] = "出租屋台账"
        sheet.merge_cells("B2:C2")
        sheet["B3"], sheet["C3"] = "名称", "地址(全)"
        sheet["B5"], sheet["C5"] = "甲", "海尾路1号"
        sheet["B9"] = "乙"

    table = read_table(workbook(fill), "a.xlsx")

    assert table.headers == ["名称", "地址(全)"]
    assert [(row.number, row.cells["名称"]) for row in table.rows] == [(5, "甲"), (9, "乙")]


def test_a_merged_value_belongs_to_each_of_its_rows() -> None:
    def fill(sheet: Any) -> None:
        for row in (["社区", "楼", "层"], ["海尾", "1栋", 2], [None, "2栋", None], [None, "3栋", None]):
            sheet.append(row)
        sheet.merge_cells("A2:A4")
        sheet.merge_cells("C3:C2000")

    table = read_table(workbook(fill), "a.xlsx")

    assert [row["社区"] for row in cells(table)] == ["海尾", "海尾", "海尾"]
    assert [row["层"] for row in cells(table)] == ["2", "", ""]


def test_a_long_number_kept_as_a_number_is_marked_rounded() -> None:
    data = sheet_of(["编号", "值"], [440606199001011234, 1], ["440606199001011234", 999999999999999])

    first, second = cells(read_table(data, "a.xlsx"))

    assert isinstance(first["编号"], Rounded)
    assert not isinstance(second["编号"], Rounded)
    assert second == {"编号": "440606199001011234", "值": "999999999999999"}


def test_hidden_and_empty_sheets_are_passed_over() -> None:
    book = Workbook()
    book.active.title = "空"
    book.create_sheet("藏").append(["不", "是"])
    book["藏"].sheet_state = "hidden"
    for row in (["名称", "码"], ["甲", "1"]):
        book["数据"].append(row) if "数据" in book.sheetnames else book.create_sheet("数据").append(row)
    out = io.BytesIO()
    book.save(out)

    assert cells(read_table(out.getvalue(), "a.xlsx")) == [{"名称": "甲", "码": "1"}]


LINES = '名称,地址\r\n细滘,"海尾路1号\n二楼"\r\n\r\n马冈,'


@pytest.mark.parametrize(
    "data",
    [
        LINES.encode(),
        LINES.encode("utf-8-sig"),
        LINES.encode("utf-16"),
        LINES.encode("gb18030"),
        LINES.replace(",", ";").encode(),
        LINES.replace(",", "\t").encode("utf-16"),
    ],
)
def test_csv_of_every_sort_gives_the_same_table(data: bytes) -> None:
    table = read_table(data, "a.csv")

    assert [(row.number, row.cells) for row in table.rows] == [
        (2, {"名称": "细滘", "地址": "海尾路1号\n二楼"}),
        (4, {"名称": "马冈", "地址": ""}),
    ]


def test_numbers_a_csv_lost_to_scientific_writing_are_marked_rounded() -> None:
    table = read_table("编号,值\n4.40606E+17,1.5E+1\n1.38E+10,2E5".encode(), "a.csv")

    marked = [[isinstance(value, Rounded) for value in row.values()] for row in cells(table)]
    assert marked == [[True, False], [True, True]]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "empty"),
        (b"\r\n \r\n", "empty"),
        (b",,\n,,\n", "empty"),
        (b"%PDF-1.7 ...", "not_a_table"),
        (b"\xef\xbb\xbf<html><table>", "not_a_table"),
        (b"MZ\x00\x01", "not_a_table"),
        (b"PK\x03\x04 broken", "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Workbook", "old_xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"1,2\n3,4\n", "no_header"),
        ("名称,码,名称\n".encode(), "duplicate_header"),
        ("名称,\n甲,1\n".encode(), "no_header"),
        ("名称,码\n甲,1,2\n".encode(), "no_header"),
        (b"x," * 501 + b"x", "too_many_columns"),
        ("名称,码\n甲,1\n乙,2\n丙,3\n".encode(), "too_many_rows"),
    ],
)
def test_what_is_no_good_table_is_refused_with_a_reason(data: bytes, fault: str) -> None:
    found, detail = reason(data, "a.csv", max_rows=2)

    assert (found, bool(detail)) == (fault, True)


def test_a_file_above_the_ceiling_is_not_even_looked_at() -> None:
    assert reason(b"x" * 11, max_bytes=10)[0] == "too_large"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_broken_bytes_name_their_row(encoding: str) -> None:
    lines = [
        line.encode(encoding)
        for line in ("名称,地址", "细滘社区,海尾路", "马冈社区,文明路", "容里社区,振华路")
    ]
    lines[2] = lines[2][:1] + b"\xff" + lines[2][1:]

    assert reason(b"\n".join(lines)) == (
        "undecodable",
        "第 3 行有无法辨认的字符，请用 Excel 或 WPS 另存为 .xlsx 再试",
    )


def test_a_quote_left_open_is_an_error_and_swallows_nothing() -> None:
    assert reason('名称,码\n甲,"1\n乙,2\n'.encode(), "a.csv") == ("broken_quotes", "第 2 行的引号没有配对")


def rezipped(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    data = rezipped(
        sheet_of(["名称"], ["甲"]), lambda name, part: part + b" " * 2**25 if "sheet1" in name else part
    )

    assert len(data) < 100_000
    assert reason(data)[0] == "bomb"


def test_a_directory_that_lies_about_sizes_is_refused() -> None:
    data = sheet_of(["名称"], ["甲" * 200])
    entry = zipfile.ZipFile(io.BytesIO(data)).getinfo("xl/worksheets/sheet1.xml")
    honest = entry.file_size.to_bytes(4, "little")

    lying = data.replace(honest, b"\x09\0\0\0")

    assert reason(lying)[0] == "not_a_table"


def test_two_cells_far_apart_do_not_burst_the_memory() -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"], sheet["B1"], sheet["XFD900000"] = "名称", "码", "x"

    assert reason(workbook(fill))[0] == "bomb"


def test_formatting_down_to_the_last_row_is_no_harm() -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["名称", "码"])
        sheet.append(["甲", "1"])
        sheet["XFD1048576"].number_format = "0.00"

    assert cells(read_table(workbook(fill), "a.xlsx")) == [{"名称": "甲", "码": "1"}]


@pytest.mark.parametrize(
    "cell",
    [b'<row r="900000"><c t="inlineStr" r = \'XFD900000\'><is><t>x</t></is></c></row>', b'<row r="900000"><c r="A1"/><c r="XFC900000"/><c><v>1</v></c></row>'],
)  # fmt: skip
def test_far_cells_are_found_however_they_are_written(cell: bytes) -> None:
    data = sheet_of(["名称", "码"], ["甲", "1"])

    hostile = rezipped(data, lambda name, part: part.replace(b"</sheetData>", cell + b"</sheetData>"))

    assert reason(hostile)[0] == "bomb"


def test_a_document_type_is_refused() -> None:
    dtd = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet><row r="9999999999"/></worksheet>'
    data = rezipped(sheet_of(["名称"]), lambda name, part: dtd if "sheet1" in name else part)

    assert reason(data)[0] == "not_a_table"


def test_endless_merges_are_refused() -> None:
    merges = b"".join(b'<mergeCell ref="A2:CV%d"/>' % (20000 + n) for n in range(40))
    data = sheet_of([f"列{n}" for n in range(100)], *[["甲"] + [None] * 98 + ["乙"] for _ in range(3000)])

    hostile = rezipped(
        data,
        lambda name, part: part.replace(
            b"</sheetData>", b"</sheetData><mergeCells>" + merges + b"</mergeCells>"
        ),
    )

    assert reason(hostile)[0] == "bomb"


@pytest.mark.parametrize("seed", range(40))
def test_damaged_workbooks_are_refused_or_read_but_never_a_surprise(seed: int) -> None:
    dice, data = Random(seed), bytearray(sheet_of(["名称", "码"], ["甲", 1], ["乙", 2]))
    for _ in range(3):
        data[dice.randrange(len(data))] = dice.randrange(256)

    with suppress(TableError):
        assert read_table(bytes(data), "a.xlsx").headers
