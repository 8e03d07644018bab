"""Every address, by every role, with a thing of one's own, of another station, and of nobody.

The list is made from the URL resolver, so a new address is tried without anybody adding it; where a
parameter has no sample the test fails and says which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from fengqiao.checks.commands import create_list, publish
from fengqiao.evidence.commands import PhotoGiven, keep_photo
from fengqiao.evidence.models import Photo
from fengqiao.ground.models import Premises
from fengqiao.ground.tags import tag_code
from fengqiao.kit.ids import uuid7
from fengqiao.kit.inputs import validate
from fengqiao.kit.sheets import Sheet
from fengqiao.matters.commands import hand_in, perform, raise_matter
from fengqiao.matters.commands.handing_in import Carried
from fengqiao.matters.models import Event, Matter
from fengqiao.people.models import Post
from fengqiao.store.heartbeat import SCANNER, beat
from fengqiao.store.scope import say
from tests import pictures
from tests.doors import client_of, token_of
from tests.phones import phone_of
from tests.station import NOON, SmallStation, small_station

# Every address of the house is tried for every role; that takes its time.
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]

METHODS = ("get", "post", "put", "patch", "delete")
ROLES = ("haiwei", "dongfeng", "auxiliary", "desk", "chief", "security", "audit", "system", "nobody")
# Words and numbers that stand in the other station only: no answer of ours may hold one.
CANARY = "乙所独有"
# Addresses that are open to everybody, with the reason.
OPEN = {
    "healthz": "signs of life",
    "readyz": "signs of life",
    "metrics": "404 unless switched on",
    "sign-in": "where one signs in",
    "sign-in/code": "the second step of signing in",
    "i18n/setlang/": "language of a guest",
    "field": "the phone app's empty shell, the same for everybody",
    "field/manifest.webmanifest": "the name and icon of the app",
    "field/sw.js": "the script that keeps the shell on the phone",
    "field/words.json": "the app's words in another language, without data",
    "check": "where a resident checks a code; names no person and no matter",
    "looked": "where a person sees who looked, by the code on their paper; a wrong one opens nothing",
    "l/<str:token>": "what a party sees who holds a link; a wrong one opens nothing",
    "p/<str:code>": "a door's tag: tells a stranger whose tag it is and nothing of the place",
    "api/v1/openapi.json": "the API's own description, without data",
    "api/v1/docs": "the API's own description, without data",
}
STREAMS = {"live", "wall/live", "api/v1/events/stream"}


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in (resolver or get_resolver()).url_patterns:
        here = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, here)
        else:
            yield here, entry


ROUTES = [(route, pattern) for route, pattern in routes() if not route.startswith("static/")]


def a_photo(place: SmallStation, matter: Matter) -> Photo:
    """One of the officer's, belonging to the matter."""
    given = validate(PhotoGiven, {"id": uuid7()})
    photo = keep_photo(given=given, content=pictures.jpeg(), by=place.actor("haiwei")).photo
    asked = {"note": "门口", "photos": [photo.pk]}
    perform(
        matter_id=matter.pk, act="note", given=asked, by=place.actor("haiwei"), at=NOON, key=str(photo.pk)
    )
    return photo


def a_phone(place: SmallStation) -> UUID:
    """The chief's, so that nobody wipes their own on the way through the addresses."""
    made = UUID(phone_of(place, "chief").id)
    say(station=place.station.pk)
    return made


def full(place: SmallStation, mark: str) -> dict[str, Any]:
    """A station with one of everything an address can name."""
    say(station=place.station.pk)
    given = {
        "reference": f"{mark}-R",
        "level": "high",
        "fraud_type": f"{mark}诈骗",
        "received_at": NOON,
        "target": {"name": f"{mark}事主", "phone": "13900000001"},
        "address": f"{mark}街 1 号",
        "community": place.haiwei.code,
    }
    matter = raise_matter(kind_slug="fraud_alert", given=given, by=place.actor("desk"), at=NOON).matter
    premises = Premises.objects.create(
        id=uuid7(),
        station=place.station,
        number=f"{mark}-1",
        kind="shop",
        name=f"{mark}商店",
        community=place.haiwei,
        address=f"{mark}街 2 号",
        updated_at=NOON,
    )
    premises.refresh_from_db()
    post = Post.objects.get(person=place.people["haiwei"])
    late = {
        "id": uuid7(),
        "observed_at": NOON,
        "acts": [{"key": f"{mark}-q", "matter": matter.pk, "act": "go"}],
    }
    checklist = create_list(station_id=place.station.pk, slug=f"{mark}-list", name=f"{mark}清单")
    sheet = Sheet.from_json([{"code": "a", "says": f"{mark}检查项"}])
    version = publish(checklist=checklist, sheet=sheet, at=NOON)
    hand_in(carried=validate(Carried, late), by=place.actor("haiwei"), at=NOON)
    return {
        "matter": matter.pk,
        "premises": premises.pk,
        "tag": premises.tag,
        "code": tag_code(premises),
        "person": place.people["haiwei"].pk,
        "post": post.pk,
        "checklist": checklist.pk,
        "version": version.pk,
        "question": Event.objects.get(key=f"{mark}-q").pk,
        "photo": a_photo(place, matter).pk,
        "phone": a_phone(place),
    }


def filled(route: str, things: dict[str, Any]) -> str:
    """The address with its parameters filled from `things`; unknown parameters fail by name."""
    words = {
        "name": "sign",
        "act": "sign",
        "slug": "fraud_alert",
        "paper": "worksheet",
        "part": "numerator",
        "token": "k" * 32,
        "what": "premises",
        "shape": "xlsx",
        "line": "overdue",
    }

    def value(match: re.Match[str]) -> str:
        name = match[2]
        if name == "slug" and "figures" in route:
            return "sign_on_time"
        if name in words:
            return words[name]
        for thing, found in things.items():
            if name.startswith(thing):
                return str(found)
        if match[1] == "uuid:":
            return str(UUID(int=7))
        if match[1] == "int:":
            return "7"
        pytest.fail(f"the parameter {name} of {route} has no sample in tests/test_isolation.py")

    return "/" + re.sub(r"<(\w+:)?(\w+)>", value, route)


def caller(place: SmallStation, who: str, route: str) -> Client:
    if who == "nobody":
        return Client()
    if route.startswith("api/"):
        return Client(headers={"Authorization": f"Bearer {token_of(place, who)}"})
    return client_of(place, who)


@pytest.mark.parametrize("who", ROLES)
def test_no_address_gives_or_takes_what_is_not_ones_own(who: str):
    beat(SCANNER)
    mine, theirs = small_station("甲所"), small_station("乙所")
    own, foreign = full(mine, "甲所"), full(theirs, CANARY)
    absent = {name: uuid7() if isinstance(thing, UUID) else 999999 for name, thing in own.items()}
    absent["code"] = tag_code(Premises(station_id=theirs.station.pk, tag=999999))
    tried, wrong = set(), []

    for route, _pattern in ROUTES:
        tried.add(route)
        if route in STREAMS:
            continue
        client = caller(mine, who, route)
        for method in METHODS:
            other, none = (getattr(client, method)(filled(route, things)) for things in (foreign, absent))
            wrong += [(method, route, says) for says in faults(who, route, other, none)]

    assert wrong == []
    assert tried == {route for route, _ in ROUTES}


def faults(who: str, route: str, other: Any, none: Any) -> Iterator[str]:
    """What is wrong with the answers to another station's thing and to one that is not there."""
    for answer in (other, none):
        if not answer.streaming and CANARY.encode() in answer.content:
            yield "leak"
        if answer.status_code >= 500:
            yield f"broken: {answer.status_code}"
        if who == "nobody" and route not in OPEN and answer.status_code == 200:
            yield "open to everybody"
    if other.status_code != none.status_code:
        yield f"oracle: {other.status_code} is not {none.status_code}"


@pytest.mark.parametrize("who", ["haiwei", "desk", "chief"])
def test_the_same_addresses_do_show_what_is_ones_own(who: str):
    """Without this, a door that shows nobody anything would pass the test above."""
    mine = small_station("甲所")
    own = full(mine, "甲所")

    page = client_of(mine, who).get(f"/matters/{own['matter']}")
    api = caller(mine, who, "api/").get(f"/api/v1/matters/{own['matter']}")

    assert "甲所诈骗" in page.content.decode()
    assert api.json()["id"] == str(own["matter"])


def test_an_administrator_sees_no_matter():
    mine = small_station("甲所")
    own = full(mine, "甲所")

    api = caller(mine, "security", "api/").get(f"/api/v1/matters/{own['matter']}")

    assert api.status_code == 404
