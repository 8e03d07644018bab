"""One order for the board, the wall, a place and the phone: what is urgent by weight, all else by when it is due."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fengqiao.checks.starting import ensure_lists
from fengqiao.ground.commands import create_premises
from fengqiao.kit.ids import uuid7
from fengqiao.matters.commands import raise_matter
from fengqiao.matters.models import Matter
from fengqiao.matters.ordering import BurningFirst
from fengqiao.matters.queries import shown
from tests.station import NOON, SmallStation, small_station

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def place() -> SmallStation:
    return small_station()


def alert(place: SmallStation, title: str, level: str, due: timedelta | None) -> None:
    given = {
        "reference": title,
        "level": level,
        "fraud_type": "虚假投资",
        "received_at": NOON,
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "海尾大道 12 号",
        "community": place.haiwei.code,
    }
    matter = raise_matter(kind_slug="fraud_alert", given=given, by=place.actor("desk"), at=NOON).matter
    burns = None if due is None else NOON + due
    Matter.objects.filter(pk=matter.pk).update(title=title, burns_at=burns)


def check(place: SmallStation, title: str, due: timedelta) -> None:
    ensure_lists(station_id=place.station.pk, at=NOON)
    given = {"number": title, "kind": "shop", "name": title, "address": "海尾社区海尾路1号"}
    house = create_premises(station_id=place.station.pk, given=given, at=NOON)
    intake = {"premises": str(house.pk), "source": "complaint"}
    done = raise_matter(
        kind_slug="inspection", given=intake, by=place.actor("desk"), at=NOON, key=str(uuid7())
    )
    Matter.objects.filter(pk=done.matter.pk).update(title=title, level="red", burns_at=NOON + due)


def ordered() -> BurningFirst:
    return BurningFirst(shown(Matter.objects.open()), at=NOON)


def test_a_fresh_critical_alert_stands_above_old_overdue_ones(place: SmallStation):
    alert(place, "迟了两周", "low", -14 * DAY)
    alert(place, "迟了一天", "critical", -DAY)
    alert(place, "下午到期", "high", 3 * HOUR)
    alert(place, "没有时限", "critical", None)
    alert(place, "刚迟", "medium", -HOUR)
    alert(place, "刚来", "critical", timedelta(minutes=2))
    check(place, "昨夜到期的检查", -12 * HOUR)

    titles = [matter.title for matter in ordered()]

    assert titles == ["刚来", "刚迟", "昨夜到期的检查", "迟了两周", "迟了一天", "下午到期", "没有时限"]


def test_every_page_is_a_part_of_the_same_order(place: SmallStation):
    for number in range(7):
        alert(place, f"急 {number}", "high" if number % 2 else "low", timedelta(minutes=number))
        alert(place, f"缓 {number}", "high", 2 * DAY + number * HOUR)
    whole = [matter.pk for matter in ordered()]

    pages = [[matter.pk for matter in ordered()[first : first + 4]] for first in range(0, 16, 4)]

    assert len(set(whole)) == len(ordered()) == 14
    assert [pk for page in pages for pk in page] == whole
    assert ordered()[9].pk == whole[9]


def test_a_page_is_read_with_the_same_queries_however_many_are_open(
    place: SmallStation, django_assert_num_queries
):
    for number in range(3):
        alert(place, f"急 {number}", "high", timedelta(minutes=number))
        alert(place, f"缓 {number}", "high", 2 * DAY)

    with django_assert_num_queries(2):
        ordered()[:2]
    with django_assert_num_queries(4):
        ordered()[:5]
