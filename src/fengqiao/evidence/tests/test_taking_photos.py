"""A photo comes in: judged by its content, drawn anew without a word of metadata, sealed, and ended on its day."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone
from PIL import Image

from fengqiao.evidence import queries
from fengqiao.evidence.commands import MOST_BYTES, Kept, PhotoGiven, keep_photo
from fengqiao.evidence.drawing import WORKER
from fengqiao.evidence.models import Photo
from fengqiao.kit.ids import uuid7
from fengqiao.kit.inputs import validate
from fengqiao.kit.problems import BadInput, Forbidden, KeyReused, TooLarge, UnsupportedFile
from fengqiao.server.keeping import keep
from fengqiao.store.models import Destruction
from fengqiao.store.scope import say
from fengqiao.store.vault import Key
from tests import pictures
from tests.station import SmallStation, small_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> SmallStation:
    return small_station()


def send(place: SmallStation, content: bytes, who: str = "haiwei", **given: Any) -> Kept:
    asked = validate(PhotoGiven, {"id": uuid7(), **given})
    return keep_photo(given=asked, content=content, by=place.actor(who))


def seen(photo: Photo, column: str = "image") -> bytes:
    found = queries.one(photo.pk, column=column)
    assert found is not None
    content = queries.opened(found, column=column)
    assert content is not None
    return content


def opened(photo: Photo, column: str = "image") -> Image.Image:
    return Image.open(io.BytesIO(seen(photo, column)))


def test_a_photo_is_kept_upright_small_and_without_what_the_camera_said(place: SmallStation):
    photo = send(place, pictures.jpeg((4000, 3000), orientation=6)).photo

    picture, thumb = opened(photo), opened(photo, "thumb")
    assert (picture.format, picture.size, (photo.width, photo.height)) == ("JPEG", (1200, 1600), (1200, 1600))
    red, _green, blue = picture.getpixel((1190, 10))
    assert blue > red, "the corner that was left above is right above, as the camera was held"
    assert max(thumb.size) == 320
    for one, content in ((picture, seen(photo)), (thumb, seen(photo, "thumb"))):
        assert not {"exif", "comment", "icc_profile", "xmp"} & set(one.info)
        assert len(one.getexif()) == 0
        for secret in (pictures.GPS, pictures.COMMENT, b"Exif"):
            assert secret not in content


def test_the_place_comes_from_the_form_and_never_from_the_file(place: SmallStation):
    without = send(place, pictures.jpeg()).photo
    told = send(place, pictures.jpeg(colour="green"), lon=113.25, lat=22.8, accuracy=12).photo

    assert (without.lon, without.lat, without.accuracy_m) == (None, None, None)
    assert (told.lon, told.lat, told.accuracy_m) == (113.25, 22.8, 12)
    with pytest.raises(BadInput, match="同时"):
        send(place, pictures.jpeg(), lon=113.25)


def test_the_table_holds_no_picture_that_opens_without_its_key(place: SmallStation):
    photo = send(place, pictures.jpeg()).photo

    with connection.cursor() as cursor:
        cursor.execute("SELECT image, thumb FROM evidence_photo WHERE id = %s", [photo.pk])
        for sealed in map(bytes, cursor.fetchone()):
            assert b"JFIF" not in sealed
            assert len(sealed) > 300


@pytest.mark.parametrize("mode", ["RGBA", "LA", "L", "P", "1", "I;16", "RGB"])
def test_every_kind_of_png_becomes_a_jpeg(place: SmallStation, mode: str):
    photo = send(place, pictures.png(mode)).photo

    assert (photo.media, opened(photo).mode) == ("image/png", "RGB")
    if mode in ("RGBA", "LA"):
        assert opened(photo).getpixel((5, 5)) == (255, 255, 255), "what shines through is white"


def test_sixteen_bits_of_grey_stay_grey_and_large(place: SmallStation):
    photo = send(place, pictures.saved(Image.new("I;16", (3000, 2000), 40_000), "PNG")).photo

    assert opened(photo).size == (1600, 1067)
    assert opened(photo).convert("L").getpixel((9, 9)) == pytest.approx(40_000 / 256, abs=2)


def test_webp_and_a_printers_jpeg_are_taken_too(place: SmallStation):
    cmyk = pictures.saved(Image.new("CMYK", (100, 80)), "JPEG")

    assert [send(place, content).photo.media for content in (pictures.webp(), cmyk)] == [
        "image/webp",
        "image/jpeg",
    ]


def test_sent_again_it_is_the_first_one(place: SmallStation):
    photo_id, content = uuid7(), pictures.jpeg()
    first = send(place, content, id=photo_id)

    again = send(place, content, id=photo_id)

    assert (again.photo.pk, again.repeated, first.repeated) == (first.photo.pk, True, False)
    assert Photo.objects.count() == 1


def test_an_id_is_used_once_whoever_used_it(place: SmallStation):
    photo_id, content = uuid7(), pictures.jpeg()
    send(place, content, id=photo_id)
    other = small_station("乙所")

    with pytest.raises(KeyReused):
        send(other, content, id=photo_id)
    say(station=place.station.pk)
    with pytest.raises(KeyReused):
        send(place, pictures.jpeg(colour="green"), id=photo_id)
    with pytest.raises(KeyReused):
        send(place, content, "dongfeng", id=photo_id)
    assert Photo.objects.count() == 1


@pytest.mark.parametrize("kind", pictures.OTHERS)
def test_what_is_no_photo_is_refused_whatever_it_is_called(place: SmallStation, kind: str):
    with pytest.raises(UnsupportedFile, match="JPEG、PNG 或 WebP"):
        send(place, pictures.OTHERS[kind])
    assert Photo.objects.count() == 0


def test_heic_is_told_how_to_set_the_camera(place: SmallStation):
    with pytest.raises(UnsupportedFile, match="格式设为 JPEG"):
        send(place, pictures.HEIC)


@pytest.mark.parametrize(
    "content",
    [
        pictures.jpeg((3000, 2000))[:-3000],
        pictures.png("RGB", (3000, 2000))[:-500],
        pictures.webp()[:60],
        b"\xff\xd8\xff\xe0" + b"nothing" * 40,
        b"\x89PNG\r\n\x1a\n" + pictures.SCRIPT,
        b"RIFF\x40\0\0\0WEBPVP8 " + b"\0" * 60,
        pictures.png_bomb(),
        pictures.png_claiming(6000, 6000),
    ],
    ids=["short jpeg", "short png", "short webp", "no jpeg", "no png", "no webp", "bomb", "empty inside"],
)
def test_a_damaged_file_is_said_to_be_one_and_leaves_nothing(place: SmallStation, content: bytes):
    with pytest.raises(BadInput, match="不完整或已损坏"):
        send(place, content)
    assert Photo.objects.count() == 0


@pytest.mark.parametrize(
    "content", [pictures.png_claiming(20_000, 10_000), pictures.jpeg_claiming(20_000, 10_000)]
)
def test_two_hundred_megapixels_are_refused_by_the_header(place: SmallStation, content: bytes):
    with pytest.raises(TooLarge, match="5000 万像素"):
        send(place, content)


def test_thirteen_megabytes_are_refused_before_they_are_read(place: SmallStation):
    with pytest.raises(TooLarge, match="12 MB"):
        send(place, pictures.jpeg() + b"\0" * MOST_BYTES)


@pytest.mark.parametrize("tail", [pictures.SCRIPT, pictures.gifar()[-120:]], ids=["page", "archive"])
def test_what_hides_behind_a_picture_does_not_get_in(place: SmallStation, tail: bytes):
    photo = send(place, pictures.jpeg() + tail).photo

    content = seen(photo)
    assert tail not in content
    assert content.endswith(b"\xff\xd9")


def test_who_decodes_can_open_nothing():
    """The script, with a picture replaced by an attempt: after giving up, no file and no socket."""
    attempt = (
        f"import runpy, socket; w = runpy.run_path({str(WORKER)!r}); w['give_up']()\n"
        "for what in (lambda: open('/etc/hostname'), socket.socket, lambda: open('/tmp/x', 'w')):\n"
        "    try: what(); print('opened')\n"
        "    except OSError: print('refused')\n"
        "try: bytearray(2 << 30); print('opened')\n"
        "except MemoryError: print('refused')\n"
    )

    done = subprocess.run([sys.executable, "-c", attempt], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["refused"] * 4


def test_administrators_and_machines_send_no_photos(place: SmallStation):
    with pytest.raises(Forbidden):
        send(place, pictures.jpeg(), "security")


def test_what_no_act_has_used_ends_after_seven_days(place: SmallStation):
    photo = send(place, pictures.jpeg()).photo
    now = timezone.now()

    assert not keep(station_id=place.station.pk, at=now + timedelta(days=6, hours=23))
    assert Photo.objects.filter(pk=photo.pk).exists()
    keep(station_id=place.station.pk, at=now + timedelta(days=7, minutes=1))

    say(station=place.station.pk)
    assert not Photo.objects.filter(pk=photo.pk).exists()
    assert Key.objects.get(pk=photo.vault_id).wrapped is None
    assert Destruction.objects.get().what == "evidence_photo"
    # The phone that kept it may send it again.
    assert not send(place, pictures.jpeg(), id=photo.pk).repeated


def test_another_station_sees_nothing_of_it(place: SmallStation):
    photo = send(place, pictures.jpeg()).photo
    small_station("乙所")

    assert queries.one(photo.pk, column="image") is None
    assert queries.shown([UUID(int=1), photo.pk]) == {}
