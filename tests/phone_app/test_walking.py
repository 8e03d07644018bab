"""The order of the doors is worth walking: short, whole, and begun where it was asked."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise, permutations
from math import cos, hypot, radians
from pathlib import Path
from typing import Any

import pytest

from tests.browser import browser

pytestmark = pytest.mark.browser
SCRIPT = Path(__file__).parents[2] / "web" / "js" / "field" / "walking.js"
Point = dict[str, Any]


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    with browser() as opened:
        found = opened.new_page()
        found.evaluate(
            "async source => { window.walking = await import(URL.createObjectURL(new Blob([source], {type: 'text/javascript'}))) }",
            SCRIPT.read_text(encoding="utf-8"),
        )
        yield found


def walked(page: Any, points: list[Point], start: Point | None = None) -> list[Point]:
    found: list[Point] = page.evaluate("([points, start]) => walking.round(points, start)", [points, start])
    return found


def scattered(seed: int, count: int) -> list[Point]:
    chance = random.Random(seed)
    return [
        {"id": n, "lon": 113.25 + chance.uniform(0, 0.02), "lat": 22.76 + chance.uniform(0, 0.02)}
        for n in range(count)
    ]


def metres(one: Point, other: Point) -> float:
    east = (one["lon"] - other["lon"]) * cos(radians(22.77))
    return 111_195 * hypot(east, one["lat"] - other["lat"])


def length(path: list[Point]) -> float:
    return sum(metres(one, other) for one, other in pairwise(path))


@pytest.mark.parametrize("seed", range(8))
def test_no_door_is_left_out_and_the_walk_is_nearly_the_shortest(page: Any, seed: int):
    points = scattered(seed, 7)

    path = [stop["place"] for stop in walked(page, points)]
    best = min(length([points[0], *rest]) for rest in permutations(points[1:]))

    assert path[0] == points[0]
    assert sorted(one["id"] for one in path) == list(range(7))
    assert length(path) <= 1.25 * best


def test_it_begins_where_the_officer_stands(page: Any):
    points = [{"id": n, "lon": 113.25 + n / 1000, "lat": 22.76} for n in (2, 0, 3, 1)]

    stops = walked(page, points, {"lon": 113.2535, "lat": 22.76})

    assert [stop["place"]["id"] for stop in stops] == [3, 2, 1, 0]
    assert [round(stop["far"]) for stop in stops] == pytest.approx([51, 103, 103, 103], abs=1)


def test_a_place_without_a_point_comes_last(page: Any):
    nowhere = {"id": "x", "lon": None, "lat": None}

    stops = walked(page, [nowhere, *scattered(1, 2)])

    assert [stop["place"]["id"] for stop in stops] == [0, 1, "x"]
    assert [stop["far"] is None for stop in stops] == [True, False, True]


def test_a_whole_beat_is_put_in_order_at_once(page: Any):
    points = scattered(3, 300)

    took = page.evaluate(
        "points => { const began = performance.now(); walking.round(points); return performance.now() - began }",
        points,
    )

    assert took < 2000
