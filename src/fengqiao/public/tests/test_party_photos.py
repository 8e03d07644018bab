"""What a party sees of the defect, and sends of its mending: this matter's pictures and no other."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from fengqiao.evidence.commands import MOST_BY_PARTY, WRONG_ONES, forget
from fengqiao.evidence.models import Photo
from fengqiao.kit.ids import uuid7
from fengqiao.matters.models import Event, Matter, PartyLink
from fengqiao.matters.registry import kind
from fengqiao.public.tests.test_party import do, hidden, link, reader, stage, told
from fengqiao.store.scope import say
from tests import pictures
from tests.answering import a_photo
from tests.doors import client_of
from tests.station import SmallStation, small_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> SmallStation:
    return small_station()


def shot(colour: str = "green", name: str = "after.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pictures.jpeg((120, 90), colour=colour), "image/jpeg")


def found_photo(place: SmallStation, matter: Matter) -> str:
    say(station=place.station.pk)
    return str(detail(matter).photos[0])


def detail(matter: Matter) -> Any:
    return kind(matter.kind).detail._default_manager.get(pk=matter.pk)


def report(client: Client, address: str, *files: SimpleUploadedFile, **more: str) -> tuple[int, str]:
    form = hidden(client.get(address).content.decode(), "report_fixed") | more
    answer = client.post(address, form | {"report_fixed-photos": list(files)})
    return answer.status_code, answer.content.decode()


def sent_by_party(place: SmallStation, matter: Matter) -> list[Photo]:
    say(station=place.station.pk)
    return list(Photo.objects.filter(subject=matter.pk, by=None))


def test_the_page_shows_the_defect_small_and_opens_it_large(place: SmallStation):
    matter = told(place)
    address, photo = link(place, matter), found_photo(place, matter)

    page = reader().get(address).content.decode()
    assert f'href="{address}/photos/{photo}"' in page
    assert f'src="{address}/photos/{photo}/thumb"' in page
    large, small = (reader().get(f"{address}/photos/{photo}{end}") for end in ("", "/thumb"))

    assert large.content[:3] == small.content[:3] == b"\xff\xd8\xff"
    assert len(large.content) > len(small.content)
    for header, says in {
        "Content-Type": "image/jpeg",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }.items():
        assert large[header] == says
    say(station=place.station.pk)
    assert PartyLink.objects.get(matter=matter).used == 1, "a picture is no opening"


def test_no_other_picture_opens_by_this_link(place: SmallStation):
    matter, other = told(place), told(place, "P-2")
    do(place, matter, "haiwei", "report_fixed", photos=[(inside := a_photo(place))])
    address, theirs = link(place, matter), found_photo(place, other)
    unused = a_photo(place)
    foreign = small_station("乙所")
    abroad = found_photo(foreign, told(foreign))

    for photo in (theirs, inside, abroad, unused, str(uuid7())):
        for end in ("", "/thumb"):
            assert reader().get(f"{address}/photos/{photo}{end}").status_code == 404
    assert theirs not in reader().get(address).content.decode()
    assert reader().get(f"/l/{'x' * 32}/photos/{found_photo(place, matter)}").status_code == 404


def test_a_picture_that_has_ended_is_not_on_the_page(place: SmallStation):
    matter = told(place)
    address, photo = link(place, matter), found_photo(place, matter)
    assert forget([matter.pk], at=timezone.now()) == 1

    assert photo not in reader().get(address).content.decode()
    assert reader().get(f"{address}/photos/{photo}").status_code == 404


def test_photos_come_with_the_report_once_however_often_it_is_sent(place: SmallStation):
    matter = told(place)
    address, client = link(place, matter), reader()
    form = hidden(client.get(address).content.decode(), "report_fixed")

    for _time in range(2):
        answer = client.post(address, form | {"report_fixed-photos": [shot(), shot("yellow")]})
        assert "已收到" in answer.content.decode()

    sent = sent_by_party(place, matter)
    assert stage(place, matter) == "reinspect_due"
    assert len(sent) == 2
    assert detail(matter).after_photos == [
        str(pk) for pk in Event.objects.get(matter=matter, act="report_fixed").given["photos"]
    ]
    assert all(reader().get(f"{address}/photos/{one.pk}").status_code == 200 for one in sent)
    page = client_of(place, "haiwei").get(f"/matters/{matter.pk}").content.decode()
    assert all(f"/photos/{one.pk}/thumb" in page for one in sent)
    assert client_of(place, "dongfeng").get(f"/photos/{sent[0].pk}").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.gif", pictures.OTHERS["GIF"], "不收 GIF 动图"),
        ("a.jpg", pictures.OTHERS["SVG"], "这是网页或矢量图，不是照片"),
        ("a.jpg", pictures.jpeg()[:700], "照片读不出来"),
        ("a.heic", pictures.HEIC, "HEIC"),
    ],
)
def test_a_file_that_is_no_photo_is_refused_in_clear_words(
    place: SmallStation, name: str, content: bytes, says: str
):
    matter = told(place)

    status, page = report(reader(), link(place, matter), SimpleUploadedFile(name, content, "image/jpeg"))

    assert (status, stage(place, matter)) == (422, "fixing")
    assert f"{name}：" in page
    assert says in page
    assert sent_by_party(place, matter) == []


def test_more_than_nine_are_too_many_and_what_came_is_not_lost(place: SmallStation):
    matter = told(place)
    address, client = link(place, matter), reader()
    files = [
        shot(colour) for colour in ("red", "green", "blue", "white", "black", "cyan", "pink", "gold", "navy")
    ]

    status, page = report(client, address, *files, shot("lime"))

    assert status == 422
    assert "最多 9 项" in page
    kept = re.findall(r'name="report_fixed-photos" value="([\w-]+)" checked', page)
    assert len(kept) == 10
    assert f'src="{address}/photos/{kept[0]}/thumb"' in page
    answer = client.post(address, hidden(page, "report_fixed") | {"report_fixed-photos": kept[:9]})
    assert "已收到" in answer.content.decode()


def test_a_party_cannot_name_a_picture_they_did_not_send(place: SmallStation):
    matter, other = told(place), told(place, "P-2")
    theirs = link(place, other)
    report(reader(), theirs, shot(), **{"report_fixed-note": "x" * 600})  # kept, though the form was wrong
    (abroad,) = sent_by_party(place, other)
    address, client = link(place, matter), reader()
    form = hidden(client.get(address).content.decode(), "report_fixed")

    for photo in (str(abroad.pk), found_photo(place, matter), a_photo(place)):
        answer = client.post(address, form | {"report_fixed-photos": photo})
        assert answer.status_code == 422
        assert "没有这张照片" in answer.content.decode()
    assert stage(place, matter) == "fixing"


def test_a_link_that_sends_rubbish_or_no_end_of_photos_has_to_stop(place: SmallStation):
    matter = told(place)
    address, client = link(place, matter), reader()
    rubbish = SimpleUploadedFile("a.jpg", pictures.OTHERS["PDF"], "image/jpeg")
    for _time in range(WRONG_ONES):
        report(client, address, rubbish)
        rubbish.seek(0)
    status, page = report(client, address, shot())
    assert (status, "尝试次数过多" in page) == (422, True)
    assert sent_by_party(place, matter) == []

    full = told(place, "P-2")
    one = Photo.objects.filter(by=place.people["haiwei"])[0]
    for _photo in range(MOST_BY_PARTY):
        one.pk, one.by, one.subject = uuid7(), None, full.pk
        one.save(force_insert=True)
    status, page = report(reader(), link(place, full), shot())
    assert (status, f"最多上传 {MOST_BY_PARTY} 张" in page) == (422, True)


def test_photos_of_an_act_that_is_no_partys_are_not_kept(place: SmallStation):
    matter = told(place)

    answer = reader().post(link(place, matter), {"act": "reinspect", "key": "k", "reinspect-photos": shot()})

    assert answer.status_code == 403
    assert sent_by_party(place, matter) == []
