"""Reading a published holiday notice: the JSON of the holiday-cn project, one file a year.

Shape: `{"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}]}`.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from fengqiao.kit.problems import BadInput


def read_holiday_file(data: bytes) -> list[tuple[date, bool, str]]:
    """(day, is it worked, name of the festival), by day. Raises BadInput naming what is wrong.

    The last days of the year before may stand in a file: a notice for New Year often frees some.
    """
    try:
        notice = json.loads(data)
    except (ValueError, RecursionError):
        raise BadInput("放假安排文件不是 JSON") from None
    year, days = _members(notice)
    found = [_day(item, number, year) for number, item in enumerate(days, 1)]
    twice = {day for day, _, _ in found if [d for d, _, _ in found].count(day) > 1}
    if twice:
        raise BadInput(f"日期重复：{min(twice)}")
    return sorted(found)


def _members(notice: Any) -> tuple[int, list[Any]]:
    year, days = (notice.get("year"), notice.get("days")) if isinstance(notice, dict) else (None, None)
    if type(year) is not int or not isinstance(days, list):
        raise BadInput("放假安排文件应有 year(年份)和 days(日期列表)")
    if not days:
        raise BadInput(f"{year} 年放假安排是空的，可能尚未公布")
    if len(days) > 366:
        raise BadInput("放假安排的日期多于一年的天数")
    return year, days


def _day(item: Any, number: int, year: int) -> tuple[date, bool, str]:
    where = f"days 第 {number} 项"
    if not isinstance(item, dict) or not isinstance(item.get("isOffDay"), bool):
        raise BadInput(f"{where}应有 date 和 isOffDay(true 或 false)")
    try:
        day = date.fromisoformat(str(item.get("date")))
    except ValueError:
        raise BadInput(f"{where}的 date 不是日期：{item.get('date')}") from None
    if day.year != year and not (day.year == year - 1 and day.month == 12):
        raise BadInput(f"{where}的 {day} 不在 {year} 年")
    return day, not item["isOffDay"], str(item.get("name") or "")[:40]
