from __future__ import annotations

from datetime import date

import pytest

from fengqiao.kit.grading import DEFAULT, FACTS, Grade, Rules, grade, next_check, read_rules
from fengqiao.kit.problems import BadInput

ARTICLES = DEFAULT.articles()


def test_one_serious_hazard_makes_a_place_red_and_names_the_article() -> None:
    found = grade({"open_serious": 1, "open_general": 4}, ARTICLES)

    assert (found.grade, found.why) == (Grade.RED, "红：1 处严重隐患未整改(第1条)")


def test_all_articles_that_give_the_grade_are_named() -> None:
    found = grade({"open_minor": 3, "never_checked": 1, "rooms": 900}, ARTICLES)

    assert found.why == "黄：3 处轻微隐患未整改(第6条)、从未检查(第10条)"


def test_below_every_threshold_a_place_is_green() -> None:
    assert grade({"open_minor": 2, "rooms": 12}, ARTICLES).grade is Grade.GREEN
    assert grade({}, ARTICLES).why == "绿：没有触及红、黄各条"


def test_the_next_check_is_derived_from_the_last_one_or_from_registration() -> None:
    checked = next_check(Grade.RED, DEFAULT, last=date(2026, 3, 1), since=date(2020, 1, 1))
    never = next_check(Grade.YELLOW, DEFAULT, last=None, since=date(2026, 3, 1))

    assert checked == (date(2026, 3, 16), "上次检查 2026-03-01；红色每 15 日一轮")
    assert never == (date(2026, 3, 31), "2026-03-01 登记，从未检查；黄色 30 日内检查")


def test_rules_survive_being_written_and_read() -> None:
    assert read_rules(DEFAULT.plain()) == DEFAULT


@pytest.mark.parametrize(
    ("part", "name", "value", "field"),
    [
        ("red", "open_serious", "-1", "red.open_serious"),
        ("red", "open_serious", "很多", "red.open_serious"),
        ("yellow", "no_contact", "2", "yellow.no_contact"),
        ("yellow", "income", "1", "yellow.income"),
        ("rounds", "green", "0", "rounds.green"),
        ("rounds", "red", "60", "rounds.red"),
    ],
)
def test_a_wrong_rule_is_named(part: str, name: str, value: str, field: str) -> None:
    given = DEFAULT.plain()
    given[part] = {**given[part], name: value}  # type: ignore[dict-item]

    with pytest.raises(BadInput) as caught:
        read_rules(given)

    assert [error.field for error in caught.value.errors] == [field]


def test_rules_that_ask_nothing_are_refused() -> None:
    with pytest.raises(BadInput, match="有误"):
        read_rules(Rules({Grade.RED: {}, Grade.YELLOW: {}}, DEFAULT.rounds).plain())


def test_no_fact_is_about_a_person() -> None:
    assert not [fact.code for fact in FACTS if "person" in fact.code or "人员" in fact.asks]
