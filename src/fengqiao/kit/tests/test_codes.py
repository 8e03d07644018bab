from __future__ import annotations

import csv

import pytest

from fengqiao.kit.codes import Level, code_fault, full_code, level_of, parent_code, split_code
from fengqiao.kit.tests.shared_data import shared

HAIWEI = "440606006016"


def test_a_code_has_five_parts() -> None:
    parts = split_code(HAIWEI)

    assert parts == ("44", "06", "06", "006", "016")
    assert str(parts) == HAIWEI


def test_climbing_from_a_village_to_its_province() -> None:
    climbed = [HAIWEI]
    while above := parent_code(climbed[-1]):
        climbed.append(above)

    assert climbed == [HAIWEI, "440606006000", "440606000000", "440600000000", "440000000000"]
    assert [level_of(code) for code in climbed] == sorted(Level, reverse=True)


def test_a_town_of_a_city_without_counties_lies_in_the_city() -> None:
    assert parent_code(parent_code("441900003001") or "") == "441900000000"


def test_short_forms_are_filled_up() -> None:
    assert [full_code(code) for code in ("44", "440606", " 440606006 ", "4406060")] == [
        "440000000000",
        "440606000000",
        "440606006000",
        "4406060",
    ]


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("", "12 位"),
        ("44060600601", "12 位"),
        ("44060600601x", "12 位"),
        ("４４０６０６００６０１６", "12 位"),
        ("990606006016", "前两位 99"),
        ("440006006016", "缺地市级"),
        ("440606000016", "缺乡镇街道级"),
    ],
)
def test_what_cannot_be_a_code_is_told_why(code: str, fault: str) -> None:
    assert fault in code_fault(code)
    with pytest.raises(ValueError, match=fault):
        split_code(code)


def test_the_bureaus_own_table_follows_these_rules() -> None:
    with shared("divisions/divisions_foshan_nbs2022.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))

    assert [row for row in rows if level_of(row["code"]) != int(row["level"])] == []
    assert [row for row in rows if parent_code(row["code"]) != row["parent_code"]] == []
