"""A phone is enrolled once, leased a part of its key, wiped on order; and what it sealed still arrives."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from fengqiao.kit.ids import uuid7
from fengqiao.matters.commands import raise_matter
from fengqiao.matters.models import Event, Matter, Visit
from fengqiao.people.commands import deactivate, make_enrolment, order_wipe
from fengqiao.people.commands.phones import CODE_LASTS, PhoneWiped, lease
from fengqiao.people.models import Enrolment, Phone
from fengqiao.people.phone_keys import unpacked
from fengqiao.store.scope import say
from fengqiao.store.vault import Key
from tests import pictures
from tests.doors import client_of
from tests.phones import FakePhone, phone_of
from tests.station import SmallStation, small_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> SmallStation:
    found = small_station()
    say(station=found.station.pk)
    return found


def alert(place: SmallStation) -> Matter:
    given = {
        "reference": f"FZ-{uuid7()}",
        "level": "high",
        "fraud_type": "冒充客服",
        "received_at": timezone.now() - timedelta(minutes=1),
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "海尾大道 12 号",
        "community": place.haiwei.code,
    }
    say(station=place.station.pk)
    return raise_matter(
        kind_slug="fraud_alert", given=given, by=place.actor("desk"), at=timezone.now()
    ).matter


def visit(matter: Matter) -> dict[str, Any]:
    return {
        "id": str(uuid7()),
        "observed_at": timezone.now().isoformat(),
        "acts": [
            {
                "key": str(uuid7()),
                "matter": str(matter.pk),
                "act": "note",
                "given": {"note": "门口堆着纸箱"},
                "base": 1,
            }
        ],
    }


def test_a_code_enrols_one_phone_once_within_ten_minutes(place: SmallStation):
    own, at = place.people["haiwei"].pk, timezone.now()
    code = make_enrolment(person_id=own, by=place.actor("haiwei"), at=at)
    first, second = FakePhone(Client()), FakePhone(Client())
    made, again = first.enrol(code), second.enrol(code)
    say(station=place.station.pk)
    late = make_enrolment(person_id=own, by=place.actor("haiwei"), at=at - CODE_LASTS)
    too_late = second.enrol(late)
    say(station=place.station.pk)

    assert (made.status_code, made.json()["name"]) == (201, "海尾社区警长")
    assert [answer.json()["code"] for answer in (again, too_late)] == ["code_over"] * 2
    assert Phone.objects.count() == 1
    assert code not in str(list(Enrolment.objects.values()))
    assert first.get("/field/slice").status_code == 401  # enrolled is not signed in


def test_nobody_but_the_desk_enrols_or_wipes_anothers_phone(place: SmallStation):
    phone = phone_of(place, "haiwei")
    asked = {"person": str(place.people["haiwei"].pk)}

    answers = {
        who: (
            client_of(place, who).post("/phones/enrol", asked).status_code,
            client_of(place, who).post(f"/phones/{phone.id}/wipe").status_code,
        )
        for who in ("dongfeng", "audit", "security")
    }

    assert answers == {"dongfeng": (403, 403), "audit": (403, 403), "security": (200, 302)}


def test_the_code_is_shown_as_an_address_whose_secret_stands_after_the_hash(place: SmallStation):
    page = client_of(place, "haiwei").post("/me/phones").content.decode()

    address = page.split('id="phone-code">')[1].split("<")[0]
    found = FakePhone(Client())

    assert address.startswith("http://testserver/field#/enrol/")
    assert found.enrol(address.rsplit("/", 1)[1]).status_code == 201


def test_a_session_without_the_phones_key_opens_nothing(place: SmallStation):
    phone = phone_of(place, "haiwei")
    thief = FakePhone(phone.client)
    thief.id = phone.id

    assert phone.get("/field/slice").status_code == 200
    assert thief.get("/field/slice").json()["code"] == "phone_needed"
    assert phone.client.get("/api/v1/field/slice").json()["code"] == "phone_needed"


def test_a_signature_holds_for_its_call_and_its_minutes_only(place: SmallStation):
    phone = phone_of(place, "haiwei")
    now = timezone.now()
    other = phone.headers("GET", "/api/v1/field/slice")
    wrong = phone.headers("POST", "/api/v1/field/lease", '{"wrong_pins": 1}')

    late = phone.get("/field/slice", at=now - timedelta(minutes=6))
    elsewhere = phone.client.get("/api/v1/field/slice?cursor=x", headers=other)
    changed = phone.client.post(
        "/api/v1/field/lease", '{"wrong_pins": 0}', content_type="application/json", headers=wrong
    )

    assert (late.json()["code"], "now" in late.json()) == ("phone_clock", True)
    assert [answer.json()["code"] for answer in (elsewhere, changed)] == ["phone_needed"] * 2


def test_a_phone_answers_to_its_own_person_only(place: SmallStation):
    phone = phone_of(place, "haiwei")
    phone.client = client_of(place, "dongfeng")

    assert phone.get("/field/slice").json()["code"] == "phone_of_another"
    assert phone.post("/field/lease", {}).json()["code"] == "phone_of_another"


def test_the_lease_lends_the_same_part_for_twelve_hours_and_no_other_phone_the_same(place: SmallStation):
    phone, other = phone_of(place, "haiwei"), phone_of(place, "dongfeng")
    first, again = phone.post("/field/lease", {}).json(), phone.post("/field/lease", {"wrong_pins": 2}).json()
    theirs = other.post("/field/lease", {}).json()
    say(station=place.station.pk)
    held = Phone.objects.get(pk=phone.id)
    spans = {key: timezone.datetime.fromisoformat(first[key]) for key in ("now", "until")}

    assert first["part"] == again["part"] != theirs["part"]
    assert len(unpacked(first["part"])) == 32
    assert spans["until"] - spans["now"] == timedelta(hours=12)
    assert (held.wrong_pins, held.lease_until is not None) == (2, True)


def test_an_ordered_wipe_refuses_every_call_and_destroys_the_part_at_once(place: SmallStation):
    phone = phone_of(place, "haiwei")
    client_of(place, "desk").post(f"/phones/{phone.id}/wipe")

    calls = [phone.get("/field/slice"), phone.post("/field/lease", {}), phone.post("/visits", {})]
    phone.client.logout()
    calls.append(phone.get("/field/slice"))
    said = phone.post("/field/wiped", {"wrong_pins": 0})
    say(station=place.station.pk)
    held = Phone.objects.get(pk=phone.id)

    assert [answer.json()["code"] for answer in calls] == ["phone_wiped"] * 4
    assert said.json() == {"wiped": True}
    assert (held.wiped_at is not None, Key.objects.get(pk=phone.id).wrapped) == (True, None)
    with pytest.raises(PhoneWiped):
        lease(phone=held, wrong_pins=0, at=timezone.now())


def test_whoever_leaves_leaves_no_phone_that_opens(place: SmallStation):
    phone = phone_of(place, "auxiliary")

    deactivate(person_id=place.people["auxiliary"].pk, by=place.people["security"], at=timezone.now())

    assert Phone.objects.get(pk=phone.id).is_over
    assert Key.objects.get(pk=phone.id).wrapped is None


def test_a_sealed_visit_arrives_as_its_authors_whoever_carries_it(place: SmallStation):
    matter, author = alert(place), phone_of(place, "haiwei")
    carried = visit(matter)
    package = author.sealed("visit", carried["id"], json.dumps(carried).encode())
    carrier = phone_of(place, "dongfeng")

    told, again = (
        carrier.carry("visit", package),
        carrier.carry("visit", author.sealed("visit", carried["id"], json.dumps(carried).encode())),
    )
    say(station=place.station.pk)

    assert [act["result"] for act in told.json()["acts"]] == ["done"]
    assert again.json()["receipt"] == told.json()["receipt"]
    assert Visit.objects.get(pk=carried["id"]).by_id == place.people["haiwei"].pk
    assert Event.objects.get(key=carried["acts"][0]["key"]).by_id == place.people["haiwei"].pk


def test_a_sealed_photo_arrives_too(place: SmallStation):
    author, photo = phone_of(place, "haiwei"), uuid7()
    plain = json.dumps({"id": str(photo), "kind": "photo"}).encode() + b"\n" + pictures.jpeg()

    told = author.carry("photo", author.sealed("photo", photo, plain))

    assert told.json() == {"id": str(photo)}


def test_what_was_changed_moved_or_sealed_after_the_wipe_is_refused(place: SmallStation):
    matter, author = alert(place), phone_of(place, "haiwei")
    carried = visit(matter)
    plain = json.dumps(carried).encode()
    carrier = phone_of(place, "dongfeng")
    packages = [author.sealed("visit", carried["id"], plain) for _ in range(4)]
    packages[0]["id"] = str(uuid7())
    packages[1]["phone"] = carrier.id
    foreign = author.sealed("visit", uuid7(), plain)
    say(station=place.station.pk)
    order_wipe(phone_id=author.id, by=place.actor("chief"), at=timezone.now())
    later = author.sealed("visit", carried["id"], plain, at=timezone.now() + timedelta(minutes=1))

    answers = [carrier.carry("visit", package) for package in (*packages[:2], foreign, later)]
    photo = carrier.carry("photo", packages[2])
    in_time = carrier.carry("visit", packages[3])

    assert [answer.status_code for answer in (*answers, photo)] == [422] * 5
    assert in_time.status_code == 200
