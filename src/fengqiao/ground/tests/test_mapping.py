"""A file with somebody else's headers comes in by a mapping, and says what the mapping lacks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fengqiao.ground import importing
from fengqiao.ground.commandline import run_import
from fengqiao.ground.importers.premises import PREMISES
from fengqiao.ground.importing import ColumnMap, Standing
from fengqiao.ground.importing.reading import table_of
from fengqiao.ground.models import ImportMapping, Premises, Station
from fengqiao.ground.tests.conftest import context
from fengqiao.kit.problems import BadInput, NotFound

CSV = """Site Number,Sort,Site Name,House,Street,Phone No
A-1,Rental,福安公寓,7号,容桂街道海尾社区海尾路,13900001234
A-2,Shop,便利店,9号,容桂街道海尾社区海尾路,
A-3,Bar,酒吧,11号,容桂街道海尾社区海尾路,
""".encode()
THEIRS: dict[str, Any] = {
    "what": "premises",
    "name": "街道台账",
    "columns": {
        "number": "{Site Number}",
        "kind": "{Sort}",
        "name": "{Site Name}",
        "address": "{Street}{House}",
        "community": "440606006016",
        "contact_phone": "{Phone No}",
    },
    "values": {"kind": {"Rental": "出租屋", "Shop": "三小场所"}},
}


def mapping(**changed: Any) -> ColumnMap:
    return importing.read_mapping(THEIRS | changed, PREMISES)


def test_columns_are_taken_joined_fixed_and_their_words_put_into_ours(station: Station):
    _, found = importing.trial(what="premises", data=CSV, context=context(station), mapping=mapping())

    assert [v.standing for v in found.verdicts] == [Standing.OK, Standing.OK, Standing.FAILED]
    assert found.rows[0].cells["address"] == "容桂街道海尾社区海尾路7号"
    assert [row.cells["kind"] for row in found.rows] == ["出租屋", "三小场所", "Bar"]
    assert "“Bar”不在可选范围内" in found.verdicts[2].reason(PREMISES.headers)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"columns": {"number": "{Nr}"}}, "文件里没有对应关系用到的列：Nr"),
        ({"columns": {"number": "{Site Number}"}}, "必填的列还没有对应：类型、名称、地址"),
    ],
)
def test_what_a_mapping_lacks_is_named(station: Station, changed: dict[str, Any], says: str):
    with pytest.raises(BadInput, match=says):
        importing.trial(what="premises", data=CSV, context=context(station), mapping=mapping(**changed))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"columns": {"colour": "{Sort}"}}, "没有认识的列“colour”"),
        ({"what": "grids"}, "是“grids”的"),
        ({"dates": "some day"}, "不在可选范围内"),
        ({"extra": 1}, "没有这一项"),
    ],
)
def test_what_is_no_mapping_is_refused(changed: dict[str, Any], says: str):
    with pytest.raises(BadInput, match=says):
        mapping(**changed)


def test_similar_words_give_a_first_guess(station: Station):
    table = table_of(
        "场所编号,类别,单位名称,详细地址,联系人电话\n1,出租房,甲,乙,丙".encode(), context(station)
    )

    guessed = importing.guess(table, PREMISES, context(station))

    assert guessed.columns["number"] == "{场所编号}"
    assert guessed.columns["address"] == "{详细地址}"
    assert guessed.columns["name"] == "{单位名称}"
    assert guessed.columns["contact_phone"] == "{联系人电话}"
    assert guessed.values["kind"] == {"出租房": "出租屋"}


def test_a_saved_mapping_is_known_by_its_headers_in_any_order(station: Station):
    importing.save_mapping(mapping(), headers=["Site Number", "Sort"], context=context(station))
    importing.save_mapping(mapping(), headers=["Sort", "Site Number", "House"], context=context(station))

    assert ImportMapping.objects.count() == 1, "the same name again is the same mapping"
    known = importing.known_by_headers("premises", ["house", "Site Number ", "Sort"])
    assert known == mapping()
    assert importing.known_by_headers("premises", ["Sort"]) is None


def test_the_command_takes_a_mapping_by_name_or_as_a_file(station: Station, tmp_path: Path):
    path, file = tmp_path / "theirs.csv", tmp_path / "m.json"
    path.write_bytes(CSV)
    file.write_text(json.dumps(THEIRS), encoding="utf-8")
    importing.save_mapping(mapping(), headers=["x"], context=context(station))

    by_name, _ = run_import("premises", path, station=station, json=True, mapping="街道台账")
    by_file, _ = run_import("premises", path, station=station, json=True, mapping=str(file))

    counts = [json.loads(told) for told in (by_name, by_file)]
    assert [(c["ok"], c["failed"], c["skipped"]) for c in counts] == [(2, 1, 0), (0, 1, 2)]
    with pytest.raises(NotFound, match="已保存：街道台账"):
        run_import("premises", path, station=station, mapping="没有的")


def test_a_number_the_spreadsheet_has_rounded_stays_refused(station: Station):
    data = CSV.replace(b"A-1", b"4.40606E+14")

    _, found = importing.trial(what="premises", data=data, context=context(station), mapping=mapping())

    assert "已被表格软件改写" in found.verdicts[0].reason(PREMISES.headers)


def test_a_mapping_is_no_way_round_barred_columns(station: Station):
    with pytest.raises(BadInput, match="不得登记"):
        importing.trial(
            what="premises",
            data=CSV.replace(b"Phone No", "身份证号".encode()),
            context=context(station),
            mapping=mapping(),
        )
    assert not Premises.objects.filter(number="A-1").exists()
