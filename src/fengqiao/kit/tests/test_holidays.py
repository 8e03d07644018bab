from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from fengqiao.kit.holidays import read_holiday_file
from fengqiao.kit.problems import BadInput


def notice(*days: Any, year: Any = 2027) -> bytes:
    return json.dumps({"year": year, "days": list(days)}).encode()


def day(text: str, off: Any = True) -> dict[str, Any]:
    return {"name": "元旦", "date": text, "isOffDay": off}


def test_a_notice_is_read_by_day() -> None:
    data = notice(day("2027-01-03", off=False), day("2027-01-01"), day("2026-12-31"))

    assert read_holiday_file(data) == [
        (date(2026, 12, 31), False, "元旦"),
        (date(2027, 1, 1), False, "元旦"),
        (date(2027, 1, 3), True, "元旦"),
    ]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xff\xfe", "不是 JSON"),
        (b"[" * 100_000, "不是 JSON"),
        (b"[]", "year"),
        (notice(day("2027-01-01"), year="2027"), "year"),
        (notice(), "尚未公布"),
        (notice(*[day("2027-01-01")] * 367), "多于一年"),
        (notice({"date": "2027-01-01"}), "第 1 项"),
        (notice(day("2027-02-30")), "不是日期"),
        (notice(day("2027-01-01"), day("2025-12-31")), "第 2 项的 2025-12-31 不在 2027 年"),
        (notice(day("2027-01-01"), day("2027-01-01")), "日期重复：2027-01-01"),
    ],
)
def test_a_bad_notice_is_refused_with_its_fault(data: bytes, says: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_holiday_file(data)

    assert says in caught.value.detail
