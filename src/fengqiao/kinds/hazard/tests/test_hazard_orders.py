"""What a hazard comes to: who may order, by which violation, by when; and what two persons decide."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fengqiao.checks.starting import ensure_lists
from fengqiao.ground import importing
from fengqiao.ground.importing import Context
from fengqiao.kinds.hazard.closed_list import DEFAULTS
from fengqiao.kinds.hazard.items import choices, ordered_as
from fengqiao.kinds.hazard.models import Hazard, HazardOrder
from fengqiao.kinds.hazard.tests.road import (
    DAY,
    HANDED_OFF,
    PHOTO,
    RECEIPTED,
    TOLD,
    act,
    found,
    house,
    running,
    second,
    walk,
    with_place,
)
from fengqiao.kit.problems import BadInput, Forbidden, OutOfTurn
from fengqiao.kit.tables import write_xlsx
from fengqiao.matters.models import Clock
from tests.station import NOON, SmallStation

pytestmark = pytest.mark.django_db
FIXED = {"result": "fixed", "seen": "已清空", "photos": PHOTO}


@pytest.fixture
def place() -> SmallStation:
    return with_place()


def test_an_order_needs_scope_the_list_and_two_police_officers(place: SmallStation):
    rented, school = house(place), house(place, "P-2", kind="school")
    given = {"second_officer": str(second(place).pk)}

    with pytest.raises(OutOfTurn, match="范围"):
        act(place, found(place, school), "haiwei", "order", 5, **given)
    with pytest.raises(OutOfTurn, match="清单"):
        act(place, found(place, rented, item="contact_poster_missing"), "haiwei", "order", 5, **given)
    matter = found(place, rented)
    with pytest.raises(BadInput, match="另一名"):
        act(place, matter, "haiwei", "order", 5, second_officer=str(place.people["haiwei"].pk))
    with pytest.raises(BadInput, match="民警"):
        act(place, matter, "haiwei", "order", 6, second_officer=str(place.people["auxiliary"].pk))
    with pytest.raises(Forbidden):
        act(place, matter, "auxiliary", "order", 7, **given)
    assert act(place, matter, "haiwei", "order", 8, **given).stage == "notified"


def test_a_station_with_a_list_of_its_own_orders_by_that(place: SmallStation):
    HazardOrder.objects.create(station=place.station, code="gas_hose", says="软管老化", basis="燃气条例")
    given = {"second_officer": str(second(place).pk)}

    with pytest.raises(OutOfTurn, match="清单"):
        act(place, found(place), "haiwei", "order", 5, **given)
    assert act(place, found(place, item="gas_hose"), "haiwei", "order", 5, **given).stage == "notified"


def test_an_order_for_what_brooks_no_delay_is_due_today_unless_the_officer_says_otherwise(
    place: SmallStation,
):
    other = str(second(place).pk)

    at_once = act(place, found(place), "haiwei", "order", 5, second_officer=other)
    by_a_day = act(place, found(place), "haiwei", "order", 5, second_officer=other, immediate=False)

    assert running(at_once)["fix"] == date(2022, 5, 10)
    assert running(by_a_day)["fix"] == date(2022, 5, 25)


def test_the_list_comes_as_a_file_and_faults_are_named(place: SmallStation):
    head = ["隐患项目代码", "违法行为", "法律依据", "责令立即改正"]
    good, wrong = ["gas_hose", "软管老化", "燃气条例", "是"], ["Gas 软管", "软管老化", "燃气条例", "也许"]
    context = Context(station=place.station, at=NOON, filename="list.xlsx", by=place.actor("chief"))

    run = importing.preview(
        what="hazard-orders", data=write_xlsx({"清单": [head, good, wrong]}), context=context
    )
    importing.commit(run_id=run.pk, context=context)

    assert list(HazardOrder.objects.values_list("code", "at_once")) == [("gas_hose", True)]
    assert {error.field for error in importing.report(run).verdicts[1].faults} == {"code", "at_once"}


def test_what_is_offered_is_what_may_be_ordered_and_what_the_lists_ask_in_words(place: SmallStation):
    ensure_lists(station_id=place.station.pk, at=NOON)

    offered = dict(choices())

    assert {order.code: order.says for order in DEFAULTS}.items() <= offered.items()
    assert (offered["exit_locked"], offered["gas_hose"]) == ("锁闭安全出口", "燃气连接软管老化或超长")
    assert "has_ebike" not in offered, "no answer to it is a finding"


def test_a_major_fire_hazard_is_one_when_somebody_finds_it_to_be_and_is_reported_with_the_order(
    place: SmallStation,
):
    report = {"danger": "住三十余人，唯一出口被堵", "ordered": "已责令立即清空"}
    why = {"why": "唯一安全出口被封堵，影响全楼疏散"}
    matter = act(place, found(place, severity="serious"), "haiwei", "notify", 10)
    assert "serious_report" not in running(matter)
    with pytest.raises(OutOfTurn):
        act(place, matter, "haiwei", "report_serious", 15, **report)

    matter = act(place, matter, "haiwei", "mark_major", 20, **why)
    assert running(matter)["serious_report"] == date(2022, 5, 10)
    matter = act(place, matter, "haiwei", "report_serious", 60, **report)
    assert "serious_report" not in running(matter)

    before_the_order = act(place, found(place, severity="serious"), "haiwei", "mark_major", 5, **why)
    assert "serious_report" not in running(before_the_order)
    ordered = act(place, before_the_order, "haiwei", "order", DAY, second_officer=str(second(place).pk))
    assert running(ordered)["serious_report"] == date(2022, 5, 11)
    with pytest.raises(OutOfTurn):
        act(place, found(place), "haiwei", "mark_major", 60, **why)


def test_a_second_order_for_what_brooks_no_delay_is_due_today_again(place: SmallStation):
    given = {"second_officer": str(second(place).pk)}
    matter = found(place, item="exits_free", finding="后门上锁")
    seen = {
        "result": "not",
        "seen": "仍上锁",
        "photos": PHOTO,
        "second_officer": str(place.people["chief"].pk),
    }
    matter = walk(
        place, matter, ("haiwei", "order", 5, given), TOLD[1], ("second", "reinspect", 2 * DAY, seen)
    )

    matter = act(place, matter, "haiwei", "order", 3 * DAY, **given)

    assert running(matter)["fix"] == date(2022, 5, 13)
    assert Hazard.objects.get(pk=matter.pk).ordered_at_once


def test_what_was_set_to_be_mended_at_once_is_not_given_a_day_by_an_order(place: SmallStation):
    with pytest.raises(BadInput) as wrong:
        act(
            place,
            found(place, deadline="0d"),
            "haiwei",
            "order",
            5,
            second_officer=str(second(place).pk),
            immediate=False,
        )

    assert [error.field for error in wrong.value.errors] == ["given.immediate"]


def test_what_was_ordered_is_looked_at_again_by_two_of_the_police(place: SmallStation):
    given = {"second_officer": str(second(place).pk)}
    matter = walk(place, found(place), ("haiwei", "order", 5, given), TOLD[1])

    with pytest.raises(Forbidden, match="民警"):
        act(place, matter, "auxiliary", "reinspect", DAY, **FIXED, **given)
    for wrong in ({}, given, {"second_officer": str(place.people["auxiliary"].pk)}):
        with pytest.raises(BadInput) as alone:
            act(place, matter, "second", "reinspect", DAY, **FIXED, **wrong)
        assert alone.value.errors[0].field == "given.second_officer"
    chief = {"second_officer": str(place.people["chief"].pk)}
    assert act(place, matter, "second", "reinspect", DAY, **FIXED, **chief).stage == "verified"


def test_what_one_found_oneself_is_not_taken_out_by_oneself(place: SmallStation):
    ours, complaint = found(place), found(place, source="complaint")
    seen = {"seen": "现场没有此情况"}

    with pytest.raises(Forbidden, match="发现人"):
        act(place, ours, "haiwei", "unfounded", 10, **seen, photos=PHOTO)
    assert act(place, ours, "second", "unfounded", 20, **seen).stage == "unfounded"
    with pytest.raises(BadInput) as bare:
        act(place, complaint, "haiwei", "unfounded", 10, **seen)
    assert bare.value.errors[0].field == "given.photos"
    assert act(place, complaint, "haiwei", "unfounded", 20, **seen, photos=PHOTO).stage == "unfounded"


def test_taken_back_or_with_its_receipt_in_a_clock_still_runs(place: SmallStation):
    back = walk(
        place, found(place), *HANDED_OFF, ("haiwei", "take_back", 18 * DAY, {"reason": "对方退回，属本所"})
    )
    received = walk(place, found(place), *RECEIPTED)

    assert set(running(back)) == {"serve", "decide"}
    assert set(running(received)) == {"follow_up"}


def test_what_nobody_approved_is_handed_on_within_five_working_days(place: SmallStation):
    ensure_lists(station_id=place.station.pk, at=NOON)
    matter = found(place, item="approval", finding="未经消防验收即投入使用")
    assert running(matter)["unapproved"] == date(2022, 5, 17)

    matter = act(
        place,
        matter,
        "haiwei",
        "hand_off",
        DAY,
        to="fire_rescue",
        why="unapproved",
        facts="未经消防验收即投入使用",
    )

    assert set(running(matter)) == {"receipt"}


@pytest.mark.parametrize(
    ("span", "last"), [("7d", date(2022, 5, 17)), ("3wd", date(2022, 5, 13)), ("24h", date(2022, 5, 11))]
)
def test_a_deadline_is_any_span_a_checklist_may_set_and_the_second_one_half_of_it(
    place: SmallStation, span: str, last: date
):
    matter = found(place, deadline=span)
    assert running(matter)["fix"] == last

    seen = {"result": "not", "seen": "仍在楼梯间充电", "photos": PHOTO}
    matter = walk(place, matter, *TOLD, ("second", "reinspect", 10 * DAY, seen))
    matter = act(place, matter, "haiwei", "notify", 11 * DAY)

    assert date(2022, 5, 21) <= running(matter)["fix"] <= date(2022, 5, 24)


def test_the_day_a_place_was_last_seen_is_the_later_of_its_check_and_its_verification(place: SmallStation):
    home = house(place, verified_at=NOON - timedelta(days=30), last_check_at=NOON - timedelta(days=3))

    assert Hazard.objects.get(pk=found(place, home).pk).unseen_since == NOON - timedelta(days=3)


@pytest.mark.parametrize(
    ("item", "code"), [("exit_locked", "exits_free"), ("no_extinguisher", "extinguishers")]
)
def test_an_item_of_a_checklist_is_ordered_by_the_violation_it_names(
    place: SmallStation, item: str, code: str
):
    ensure_lists(station_id=place.station.pk, at=NOON)
    shop = house(place, kind="shop")

    matter = act(
        place, found(place, shop, item=item), "haiwei", "order", 5, second_officer=str(second(place).pk)
    )

    assert matter.stage == "notified"
    assert ordered_as(item, None) == next(order for order in DEFAULTS if order.code == code)


def test_a_complaint_about_a_locked_exit_is_looked_at_within_a_day_whatever_its_item_is_called(
    place: SmallStation,
):
    matter = found(place, item="obstructed", source="complaint", who="desk")

    assert [(c.name, c.span) for c in Clock.objects.filter(matter=matter)] == [("on_site", "24h")]
