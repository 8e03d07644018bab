"""A file of premises as people fill it in: right rows go in, wrong rows say why, and nothing goes in twice."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from fengqiao.ground import importing
from fengqiao.ground.commandline import run_import
from fengqiao.ground.commands import create_premises, void_premises
from fengqiao.ground.grading import grade_premises
from fengqiao.ground.importers.premises import PREMISES
from fengqiao.ground.importing import Standing
from fengqiao.ground.models import AddressChange, ImportPart, ImportRun, Premises, Station
from fengqiao.ground.tests.conftest import NOON, context
from fengqiao.kit.problems import BadInput, NotFound
from fengqiao.kit.tables import read_table
from fengqiao.store.vault import Key

HEADERS = [column.header for column in PREMISES.columns]
GOOD = {"编号": "T-1", "类型": "出租屋", "名称": "福安公寓", "地址": "容桂街道海尾社区海尾路7号"}


def book(*rows: dict[str, Any], headers: list[str] | None = None) -> bytes:
    """An XLSX with these rows, each laid over a good one; None leaves a cell empty."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.append(headers or HEADERS)
    for row in rows:
        sheet.append([row.get(header) for header in headers or HEADERS])
    for cell in (cell for line in sheet.iter_rows() for cell in line if cell.data_type == "e"):
        cell.data_type = "s"  # as a table saved by another program holds it
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def judged(station: Station, data: bytes) -> dict[int, tuple[Standing, str]]:
    _, found = importing.trial(what="premises", data=data, context=context(station))
    return {v.number: (v.standing, v.reason(PREMISES.headers)) for v in found.verdicts}


def imported(station: Station, data: bytes) -> ImportRun:
    run = importing.preview(what="premises", data=data, context=context(station))
    return importing.commit(run_id=run.pk, context=context(station))


def test_a_new_place_comes_in_graded_as_the_nightly_run_would(station: Station):
    rows = [GOOD, GOOD | {"编号": "T-2", "停放电动自行车": "有", "人车分离": "否", "房间数": 60}]
    imported(station, book(*rows))
    stood = Premises.objects.filter(number__in=["T-1", "T-2"]).order_by("number")
    told = list(stood.values_list("grade", "grade_why", "check_due", "check_why", "graded_at"))

    grade_premises(station_id=station.pk, at=NOON + timedelta(minutes=1))

    assert list(stood.values_list("grade", "grade_why", "check_due", "check_why", "graded_at")) == told
    assert len({grade for grade, *_ in told} - {""}) == 2
    assert {at for *_, at in told} == {NOON}


# (what is changed in a good row, words the reason must hold)
FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"编号": None}, "编号：必填"),
    ({"名称": None}, "名称：必填"),
    ({"地址": None}, "地址：必填"),
    ({"类型": None}, "类型：必填"),
    ({"类型": "网吧"}, "类型：“网吧”不在可选范围内"),
    ({"编号": "T-1"}, "编号：编号 T-1 与第 2 行重复"),
    ({"编号": "T 1;--"}, "编号：格式不对"),
    ({"编号": "OLD-1"}, "已作废，不能再用"),
    ({"名称": "店" * 121}, "名称：不能超过 120 个字"),
    ({"地址": "东风三巷5号"}, "东风社区居委会(440606006006)"),
    ({"地址": "勒流街道东风村3号"}, "不在本所辖区"),
    ({"地址": "某某花园5座"}, "请填写社区"),
    ({"地址": "桂安大道999号"}, "经过不止一个社区"),
    ({"地址": "容桂街道细?社区1号"}, "丢失的字"),
    ({"社区": "天河社区"}, "社区：本所没有社区“天河社区”"),
    ({"经度": "113.27"}, "纬度：经度和纬度须同时填写"),
    ({"经度": "东经113度", "纬度": "22.77", "坐标系": "WGS-84"}, "经度：“东经113度”不是经度"),
    ({"经度": "22.77", "纬度": "113.27", "坐标系": "WGS-84"}, "像是填反了"),
    ({"经度": "2.35", "纬度": "48.85", "坐标系": "WGS-84"}, "不在中国境内"),
    ({"经度": "116.39", "纬度": "39.90", "坐标系": "WGS-84"}, "不在本所任何社区的范围内"),
    ({"社区": "海尾社区", "经度": "116.39", "纬度": "39.90", "坐标系": "WGS-84"}, "不在海尾社区居委会范围内"),
    ({"经度": "113.27", "纬度": "22.77"}, "坐标系：填了坐标须注明坐标系"),
    ({"经度": "113.27", "纬度": "22.77", "坐标系": "北京54"}, "坐标系：“北京54”不在可选范围内"),
    ({"房间数": "十二间"}, "房间数：应为整数"),
    ({"房间数": "-3"}, "房间数：不能小于 1"),
    ({"负责人电话": "12345"}, "负责人电话：电话号码不对"),
    ({"门牌编码": "RG01600001"}, "已登记在场所 RG-016-001"),
    ({"房间数": "#REF!"}, "公式错误 #REF!"),
    ({"备注": "字" * 501}, "备注：不能超过 500 个字"),
]


def test_each_kind_of_fault_is_named_in_its_row_and_the_others_go_in(station: Station):
    old = create_premises(
        station_id=station.pk,
        given={"number": "OLD-1", "kind": "shop", "name": "旧店", "address": "海尾社区1号"},
        at=NOON,
    )
    void_premises(premises=old, given={"reason": "店已拆除"}, by_name="所长", at=NOON)
    faulty = [{**GOOD, "编号": f"F-{index}", **change} for index, (change, _) in enumerate(FAULTS)]

    found = judged(station, book(GOOD, *faulty, GOOD | {"编号": "T-2"}))

    assert len({says for _, says in FAULTS}) >= 20
    assert found[2][0] is found[len(FAULTS) + 3][0] is Standing.OK
    for row, (_, says) in enumerate(FAULTS, 3):
        assert found[row][0] is Standing.FAILED, (row, says)
        assert says in found[row][1]


def test_one_row_may_have_several_faults_and_all_are_said(station: Station):
    found = judged(station, book({**GOOD, "名称": None, "房间数": "x", "负责人电话": "1", "类型": "网吧"}))

    reason = found[2][1]
    assert "名称：必填" in reason
    assert "类型：" in reason


def test_importing_twice_changes_nothing(station: Station):
    data = book(
        GOOD, {**GOOD, "编号": "T-2", "经度": "113.27", "纬度": "22.77", "坐标系": "GCJ-02", "社区": "南区"}
    )

    first, second = imported(station, data), imported(station, data)

    assert (first.ok, first.failed, first.skipped) == (2, 0, 0)
    assert (second.ok, second.failed, second.skipped) == (0, 0, 2)
    assert {v.note for v in importing.report(second).verdicts} == {"无变化"}


def test_a_shifted_datum_is_put_right(station: Station):
    imported(station, book({**GOOD, "社区": "南区", "经度": "113.27", "纬度": "22.77", "坐标系": "GCJ-02"}))

    made = Premises.objects.get(number="T-1")
    assert made.lon == pytest.approx(113.27 - 0.0051, abs=0.002)
    assert made.point_source == "填报 GCJ-02(高德、腾讯)"


def test_full_width_and_merged_cells_and_plain_headers_are_read(station: Station):
    workbook = Workbook()
    sheet = workbook.active
    sheet.append(["容桂所出租屋登记表"])
    sheet.merge_cells("A1:E1")
    sheet.append(["编号*", "类型", "名称(必填)", "详细地址", "所属社区"])
    sheet.append(["T-1", "出租屋", "A座公寓", "海尾路 7号", "海尾社区"])
    sheet.append(["T-2", "出租屋", "B座公寓", "细滘某路1号", None])
    sheet.merge_cells("E3:E4")
    out = BytesIO()
    workbook.save(out)

    imported(station, out.getvalue())

    found = {p.number: p for p in Premises.objects.filter(number__startswith="T-")}
    assert found["T-1"].name == "A座公寓"
    assert {p.community.name for p in found.values()} == {"海尾社区居委会"}


def test_a_changed_address_keeps_the_old_one_and_empty_cells_keep_what_was(station: Station):
    imported(station, book({**GOOD, "负责人": "房东", "房间数": "12"}))

    run = imported(station, book({**GOOD, "地址": "容桂街道海尾社区海尾路9号"}))

    made = Premises.objects.get(number="T-1")
    assert importing.report(run).verdicts[0].note == "更新：地址"
    assert (made.address, made.contact_name, made.rooms) == ("容桂街道海尾社区海尾路9号", "房东", 12)
    assert AddressChange.objects.get(premises=made).address == GOOD["地址"]


def test_what_is_committed_is_what_was_previewed_once(station: Station):
    run = importing.preview(what="premises", data=book(GOOD), context=context(station))
    assert not Premises.objects.filter(number="T-1").exists()

    done = importing.commit(run_id=run.pk, context=context(station))
    again = importing.commit(run_id=run.pk, context=context(station))

    assert done.committed_at == again.committed_at == NOON
    assert Premises.objects.filter(number="T-1").count() == 1


def test_failed_rows_come_back_as_a_file_that_can_be_mended(station: Station):
    run = importing.preview(
        what="premises", data=book(GOOD, {**GOOD, "编号": "F", "类型": "网吧"}), context=context(station)
    )

    table = read_table(importing.failed_rows(PREMISES, importing.report(run), context(station)), "f.xlsx")

    assert [row.cells["编号"] for row in table.rows] == ["F"]
    assert "网吧" in table.rows[0].cells["未导入原因"]


def test_the_rows_are_sealed_and_gone_after_a_day(station: Station):
    run = importing.preview(
        what="premises", data=book({**GOOD, "负责人电话": "13900001234"}), context=context(station)
    )

    assert b"13900001234" not in ImportPart.objects.get(run=run).content.sealed
    importing.purge(at=NOON + timedelta(hours=25))

    assert Key.objects.get(pk=run.pk).wrapped is None
    with pytest.raises(NotFound):
        importing.report(ImportRun.objects.get(pk=run.pk))
    with pytest.raises(NotFound):
        importing.commit(run_id=run.pk, context=context(station))


@pytest.mark.parametrize("header", ["法人身份证号", "重点人员", "民族"])
def test_columns_about_persons_are_refused_by_their_header(station: Station, header: str):
    with pytest.raises(BadInput, match="不得登记"):
        judged(station, book(GOOD, headers=[*HEADERS, header]))


def test_a_file_without_a_needed_column_is_refused_as_a_whole(station: Station):
    with pytest.raises(BadInput, match="缺少必填的列：地址"):
        judged(station, book(GOOD, headers=["编号", "类型", "名称"]))


def test_the_template_offers_lists_and_can_be_imported_back(station: Station):
    from openpyxl import load_workbook

    data = importing.template(PREMISES, context(station))
    sheets = load_workbook(BytesIO(data))

    lists = sheets.worksheets[0].data_validations.dataValidation
    assert len(lists) == 5
    assert [cell.value for cell in sheets.worksheets[0][1]] == HEADERS


def test_the_command_line_tells_the_same(station: Station, tmp_path: Path):
    path = tmp_path / "premises.xlsx"
    path.write_bytes(book(GOOD, {**GOOD, "编号": "F", "类型": "网吧"}))

    dry, dry_code = run_import("premises", path, station=station, dry_run=True)
    told, code = run_import("premises", path, station=station, json=True)

    counts = json.loads(told)
    assert (dry_code, code) == (1, 1)
    assert "未写入任何内容" in dry
    assert (counts["ok"], counts["failed"], counts["skipped"]) == (1, 1, 0)
    assert [row["row"] for row in counts["rows"]] == [2, 3]
