"""Photos by the doors: the API's multipart call and the desk's forms, from the file to the timeline."""

from __future__ import annotations

import io
import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fengqiao.evidence.models import Photo
from fengqiao.matters import clocks
from fengqiao.matters.commands import raise_matter
from fengqiao.matters.models import Event, Matter
from fengqiao.store.scope import say
from tests import pictures
from tests.doors import client_of, token_of
from tests.station import NOON, SmallStation, small_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> SmallStation:
    clocks.forget_rules()
    return small_station()


@pytest.fixture
def matter(place: SmallStation) -> Matter:
    given = {
        "reference": "R-1",
        "level": "high",
        "fraud_type": "虚假投资",
        "received_at": NOON,
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "海尾大道 12 号",
        "community": place.haiwei.code,
    }
    return raise_matter(kind_slug="fraud_alert", given=given, by=place.actor("desk"), at=NOON).matter


def api(place: SmallStation, who: str = "haiwei") -> Client:
    return Client(headers={"Authorization": f"Bearer {token_of(place, who)}"})


def file(content: bytes, name: str = "IMG_0001.JPG") -> io.BytesIO:
    sent = io.BytesIO(content)
    sent.name = name
    return sent


def post(client: Client, content: bytes, **form: Any) -> Any:
    return client.post("/api/v1/photos", {"file": file(content), "id": str(uuid4()), **form})


def test_the_api_takes_a_photo_once(place: SmallStation):
    client, photo_id = api(place), str(uuid4())

    first = post(
        client, pictures.jpeg(), id=photo_id, lon="113.2", lat="22.8", taken_at="2022-05-10T10:02:00+08:00"
    )
    again = post(client, pictures.jpeg(), id=photo_id)
    other = post(client, pictures.jpeg(colour="green"), id=photo_id)

    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert first.json() == again.json()
    assert {k: first.json()[k] for k in ("id", "width", "height")} == {
        "id": photo_id,
        "width": 640,
        "height": 480,
    }
    assert other.json()["code"] == "key_reused"


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (pictures.HEIC, 415, "unsupported_file"),
        (pictures.jpeg()[:-900], 422, "bad_input"),
        (pictures.png_claiming(20_000, 10_000), 413, "too_large"),
        (pictures.jpeg() + b"\0" * 12 * 2**20, 413, "too_large"),
        (pictures.jpeg() + b"\0" * 30 * 2**20, 413, "too_large"),
    ],
)
def test_the_api_says_what_is_wrong_with_a_file(place: SmallStation, content: bytes, status: int, code: str):
    answer = post(api(place), content)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"].startswith("application/problem+json")


def test_the_api_names_wrong_fields(place: SmallStation):
    answer = post(api(place), pictures.jpeg(), id="no-id", lon="200")

    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {"id", "lon"}
    assert api(place).post("/api/v1/photos", {"id": str(uuid4())}).status_code == 422
    assert Client().post("/api/v1/photos", {"file": file(pictures.jpeg())}).status_code == 401
    assert post(api(place, "security"), pictures.jpeg()).status_code == 403


@pytest.mark.parametrize("way", ["api/v1/", ""])
def test_a_picture_leaves_as_a_picture_and_nothing_else(place: SmallStation, way: str):
    photo_id = post(api(place), pictures.jpeg() + pictures.SCRIPT).json()["id"]
    client = api(place) if way else client_of(place, "haiwei")

    for path in (f"/{way}photos/{photo_id}", f"/{way}photos/{photo_id}/thumb"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "no-store"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["Content-Disposition"] == f'inline; filename="{photo_id}.jpg"'
        assert answer.content.startswith(b"\xff\xd8\xff")
        assert b"script" not in answer.content
    stranger = api(place, "dongfeng") if way else client_of(place, "dongfeng")
    assert stranger.get(f"/{way}photos/{photo_id}").status_code == 404


def test_the_api_acts_with_a_photo_it_sent_before(place: SmallStation, matter: Matter):
    photo_id = post(api(place), pictures.jpeg()).json()["id"]

    answer = api(place).post(
        f"/api/v1/matters/{matter.pk}/acts/note",
        {"key": "k", "given": {"note": "门口", "photos": [photo_id]}},
        content_type="application/json",
    )

    assert answer.status_code == 200
    assert api(place, "desk").get(f"/api/v1/photos/{photo_id}/thumb").status_code == 200


def send_note(client: Client, matter: Matter, *files: bytes, note: str = "门口", **more: Any) -> Any:
    sent = [SimpleUploadedFile(f"{n}.jpg", content) for n, content in enumerate(files)]
    form = {"key": "one", "note-note": note, "note-photos": sent, **more}
    return client.post(f"/matters/{matter.pk}/acts/note", form)


def kept_on(page: Any) -> list[str]:
    return re.findall(r'name="note-photos" value="([0-9a-f-]{36})" checked', page.content.decode())


def test_photos_of_a_form_stand_in_the_timeline(place: SmallStation, matter: Matter):
    client = client_of(place, "haiwei")
    page = client.get(f"/matters/{matter.pk}").content.decode()
    assert 'enctype="multipart/form-data"' in page

    assert send_note(client, matter, pictures.jpeg(), pictures.webp()).status_code == 302

    say(station=place.station.pk)
    ids = Event.objects.get(matter=matter, act="note").given["photos"]
    assert Photo.objects.filter(pk__in=ids, subject=matter.pk).count() == 2
    page = client.get(f"/matters/{matter.pk}").content.decode()
    for number, photo_id in enumerate(ids, 1):
        assert f'href="/photos/{photo_id}"' in page
        assert f'src="/photos/{photo_id}/thumb" loading="lazy" alt="照片 {number}/2"' in page


def test_sent_twice_they_are_kept_once(place: SmallStation, matter: Matter):
    client = client_of(place, "haiwei")

    answers = [send_note(client, matter, pictures.jpeg(), pictures.jpeg()) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    say(station=place.station.pk)
    assert Photo.objects.count() == 1
    assert Event.objects.filter(matter=matter, act="note").count() == 1


def test_a_form_that_comes_back_still_has_its_photos(place: SmallStation, matter: Matter):
    client = client_of(place, "haiwei")

    back = send_note(client, matter, pictures.jpeg(), note="")

    assert back.status_code == 422
    (photo_id,) = kept_on(back)
    assert f'src="/photos/{photo_id}/thumb"' in back.content.decode()
    assert client.get(f"/photos/{photo_id}/thumb").status_code == 200
    again = client.post(
        f"/matters/{matter.pk}/acts/note", {"key": "two", "note-note": "门口", "note-photos": [photo_id]}
    )
    assert again.status_code == 302
    say(station=place.station.pk)
    assert str(Photo.objects.get(subject=matter.pk).pk) == photo_id


def test_one_bad_photo_is_named_and_the_good_one_is_not_taken_again(place: SmallStation, matter: Matter):
    back = send_note(client_of(place, "haiwei"), matter, pictures.jpeg(), pictures.HEIC)

    assert back.status_code == 422
    page = back.content.decode()
    assert "1.jpg：这是 HEIC 照片" in page
    assert len(kept_on(back)) == 1
    say(station=place.station.pk)
    assert not Event.objects.filter(matter=matter, act="note").exists()


def test_a_photo_of_somebody_else_is_refused_in_the_form(place: SmallStation, matter: Matter):
    theirs = post(api(place, "dongfeng"), pictures.jpeg()).json()["id"]

    back = client_of(place, "haiwei").post(
        f"/matters/{matter.pk}/acts/note", {"key": "x", "note-note": "门口", "note-photos": [theirs]}
    )

    assert back.status_code == 422
    assert "没有这张照片" in back.content.decode()
