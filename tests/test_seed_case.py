"""The case it all comes from: a house that was visited, and visited again; and a fire in which nobody was hurt.

A rental house with a dozen e-bikes in its stairwell. The officer comes by on the round, what is found is told in writing,
the charging place is moved out of doors, somebody else looks, and looks again unannounced. Months later the bikes burn,
outside, behind their wall. The page of the house tells it from the first knock to the last.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from fengqiao.checks.queries import sheet_of
from fengqiao.checks.starting import ensure_lists
from fengqiao.ground.commands import create_premises, verify_premises
from fengqiao.ground.models import Premises
from fengqiao.kinds.inspection.models import Inspection
from fengqiao.kit.days import BEIJING
from fengqiao.matters.commands import perform, raise_matter, raise_owed
from fengqiao.matters.models import Clock, Matter
from fengqiao.people.roles import Role
from tests.answering import a_photo, answers_of
from tests.doors import client_of
from tests.station import SmallStation, person, small_station

pytestmark = pytest.mark.django_db
FIRST = datetime(2021, 9, 6, 10, tzinfo=BEIJING)
FIRE = datetime(2022, 3, 31, 4, 20, tzinfo=BEIJING)
DAY = timedelta(days=1)
BAD = {
    "has_ebike": "yes",
    "ebike_indoors": "no",
    "charging_place": "none",
    "separation": "no",
    "charging_hours": "yes",
}
GOOD = {
    "has_ebike": "yes",
    "charging_place": "outdoor",
    "charging_distance": "yes",
    "charger": "yes",
    "separation": "yes",
    "charging_hours": "yes",
}


class Town:
    """The station, its house, and who walks there."""

    def __init__(self) -> None:
        self.place: SmallStation = small_station()
        self.place.people["second"] = person(self.place.station, "海尾民警", Role.OFFICER, self.place.haiwei)
        ensure_lists(station_id=self.place.station.pk, at=FIRST)
        given = {
            "number": "RG-016-001",
            "kind": "rental_house",
            "name": "海尾滘口公寓",
            "address": "海尾社区海尾大道12号",
            "rooms": 24,
            "contact_name": "房东",
            "contact_phone": "13800000000",
        }
        house = create_premises(station_id=self.place.station.pk, given=given, at=FIRST - 30 * DAY)
        seen = {"what": ["address", "contact", "rooms", "e_bikes"], "via": "qr"}
        verify_premises(premises=house, given=seen, by_name="海尾社区警长", at=FIRST - DAY)
        Premises.objects.filter(pk=house.pk).update(check_due=FIRST.date())
        self.house = Premises.objects.get(pk=house.pk)

    def round(self, at: datetime, said: dict[str, Any]) -> Matter:
        """The round makes the house due, and the officer answers the list there."""
        raise_owed(station_id=self.place.station.pk, at=at)
        check = Matter.objects.get(kind="inspection", closed_at=None)
        return self.check(check, at, said)

    def check(self, check: Matter, at: datetime, said: dict[str, Any]) -> Matter:
        version = Inspection.objects.get(pk=check.pk).version_id
        assert version is not None
        answers = answers_of(sheet_of(version), said=said, photo=a_photo(self.place))
        given = {
            "answers": answers,
            "accompanied": "landlord",
            "refused_signature": True,
            "witness": "居委会干部",
        }
        return self.act(check, "haiwei", "inspect", at, **given)

    def act(self, matter: Matter, who: str, name: str, at: datetime, **given: Any) -> Matter:
        by = self.place.actor(who)
        perform(matter_id=matter.pk, act=name, given=given, by=by, at=at, key=f"{name}-{at}-{matter.pk}")
        return Matter.objects.get(pk=matter.pk)

    def mend(self, hazard: Matter, told: datetime) -> Matter:
        """Told in writing, received, put right by the landlord, seen by another pair of eyes, and seen again."""
        served = {"method": "direct", "place": "场所门口", "receiver": "房东", "relation": "出租人"}
        self.act(hazard, "haiwei", "notify", told)
        self.act(hazard, "haiwei", "serve", told, **served)
        self.act(hazard, "haiwei", "report_fixed", told + 5 * DAY, photos=[a_photo(self.place)])
        seen = {
            "result": "fixed",
            "seen": "充电区已移到室外，有实体墙",
            "photos": [a_photo(self.place, "second")],
        }
        self.act(hazard, "second", "reinspect", told + 6 * DAY, **seen)
        again = {"result": "still", "seen": "仍停放在室外", "photos": [a_photo(self.place, "second")]}
        hazard = self.act(hazard, "second", "revisit", told + 36 * DAY, **again)
        if hazard.is_open:
            hazard = self.act(hazard, "second", "revisit_again", told + 96 * DAY, **again)
        return hazard


def test_the_house_that_was_visited_until_nobody_was_hurt():
    town = Town()
    first = town.round(FIRST, BAD)
    hazards = list(Matter.objects.filter(parent=first).order_by("hazard__item"))
    assert [one.hazard.item for one in hazards] == [
        "charging_place",
        "ebike_indoors",
        "separation",
    ]
    town.house.refresh_from_db()
    assert (town.house.grade, town.house.separated) == ("red", False)

    for hazard in hazards:
        assert town.mend(hazard, FIRST).outcome == "fixed"
    for knock in range(2):
        at = FIRST + (100 + 60 * knock) * DAY
        town.house.refresh_from_db()
        Premises.objects.filter(pk=town.house.pk).update(check_due=at.date())
        assert town.round(at, GOOD).outcome == "clean"
    town.house.refresh_from_db()
    assert (town.house.grade, town.house.separated) == ("green", True)

    why = "2022-03-31 凌晨火灾：室外停放区烧毁电动自行车 3 辆，未蔓延到楼内，无人员伤亡"
    given = {"premises": town.house.pk, "source": "after_fire", "why": why}
    after = raise_matter(
        kind_slug="inspection", given=given, by=town.place.actor("desk"), at=FIRE + DAY, key="after-fire"
    ).matter
    assert town.check(after, FIRE + DAY, GOOD).outcome == "clean"

    assert not Matter.objects.filter(premises=town.house, holder=None).exists()
    assert not Clock.objects.filter(matter__premises=town.house, fired_at=None, stopped_at=None).exists()
    pages = "".join(
        client_of(town.place, "haiwei").get(f"/premises/{town.house.pk}/?chain={n}").content.decode()
        for n in (1, 2, 3)
    )
    for told in (
        "2021-09-06",
        "室外停放区烧毁电动自行车 3 辆",
        "无人员伤亡",
        "签发告知单",
        "突击回查",
        "销号",
        "绿色",
    ):
        assert told in pages
