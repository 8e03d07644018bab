"""Days as other systems write them, read into our one way; what could be two days is none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from fengqiao.kit.inputs import Choice
from fengqiao.kit.text import normalise

# Day 0 of a spreadsheet's count, right from 1 March 1900 on.
_EPOCH = date(1899, 12, 30)
_YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_TIME = re.compile(r"[ T](\d{1,2})(:\d{2})(:\d{2})?(?:\.\d+)?(?: ?([AP])M)?$", re.IGNORECASE)


class DayForm(Choice):
    AUTO = "auto", "自动(分不清月和日的不认)"
    ISO = "yyyy-mm-dd", "年-月-日(yyyy-mm-dd)"
    SLASHES = "yyyy/m/d", "年/月/日(yyyy/m/d)"
    MONTH_FIRST = "mm/dd/yyyy", "月/日/年(mm/dd/yyyy)"
    DAY_FIRST = "dd/mm/yyyy", "日/月/年(dd/mm/yyyy)"
    SERIAL = "serial", "Excel 日期数字(如 41556)"


@lru_cache(maxsize=4096)
def as_iso(text: str, form: DayForm) -> str | None:
    """`2013-10-09`, with ` 10:02` behind it where a time was given; None for what is no day in this form.

    A day with the year first is read under every form: workbooks keep real dates so.
    """
    text = normalise(text)
    time = _TIME.search(text)
    day = _day(text[: time.start()] if time else text, form)
    if day is None:
        return None
    clock = _clock(time) if time else "00:00"
    return day.isoformat() if clock in ("00:00", "00:00:00") else f"{day.isoformat()} {clock}"


def guess_form(texts: Iterable[str]) -> DayForm:
    """The form in which every text is a day; AUTO where none or more than one is."""
    seen = {text for text in texts if text.strip()}
    if not seen or all(as_iso(text, DayForm.AUTO) for text in seen):
        return DayForm.AUTO
    fit = [
        form for form in (DayForm.MONTH_FIRST, DayForm.DAY_FIRST) if all(as_iso(text, form) for text in seen)
    ]
    return fit[0] if len(fit) == 1 else DayForm.AUTO


def _clock(time: re.Match[str]) -> str:
    hour, half = int(time[1]), (time[4] or "").upper()
    hour = hour % 12 + (12 if half == "P" else 0) if half else hour
    return f"{hour:02}{time[2]}{time[3] or ''}"


def _day(text: str, form: DayForm) -> date | None:
    if first := _YEAR_FIRST.fullmatch(text):
        return _date(int(first[1]), int(first[2]), int(first[3]))
    if form in (DayForm.SERIAL, DayForm.AUTO) and (serial := _SERIAL.fullmatch(text)):
        return _EPOCH + timedelta(days=int(serial[1]))
    last = _YEAR_LAST.fullmatch(text)
    if last is None:
        return None
    one, two, year = int(last[1]), int(last[2]), int(last[3])
    found = {
        DayForm.MONTH_FIRST: [_date(year, one, two)],
        DayForm.DAY_FIRST: [_date(year, two, one)],
        DayForm.AUTO: [_date(year, one, two), _date(year, two, one)],
    }.get(form, [])
    days = {day for day in found if day}
    return days.pop() if len(days) == 1 else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
