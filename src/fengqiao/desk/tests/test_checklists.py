"""Checklists at the desk: read by all who serve, published by chief and desk, previewed before, never changed after."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from fengqiao.checks.models import Checklist, ChecklistVersion
from fengqiao.checks.starting import ensure_lists
from fengqiao.store.scope import say
from tests.doors import client_of
from tests.station import NOON, SmallStation, small_station

pytestmark = pytest.mark.django_db
FIRST = "代码,检查内容,合格答案\nexit,出口畅通,是\nlamp,应急灯能亮,是\n"
SECOND = "代码,检查内容,合格答案\nexit,安全出口畅通,是\nhose,水带完好,是\n"


@pytest.fixture
def place() -> SmallStation:
    return small_station()


def upload(client: Client, text: str, url: str = "/settings/checklists/new", **more: object):
    file = SimpleUploadedFile("清单.csv", text.encode())
    return client.post(url, {"file": file, **more})


def made(client: Client, place: SmallStation) -> Checklist:
    answer = upload(client, FIRST, slug="mine", name="自己的清单", kinds="shop")
    client.post(answer.url)
    say(station=place.station.pk)
    return Checklist.objects.get(slug="mine")


def test_a_new_list_is_looked_at_and_then_published(place: SmallStation):
    desk = client_of(place, "desk")

    draft = upload(desk, FIRST, slug="mine", name="自己的清单", kinds="shop")
    page = desk.get(draft.url).content.decode()
    say(station=place.station.pk)
    assert not Checklist.objects.exists()
    assert "出口畅通" in page
    assert "发布这一版" in page
    answer = desk.post(draft.url)

    shown = desk.get(answer.url).content.decode()
    assert "自己的清单" in shown
    assert "第 1 版" in shown
    assert "三小场所" in desk.get("/settings/checklists/").content.decode()


def test_a_next_version_tells_what_it_changes_before_and_after(place: SmallStation):
    chief = client_of(place, "chief")
    one = made(chief, place)

    draft = upload(chief, SECOND, f"/settings/checklists/{one.pk}/upload", note="换了水带")
    before = chief.get(draft.url).content.decode()
    chief.post(draft.url)
    after = chief.get(f"/settings/checklists/{one.pk}/").content.decode()
    first = chief.get(f"/settings/checklists/{one.pk}/?version=1").content.decode()

    for page in (before, after):
        assert '<del class="muted">出口畅通</del> → <ins>安全出口畅通</ins>' in page
        assert [word in page for word in ("新增", "修改", "删去")] == [True, True, True]
    assert "换了水带" in after
    assert "水带完好" not in first
    say(station=place.station.pk)
    assert ChecklistVersion.objects.filter(checklist=one).count() == 2


def test_the_same_content_offers_nothing_to_publish(place: SmallStation):
    chief = client_of(place, "chief")
    one = made(chief, place)

    draft = upload(chief, FIRST, f"/settings/checklists/{one.pk}/upload")

    page = chief.get(draft.url).content.decode()
    assert "和现行版本一样" in page
    assert "发布这一版" not in page
    assert chief.post(draft.url).status_code == 200
    say(station=place.station.pk)
    assert ChecklistVersion.objects.count() == 1


def test_a_wrong_row_is_named_and_nothing_can_be_published(place: SmallStation):
    desk = client_of(place, "desk")

    draft = upload(desk, FIRST + "lamp,又一盏灯,也许\n", slug="mine")

    page = desk.get(draft.url).content.decode()
    assert "也许”不在选项内" in page
    assert "发布这一版" not in page


def test_a_file_that_is_no_list_comes_back_with_the_reason(place: SmallStation):
    desk = client_of(place, "desk")
    one = made(desk, place)

    fresh = upload(desk, "%PDF-1.4")
    next_one = upload(desk, "列一,列二\n1,2", f"/settings/checklists/{one.pk}/upload")

    assert (fresh.status_code, next_one.status_code) == (422, 302)
    assert "不是表格" in fresh.content.decode()
    assert "必填" in desk.get(next_one.url).content.decode()


def test_name_and_use_are_changed_and_a_kind_has_one_list(place: SmallStation):
    chief = client_of(place, "chief")
    one = made(chief, place)
    ensure_lists(station_id=place.station.pk, at=NOON)

    taken = chief.post(f"/settings/checklists/{one.pk}/name", {"name": "新名", "kinds": ["shop", "school"]})
    fine = chief.post(f"/settings/checklists/{one.pk}/name", {"name": "新名", "kinds": ["shop"]})

    assert (taken.status_code, fine.status_code) == (422, 302)
    assert "学校/幼儿园已在用《单位日常消防检查表》" in taken.content.decode()
    assert "新名" in chief.get(fine.url).content.decode()


def test_a_list_is_retired_and_restored(place: SmallStation):
    chief = client_of(place, "chief")
    one = made(chief, place)

    chief.post(f"/settings/checklists/{one.pk}/retire")
    assert "恢复使用" in chief.get(f"/settings/checklists/{one.pk}/").content.decode()
    assert upload(chief, SECOND, f"/settings/checklists/{one.pk}/upload").status_code == 422
    chief.post(f"/settings/checklists/{one.pk}/restore")

    assert "停用这份清单" in chief.get(f"/settings/checklists/{one.pk}/").content.decode()


@pytest.mark.parametrize("shape", ["xlsx", "xlsform"])
def test_a_version_goes_out_as_a_file_that_comes_in_unchanged(place: SmallStation, shape: str):
    chief = client_of(place, "chief")
    one = made(chief, place)
    say(station=place.station.pk)
    version = one.versions.get()

    file = chief.get(f"/settings/checklists/versions/{version.pk}/{shape}")
    sent = SimpleUploadedFile("mine-v1.xlsx", file.content)
    draft = chief.post("/settings/checklists/new", {"file": sent})

    assert f"mine-v1{'-xlsform' if shape == 'xlsform' else ''}.xlsx" in file["Content-Disposition"]
    assert load_workbook(BytesIO(file.content)).sheetnames[0] == (
        "survey" if shape == "xlsform" else "自己的清单"
    )
    assert "和现行版本一样" in chief.get(draft.url).content.decode()


def test_an_officer_reads_and_changes_nothing(place: SmallStation):
    one = made(client_of(place, "chief"), place)
    officer = client_of(place, "haiwei")

    page = officer.get(f"/settings/checklists/{one.pk}/")

    assert "出口畅通" in page.content.decode()
    assert "上传新版本" not in page.content.decode()
    assert upload(officer, SECOND, f"/settings/checklists/{one.pk}/upload").status_code == 403
    assert officer.post(f"/settings/checklists/{one.pk}/retire").status_code == 403


def test_an_empty_page_says_how_to_begin(place: SmallStation):
    assert "还没有检查清单" in client_of(place, "chief").get("/settings/checklists/").content.decode()
