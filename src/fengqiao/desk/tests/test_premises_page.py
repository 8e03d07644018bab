"""A place on the screen: graded with reasons, verified by whoever stands there, found by its tag, merged and parted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fengqiao.ground.commands import create_premises
from fengqiao.ground.grading import grade_premises
from fengqiao.ground.models import Premises
from fengqiao.ground.tags import tag_code
from fengqiao.kit.tables import read_table
from fengqiao.matters import numbering
from fengqiao.matters.commands import raise_matter
from fengqiao.matters.models import Matter
from fengqiao.people.models import Export
from fengqiao.people.roles import Role
from fengqiao.store.scope import say
from tests.doors import client_of
from tests.station import NOON, SmallStation, person, small_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> SmallStation:
    return small_station()


def house(place: SmallStation, number: str = "A-1", **given: Any) -> Premises:
    asked = {"number": number, "kind": "rental_house", "name": "福安公寓", "address": "海尾社区海尾路1号"}
    made = create_premises(station_id=place.station.pk, given=asked | given, at=NOON)
    made.refresh_from_db()
    return made


def alert(place: SmallStation, reference: str = "FZ-1") -> Matter:
    given = {
        "reference": reference,
        "level": "high",
        "fraud_type": "冒充客服",
        "received_at": timezone.now() - timedelta(minutes=20),
        "target": {"name": "事主甲乙丙", "phone": "13912345678"},
        "address": "海尾大道 12 号",
        "community": "440606006016",
    }
    by = place.actor("desk")
    return raise_matter(kind_slug="fraud_alert", given=given, by=by, at=timezone.now()).matter


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


def test_the_page_says_the_grade_in_words_and_why(place: SmallStation):
    one = house(place)
    grade_premises(station_id=place.station.pk, at=NOON, facts={one.pk: {"open_serious": 1}})

    shown = page(client_of(place, "haiwei"), f"/premises/{one.pk}/")

    assert "红色" in shown
    assert "红：1 处严重隐患未整改(第1条)" in shown
    assert "2022-05-25" in shown


def test_who_stands_there_verifies_and_the_way_they_came_is_kept(place: SmallStation):
    one, client = house(place), client_of(place, "auxiliary")
    led = client.get(f"/p/{tag_code(one)}?t=n")
    assert led["Location"] == f"/premises/{one.pk}/?t=n"
    assert 'name="via" value="nfc"' in page(client, led["Location"])

    client.post(f"/premises/{one.pk}/verify", {"what": ["address", "contact"], "via": "nfc"})

    held = Premises.objects.get(pk=one.pk)
    assert (held.verified_what, held.verified_via, held.verified_by) == ("address,contact", "nfc", "海尾辅警")


def test_a_scan_is_told_from_a_touch(place: SmallStation):
    one = house(place)

    assert client_of(place, "haiwei").get(f"/p/{tag_code(one)}")["Location"].endswith("?t=q")


def test_verifying_nothing_changes_nothing(place: SmallStation):
    one = house(place)

    client_of(place, "haiwei").post(f"/premises/{one.pk}/verify", {"via": "qr"})

    assert Premises.objects.get(pk=one.pk).verified_at is None


def test_a_passer_by_learns_whose_tag_it_is_and_nothing_of_the_place(place: SmallStation):
    place.station.public_phone = "0757-28380110"
    place.station.save()
    one = house(place, contact_name="房东老李")
    known, unknown = tag_code(one), tag_code(Premises(station_id=place.station.pk, tag=987654))

    shown, same = page(Client(), f"/p/{known}"), page(Client(), f"/p/{unknown}")

    assert "容桂派出所" in shown
    assert "0757-28380110" in shown
    assert not [word for word in ("福安公寓", "海尾", "老李", str(one.pk)) if word in shown]
    assert shown.replace(known, "") == same.replace(unknown, "")


def test_a_code_copied_wrongly_says_so(place: SmallStation):
    code = tag_code(house(place))
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")

    assert "校验位不对" in page(Client(), f"/p/{wrong}", status=422)
    assert "不是门牌标签的编码" in page(client_of(place, "desk"), "/p/hello", status=422)


def test_the_tag_of_another_community_leads_nowhere(place: SmallStation):
    one = house(place)

    shown = page(client_of(place, "dongfeng"), f"/p/{tag_code(one)}", status=404)

    assert "不在您的辖区" in shown
    assert "福安公寓" not in shown


def test_a_double_is_offered_merged_and_parted_again(place: SmallStation):
    one, double, client = house(place), house(place, "A-2", name="福安出租屋"), client_of(place, "desk")
    address = f"/premises/{one.pk}/"
    assert "地址相同" in page(client, address)

    client.post(f"{address}merge", {"double": "A-2"})

    assert "已并入本处" in page(client, address)
    assert "已并入另一处" in page(client, f"/premises/{double.pk}/")
    assert client.get(f"/p/{tag_code(double)}")["Location"].startswith(address)

    client.post(f"/premises/{double.pk}/unmerge")

    assert Premises.objects.get(pk=double.pk).voided_at is None


def test_merging_with_a_number_nobody_has_says_so(place: SmallStation):
    one, client = house(place), client_of(place, "desk")

    client.post(f"/premises/{one.pk}/merge", {"double": "X"})

    assert "没有这个编号的场所" in page(client, f"/premises/{one.pk}/")


def test_duties_of_a_merged_double_stand_on_the_page_of_the_place(place: SmallStation):
    one, double = house(place), house(place, "A-2")
    matter = alert(place)
    Matter.objects.filter(pk=matter.pk).update(premises=double, title="双胞胎事项")
    client_of(place, "desk").post(f"/premises/{one.pk}/merge", {"double": "A-2"})

    assert "双胞胎事项" in page(client_of(place, "haiwei"), f"/premises/{one.pk}/")


def test_a_page_with_many_duties_asks_no_more_of_the_database(place: SmallStation):
    one, client = house(place), client_of(place, "haiwei")

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            page(client, f"/premises/{one.pk}/")
        return len(found)

    Matter.objects.filter(pk=alert(place, "A").pk).update(premises=one)
    few = asked()
    for number in range(6):
        Matter.objects.filter(pk=alert(place, f"B{number}").pk).update(premises=one)

    assert asked() == few


def test_the_register_is_narrowed_to_what_wants_doing(place: SmallStation):
    house(place, name="到期公寓")
    fresh = house(place, "B-1", name="新查公寓", address="海尾路9号", e_bikes=True, separated=False)
    Premises.objects.filter(pk=fresh.pk).update(verified_at="2099-01-01T00:00Z", check_due="2099-01-01")
    client = client_of(place, "desk")

    def names(asked: str) -> tuple[bool, bool]:
        shown = page(client, f"/premises/?{asked}")
        return "到期公寓" in shown, "新查公寓" in shown

    assert names("lacks=check") == (True, False)
    assert names("lacks=verification") == (True, False)
    assert names("lacks=separation") == (False, True)
    assert names("grade=yellow") == (True, True)
    assert names("grade=red&lacks=zzz") == (False, False)


def test_chosen_places_get_their_tags_on_a_sheet_and_the_print_is_noted(place: SmallStation):
    one, other = house(place), house(place, "A-2", address="海尾路9号")
    client = client_of(place, "haiwei")

    shown = client.post("/premises/tags", {"id": [one.pk, other.pk]}).content.decode()

    assert tag_code(one) in shown
    assert shown.count("<svg") >= 2
    assert Export.objects.get().rows == 2
    assert client.post("/premises/tags").status_code == 422
    assert client.post("/premises/tags", {"id": "x"}).status_code == 422


def test_tags_of_another_community_are_not_printed(place: SmallStation):
    one = house(place)

    answer = client_of(place, "dongfeng").post("/premises/tags", {"id": one.pk})

    assert answer.status_code == 422


def test_the_export_carries_grade_and_e_bikes(place: SmallStation):
    house(place, e_bikes=True, separated=False)

    answer = client_of(place, "desk").get("/premises/?format=xlsx")

    (row,) = read_table(answer.content, "x.xlsx").rows
    assert (row.cells["停放电动自行车"], row.cells["人车分离"], row.cells["等级"]) == ("有", "否", "黄")


def test_the_chief_tries_new_rules_before_they_hold(place: SmallStation):
    one, chief = house(place), client_of(place, "chief")
    given = {"red.never_checked": "1", "rounds.red": "7", "rounds.yellow": "30", "rounds.green": "90"}

    tried = chief.post("/settings/grades", given).content.decode()
    before = Premises.objects.get(pk=one.pk).grade
    chief.post("/settings/grades", given | {"save": "1"})
    after = Premises.objects.get(pk=one.pk)

    assert "0 → 1" in tried
    assert (before, after.grade, after.check_why) == (
        "yellow",
        "red",
        "2022-05-10 登记，从未检查；红色 7 日内检查",
    )


def test_rules_are_read_by_all_and_changed_by_the_chief_alone(place: SmallStation):
    officer = client_of(place, "haiwei")

    assert "评级规则" in page(officer, "/settings/grades")
    assert officer.post("/settings/grades", {"save": "1"}).status_code == 403


def test_a_wrong_rule_is_named_and_nothing_is_written(place: SmallStation):
    given = {
        "red.open_serious": "一",
        "rounds.red": "15",
        "rounds.yellow": "30",
        "rounds.green": "90",
        "save": "1",
    }

    answer = client_of(place, "chief").post("/settings/grades", given)

    assert answer.status_code == 422
    assert "未整改的严重隐患(处)：请填" in answer.content.decode()
    place.station.refresh_from_db()
    assert "grades" not in place.station.settings


def hazard(place: SmallStation, one: Premises) -> Matter:
    given = {
        "premises": one.pk,
        "item": "wiring",
        "finding": "电线没有穿管",
        "spot": "二楼走道",
        "severity": "minor",
        "source": "complaint",
        "deadline": "3d",
    }
    return raise_matter(kind_slug="hazard", given=given, by=place.actor("desk"), at=timezone.now()).matter


def test_a_place_with_something_open_is_not_voided_and_says_what(place: SmallStation):
    one, client = house(place), client_of(place, "desk")
    open_there = hazard(place, one)

    client.post(f"/premises/{one.pk}/void", {"reason": "已经拆除"})
    assert f"这里还有未办结的事项：{numbering.number(open_there)}" in page(client, f"/premises/{one.pk}/")
    assert Premises.objects.get(pk=one.pk).voided_at is None


def test_a_place_is_voided_with_a_reason_by_somebody_and_comes_back_the_same_way(place: SmallStation):
    one, client = house(place), client_of(place, "desk")
    address = f"/premises/{one.pk}/"
    client.post(f"{address}void", {"reason": "错"})
    assert Premises.objects.get(pk=one.pk).voided_at is None

    client.post(f"{address}void", {"reason": "登记错误，没有这处"})
    assert "登记错误，没有这处 · 值班员" in page(client, address)
    assert client_of(place, "auxiliary").post(f"{address}restore", {"reason": "确有其处"}).status_code == 403
    client.post(f"{address}restore", {"reason": "确有其处，看错了"})

    held = Premises.objects.get(pk=one.pk)
    assert (held.voided_at, held.number, held.grade) == (None, "A-1", "yellow")
    assert "确有其处，看错了 · 值班员" in page(client, address)


def test_a_merged_double_is_parted_and_not_restored(place: SmallStation):
    one, double, client = house(place), house(place, "A-2"), client_of(place, "desk")
    client.post(f"/premises/{one.pk}/merge", {"double": "A-2"})

    client.post(f"/premises/{double.pk}/restore", {"reason": "看错了看错了"})
    assert Premises.objects.get(pk=double.pk).merged_into == one


def test_who_helps_sees_the_telephone_while_something_is_open_there(place: SmallStation):
    one = house(place, contact_name="房东老李", contact_phone="13912340000")
    place.people["grid"] = person(place.station, "海尾网格员", Role.GRID_MEMBER, place.haiwei)
    whole = "13912340000"
    for who, sees in (("haiwei", True), ("auxiliary", False), ("grid", False), ("desk", False)):
        assert (whole in page(client_of(place, who), f"/premises/{one.pk}/")) == sees, who

    say(station=place.station.pk)
    open_there = hazard(place, one)
    for who, sees in (("auxiliary", True), ("grid", True), ("desk", False)):
        assert (whole in page(client_of(place, who), f"/premises/{one.pk}/")) == sees, who

    say(station=place.station.pk)
    Matter.objects.filter(pk=open_there.pk).update(closed_at=NOON, state="closed", stage="closed")
    assert whole not in page(client_of(place, "grid"), f"/premises/{one.pk}/")
