from __future__ import annotations

from datetime import date, datetime

import pytest

from fengqiao.kit.days import day_bounds, local_day, month_bounds


def test_the_day_turns_at_beijing_midnight() -> None:
    before = datetime.fromisoformat("2022-05-09T15:59:59+00:00")
    after = datetime.fromisoformat("2022-05-09T16:00:00+00:00")

    assert (local_day(before), local_day(after)) == (date(2022, 5, 9), date(2022, 5, 10))


def test_a_time_without_a_zone_has_no_day() -> None:
    with pytest.raises(ValueError, match="zone"):
        local_day(datetime(2022, 5, 9))  # noqa: DTZ001 the fault under test


def test_bounds_of_a_day() -> None:
    first, end = day_bounds(date(2022, 5, 31))

    assert (first.isoformat(), end.isoformat()) == ("2022-05-31T00:00:00+08:00", "2022-06-01T00:00:00+08:00")


@pytest.mark.parametrize(
    ("day", "first", "end"),
    [
        (date(2022, 12, 31), date(2022, 12, 1), date(2023, 1, 1)),
        (date(2024, 2, 29), date(2024, 2, 1), date(2024, 3, 1)),
    ],
)
def test_bounds_of_a_month(day: date, first: date, end: date) -> None:
    assert tuple(map(local_day, month_bounds(day))) == (first, end)
