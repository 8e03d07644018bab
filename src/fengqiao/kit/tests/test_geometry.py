from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fengqiao.kit.geometry import (
    Datum,
    distance_m,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    in_china,
    looks_swapped,
    to_wgs84,
    wgs84_to_gcj02,
)
from fengqiao.kit.tests.shared_data import shared

RONGGUI = (113.2600, 22.7600)
PLACES = st.tuples(st.floats(75, 134), st.floats(5, 53))


def test_known_pairs_agree_to_a_millionth_of_a_degree() -> None:
    with shared("geo/wgs84_gcj02_pairs.csv").open(encoding="utf-8") as file:
        pairs = [
            [float(row[key]) for key in ("wgs_lon", "wgs_lat", "gcj_lon", "gcj_lat")]
            for row in csv.DictReader(file)
        ]

    for wgs_lon, wgs_lat, gcj_lon, gcj_lat in pairs:
        assert wgs84_to_gcj02(wgs_lon, wgs_lat) == pytest.approx((gcj_lon, gcj_lat), abs=1e-6)
        assert gcj02_to_wgs84(gcj_lon, gcj_lat) == pytest.approx((wgs_lon, wgs_lat), abs=1e-6)


@given(PLACES)
def test_every_shift_is_undone(place: tuple[float, float]) -> None:
    shifted = wgs84_to_gcj02(*place)

    assert to_wgs84(*shifted, Datum.GCJ02) == pytest.approx(place, abs=1e-7)
    assert to_wgs84(*gcj02_to_bd09(*shifted), Datum.BD09) == pytest.approx(place, abs=1e-7)


def test_the_shift_is_some_hundred_metres_here() -> None:
    assert 400 < distance_m(RONGGUI, wgs84_to_gcj02(*RONGGUI)) < 800


def test_global_datums_and_foreign_places_stay() -> None:
    denver = (-104.9903, 39.7392)

    assert to_wgs84(*RONGGUI, Datum.WGS84) == to_wgs84(*RONGGUI, Datum.CGCS2000) == RONGGUI
    assert to_wgs84(*denver, Datum.GCJ02) == denver


def test_distance() -> None:
    assert distance_m((113.0, 22.0), (113.0, 23.0)) == pytest.approx(111_195, abs=1)
    assert distance_m(RONGGUI, RONGGUI) == 0


def test_slips_are_told_from_places() -> None:
    lon, lat = RONGGUI

    assert in_china(lon, lat)
    assert not looks_swapped(lon, lat)
    assert looks_swapped(lat, lon)
    assert not looks_swapped(0, 0)
