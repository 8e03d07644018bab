"""What a check finds, how it is told, who may check, and the record it leaves."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.utils.timezone import localdate
from docx import Document as read_docx

from fengqiao.checks.commands import create_list, publish
from fengqiao.ground.models import Premises
from fengqiao.kinds.inspection.models import Inspection
from fengqiao.kinds.inspection.tests.rounds import DAY, due, fine, inspect, premises
from fengqiao.kit.ids import uuid7
from fengqiao.kit.problems import BadInput, Forbidden
from fengqiao.kit.sheets import Sheet
from fengqiao.matters.commands import perform, raise_matter, raise_owed
from fengqiao.matters.issued_papers import print_issued
from fengqiao.matters.models import Issued, Matter
from fengqiao.people.roles import Role
from tests.answering import a_photo
from tests.station import NOON, SmallStation, person

pytestmark = pytest.mark.django_db


def test_what_was_seen_to_be_mended_and_is_bad_again_is_another_hazard_that_repeats_it(
    place: SmallStation, house: Premises
):
    place.people["second"] = person(place.station, "海尾民警", Role.OFFICER, place.haiwei)
    first = due(place)
    inspect(place, first, fine(first, a_photo(place), exits_free="no"))
    hazard = Matter.objects.get(kind="hazard")
    steps: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("haiwei", "fix_on_spot", {"done": "当场清走", "photos": [a_photo(place)]}),
        ("second", "reinspect", {"result": "fixed", "seen": "已清空", "photos": [a_photo(place, "second")]}),
    )
    for who, name, given in steps:
        perform(matter_id=hazard.pk, act=name, given=given, by=place.actor(who), at=NOON + DAY, key=name)
    Premises.objects.filter(pk=house.pk).update(check_due=localdate(NOON) + 14 * DAY)
    raise_owed(station_id=place.station.pk, at=NOON + 12 * DAY)
    second = Matter.objects.get(kind="inspection", closed_at=None)
    inspect(place, second, fine(second, a_photo(place), exits_free="no"), at=NOON + 14 * DAY, key="k2")

    detail = Inspection.objects.get(pk=second.pk)
    again = Matter.objects.get(kind="hazard", parent=second)
    assert (detail.found, detail.known) == (1, 0)
    assert again.hazard.earlier_id == hazard.pk


def test_what_somebody_wrote_down_by_hand_is_not_found_twice(place: SmallStation, house: Premises):
    given = {
        "premises": str(house.pk),
        "item": "wiring",
        "finding": "电线没有穿管",
        "spot": "二楼走道",
        "severity": "general",
        "source": "complaint",
        "deadline": "15d",
    }
    matter = due(place)
    raise_matter(kind_slug="hazard", given=given, by=place.actor("desk"), at=NOON)

    inspect(place, matter, fine(matter, a_photo(place), wiring="no"))

    detail = Inspection.objects.get(pk=matter.pk)
    assert (detail.found, detail.known) == (0, 1)


WIDEST = {
    "code": "isBicycles" + "X" * 50,
    "says": "甲" * 300,
    "good": ["yes"],
    "basis": "乙" * 200,
    "advice": "丙" * 500,
    "photo_needed": True,
}


@pytest.mark.parametrize("span", ["7d", "3wd", "24h", ""])
def test_whatever_a_list_of_the_stations_own_may_say_a_check_by_it_can_be_handed_in(
    place: SmallStation, house: Premises, span: str
):
    own = create_list(station_id=place.station.pk, slug="own", name="本所清单")
    publish(checklist=own, sheet=Sheet.from_json([WIDEST | {"span": span}]), at=NOON)
    given = {"premises": str(house.pk), "source": "round", "checklist": "own"}
    matter = raise_matter(kind_slug="inspection", given=given, by=place.actor("desk"), at=NOON).matter
    answer = {"value": "no", "spot": "丁" * 100, "note": "戊" * 500}
    answer["photos"] = [a_photo(place) for _ in range(9)]

    inspect(place, matter, {WIDEST["code"]: answer})

    hazard = Matter.objects.get(kind="hazard").hazard
    assert (hazard.item, hazard.span) == (WIDEST["code"], span or "15d")
    assert hazard.finding == f"不符合：{'甲' * 300}（{'戊' * 500}）"


def test_findings_say_what_is_wrong_and_not_only_what_was_asked(place: SmallStation, house: Premises):
    matter = due(place)
    told = {"has_ebike": "yes", "charging_place": "none", "extinguishers": 1, "wiring": "no"}

    inspect(place, matter, fine(matter, a_photo(place), **told))

    assert set(Matter.objects.filter(kind="hazard").values_list("hazard__finding", flat=True)) == {
        "没有固定的停放充电地方",
        "4 公斤 ABC 干粉灭火器数量：1 具",
        "电线没有穿管，乱接乱拉",
    }


def test_two_for_a_unit_are_two_of_the_police_who_serve_that_day(place: SmallStation):
    premises(place, "E-1", kind="enterprise", check_due=localdate(NOON))
    place.people["grid"] = person(place.station, "海尾网格员", Role.GRID_MEMBER, place.haiwei)
    unit = due(place)

    for other in (uuid7(), place.people["auxiliary"].pk, place.people["haiwei"].pk):
        with pytest.raises(BadInput) as alone:
            inspect(place, unit, fine(unit), second_officer=other)
        assert alone.value.errors[0].field == "given.second_officer"
    given = {"answers": fine(unit), "accompanied": "nobody", "second_officer": place.people["haiwei"].pk}
    with pytest.raises(Forbidden, match="民警"):
        perform(matter_id=unit.pk, act="inspect", given=given, by=place.actor("grid"), at=NOON, key="g")
    assert inspect(place, unit, fine(unit), second_officer=place.people["chief"].pk).stage == "clean"


def test_a_place_that_was_checked_need_not_be_verified_as_well(place: SmallStation, house: Premises):
    matter = due(place)
    inspect(place, matter, fine(matter))

    house.refresh_from_db()
    assert (house.verified_at, house.verified_by) == (NOON, "海尾社区警长")
    assert "没有核实" not in house.grade_why


def test_the_record_is_issued_with_the_check_and_says_who_checked_and_what_was_ordered(
    place: SmallStation, house: Premises
):
    place.people["second"] = person(place.station, "海尾民警", Role.OFFICER, place.haiwei)
    matter = due(place)
    answers = fine(matter, a_photo(place), exits_free="no", wiring="no")
    signed = {"refused_signature": None, "witness": None, "signature": [a_photo(place)]}
    inspect(place, matter, answers, second_officer=place.people["second"].pk, **signed)
    Premises.objects.filter(pk=house.pk).update(name="改了名字")

    issued = Issued.objects.get(matter=matter)
    printed = print_issued(
        matter=Matter.objects.select_related("vault").get(pk=matter.pk),
        issued_id=issued.pk,
        as_="docx",
        by=place.actor("chief"),
        at=NOON,
    )
    body = read_docx(BytesIO(printed.content)).element.body
    told = "".join(node.text or "" for node in body.iter() if node.tag.endswith("}t"))

    assert issued.number == "容桂检记〔2022〕1号"
    for fact in ("出租屋P-1", "海尾社区警长、海尾民警", "要求立即整改", "要求 15 日内整改", "陪同人签名"):
        assert fact in told
    assert "改了名字" not in told
