from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from fengqiao.kit.calendar import (
    UnknownYear,
    WorkCalendar,
    covered_years,
    due,
    due_or_estimate,
    parse_span,
)
from fengqiao.kit.days import BEIJING
from fengqiao.kit.holidays import read_holiday_file
from fengqiao.kit.tests.shared_data import shared

CALENDAR = WorkCalendar.published()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


@pytest.mark.parametrize("text", ["5min", "24h", "3d", "3wd"])
def test_a_span_is_written_back_as_it_was_read(text: str) -> None:
    assert str(parse_span(text)) == text


@pytest.mark.parametrize("text", ["", "0d", "-1h", "3", "3 wd", "3w", "1.5h", "999999d", "３d"])
def test_other_writings_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="时长"):
        parse_span(text)


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        # Minutes and hours run exactly, through nights and holidays.
        ("2022-10-01T23:58", "5min", "2022-10-02T00:03"),
        ("2022-10-01T10:00", "24h", "2022-10-02T10:00"),
        # The starting day does not count; the last one ends at 24:00.
        ("2022-05-10T10:02", "3wd", "2022-05-14T00:00"),
        ("2022-05-10T00:00", "1d", "2022-05-12T00:00"),
        # Friday: three working days cross the weekend, three natural ones end on Monday.
        ("2022-05-13T09:00", "3wd", "2022-05-19T00:00"),
        ("2022-05-13T09:00", "3d", "2022-05-17T00:00"),
        # A last natural day on a Saturday moves to Monday.
        ("2022-05-12T09:00", "2d", "2022-05-17T00:00"),
        # National Day 2022: 8 and 9 October were worked Saturday and Sunday.
        ("2022-09-30T17:00", "3wd", "2022-10-11T00:00"),
        ("2022-09-30T17:00", "3d", "2022-10-09T00:00"),
        # National Day 2023 with Mid-Autumn: off 29 September to 6 October, worked 7 and 8.
        ("2023-09-28T12:00", "1wd", "2023-10-08T00:00"),
        # Spring Festival 2024: 4 February (Sunday) worked, off 10 to 17, 18 (Sunday) worked.
        ("2024-02-02T12:00", "1wd", "2024-02-05T00:00"),
        ("2024-02-09T12:00", "2wd", "2024-02-20T00:00"),
        # Spring Festival 2025: 26 January and 8 February worked, off 28 January to 4 February.
        ("2025-01-24T12:00", "3wd", "2025-02-06T00:00"),
        # Spring Festival 2026: off 15 to 23 February, 14 and 28 worked.
        ("2026-02-13T12:00", "2wd", "2026-02-25T00:00"),
    ],
)
def test_periods_end_as_the_rule_says(start: str, span: str, end: str) -> None:
    assert due(at(start), parse_span(span), CALENDAR) == at(end)


def test_the_starting_day_is_the_one_in_beijing() -> None:
    late_evening_utc = datetime.fromisoformat("2022-05-09T17:00+00:00")

    assert due(late_evening_utc, parse_span("1wd"), CALENDAR) == at("2022-05-12T00:00")


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        due(at("2022-05-10T10:02").replace(tzinfo=None), parse_span("5min"), CALENDAR)


def test_an_unpublished_year_is_unknown() -> None:
    with pytest.raises(UnknownYear) as caught:
        due(at("2026-12-30T10:00"), parse_span("3wd"), CALENDAR)

    assert caught.value.year == 2027


def test_an_estimate_says_that_it_is_one() -> None:
    estimated = due_or_estimate(at("2026-12-30T10:00"), parse_span("3wd"), CALENDAR)
    sure = due_or_estimate(at("2026-12-28T10:00"), parse_span("3wd"), CALENDAR)
    exact = due_or_estimate(at("2026-12-31T23:00"), parse_span("24h"), CALENDAR)

    assert estimated == (at("2027-01-05T00:00"), False)
    assert sure == (at("2027-01-01T00:00"), True)
    assert exact == (at("2027-01-01T23:00"), True)


def test_the_station_corrects_single_days() -> None:
    closed = WorkCalendar.published({date(2022, 5, 11): False})

    assert due(at("2022-05-10T10:00"), parse_span("1wd"), closed) == at("2022-05-13T00:00")
    assert CALENDAR.is_workday(date(2022, 5, 11))


def test_one_corrected_day_does_not_make_a_year_known() -> None:
    calendar = WorkCalendar.published({date(2027, 1, 1): False})

    assert not calendar.is_workday(date(2027, 1, 1))
    with pytest.raises(UnknownYear):
        calendar.is_workday(date(2027, 1, 4))


def test_a_whole_notice_makes_its_year_known() -> None:
    notice = {date(2027, month, 1): False for month in (1, 5, 10)}

    calendar = WorkCalendar.published(notice)

    assert covered_years(notice) == {2027}
    assert calendar.is_workday(date(2027, 1, 4))
    assert WorkCalendar.published(known_years=[2027]).is_workday(date(2027, 1, 4))


@pytest.mark.parametrize("year", range(2018, 2027))
def test_the_package_agrees_with_the_published_notice_on_every_day(year: int) -> None:
    shared("holidays")
    notices = [shared(f"holidays/{name}.json") for name in (year, min(year + 1, 2026))]
    special = {day: works for path in notices for day, works, _ in read_holiday_file(path.read_bytes())}
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365 + (year % 4 == 0))]

    differing = [day for day in days if CALENDAR.is_workday(day) != special.get(day, day.weekday() < 5)]

    assert differing == []
