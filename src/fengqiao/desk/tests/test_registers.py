"""The registers on the screen: who sees which places, and what a form and an import leave behind."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fengqiao.ground.demo import build_ground
from fengqiao.ground.models import AddressChange, Community, ImportRun, Premises, Station
from fengqiao.kit.ids import uuid7
from fengqiao.kit.tables import read_table
from fengqiao.people.roles import Role
from tests.doors import client_of
from tests.station import NOON, SmallStation, person, small_station

pytestmark = pytest.mark.django_db

ADDRESS = "容桂街道海尾社区海尾路7号"


@pytest.fixture
def place() -> SmallStation:
    return small_station()


def shop(place: SmallStation, community: Community | None = None, **given: Any) -> Premises:
    facts = {
        "number": "S-1",
        "name": "海尾便利店",
        "address": ADDRESS,
        "contact_name": "店长",
        "contact_phone": "13900001234",
    }
    return Premises.objects.create(
        id=uuid7(),
        station=place.station,
        kind="shop",
        community=community or place.haiwei,
        updated_at=NOON,
        **(facts | given),
    )


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def test_an_officer_sees_the_places_of_the_own_community_and_the_desk_all(place: SmallStation):
    shop(place)
    shop(place, place.dongfeng, number="S-2", name="东风药店")

    own, whole = page(client_of(place, "haiwei"), "/premises/"), page(client_of(place, "desk"), "/premises/")

    assert ("海尾便利店" in own, "东风药店" in own) == (True, False)
    assert ("海尾便利店" in whole, "东风药店" in whole) == (True, True)


def test_the_telephone_is_whole_for_the_posts_of_the_community_only(place: SmallStation):
    address = f"/premises/{shop(place).pk}/"

    officer, desk = page(client_of(place, "haiwei"), address), page(client_of(place, "desk"), address)
    listed = page(client_of(place, "haiwei"), "/premises/")

    assert "13900001234" in officer
    assert "13900001234" not in desk + listed
    assert "139****1234" in desk


def test_search_and_filters_narrow_the_list(place: SmallStation):
    shop(place)
    shop(place, place.dongfeng, number="S-2", name="东风药店", address="兴隆大街3号")
    client = client_of(place, "desk")

    assert "海尾便利店" not in page(client, "/premises/?q=兴隆 药店")
    assert "东风药店" not in page(client, f"/premises/?community={place.haiwei.code}")
    assert "没有符合条件的场所" in page(client, "/premises/?kind=school&q=%00&page=zzz&community=x")


def test_the_exported_rows_are_the_filtered_ones_with_masked_telephones(place: SmallStation):
    shop(place)
    shop(place, place.dongfeng, number="S-2", name="东风药店")

    answer = client_of(place, "desk").get("/premises/?q=便利&format=xlsx")

    rows = read_table(answer.content, "x.xlsx").rows
    assert [(row.cells["编号"], row.cells["负责人电话"]) for row in rows] == [("S-1", "139****1234")]


def test_a_place_is_registered_by_its_address_alone(place: SmallStation):
    answer = client_of(place, "desk").post(
        "/premises/new", {"number": "N-1", "kind": "rental_house", "name": "福安公寓", "address": ADDRESS}
    )

    made = Premises.objects.get(number="N-1")
    assert answer.headers["Location"] == f"/premises/{made.pk}/"
    assert made.community == place.haiwei


def test_a_form_with_faults_comes_back_with_each_beside_its_field(place: SmallStation):
    shop(place)

    answer = client_of(place, "desk").post(
        "/premises/new",
        {"number": "S-1", "kind": "shop", "name": "", "address": ADDRESS, "contact_phone": "12"},
    )

    assert answer.status_code == 422
    assert "电话号码不对" in answer.content.decode()
    assert Premises.objects.count() == 1


def test_a_changed_address_leaves_the_old_one_on_the_page(place: SmallStation):
    one = shop(place)
    given = {
        "number": "S-1",
        "kind": "shop",
        "name": one.name,
        "address": "容桂海尾 新址9号",
        "community": place.haiwei.code,
    }

    client_of(place, "haiwei").post(f"/premises/{one.pk}/edit", given)

    assert AddressChange.objects.get(premises=one).address == ADDRESS
    assert ADDRESS in page(client_of(place, "haiwei"), f"/premises/{one.pk}/")


def test_an_officer_cannot_register_a_place_of_another_community(place: SmallStation):
    given = {"number": "N-1", "kind": "shop", "name": "店", "address": "容桂街道东风社区1号"}

    answer = client_of(place, "haiwei").post("/premises/new", given)

    assert answer.status_code == 403
    assert not Premises.objects.exists()


def test_a_voided_place_leaves_the_list_but_not_the_register(place: SmallStation):
    one, client = shop(place), client_of(place, "desk")

    client.post(f"/premises/{one.pk}/void", {"reason": "已经拆除"})

    assert "海尾便利店" not in page(client, "/premises/?q=S-1").replace("已作废：海尾便利店", "")
    assert "海尾便利店" in page(client, "/premises/?voided=1")


def test_the_demo_ground_is_drawn_and_said_to_be_illustrative():
    station = Station.objects.create(name="容桂派出所", short_name="容桂", division_code="440606006000")
    from fengqiao.store.scope import say

    say(station=station.pk)
    build_ground(station, seed=3)
    place = SmallStation(
        station,
        Community.objects.first(),
        Community.objects.last(),
        {"desk": person(station, "值班员", Role.DESK)},
    )
    client = client_of(place, "desk")

    drawn, tree = page(client, "/communities/"), page(client, "/divisions/")
    below = page(client, "/divisions/?system=NBS&edition=2022&parent=440606006000")

    assert drawn.count('class="area tone-') == 26
    assert "示意" in drawn
    assert "佛山市" in tree
    assert "海尾社区居委会" in below


def test_empty_registers_say_what_to_do(place: SmallStation):
    client = client_of(place, "chief")

    assert "还没有登记场所" in page(client, "/premises/")
    assert "还没有区划表" in page(client, "/divisions/")
    assert "还没有导入过" in page(client, "/imports/")


def upload(client: Client, data: bytes, name: str = "places.csv", what: str = "premises", **more: str) -> Any:
    return client.post(f"/imports/{what}/", {"file": SimpleUploadedFile(name, data), **more})


CSV = "编号,类型,名称,地址\nA,出租屋,福安公寓,海尾社区1号\nB,网吧,坏行,海尾社区2号\n".encode("gb18030")


def test_a_file_is_previewed_then_committed_and_tells_what_failed(place: SmallStation):
    client = client_of(place, "desk")

    run_page = upload(client, CSV).headers["Location"]
    before = page(client, f"{run_page}?show=failed")
    nothing_yet = Premises.objects.count()
    client.post(f"{run_page}commit")
    after = page(client, run_page)
    failed = read_table(client.get(f"{run_page}failed").content, "f.xlsx").rows

    assert "网吧" in before
    assert (nothing_yet, Premises.objects.count()) == (0, 1)
    assert "已导入" in after
    assert [row.cells["编号"] for row in failed] == ["B"]


@pytest.mark.parametrize("data", [b"", b"\x00\x01", b"PK\x03\x04 broken", "编号\n".encode(), b"%PDF-1.7"])
def test_an_unusable_file_is_refused_with_a_sentence(place: SmallStation, data: bytes):
    answer = upload(client_of(place, "desk"), data)

    assert 400 <= answer.status_code < 500
    assert "这个文件还不能导入" in answer.content.decode()
    assert not ImportRun.objects.exists()


def test_a_file_that_lacks_needed_columns_waits_to_be_mapped_and_says_which(place: SmallStation):
    client = client_of(place, "desk")

    mapping = upload(client, "编号\n1\n".encode()).headers["Location"]

    assert "<b>类型</b>、<b>名称</b>、<b>地址</b>" in page(client, mapping)
    assert (
        "必填的列还没有对应"
        in client.post(mapping, {"from-number": "{编号}", "do": "judge"}).content.decode()
    )
    assert not Premises.objects.exists()


def test_without_a_file_the_form_asks_for_one(place: SmallStation):
    answer = client_of(place, "desk").post("/imports/premises/")

    assert answer.status_code == 422
    assert "请选择要导入的文件" in answer.content.decode()


def test_divisions_are_imported_under_the_system_and_edition_that_were_asked(place: SmallStation):
    client = client_of(place, "desk")

    wrong = upload(client, b"code,name\n440606000000,x\n", what="divisions", system="NBS", edition="last")
    right = upload(
        client, "code,name\n440606000000,顺德区\n".encode(), what="divisions", system="MCA", edition="2025"
    )

    assert wrong.status_code == 422
    assert "MCA" in page(client, right.headers["Location"])


@pytest.mark.parametrize("who", ["haiwei", "security"])
def test_imports_of_the_ground_are_for_desk_and_chief(place: SmallStation, who: str):
    client = client_of(place, who)

    assert client.get("/imports/premises/").status_code in (403, 404)
    assert upload(client, CSV).status_code in (403, 404)
    assert not ImportRun.objects.exists()


def test_a_template_comes_with_every_tabular_import(place: SmallStation):
    answer = client_of(place, "desk").get("/imports/premises/template")

    assert read_table(answer.content, "t.xlsx").headers[:3] == ["编号", "类型", "名称"]
    assert BytesIO(answer.content).read(2) == b"PK"
