"""The wall screen and the map: who sees them, what stands on them, and what never does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from fengqiao.ground.grading import grade_premises
from fengqiao.ground.models import Premises, Station
from fengqiao.kit.geometry import gcj02_to_wgs84
from fengqiao.kit.ids import uuid7
from fengqiao.matters.commands import raise_matter
from fengqiao.matters.models import Matter
from fengqiao.people.models import Person, Post
from fengqiao.people.screens import COOKIE
from fengqiao.store.heartbeat import SCANNER, beat
from fengqiao.store.scope import say
from tests.doors import client_of
from tests.station import NOON, SmallStation, small_station

pytestmark = pytest.mark.django_db
SQUARE = {"type": "Polygon", "coordinates": [[[113.2, 22.7], [113.3, 22.7], [113.3, 22.8], [113.2, 22.7]]]}
TILES = "https://tiles.example/{z}/{x}/{y}.png"


@pytest.fixture
def place() -> SmallStation:
    found = small_station()
    beat(SCANNER)
    found.haiwei.boundary = SQUARE
    found.haiwei.illustrative = True
    found.haiwei.save()
    return found


def alert(place: SmallStation, reference: str = "FZ-1", community: str = "440606006016") -> Matter:
    given = {
        "reference": reference,
        "level": "high",
        "fraud_type": "冒充客服",
        "received_at": timezone.now() - timedelta(minutes=20),
        "target": {"name": "事主甲乙丙", "phone": "13912345678"},
        "address": "海尾大道 12 号",
        "community": community,
    }
    return raise_matter(
        kind_slug="fraud_alert", given=given, by=place.actor("desk"), at=timezone.now()
    ).matter


def features(client: Client, address: str = "/map/data") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(address).json()["features"]
    return found


def test_the_wall_shows_what_burns_and_no_word_about_a_person(place: SmallStation):
    alert(place)

    page = client_of(place, "desk").get("/wall").content.decode()

    assert "冒充客服" in page
    assert "海尾社区居委会" in page
    assert "登记" in page
    assert "<dd>1</dd>" in page
    for word in ("事主甲乙丙", "13912345678", "139****5678", "海尾大道"):
        assert word not in page


def test_the_wall_turns_red_when_the_clocks_are_not_read(place: SmallStation):
    from django.db import connection

    desk = client_of(place, "desk")
    assert "时限扫描已停止" not in desk.get("/wall").content.decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE store_heartbeat SET at = at - interval '31 seconds'")

    assert "时限扫描已停止" in desk.get("/wall").content.decode()


def test_a_screen_shows_the_wall_and_nothing_else(place: SmallStation):
    desk = client_of(place, "desk")
    alert(place)

    made = desk.post("/screens/new")

    assert (made.status_code, made["Location"]) == (302, "/wall")
    assert "冒充客服" in desk.get("/wall").content.decode()
    assert desk.get("/")["Location"].startswith("/sign-in")
    assert desk.get("/matters/")["Location"].startswith("/sign-in")
    assert desk.cookies[COOKIE]["path"] == "/wall"
    assert desk.cookies[COOKIE]["httponly"]


def test_a_screen_goes_dark_with_the_rights_it_stands_on(place: SmallStation):
    desk = client_of(place, "desk")
    desk.post("/screens/new")
    assert desk.get("/wall").status_code == 200
    say(station=place.station.pk)

    Person.objects.filter(pk=place.people["desk"].pk).update(rights_version=2)
    changed = desk.get("/wall")
    Person.objects.filter(pk=place.people["desk"].pk).update(rights_version=1)
    Post.objects.filter(person=place.people["desk"]).update(ends_on=NOON.date())
    retired = desk.get("/wall")

    assert changed["Location"].startswith("/sign-in")
    assert retired["Location"].startswith("/sign-in")


def test_a_forged_screen_and_an_officer_see_no_wall(place: SmallStation):
    stranger = Client()
    stranger.cookies[COOKIE] = "eyJwZXJzb24iOiJ4In0:forged:forged"

    assert stranger.get("/wall")["Location"].startswith("/sign-in")
    assert client_of(place, "haiwei").get("/wall").status_code == 403
    assert client_of(place, "haiwei").post("/screens/new").status_code == 403


def test_turned_off_the_screen_is_a_browser_again(place: SmallStation):
    desk = client_of(place, "desk")
    desk.post("/screens/new")

    desk.post("/wall/off")

    assert desk.get("/wall")["Location"].startswith("/sign-in")


def test_the_map_counts_by_community_and_only_ones_own(place: SmallStation):
    alert(place)
    alert(place, "FZ-2")
    place.dongfeng.boundary = SQUARE
    place.dongfeng.save()

    whole = {one["properties"]["says"]: one["properties"] for one in features(client_of(place, "chief"))}
    own = [one["properties"]["says"] for one in features(client_of(place, "dongfeng"))]

    assert (whole["海尾"]["open"], whole["海尾"]["overdue"]) == (2, 2)
    assert whole["东风"]["open"] == 0
    assert own == ["东风"]


def test_a_matter_at_a_place_is_a_point_and_places_come_when_asked(place: SmallStation):
    shop = Premises.objects.create(
        id=uuid7(), station=place.station, number="1", kind="shop", name="甲店", community=place.haiwei,
        address="某街 2 号", lon=113.25, lat=22.75, updated_at=NOON,
    )  # fmt: skip
    matter = alert(place)
    Matter.objects.filter(pk=matter.pk).update(premises=shop)

    points = [one for one in features(client_of(place, "haiwei")) if one["properties"]["is"] == "matter"]
    places = client_of(place, "haiwei").get("/map/places").json()
    elsewhere = client_of(place, "dongfeng").get("/map/places").json()

    assert [one["geometry"]["coordinates"] for one in points] == [[113.25, 22.75]]
    assert points[0]["properties"]["url"] == f"/matters/{matter.pk}"
    assert [places[name] for name in ("name", "lon", "lat")] == [["甲店"], [11325000], [2275000]]
    assert [places["kinds"][n] for n in places["kind"]] == ["shop"]
    assert elsewhere["name"] == []


def test_places_that_did_not_change_are_not_sent_again(place: SmallStation):
    shop = Premises.objects.create(
        id=uuid7(), station=place.station, number="1", kind="shop", name="甲店", community=place.haiwei,
        address="某街 2 号", lon=113.25, lat=22.75, updated_at=NOON,
    )  # fmt: skip
    desk = client_of(place, "desk")
    etag = desk.get("/map/places")["ETag"]

    again = desk.get("/map/places", headers={"If-None-Match": etag})
    grade_premises(station_id=place.station.pk, at=NOON, facts={shop.pk: {"open_serious": 1}})
    after = desk.get("/map/places", headers={"If-None-Match": etag})

    assert (again.status_code, after.status_code) == (304, 200)
    assert [after.json()["grades"][n] for n in after.json()["grade"]] == ["red"]
    assert "no-store" in after["Cache-Control"]


def test_a_click_on_the_map_leads_to_the_page_of_the_place(place: SmallStation):
    shop = Premises.objects.create(
        id=uuid7(), station=place.station, number="1", kind="shop", name="甲店", community=place.haiwei,
        address="某街 2 号", updated_at=NOON,
    )  # fmt: skip
    shop.refresh_from_db()

    assert client_of(place, "haiwei").get(f"/map/place/{shop.tag}")["Location"] == f"/premises/{shop.pk}/"
    assert client_of(place, "dongfeng").get(f"/map/place/{shop.tag}").status_code == 404


@pytest.mark.parametrize(
    ("tiles", "datum", "moved"), [("", "gcj02", False), (TILES, "wgs84", False), (TILES, "gcj02", True)]
)
def test_points_are_moved_for_domestic_tiles_only(place: SmallStation, tiles: str, datum: str, moved: bool):
    with override_settings(MAP_TILES=tiles, MAP_TILES_DATUM=datum):
        (lon, lat), *_rest = features(client_of(place, "desk"))[0]["geometry"]["coordinates"][0]

    assert ((lon, lat) != (113.2, 22.7)) == moved
    if moved:
        assert gcj02_to_wgs84(lon, lat) == pytest.approx((113.2, 22.7), abs=1e-6)


def test_only_a_named_tile_server_is_let_into_the_page(place: SmallStation):
    desk = client_of(place, "desk")
    plain = desk.get("/map/")["Content-Security-Policy"]
    with override_settings(MAP_TILES=TILES):
        named = desk.get("/map/")["Content-Security-Policy"]
        other = desk.get("/")["Content-Security-Policy"]

    assert "tiles.example" not in plain + other
    assert "img-src 'self' https://tiles.example data: blob:" in named
    assert named.replace(" https://tiles.example", "") == plain


def test_the_speed_is_steered_by_desk_and_chief_of_a_demo_only(place: SmallStation):
    real = client_of(place, "desk")
    assert "/play/speed" not in real.get("/").content.decode()
    assert real.post("/play/speed", {"speed": "60"}).status_code == 404
    Station.objects.filter(pk=place.station.pk).update(demo=True)

    assert "/play/speed" in real.get("/").content.decode()
    assert real.post("/play/speed", {"speed": "60"}).status_code == 302
    assert real.post("/play/speed", {"speed": "7"}).status_code == 422
    assert client_of(place, "haiwei").post("/play/speed", {"speed": "0"}).status_code == 403
    assert Station.objects.get(pk=place.station.pk).settings["play"]["speed"] == 60
