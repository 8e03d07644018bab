"""Grades in the register: what is told from above and what the register knows, by the station's own rules."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from fengqiao.ground.commands import amend_premises, create_premises, note_check, verify_premises
from fengqiao.ground.grade_rules import rules_of, set_rules
from fengqiao.ground.grading import grade_premises, preview
from fengqiao.ground.models import Community, Premises, Station
from fengqiao.ground.tests.conftest import NOON
from fengqiao.kit.grading import DEFAULT, read_rules
from fengqiao.kit.problems import BadInput

ASKED = {"number": "A-1", "kind": "rental_house", "name": "福安公寓", "address": "海尾社区海尾路1号"}


def check(house: Premises, at: datetime) -> None:
    note_check(premises=house, checked_at=at, at=NOON, learnt={}, facts={})


@pytest.fixture
def house(empty_station: Station) -> Premises:
    Community.objects.create(station=empty_station, code="440606006016", name="海尾社区居委会")
    given = ASKED | {"contact_phone": "13900000000"}
    return create_premises(station_id=empty_station.pk, given=given, at=NOON)


def again(one: Premises) -> Premises:
    return Premises.objects.get(pk=one.pk)


def test_a_new_place_is_graded_at_once_and_says_when_its_first_check_is_due(house: Premises):
    assert (house.grade, house.grade_why) == ("yellow", "黄：从未检查(第10条)、12 个月内没有核实(第11条)")
    assert house.check_due == date(2022, 6, 9)
    assert house.check_why == "2022-05-10 登记，从未检查；黄色 30 日内检查"


def test_checked_and_verified_it_is_green_and_its_round_counts_from_the_check(house: Premises):
    check(house, NOON)
    verify_premises(premises=house, given={"what": ["address"], "via": "nfc"}, by_name="民警", at=NOON)

    found = again(house)
    assert (found.grade, found.check_due) == ("green", date(2022, 8, 8))
    assert (found.verified_what, found.verified_via, found.verified_by) == ("address", "nfc", "民警")


def test_an_earlier_check_handed_in_late_does_not_move_the_round_back(house: Premises):
    check(house, NOON)
    check(house, NOON - timedelta(days=3))

    assert again(house).last_check_at == NOON


def test_to_verify_nothing_in_particular_is_refused(house: Premises):
    with pytest.raises(BadInput):
        verify_premises(premises=house, given={"what": []}, by_name="民警", at=NOON)


def test_hazards_told_from_above_make_it_red_until_they_are_told_away(house: Premises):
    station = house.station_id
    told = grade_premises(station_id=station, at=NOON, facts={house.pk: {"open_serious": 2}})
    amended = amend_premises(premises=again(house), given=ASKED | {"rooms": "9"}, at=NOON)
    assert (told["red"], amended.grade) == (1, "red")
    assert again(house).grade_why == "红：2 处严重隐患未整改(第1条)"

    grade_premises(station_id=station, at=NOON, facts={})

    assert again(house).grade == "yellow"


def test_a_year_after_its_verification_the_nightly_run_notices(house: Premises):
    verify_premises(premises=house, given={"what": ["contact"]}, by_name="民警", at=NOON)
    assert "核实" not in again(house).grade_why

    grade_premises(station_id=house.station_id, at=NOON + timedelta(days=365))

    assert "12 个月内没有核实" in again(house).grade_why


def test_what_did_not_change_is_not_written_again(house: Premises):
    grade_premises(station_id=house.station_id, at=NOON + timedelta(days=1))

    assert again(house).graded_at == NOON


def test_e_bikes_without_separation_weigh_by_the_rooms_above_them(house: Premises):
    given = ASKED | {"rooms": "24", "e_bikes": True, "separated": False}

    amended = amend_premises(premises=house, given=given, at=NOON)

    assert amended.grade_why == "红：电动自行车未人车分离，有 24 间房(第4条)"


def test_new_rules_are_tried_before_they_hold(house: Premises):
    station, rules = house.station_id, read_rules(DEFAULT.plain() | {"red": {"never_checked": 1}})

    assert preview(station_id=station, rules=rules, at=NOON) == {("yellow", "red"): 1}
    assert again(house).grade == "yellow"

    set_rules(station_id=station, rules=rules, by_name="所长", at=NOON)
    grade_premises(station_id=station, at=NOON)

    assert rules_of(station) == rules
    assert (again(house).grade, again(house).check_due) == ("red", date(2022, 5, 25))


def test_a_fact_nobody_published_is_a_mistake_of_the_program(house: Premises):
    with pytest.raises(ValueError, match="from above"):
        grade_premises(station_id=house.station_id, at=NOON, facts={house.pk: {"rooms": 3}})
