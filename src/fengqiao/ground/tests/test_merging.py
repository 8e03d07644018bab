"""Tags on doors, and places that were registered twice."""

from __future__ import annotations

from typing import Any

import pytest

from fengqiao.ground.commands import create_premises
from fengqiao.ground.merging import likely_doubles, merge_premises, one_with_merged, undo_merge
from fengqiao.ground.models import Community, Premises, Station
from fengqiao.ground.queries import tagged
from fengqiao.ground.tags import read_tag, tag_code
from fengqiao.ground.tests.conftest import NOON
from fengqiao.kit.check_character import ALPHABET
from fengqiao.kit.problems import BadInput, OutOfTurn


class Everything:
    is_admin, sees_station, community_ids = False, True, ()


@pytest.fixture
def community(empty_station: Station) -> Community:
    return Community.objects.create(station=empty_station, code="440606006016", name="海尾社区居委会")


def house(community: Community, number: str, **given: Any) -> Premises:
    asked = {
        "number": number,
        "kind": "rental_house",
        "name": "福安公寓",
        "address": "容桂街道海尾社区海尾路1号",
    }
    asked |= {"community": community.code, **given}
    return create_premises(station_id=community.station_id, given=asked, at=NOON)


def point(lon: float) -> dict[str, Any]:
    return {"lon": lon, "lat": 22.77, "datum": "wgs84"}


def test_a_code_finds_its_place_and_says_when_it_was_copied_wrongly(community: Community):
    one = house(community, "A")
    one.refresh_from_db()
    code = tag_code(one)

    assert tagged(Everything(), read_tag(f" {code.lower()} ").number) == one
    with pytest.raises(BadInput, match="校验位"):
        read_tag(code[:-1] + ALPHABET[(ALPHABET.index(code[-1]) + 1) % 36])
    with pytest.raises(BadInput, match="应如"):
        read_tag("A12345")


def test_the_tag_stays_when_the_number_changes(community: Community):
    one, other = house(community, "A"), house(community, "B", address="海尾路9号")

    assert tag_code(one) != tag_code(other)
    Premises.objects.filter(pk=one.pk).update(number="C")
    assert tag_code(Premises.objects.get(pk=one.pk)) == tag_code(one)


def test_the_same_address_written_shorter_is_offered_as_a_double(community: Community):
    one, other = house(community, "A"), house(community, "B", name="出租屋", address="海尾路 1号")
    house(community, "C", name="福安公寓", address="海尾路11号")

    assert [(found.premises, found.why) for found in likely_doubles(Everything(), one)] == [
        (other, "地址相同")
    ]


def test_two_points_close_together_are_doubles_when_their_names_are_alike(community: Community):
    one = house(community, "A", **point(113.27), address="海尾路1号")
    house(community, "B", name="海尾药店", address="海尾路3号", **point(113.27005))
    far = house(community, "C", name="福安公寓", address="海尾路5号", **point(113.2704))
    near = house(community, "D", name="福安青年公寓", address="海尾路7号", **point(113.2701))

    found = [double.premises for double in likely_doubles(Everything(), one)]

    assert found == [near]
    assert far not in found


def test_a_merged_double_keeps_its_number_and_is_counted_with_its_place(community: Community):
    a, b, c = (house(community, number, address=f"海尾路{number}1号") for number in "ABC")
    merge_premises(into=b, double=a, at=NOON)
    merge_premises(into=c, double=b, at=NOON)

    held = Premises.objects.get(pk=a.pk)
    assert (held.number, held.merged_into_id, held.voided_at) == ("A", b.pk, NOON)
    assert set(one_with_merged(c.pk)) == {a.pk, b.pk, c.pk}
    with pytest.raises(OutOfTurn):
        merge_premises(into=a, double=c, at=NOON)
    with pytest.raises(BadInput):
        merge_premises(into=c, double=c, at=NOON)


def test_a_merge_is_undone_unless_its_plate_was_given_to_another(community: Community):
    a, b = house(community, "A", door_plate="P100001"), house(community, "B")
    undo_merge(double=merge_premises(into=b, double=a, at=NOON), at=NOON)
    assert Premises.objects.get(pk=a.pk).voided_at is None
    assert one_with_merged(b.pk) == [b.pk]

    merge_premises(into=b, double=a, at=NOON)
    house(community, "C", door_plate="P100001", address="海尾路8号")
    with pytest.raises(OutOfTurn, match="P100001"):
        undo_merge(double=Premises.objects.get(pk=a.pk), at=NOON)
