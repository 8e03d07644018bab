"""The pages of phones: one's own, and the station's for those who keep them."""

from __future__ import annotations

import pytest

from fengqiao.people.models import Phone
from fengqiao.store.scope import say
from tests.doors import client_of
from tests.phones import phone_of
from tests.station import SmallStation, small_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> SmallStation:
    found = small_station()
    say(station=found.station.pk)
    return found


def test_ones_own_page_shows_the_phone_and_wipes_it_and_this_browser_stays_in(place: SmallStation):
    phone = phone_of(place, "haiwei")
    desk = client_of(place, "haiwei")

    before = desk.get("/me").content.decode()
    wiped = desk.post(f"/phones/{phone.id}/wipe")
    after = desk.get("/me").content.decode()

    assert "测试机" in before
    assert "在用" in before
    assert wiped.headers["Location"] == "/me"
    assert "待擦除" in after
    assert phone.client.get("/me").status_code == 302  # the session on the lost phone is over


def test_those_who_keep_phones_find_them_by_person(place: SmallStation):
    for who in ("haiwei", "dongfeng"):
        phone_of(place, who)
    page = client_of(place, "desk").get("/phones/", {"q": "海尾"}).content.decode()

    assert page.count("测试机") >= 1
    assert page.count("丢了，擦除") == 1
    assert client_of(place, "haiwei").get("/phones/").status_code == 403


def test_a_wipe_of_no_phone_is_not_found(place: SmallStation):
    answer = client_of(place, "desk").post("/phones/01890000-0000-7000-8000-000000000000/wipe")

    assert (answer.status_code, Phone.objects.count()) == (404, 0)
