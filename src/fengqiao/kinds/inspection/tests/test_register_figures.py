"""Figures over the register: seven places, counted by hand; each number opens to exactly its places."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate

from fengqiao.figures.computing import (
    Value,
    Window,
    breakdowns,
    by_community,
    by_part,
    compute,
    find,
    rows,
)
from fengqiao.ground.models import Premises
from fengqiao.kit.ids import uuid7
from tests.doors import client_of, token_of
from tests.station import NOON, SmallStation, small_station

pytestmark = pytest.mark.django_db
MAY = Window(date(2022, 5, 1), date(2022, 5, 31))
DAY = timedelta(days=1)


@pytest.fixture
def place() -> SmallStation:
    """The last one is void: it counts nowhere."""
    held = small_station()
    today = localdate(NOON)
    fresh: dict[str, Any] = {
        "verified_at": NOON - 300 * DAY,
        "grade": "green",
        "contact_phone": "13900001234",
    }
    checked = {"last_check_at": NOON - 10 * DAY, "check_due": today}
    _place(held, "1", **fresh, **checked, e_bikes=True, separated=True)
    _place(held, "2", **fresh, **checked | {"check_due": today - DAY}, e_bikes=True, separated=False)
    _place(held, "3", **fresh | {"verified_at": NOON - 366 * DAY}, check_due=today + 9 * DAY, e_bikes=True)
    _place(held, "4", **fresh | {"contact_phone": ""}, **checked, kind="shop", e_bikes=False)
    _place(held, "5", **fresh | {"grade": ""}, community=held.dongfeng)
    _place(held, "6", community=held.dongfeng, separated=True)
    _place(held, "7", **fresh, **checked, e_bikes=True, separated=True, voided_at=NOON)
    return held


def _place(held: SmallStation, number: str, **given: Any) -> None:
    facts: dict[str, Any] = {"kind": "rental_house", "community": held.haiwei, "updated_at": NOON}
    Premises.objects.create(
        id=uuid7(), station=held.station, number=number, name=f"{number} 号楼", address="路", **facts | given
    )


def told(place: SmallStation, who: str = "desk", window: Window = MAY) -> dict[str, Value]:
    return {value.slug: value for value in compute(place.actor(who), window, as_of=NOON)}


def behind(place: SmallStation, slug: str, which: Any) -> set[str]:
    return set(rows(place.actor("desk"), slug, MAY, which, as_of=NOON).values_list("number", flat=True))


@pytest.mark.parametrize(
    ("slug", "numerator", "denominator"),
    [
        ("register_verified", "1 2 4 5", "1 2 3 4 5 6"),
        ("register_known", "1 2 3", "1 2 3 4 5 6"),
        ("coverage_cycle", "1 4", "1 2 3 4 5 6"),
        ("separation_done", "1", "1 2 3"),
    ],
)
def test_each_figure_counts_the_standing_places_and_opens_to_them(
    place: SmallStation, slug: str, numerator: str, denominator: str
):
    value = told(place)[slug]

    assert behind(place, slug, "numerator") == set(numerator.split())
    assert behind(place, slug, "denominator") == set(denominator.split())
    assert (value.numerator, value.denominator) == (len(numerator.split()), len(denominator.split()))
    assert (value.value, value.reason, value.over) == (None, "样本不足 30 处，只列分数", "premises")


def test_whatever_month_is_asked_for_the_register_answers_as_it_is_now(place: SmallStation):
    long_ago = Window(date(2019, 1, 1), date(2019, 1, 31))

    assert told(place, window=long_ago)["register_verified"].fraction == "4/6"


def test_an_officer_is_told_of_the_own_community_only(place: SmallStation):
    assert told(place, "dongfeng")["register_verified"].fraction == "1/2"
    assert told(place, window=Window(MAY.first, MAY.last, "440606006006"))["register_known"].fraction == "0/2"


def test_the_parts_add_up_to_the_whole(place: SmallStation):
    desk, (by,) = place.actor("desk"), breakdowns(*find("register_verified"))

    parts = by_part(desk, "register_verified", MAY, by, as_of=NOON)
    communities = by_community(desk, "register_verified", MAY, as_of=NOON)

    assert [(key, words, value.fraction) for key, words, value in parts] == [
        ("rental_house", "出租屋", "3/5"),
        ("shop", "三小场所", "1/1"),
    ]
    assert [(code, value.fraction) for code, _name, value in communities] == [
        ("440606006006", "1/2"),
        ("440606006016", "3/4"),
    ]


def test_the_pages_and_the_api_open_a_figure_to_its_places(place: SmallStation):
    client = client_of(place, "desk")

    page = client.get("/figures/separation_done/").content.decode()
    opened = client.get("/figures/separation_done/denominator?by=premises&of=rental_house").content.decode()
    none = client.get("/figures/separation_done/denominator?by=premises&of=shop").content.decode()

    assert "不能回到过去的月份" in page
    assert "按场所类型" in page
    assert [f"{number} 号楼" in opened for number in (1, 2, 3, 4)] == [True, True, True, False]
    assert "没有场所" in none
    assert "登记簿" in client.get("/figures/").content.decode()


def test_the_api_tells_the_places_page_by_page(place: SmallStation):
    client, bearer = Client(), {"authorization": f"Bearer {token_of(place, 'desk')}"}
    url = "/api/v1/figures/register_known"

    first = client.get(f"{url}/premises?which=numerator&limit=2", headers=bearer).json()
    second = client.get(
        f"{url}/premises?which=numerator&limit=2&cursor={first['next']}", headers=bearer
    ).json()

    assert [one["number"] for one in first["items"] + second["items"]] == ["1", "2", "3"]
    assert second["next"] is None
    assert client.get(f"{url}/matters", headers=bearer).status_code == 404
