"""Foreign headers on the screen: guessed, mapped, seen at once, saved, known again; large files by the worker."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from fengqiao.ground.importing import carry
from fengqiao.ground.models import ImportMapping, ImportRun, ImportState, Premises
from tests.doors import client_of
from tests.station import SmallStation, small_station

pytestmark = pytest.mark.django_db

CSV = "店铺编号,Sort,单位名称,House,详细地址\nA-1,Rental,福安公寓,7号,海尾社区海尾路\nA-2,Rental,便利店,9号,海尾社区海尾路\nA-3,Rental,小店,11号,海尾社区海尾路"
CHOSEN = {
    "from-number": "{店铺编号}",
    "from-kind": "{Sort}",
    "from-name": "{单位名称}",
    "from-address": "=",
    "text-address": "{详细地址}{House}",
    "from-community": "=",
    "text-community": "440606006016",
    "their-kind": ["Rental"],
    "our-kind": ["出租屋"],
    "dates": "auto",
}


@pytest.fixture
def place() -> SmallStation:
    return small_station()


def upload(client: Client, data: bytes, **more: Any) -> str:
    answer = client.post("/imports/premises/", {"file": SimpleUploadedFile("theirs.csv", data), **more})
    assert answer.status_code == 302, answer.content.decode()[:400]
    return str(answer.headers["Location"])


def test_from_foreign_headers_to_places_without_a_script(place: SmallStation):
    client = client_of(place, "desk")
    address = upload(client, CSV.encode())
    assert address.endswith("/mapping")

    guessed = client.get(address).content.decode()
    assert '<option value="{单位名称}" selected>' in guessed
    assert "必填的列还没有对应" in guessed

    looked = client.post(address, CHOSEN | {"do": "look"}).content.decode()
    assert "海尾社区海尾路7号" in looked
    assert re.search(r"Rental <span[^>]*>× 3", looked)
    assert "必填的列还没有对应" not in looked

    verdict = client.post(address, CHOSEN | {"do": "judge", "name": "街道台账"}).headers["Location"]
    assert not Premises.objects.exists()
    assert "改对应关系" in client.get(verdict).content.decode()
    client.post(f"{verdict}commit")
    assert sorted(Premises.objects.values_list("number", "kind")) == [
        (f"A-{n}", "rental_house") for n in (1, 2, 3)
    ]


def test_the_same_headers_are_known_next_time_and_the_mapping_can_be_taken_along(place: SmallStation):
    client = client_of(place, "desk")
    client.post(upload(client, CSV.encode()), CHOSEN | {"do": "save", "name": "街道台账"})

    again = client.get(upload(client, CSV.replace("A-", "B-").encode())).content.decode()
    assert "认得这份表头，已套用“街道台账”" in again
    assert "海尾社区海尾路7号" in again

    one = ImportMapping.objects.get()
    file = json.loads(client.get(f"/imports/mappings/{one.pk}").content)
    assert file["columns"]["address"] == "{详细地址}{House}"
    assert file["values"] == {"kind": {"Rental": "出租屋"}}
    assert client_of(place, "security").get(f"/imports/mappings/{one.pk}").status_code == 404
    client.post(f"/imports/mappings/{one.pk}/drop")
    assert not ImportMapping.objects.exists()


def test_a_mapping_that_lacks_something_comes_back_with_what_was_chosen(place: SmallStation):
    client = client_of(place, "desk")
    address = upload(client, CSV.encode())

    answer = client.post(address, CHOSEN | {"from-kind": "", "do": "judge"})
    assert answer.status_code == 422
    assert "必填的列还没有对应：类型" in answer.content.decode()
    assert 'value="{详细地址}{House}"' in answer.content.decode()
    assert "请给对应关系起一个名字" in client.post(address, CHOSEN | {"do": "save"}).content.decode()
    hostile = client.post(address, {"values": "[1", "from-number": "{nothing}", "do": "judge"})
    assert hostile.status_code == 422


def test_our_own_headers_need_no_mapping_unless_asked_for(place: SmallStation):
    client = client_of(place, "desk")
    data = "编号,类型,名称,地址\nT-1,出租屋,福安公寓,容桂街道海尾社区海尾路7号".encode()

    assert not upload(client, data).endswith("/mapping")
    assert upload(client, data, by_column="1").endswith("/mapping")


def test_a_large_file_is_carried_by_the_worker_and_the_page_tells_how_far(place: SmallStation):
    client = client_of(place, "desk")
    rows = [f"P-{n},出租屋,公寓{n},容桂街道海尾社区海尾路{n}号,440606006016" for n in range(2100)]
    address = upload(client, "\n".join(["编号,类型,名称,地址,社区", *rows]).encode())

    assert ProcrastinateJob.objects.filter(task_name="fengqiao.carry_import").count() == 1
    going = client.get(address).content.decode()
    assert '<progress max="2" value="0"' in going
    assert client.post(f"{address}commit").status_code == 422

    run_id = UUID(address.rstrip("/").rsplit("/", 1)[1])
    carry(station=place.station, run_id=run_id)
    assert client.get(address, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    client.post(f"{address}commit")
    assert ImportRun.objects.get().state == ImportState.WRITING
    carry(station=place.station, run_id=run_id)
    assert "已导入" in client.get(address).content.decode()
    assert Premises.objects.count() == 2100
