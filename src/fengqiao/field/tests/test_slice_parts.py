"""A large beat comes by parts: what burns first, each part small, nothing skipped; what a phone does not hold is counted."""

from __future__ import annotations

import gzip
import json
import time
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from fengqiao.checks.starting import ensure_lists
from fengqiao.field import slices
from fengqiao.field.slices import PLACES_A_PART
from fengqiao.field.tests.test_slice import alert, caller, change, do, premises, save, settled, slice_of
from fengqiao.matters.commands import raise_owed
from fengqiao.store.scope import acting_for
from tests.station import SmallStation, small_station

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def place() -> SmallStation:
    with transaction.atomic():
        return small_station()


def unpacked(answer: Any) -> Any:
    """What gains nothing by it is not compressed."""
    packed = answer.headers.get("Content-Encoding") == "gzip"
    return json.loads(gzip.decompress(answer.content) if packed else answer.content)


def parts(client: Client, cursor: str = "") -> list[Any]:
    """Answers as a phone asks for them, one after the other, until there is no more; `bytes` on the line."""
    found = []
    settled()
    while True:
        answer = client.get("/api/v1/field/slice", {"cursor": cursor})
        told = unpacked(answer)
        found.append(told | {"bytes": len(answer.content)})
        cursor = told["cursor"]
        if not told["more"]:
            return found


def test_three_thousand_places_fit_into_300_kb_and_a_change_into_one(place: SmallStation):
    save(place, *(premises(place, place.haiwei, number) for number in range(3000)))
    matters = [alert(place, f"R-{number}") for number in range(20)]
    client = caller(place, **{"Accept-Encoding": "gzip"})

    whole = parts(client)
    cursor = whole[-1]["cursor"]
    do(place, matters[3], "haiwei", "sign")
    settled()
    delta = client.get("/api/v1/field/slice", {"cursor": cursor})

    told = unpacked(delta)
    assert (len(told["matters"]), told["places"]) == (1, [])
    assert len({one["id"] for part in whole for one in part["places"]}) == 3000
    assert sum(part["bytes"] for part in whole) < 300_000
    assert len(delta.content) < 1024


def test_what_burns_comes_first_with_its_doors_and_every_part_within_half_a_minute_of_the_slowest_line(
    place: SmallStation,
):
    """A beat of 1,000 places, the last of which is to be checked today: the first answer is enough to begin with."""
    today = timezone.localdate()
    houses = [premises(place, place.haiwei, number) for number in range(1000)]
    houses[-1].check_due, houses[-1].registered_on = today, today
    with acting_for(place.station.pk):
        ensure_lists(station_id=place.station.pk, at=timezone.now())
    save(place, *houses)
    with acting_for(place.station.pk):
        raise_owed(station_id=place.station.pk, at=timezone.now())

    first, *rest = parts(caller(place, **{"Accept-Encoding": "gzip"}))

    assert [one["place"]["id"] for one in first["matters"]] == [str(houses[-1].pk)]
    assert str(houses[-1].pk) in [one["id"] for one in first["places"]]
    assert (first["whole"], first["frame"] is not None, len(first["places"])) == (True, True, PLACES_A_PART)
    assert [(part["whole"], part["frame"]) for part in rest] == [(False, None)] * len(rest)
    # 2G carries some 5 KB a second.
    assert max(part["bytes"] for part in (first, *rest)) < 150_000


def test_a_load_cut_off_goes_on_by_its_cursor_and_skips_nothing_that_came_meanwhile(place: SmallStation):
    """Between two parts: a matter, a place whose id lies before what was told, a new name for one told long ago."""
    houses = sorted((premises(place, place.haiwei, number) for number in range(900)), key=lambda one: one.pk)
    early, *rest = houses
    save(place, *rest)
    client = caller(place, **{"Accept-Encoding": "gzip"})
    first = slice_of(place)

    early.updated_at = timezone.now()
    save(place, early)
    change(place, rest[0], name="新名字")
    raised = alert(place, "R-meanwhile")
    deadline, held = time.monotonic() + 30, {}
    cursor, matters = first["cursor"], set()
    while time.monotonic() < deadline and not (early.pk in held and raised.pk in matters):
        for part in parts(client, cursor):
            held |= {UUID(one["id"]): one["name"] for one in part["places"]}
            matters |= {UUID(one["id"]) for one in part["matters"]}
            cursor = part["cursor"]
    held = {UUID(one["id"]): one["name"] for one in first["places"]} | held

    assert set(held) == {house.pk for house in houses}
    assert held[rest[0].pk] == "新名字"
    assert raised.pk in matters


def test_what_a_phone_does_not_hold_is_counted(place: SmallStation, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(slices, "MOST_PLACES", 2)
    monkeypatch.setattr(slices, "MOST_MATTERS", 1)
    save(place, *(premises(place, place.haiwei, number) for number in range(5)))
    for number in range(3):
        alert(place, f"R-{number}")

    whole = slice_of(place)

    assert (len(whole["places"]), len(whole["matters"])) == (2, 1)
    assert whole["left_out"] == {"matters": 2, "places": 3}
