"""Live streams: what changed is heard by those who may see it, and by nobody else; a role change ends them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction

from fengqiao.kit.problems import TooMany
from fengqiao.matters.commands import raise_matter
from fengqiao.matters.teller import Stream
from fengqiao.people.models import Person
from fengqiao.store.scope import acting_for
from tests.station import NOON, SmallStation, small_station

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def place() -> SmallStation:
    with transaction.atomic():
        return small_station()


@pytest.fixture
def opened() -> Iterator[list[Stream]]:
    streams: list[Stream] = []
    yield streams
    for stream in streams:
        stream.close()


def listening(place: SmallStation, who: str, opened: list[Stream]) -> Iterator[bytes]:
    with acting_for(place.station.pk):
        stream = Stream(place.actor(who), place.people[who].rights_version)
    opened.append(stream)
    lines = iter(stream)
    assert b"ready" in next(lines)
    return lines


def alert(place: SmallStation) -> Any:
    given = {
        "reference": "R-1",
        "level": "high",
        "fraud_type": "虚假投资",
        "received_at": NOON,
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "海尾大道 12 号",
        "community": place.haiwei.code,
    }
    with acting_for(place.station.pk):
        return raise_matter(kind_slug="fraud_alert", given=given, by=place.actor("desk"), at=NOON).matter


def test_a_change_is_heard_without_a_word_about_anybody(place: SmallStation, opened: list[Stream]):
    lines = listening(place, "haiwei", opened)
    wait_for_the_teller(place)

    matter = alert(place)
    told = next(lines).decode()

    data = json.loads(told.split("data: ")[1])
    assert data == {"id": str(matter.pk), "kind": "fraud_alert", "act": "raise", "standing": "done"}


def test_who_may_not_see_it_hears_nothing(place: SmallStation, opened: list[Stream]):
    other = listening(place, "dongfeng", opened)
    own = listening(place, "haiwei", opened)
    wait_for_the_teller(place)

    alert(place)

    assert b"raise" in next(own)
    assert opened[0]._listener.heard.empty()
    assert other is not own


def test_a_change_of_rights_ends_the_stream(place: SmallStation, opened: list[Stream]):
    lines = listening(place, "haiwei", opened)

    with acting_for(place.station.pk):
        Person.objects.filter(pk=place.people["haiwei"].pk).update(rights_version=99)

    assert b"bye" in next(lines)


def test_streams_never_take_every_thread(place: SmallStation, opened: list[Stream], settings: LazySettings):
    settings.STREAMS_MAX = 1
    listening(place, "haiwei", opened)

    with pytest.raises(TooMany):
        listening(place, "desk", opened)


def wait_for_the_teller(place: SmallStation) -> None:
    """The teller hears what is written after its first look: give it two of its rounds."""
    import time

    time.sleep(0.5)
    assert place
