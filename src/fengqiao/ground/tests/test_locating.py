"""Finding the community of a place: decided where it is clear, asked where it is not."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fengqiao.ground.locating import Placed, locate
from fengqiao.ground.models import Community, Division, Premises, Station
from fengqiao.kit.problems import BadInput

pytestmark = pytest.mark.django_db


def placed(station: Station, address: str, **point: float) -> Placed:
    return locate(station_id=station.pk, address=address, **point)


CLEAR = [
    ("广东省佛山市顺德区容桂街道海尾社区某路1号", "海尾社区居委会"),
    ("容桂海尾 福安苑3座", "海尾社区居委会"),
    ("容桂街道东风社区居委会旁", "东风社区居委会"),
    ("顺德区容桂街道东风兴隆大街8号", "东风社区居委会"),
    ("东风社区兴隆大街8号", "东风社区居委会"),
    ("兴隆大街88号", "东风社区居委会"),
    ("容桂街道东风村", "东风社区居委会"),
    ("扁滘社区", "扁滘社区居委会"),
    ("顺德区红星社区", "红星社区居委会"),
    ("上佳市社区三巷", "上佳市社区居委会"),
    ("穗香村委会对面", "穗香村委会"),
    ("顺德容桂大福基五街", "大福基社区居委会"),
    ("门牌 RG01600003", "海尾社区居委会"),
    ("海尾路12号", "海尾社区居委会"),
]


@pytest.mark.parametrize(("address", "community"), CLEAR)
def test_a_clear_address_is_decided(station: Station, address: str, community: str):
    found = placed(station, address)

    assert found.community is not None, found.why
    assert found.community.name == community


ASKED = [
    ("东风", {"东风社区居委会"}),
    ("佛山市顺德区东风村3号", {"东风社区居委会"}),
    ("红星社区一路", {"红星社区居委会"}),
    ("海尾社区兴隆大街8号", {"东风社区居委会", "海尾社区居委会"}),
    ("东方花园南区三栋", {"南区社区居委会"}),
    ("幸福大街9号", {"幸福社区居委会"}),
]


@pytest.mark.parametrize(("address", "candidates"), ASKED)
def test_an_ambiguous_address_is_asked_never_guessed(station: Station, address: str, candidates: set[str]):
    found = placed(station, address)

    assert found.community is None
    assert {community.name for community in found.candidates} == candidates
    assert found.why.endswith("请确认")


@pytest.mark.parametrize(
    "address",
    [
        "勒流街道东风村",
        "佛山市顺德区勒流东风村委会",
        "南海区狮山镇红星社区",
        "广州市天河区东风路",
        "大良街道容山中学旁",
    ],
)
def test_an_address_elsewhere_is_said_to_lie_outside(station: Station, address: str):
    found = placed(station, address)

    assert (found.community, found.candidates) == (None, ())
    assert "不在本所辖区" in found.why


@pytest.mark.parametrize("address", ["", "  ", "某某路 100 号", "12345", "🏠"])
def test_words_that_say_nothing_place_nothing(station: Station, address: str):
    found = placed(station, address)

    assert (found.community, found.candidates) == (None, ())


def test_a_road_through_several_communities_asks_unless_the_house_is_registered(station: Station):
    through = placed(station, "桂安大道 999 号")
    house = Premises.objects.filter(address__contains="桂安大道").select_related("community").first()
    known = placed(station, house.address.split("社区")[1])

    assert len(through.candidates) > 1
    assert known.community == house.community


def test_a_road_of_ours_decides_between_namesakes(station: Station):
    Premises.objects.update(address="东风社区兴隆大街5号")

    assert placed(station, "东风，兴隆大街三号铺").community.code == "440606006006"


def test_coordinates_place_and_borders_ask(station: Station):
    haiwei = Community.objects.get(code="440606006016")
    corner = haiwei.boundary["coordinates"][0][0]

    inside = placed(station, "", lon=haiwei.lon, lat=haiwei.lat)
    border = placed(station, "", lon=corner[0], lat=corner[1])
    outside = placed(station, "", lon=113.0, lat=23.0)

    assert inside.community == haiwei
    assert border.community is None
    assert len(border.candidates) > 1
    assert (outside.community, outside.candidates) == (None, ())


def test_coordinates_against_words_are_asked_about(station: Station):
    haiwei = Community.objects.get(code="440606006016")

    found = placed(station, "容桂街道东风社区", lon=haiwei.lon, lat=haiwei.lat)

    assert found.community is None
    assert {c.code for c in found.candidates} == {"440606006006", "440606006016"}


def test_a_code_decides_and_an_unknown_code_is_refused(station: Station):
    assert (
        locate(station_id=station.pk, code="440606006016", address="勒流").community.name == "海尾社区居委会"
    )

    with pytest.raises(BadInput) as caught:
        locate(station_id=station.pk, code="440606006999")
    assert caught.value.errors[0].field == "community"


def test_asked_again_it_costs_one_query_and_sees_every_change(station: Station):
    placed(station, "海尾")

    with CaptureQueriesContext(
        connection,
    ) as queries:
        placed(station, "海尾")
    Community.objects.create(station=station, code="440606006099", name="新塘社区居委会")

    assert len(queries) == 1
    assert placed(station, "新塘社区").community.code == "440606006099"


def test_without_the_table_of_divisions_a_name_of_ours_is_ours(empty_station: Station):
    station = empty_station
    Division.objects.all().delete()
    Community.objects.create(station=station, code="440606006006", name="东风社区居委会")

    assert placed(station, "东风").community.code == "440606006006"
