"""Nothing belongs to somebody who may no longer act: it goes to the community's officer, or visibly to nobody."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fengqiao.checks.starting import ensure_lists
from fengqiao.matters import queries
from fengqiao.matters.commands import pass_on, perform, raise_matter
from fengqiao.matters.models import Event, Matter
from fengqiao.people.commands import end_post
from fengqiao.people.models import Person, Post
from fengqiao.people.roles import Role
from tests.station import NOON, TODAY, SmallStation, person, small_station

pytestmark = pytest.mark.django_db
TOMORROW = NOON + timedelta(days=1)


@pytest.fixture
def place() -> SmallStation:
    return small_station()


@pytest.fixture
def alert(place: SmallStation) -> Matter:
    given = {
        "reference": "R-1",
        "level": "high",
        "fraud_type": "虚假投资",
        "received_at": NOON,
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "海尾大道 12 号",
        "community": place.haiwei.code,
    }
    return raise_matter(kind_slug="fraud_alert", given=given, by=place.actor("desk"), at=NOON).matter


def leaves_today(place: SmallStation, who: str) -> None:
    """The post ran for a time, and this is its last day."""
    Post.objects.filter(person=place.people[who]).update(ends_on=TODAY)


def told(alert: Matter) -> list[str]:
    return list(Event.objects.filter(matter=alert).order_by("id").values_list("act", flat=True))


def unheld(place: SmallStation) -> int:
    return queries.counts(place.actor("desk"), at=TOMORROW)["unheld"]


def test_a_post_that_ran_out_leaves_its_matters_to_the_communitys_officer(place: SmallStation, alert: Matter):
    after = person(place.station, "海尾新警长", Role.OFFICER, place.haiwei)
    Post.objects.filter(person=after).update(lead=False)
    leaves_today(place, "haiwei")
    before = Matter.objects.get(pk=alert.pk)
    assert before.holder == place.people["haiwei"]

    changed = [pass_on(station_id=place.station.pk, at=at) for at in (NOON, TOMORROW, TOMORROW)]

    held = Matter.objects.get(pk=alert.pk)
    assert changed == [0, 1, 0]
    assert (held.holder, held.version, held.burns_at) == (after, before.version + 1, before.burns_at)
    assert told(alert) == ["raise", "passed_on"]


def test_where_nobody_serves_the_desk_sees_that_it_has_nobody(place: SmallStation, alert: Matter):
    leaves_today(place, "haiwei")
    assert unheld(place) == 0

    pass_on(station_id=place.station.pk, at=TOMORROW)

    assert Matter.objects.get(pk=alert.pk).holder is None
    assert unheld(place) == 1
    assert told(alert) == ["raise", "left_alone"]
    given = {"holder": str(place.people["dongfeng"].pk)}
    perform(matter_id=alert.pk, act="assign", given=given, by=place.actor("desk"), at=TOMORROW, key="a")
    assert unheld(place) == 0


def test_a_frozen_account_holds_nothing_on(place: SmallStation, alert: Matter):
    Person.objects.filter(pk=place.people["haiwei"].pk).update(is_active=False, frozen_at=NOON)

    assert pass_on(station_id=place.station.pk, at=NOON) == 1

    assert Matter.objects.get(pk=alert.pk).holder is None


def test_whoever_was_put_in_charge_from_elsewhere_keeps_it(place: SmallStation, alert: Matter):
    """The right to act goes with the charge, in whatever community one serves."""
    given = {"holder": str(place.people["dongfeng"].pk)}
    perform(matter_id=alert.pk, act="assign", given=given, by=place.actor("desk"), at=NOON, key="a")

    assert pass_on(station_id=place.station.pk, at=NOON) == 0


def test_a_post_ended_ahead_of_its_day_is_caught_that_night(place: SmallStation, alert: Matter):
    post = Post.objects.get(person=place.people["haiwei"])
    end_post(post_id=post.pk, last_day=date(2022, 5, 12), at=NOON)

    changed = [pass_on(station_id=place.station.pk, at=NOON + timedelta(days=day)) for day in range(4)]

    assert changed == [0, 0, 0, 1]


def test_what_is_the_whole_stations_stays_with_whoever_serves_it(place: SmallStation):
    ensure_lists(station_id=place.station.pk, at=NOON)
    given = {"name": "五月整治", "kinds": ["shop"], "starts_on": "2022-05-10", "ends_on": "2022-05-20"}
    campaign = raise_matter(kind_slug="campaign", given=given, by=place.actor("desk"), at=NOON).matter
    assert campaign.holder == place.people["desk"]
    assert pass_on(station_id=place.station.pk, at=NOON) == 0

    leaves_today(place, "desk")
    pass_on(station_id=place.station.pk, at=TOMORROW)

    assert Matter.objects.get(pk=campaign.pk).holder is None
