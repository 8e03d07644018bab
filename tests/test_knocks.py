"""The month's budget of knocks: every duty's acts at a door stand against it, whichever way they come in."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate

from fengqiao.field.slices import cut
from fengqiao.ground.merging import merge_premises
from fengqiao.ground.models import Premises
from fengqiao.kinds.hazard.tests.road import DAY, PHOTO, SERVED, STILL, act, found, house, walk, with_place
from fengqiao.kit.problems import BadInput
from fengqiao.matters.commands import perform
from fengqiao.matters.knocks import budget, knocks, set_budget
from fengqiao.matters.models import Event, Matter
from tests.doors import client_of, token_of
from tests.station import NOON, SmallStation

pytestmark = pytest.mark.django_db
MENDED = {"result": "fixed", "seen": "已清空", "photos": PHOTO}
FIXED = {"done": "已搬走", "photos": PHOTO}


@pytest.fixture
def place() -> SmallStation:
    return with_place()


def days_of(one: Premises, *, after: int) -> list[int]:
    """On which days after the finding somebody knocked, asked so many days after it."""
    found = knocks(one.pk, at=NOON + timedelta(days=after))
    return sorted((day - localdate(NOON)).days for _by, day in found)


def used_up(place: SmallStation, one: Premises) -> Matter:
    """Four hazards of one house put right on four days, the last of them yesterday; a fifth is open today."""
    found_at = timezone.now() - timedelta(days=4)
    for day in range(4):
        hazard = found(place, one, at=found_at, item=f"item-{day}")
        act(place, hazard, "haiwei", "fix_on_spot", day * DAY, **FIXED)
    return found(place, one, at=found_at, item="wiring")


def test_the_road_of_a_hazard_is_a_knock_for_each_day_somebody_stood_at_the_door(place: SmallStation):
    one = house(place)
    told = walk(place, found(place, one), ("haiwei", "notify", 10, {}), ("haiwei", "serve", DAY, SERVED))
    mended = walk(
        place,
        told,
        ("haiwei", "report_fixed", 2 * DAY, {"photos": PHOTO}),
        ("second", "reinspect", 3 * DAY, MENDED),
    )
    act(place, mended, "auxiliary", "revisit", 25 * DAY, **STILL)

    assert days_of(one, after=26) == [1, 3, 25], (
        "a notice is written anywhere, what is fixed is told by telephone"
    )


def test_a_notice_sent_by_mail_is_no_knock(place: SmallStation):
    one = house(place)
    mail = {"method": "mail", "place": "邮局", "receiver": "挂号信"}
    walk(place, found(place, one), ("haiwei", "notify", 10, {}), ("haiwei", "serve", DAY, mail))

    assert days_of(one, after=2) == []


def test_one_knock_too_many_by_any_duty_has_a_written_reason(place: SmallStation):
    one = house(place)
    fifth = used_up(place, one)
    with pytest.raises(BadInput) as bare:
        act(place, fifth, "haiwei", "fix_on_spot", 4 * DAY, **FIXED)
    assert [(e.field, "4 次" in e.says) for e in bare.value.errors] == [("given.knock_reason", True)]
    assert Matter.objects.get(pk=fifth.pk).stage == "found"

    act(place, fifth, "haiwei", "fix_on_spot", 4 * DAY, knock_reason="房东约今天", **FIXED)
    assert Event.objects.get(matter=fifth, act="fix_on_spot").given["knock_reason"] == "房东约今天"


def test_who_came_today_already_needs_no_second_reason(place: SmallStation):
    one = house(place)
    fifth = used_up(place, one)
    sixth = found(place, one, at=fifth.raised_at, item="exits")
    act(place, fifth, "haiwei", "fix_on_spot", 4 * DAY, knock_reason="房东约今天", **FIXED)

    act(place, sixth, "haiwei", "fix_on_spot", 4 * DAY + 60, **FIXED)
    assert Matter.objects.get(pk=sixth.pk).stage == "fixed_on_spot"


def test_the_door_of_a_merged_double_is_the_same_door(place: SmallStation):
    double, one = house(place, "P-2"), house(place)
    used_up(place, double)
    merge_premises(into=one, double=double, at=timezone.now())

    assert len(knocks(one.pk, at=timezone.now())) == len(knocks(double.pk, at=timezone.now())) == 4
    with pytest.raises(BadInput):
        act(place, found(place, one, at=timezone.now(), item="exits"), "haiwei", "fix_on_spot", 0, **FIXED)


def test_what_waited_as_a_question_is_settled_without_a_reason_nobody_can_give_any_more(place: SmallStation):
    from fengqiao.matters.commands.late import catch_up, perform_late
    from fengqiao.matters.registry import kind

    fifth = used_up(place, house(place))
    given = {"result": "not", "seen": "仍未清空", "photos": []}
    at = fifth.raised_at + timedelta(days=4)
    asked: dict[str, Any] = {"matter_id": fifth.pk, "act": "unfounded", "given": {"seen": "已看过，没有"}}
    kept = perform_late(**asked, by=place.actor("second"), at=at, key="late", observed_at=at, base=2)
    assert (kept.event.standing, given["result"]) == ("question", "not")

    perform(matter_id=fifth.pk, act="note", given={"note": "看过"}, by=place.actor("second"), at=at, key="n")
    matter = Matter.objects.select_related("vault").get(pk=fifth.pk)
    catch_up(matter, kind("hazard"), at=at)
    assert Matter.objects.get(pk=fifth.pk).stage == "unfounded"


def test_outsiders_are_told_by_the_schema_and_refused_by_the_field(place: SmallStation):
    fifth = used_up(place, house(place))
    officer = Client(headers={"Authorization": f"Bearer {token_of(place, 'second')}"})
    address = f"/api/v1/matters/{fifth.pk}"
    (asks,) = [a["asks"] for a in officer.get(address).json()["acts"] if a["name"] == "unfounded"]
    assert asks["properties"]["knock_reason"]["x-only"] == "knock.over"
    assert "knock_reason" not in asks["required"]

    def send(**given: Any) -> Any:
        body = json.dumps({"key": f"k{len(given)}", "given": {"seen": "已看过，没有"} | given})
        return officer.post(f"{address}/acts/unfounded", body, content_type="application/json")

    refused = send()
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "given.knock_reason")
    assert send(knock_reason="房东约今天").status_code == 200


def test_a_form_asks_the_reason_only_where_one_is_needed_and_a_visit_asks_it_once(place: SmallStation):
    one = house(place)
    quiet = found(place, one, at=timezone.now(), item="exits")
    officer = client_of(place, "second")
    for address in (f"/matters/{quiet.pk}", f"/premises/{one.pk}/visit"):
        assert "超出走访次数的原因" not in officer.get(address).content.decode()

    used_up(place, one)
    assert officer.get(f"/premises/{one.pk}/visit").content.decode().count("超出走访次数的原因") == 1
    chosen = [f"{m.serial}-unfounded" for m in Matter.objects.filter(stage="found")]
    seen = {f"{name}-seen": "已看过，没有" for name in chosen}
    bare = officer.post(f"/premises/{one.pk}/visit", {"do": chosen, **seen})
    assert (bare.status_code, bare.content.decode().count("近 30 天上门已满 4 次")) == (422, 2)
    done = officer.post(f"/premises/{one.pk}/visit", {"do": chosen, **seen, "knock_reason": "房东约今天"})
    assert done.status_code == 302
    assert Matter.objects.filter(stage="unfounded").count() == 2


def test_the_phone_is_told_at_which_doors_it_will_be_asked(place: SmallStation):
    one = house(place)
    other = house(place, "P-2")
    used_up(place, one)
    found(place, other, at=timezone.now())

    assert cut(place.actor("haiwei"), cursor="", at=timezone.now()).over == {one.pk: 4}


def test_the_chief_sets_the_budget_and_empty_goes_back_to_the_default(place: SmallStation):
    chief = client_of(place, "chief")
    chief.post("/settings/knocks", {"knocks": "2"})
    assert budget(place.station.pk) == 2
    chief.post("/settings/knocks", {"knocks": "0"})
    assert budget(place.station.pk) == 2
    assert 'value="2"' in chief.get("/settings/clocks").content.decode()
    chief.post("/settings/knocks", {"knocks": ""})
    assert budget(place.station.pk) == 4
    assert client_of(place, "desk").post("/settings/knocks", {"knocks": "9"}).status_code == 403
    with pytest.raises(BadInput):
        set_budget(station_id=place.station.pk, given="often")
