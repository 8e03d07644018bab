"""What somebody sealed while they served arrives after they left: kept, theirs, and done by nobody unasked."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from fengqiao.evidence.models import Photo
from fengqiao.ground.models import Premises
from fengqiao.kit.ids import uuid7
from fengqiao.matters import queries
from fengqiao.matters.commands import raise_matter
from fengqiao.matters.models import Event, Matter, Visit
from fengqiao.people.models import Post
from fengqiao.store.scope import say
from tests import pictures
from tests.phones import FakePhone, phone_of
from tests.station import SmallStation, small_station

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def place() -> SmallStation:
    found = small_station()
    say(station=found.station.pk)
    return found


def alert(place: SmallStation) -> Matter:
    given = {
        "reference": "FZ-1",
        "level": "high",
        "fraud_type": "冒充客服",
        "received_at": timezone.now() - 3 * DAY,
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "海尾大道 12 号",
        "community": place.haiwei.code,
    }
    return raise_matter(
        kind_slug="fraud_alert", given=given, by=place.actor("desk"), at=timezone.now() - 3 * DAY
    ).matter


def leaves(place: SmallStation, on: datetime) -> None:
    """The last day of the officer's only post."""
    say(station=place.station.pk)
    Post.objects.filter(person=place.people["haiwei"]).update(ends_on=timezone.localdate(on))


def sealed_photo(phone: FakePhone, photo: UUID, at: datetime) -> dict[str, Any]:
    plain = json.dumps({"id": str(photo), "kind": "photo"}).encode() + b"\n" + pictures.jpeg()
    return phone.sealed("photo", photo, plain, at=at)


def sealed_visit(phone: FakePhone, at: datetime, *acts: dict[str, Any]) -> dict[str, Any]:
    carried = {"id": str(uuid7()), "observed_at": at.isoformat(), "acts": acts}
    return phone.sealed("visit", carried["id"], json.dumps(carried).encode(), at=at)


def test_an_act_of_a_leaver_waits_as_a_question_and_moves_nothing(place: SmallStation):
    matter, author, carrier = alert(place), phone_of(place, "haiwei"), phone_of(place, "dongfeng")
    then = timezone.now() - 2 * DAY
    note = {"key": "n", "matter": str(matter.pk), "act": "sign", "base": 1}
    package = sealed_visit(author, then, note)
    leaves(place, then)

    told = carrier.carry("visit", package)
    say(station=place.station.pk)

    assert [act["result"] for act in told.json()["acts"]] == ["question"]
    assert Matter.objects.get(pk=matter.pk).stage == "received"
    assert [question.by for question in queries.questions(place.actor("desk"))] == [place.people["haiwei"]]


def test_a_photo_of_a_leaver_is_kept_with_the_hazard_they_found(place: SmallStation):
    author, carrier = phone_of(place, "haiwei"), phone_of(place, "dongfeng")
    house = Premises.objects.create(
        id=uuid7(),
        station=place.station,
        number="P-1",
        kind="rental_house",
        name="海尾公寓",
        community=place.haiwei,
        address="海尾大道 1 号",
        updated_at=timezone.now(),
    )
    then, photo = timezone.now() - 2 * DAY, uuid7()
    found = {
        "premises": str(house.pk),
        "item": "ebike_indoors",
        "finding": "电动自行车停放在首层楼梯间并充电",
        "spot": "首层楼梯间",
        "severity": "general",
        "source": "round",
        "basis": "广东省实施《中华人民共和国消防法》办法第25条",
        "deadline": "15d",
        "photos": [str(photo)],
    }
    packages = [
        ("photo", sealed_photo(author, photo, then)),
        ("visit", sealed_visit(author, then, {"key": "h", "raise": {"kind": "hazard"}, "given": found})),
    ]
    leaves(place, then)

    answers = [carrier.carry(what, package) for what, package in packages]
    say(station=place.station.pk)

    assert [answer.status_code for answer in answers] == [200, 200]
    assert [act["result"] for act in answers[1].json()["acts"]] == ["done"]
    made = Matter.objects.get(premises=house)
    assert made.raised_by == place.people["haiwei"]
    assert Photo.objects.get(pk=photo).subject == made.pk


def test_what_was_sealed_after_they_left_is_refused_for_good(place: SmallStation):
    matter, author, carrier = alert(place), phone_of(place, "haiwei"), phone_of(place, "dongfeng")
    now = timezone.now()
    note = {"key": "n", "matter": str(matter.pk), "act": "sign", "base": 1}
    leaves(place, now - 2 * DAY)

    answers = [
        carrier.carry("visit", sealed_visit(author, now, note)),
        carrier.carry("photo", sealed_photo(author, uuid7(), now)),
    ]
    say(station=place.station.pk)

    # 422 is final for the phone: it says so, keeps the packet and asks no more (sealed_outbox.js).
    assert [(a.status_code, a.json()["errors"][0]["says"]) for a in answers] == [
        (422, "密封时已不在岗，不予接收")
    ] * 2
    assert (Visit.objects.count(), Event.objects.filter(key="n").count()) == (0, 0)
