"""Days as others write them."""

from __future__ import annotations

import pytest

from fengqiao.kit.days_as_written import DayForm, as_iso, guess_form


@pytest.mark.parametrize(
    ("text", "form", "meant"),
    [
        ("2013-10-09", DayForm.AUTO, "2013-10-09"),
        ("2013/1/9", DayForm.SLASHES, "2013-01-09"),
        ("2013年1月9日", DayForm.AUTO, "2013-01-09"),
        ("10/09/2013", DayForm.MONTH_FIRST, "2013-10-09"),
        ("10/09/2013", DayForm.DAY_FIRST, "2013-09-10"),
        ("10/09/2013", DayForm.AUTO, None),
        ("10/10/2013", DayForm.AUTO, "2013-10-10"),
        ("10/29/2013", DayForm.AUTO, "2013-10-29"),
        ("10/29/2013", DayForm.DAY_FIRST, None),
        ("02/30/2013", DayForm.MONTH_FIRST, None),
        ("41556", DayForm.SERIAL, "2013-10-09"),
        ("41556", DayForm.AUTO, "2013-10-09"),
        ("41556", DayForm.MONTH_FIRST, None),
        # a workbook keeps real dates so, whatever the column's other cells look like
        ("2013-10-09 00:00:00", DayForm.MONTH_FIRST, "2013-10-09"),
        ("10/09/2013 02:30 PM", DayForm.MONTH_FIRST, "2013-10-09 14:30"),
        ("10/09/2013 12:05:00 AM", DayForm.MONTH_FIRST, "2013-10-09 00:05:00"),
        ("昨天", DayForm.AUTO, None),
    ],
)
def test_a_day_is_read_in_the_form_it_was_written_in(text: str, form: DayForm, meant: str | None):
    assert as_iso(text, form) == meant


def test_the_form_is_guessed_only_where_one_alone_fits():
    assert guess_form(["10/09/2013", "10/29/2013"]) == DayForm.MONTH_FIRST
    assert guess_form(["09/10/2013", "29/10/2013"]) == DayForm.DAY_FIRST
    assert guess_form(["10/09/2013", "09/10/2013"]) == DayForm.AUTO
    assert guess_form(["2013-10-09", ""]) == DayForm.AUTO
