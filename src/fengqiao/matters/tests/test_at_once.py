"""Several connections at once: one act and one clear refusal, one matter per reference, one firing per rung,
and a tail that never skips a writer who commits late."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from fengqiao.evidence.commands import PhotoGiven, keep_photo
from fengqiao.evidence.models import Photo
from fengqiao.kit.ids import uuid7
from fengqiao.kit.inputs import validate
from fengqiao.kit.problems import BadInput, OutOfTurn, Problem
from fengqiao.matters import queries
from fengqiao.matters.commands import perform, raise_matter
from fengqiao.matters.models import Event, Matter
from fengqiao.matters.scanning import fire_due
from fengqiao.store.scope import acting_for
from tests import pictures
from tests.station import NOON, SmallStation, small_station

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def place() -> SmallStation:
    with transaction.atomic():
        return small_station()


def at_once(number: int, work: Callable[[int], Any]) -> list[Any]:
    """Do it from so many threads, each with its own connection, starting together."""
    barrier = threading.Barrier(number)

    def one(index: int) -> Any:
        try:
            barrier.wait()
            return work(index)
        except Problem as problem:
            return type(problem)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


def intake(place: SmallStation, reference: str = "R-1") -> Any:
    given = {
        "reference": reference,
        "level": "high",
        "fraud_type": "虚假投资",
        "received_at": NOON,
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "海尾大道 12 号",
        "community": place.haiwei.code,
    }
    with acting_for(place.station.pk):
        return raise_matter(kind_slug="fraud_alert", given=given, by=place.actor("desk"), at=NOON)


def test_two_people_acting_at_once_give_one_act_and_one_refusal(place: SmallStation):
    matter = intake(place).matter

    def sign(index: int) -> Any:
        with acting_for(place.station.pk):
            who = place.actor(("desk", "haiwei")[index])
            return perform(
                matter_id=matter.pk, act="sign", given={}, by=who, at=NOON, key=f"k{index}"
            ).repeated

    results = at_once(2, sign)

    assert sorted(results, key=str) == sorted([False, OutOfTurn], key=str)
    with acting_for(place.station.pk):
        assert Event.objects.filter(matter=matter, act="sign").count() == 1


def test_one_reference_from_eight_sides_is_one_matter(place: SmallStation):
    results = at_once(8, lambda _index: intake(place).matter.pk)

    assert len(set(results)) == 1
    with acting_for(place.station.pk):
        assert Matter.objects.count() == 1


def test_four_scanners_fire_each_rung_once(place: SmallStation):
    matters = [intake(place, f"R-{number}").matter.pk for number in range(5)]

    def scan(_index: int) -> int:
        fired = 0
        for _round in range(5):
            with acting_for(place.station.pk):
                fired += fire_due(at=NOON + timedelta(days=1))
        return fired

    fired = at_once(4, scan)

    assert sum(fired) == 4 * len(matters)
    with acting_for(place.station.pk):
        assert Event.objects.filter(role="clock").count() == 4 * len(matters)


def test_the_tail_waits_for_a_writer_who_commits_late(place: SmallStation):
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with acting_for(place.station.pk):
            given = {
                "reference": "slow",
                "level": "high",
                "fraud_type": "虚假投资",
                "received_at": NOON,
                "target": {"name": "事主甲", "phone": "13900000001"},
                "address": "海尾",
                "community": place.haiwei.code,
            }
            raise_matter(kind_slug="fraud_alert", given=given, by=place.actor("desk"), at=NOON)
            begun.set()
            go_on.wait(10)
        connection.close()

    def heard(since: queries.Cursor) -> tuple[list[Any], queries.Cursor]:
        with acting_for(place.station.pk):
            rows, reached = queries.tail(since)
        return [row["matter_id"] for row in rows], reached

    with acting_for(place.station.pk):
        start = queries.end_of_tail()
    writer = threading.Thread(target=slow)
    writer.start()
    begun.wait(10)
    fast = intake(place, "fast").matter.pk
    early, reached = heard(start)
    go_on.set()
    writer.join()
    # Anybody's open transaction on the server holds the tail back for a moment: that is its promise.
    late: list[Any] = []
    deadline = time.monotonic() + 20
    while len(late) < 2 and time.monotonic() < deadline:
        more, reached = heard(reached)
        late += more

    with acting_for(place.station.pk):
        slow_one = Matter.objects.get(reference="slow").pk
    assert early == []
    assert late == [slow_one, fast]


def test_one_photo_sent_on_two_lines_at_once_is_kept_once(place: SmallStation):
    given, content = validate(PhotoGiven, {"id": uuid7()}), pictures.jpeg()

    def send(_index: int) -> bool:
        with acting_for(place.station.pk):
            return keep_photo(given=given, content=content, by=place.actor("haiwei")).repeated

    assert sorted(at_once(4, send)) == [False, True, True, True]
    with acting_for(place.station.pk):
        assert Photo.objects.get().pk == given.id


def test_one_photo_named_by_two_matters_at_once_belongs_to_one(place: SmallStation):
    alerts = [intake(place, f"R-{number}") for number in range(2)]
    with acting_for(place.station.pk):
        given = validate(PhotoGiven, {"id": uuid7()})
        photo = keep_photo(given=given, content=pictures.jpeg(), by=place.actor("haiwei")).photo

    def note(index: int) -> Any:
        with acting_for(place.station.pk):
            asked = {"note": "门口", "photos": [str(photo.pk)]}
            matter = alerts[index].matter.pk
            return perform(
                matter_id=matter, act="note", given=asked, by=place.actor("haiwei"), at=NOON, key=f"n{index}"
            )

    results = at_once(2, note)

    assert [result is BadInput for result in results].count(True) == 1
    with acting_for(place.station.pk):
        assert Event.objects.filter(act="note").get().matter_id == Photo.objects.get(pk=photo.pk).subject
