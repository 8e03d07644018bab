"""Points on the ground: WGS-84 inside, other datums at the edge only. Degrees, longitude first; metres."""

from __future__ import annotations

from collections.abc import Callable
from math import asin, atan2, cos, hypot, pi, radians, sin, sqrt

from fengqiao.kit.inputs import Choice

Point = tuple[float, float]

_EARTH_RADIUS_M = 6_371_008.8
# GCJ-02 is defined on the Krasovsky 1940 ellipsoid.
_AXIS_M = 6_378_245.0
_ECCENTRICITY_SQ = 0.00669342162296594323
_BD_TURN = pi * 3000 / 180


class Datum(Choice):
    """What a pair of degrees refers to. CGCS2000 equals WGS-84 at the accuracy of a phone."""

    WGS84 = "wgs84", "WGS-84"
    CGCS2000 = "cgcs2000", "CGCS2000"
    GCJ02 = "gcj02", "GCJ-02(高德、腾讯)"
    BD09 = "bd09", "BD-09(百度)"


def in_china(lon: float, lat: float) -> bool:
    """Roughly: the box around the country, for telling a slip from a place."""
    return 73.4 <= lon <= 135.1 and 3.8 <= lat <= 53.6


def looks_swapped(lon: float, lat: float) -> bool:
    """Whether the pair lies in China only when read the other way round."""
    return not in_china(lon, lat) and in_china(lat, lon)


def distance_m(a: Point, b: Point) -> float:
    """Great-circle distance in metres (haversine on the mean sphere; within 0.5 %)."""
    (lon_a, lat_a), (lon_b, lat_b) = (map(radians, point) for point in (a, b))
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * _EARTH_RADIUS_M * asin(sqrt(min(1.0, half)))


def to_wgs84(lon: float, lat: float, datum: Datum) -> Point:
    """The same place in WGS-84, to 1e-7 degrees or better."""
    if datum is Datum.BD09:
        return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))
    if datum is Datum.GCJ02:
        return gcj02_to_wgs84(lon, lat)
    return lon, lat


def wgs84_to_gcj02(lon: float, lat: float) -> Point:
    """The shifted place domestic tiles draw; outside the shift's own box unchanged."""
    if not (72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271):
        return lon, lat
    east, north = _shift_m(lon - 105.0, lat - 35.0)
    phi = radians(lat)
    bend = 1 - _ECCENTRICITY_SQ * sin(phi) ** 2
    per_radian_north = _AXIS_M * (1 - _ECCENTRICITY_SQ) / (bend * sqrt(bend))
    per_radian_east = _AXIS_M / sqrt(bend) * cos(phi)
    return lon + east / per_radian_east * 180 / pi, lat + north / per_radian_north * 180 / pi


def gcj02_to_wgs84(lon: float, lat: float) -> Point:
    return _undo(wgs84_to_gcj02, lon, lat)


def gcj02_to_bd09(lon: float, lat: float) -> Point:
    far = hypot(lon, lat) + 0.00002 * sin(lat * _BD_TURN)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * _BD_TURN)
    return far * cos(angle) + 0.0065, far * sin(angle) + 0.006


def bd09_to_gcj02(lon: float, lat: float) -> Point:
    return _undo(gcj02_to_bd09, lon, lat)


def _undo(forward: Callable[[float, float], Point], lon: float, lat: float) -> Point:
    """Invert a shift that changes slowly: correct by the miss until it is below 1e-9 degrees."""
    x, y = lon, lat
    for _ in range(30):
        miss_x, miss_y = (after - wanted for after, wanted in zip(forward(x, y), (lon, lat), strict=True))
        x, y = x - miss_x, y - miss_y
        if abs(miss_x) < 1e-9 and abs(miss_y) < 1e-9:
            break
    return x, y


def _waves(value: float, *terms: tuple[float, float]) -> float:
    """Sum of weight * sin(value * pi / divisor), by two thirds, as the published formula groups it."""
    return sum(weight * sin(value * pi / divisor) for weight, divisor in terms) * 2 / 3


def _shift_m(x: float, y: float) -> Point:
    """Metres east and north, from degrees off 105 E 35 N (the published GCJ-02 polynomial)."""
    ripple = _waves(x, (20, 1 / 6), (20, 1 / 2))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + ripple
    north += _waves(y, (20, 1), (40, 3), (160, 12), (320, 30))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + ripple
    east += _waves(x, (20, 1), (40, 3), (150, 12), (300, 30))
    return east, north
