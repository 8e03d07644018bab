"""A campaign in a few words: places of a register, a campaign over them, checks of them done by whoever goes there.

What a check and a hazard are is their kinds' own matter; here they are raised and ended by their slugs alone.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import localdate

from fengqiao.checks.queries import current_for, sheet_of
from fengqiao.checks.starting import ensure_lists
from fengqiao.ground.models import Premises
from fengqiao.kinds.campaign.models import Campaign
from fengqiao.kit.ids import uuid7
from fengqiao.matters.commands import perform, raise_matter, raise_owed
from fengqiao.matters.models import Matter
from fengqiao.store.scope import say
from tests.answering import a_photo, answers_of
from tests.station import NOON, SmallStation, small_station

DAY = timedelta(days=1)
CAMPAIGN: dict[str, Any] = {
    "name": "出租屋电动自行车专项整治",
    "kinds": ["rental_house"],
    "starts_on": localdate(NOON),
    "ends_on": localdate(NOON) + 30 * DAY,
    "departments": "消防救援、供电",
}
FINISH = {"summary": "逐户查看，仍开着的逐件跟踪"}


def with_lists() -> SmallStation:
    place = small_station()
    ensure_lists(station_id=place.station.pk, at=NOON)
    return place


def houses(place: SmallStation, count: int, **more: Any) -> list[Premises]:
    """Rental houses in 海尾 unless told otherwise, not due for anything."""
    already = Premises.objects.count()
    given = {"kind": "rental_house", "community": place.haiwei} | more
    return [
        Premises.objects.create(
            id=uuid7(),
            station=place.station,
            number=f"P-{already + one:04}",
            name=f"出租屋{already + one}",
            address=f"滘口东路 {already + one} 号",
            updated_at=NOON,
            **given,
        )
        for one in range(1, count + 1)
    ]


def planned(place: SmallStation, **changes: Any) -> Matter:
    say(station=place.station.pk)
    given = CAMPAIGN | changes
    done = raise_matter(kind_slug="campaign", given=given, by=place.actor("desk"), at=NOON)
    return Matter.objects.get(pk=done.matter.pk)


def act(
    place: SmallStation, matter: Matter, who: str, name: str, /, *, at: datetime = NOON, **given: Any
) -> Matter:
    say(station=place.station.pk)
    key = f"{name}-{matter.pk}-{at}"
    perform(matter_id=matter.pk, act=name, given=given, by=place.actor(who), at=at, key=key)
    return Matter.objects.get(pk=matter.pk)


def running(place: SmallStation, **changes: Any) -> Matter:
    return act(place, planned(place, **changes), "chief", "start")


def owed(place: SmallStation, at: datetime = NOON) -> int:
    """How many checks were raised this time."""
    return raise_owed(station_id=place.station.pk, at=at)


def check_of(premises: Premises) -> Matter:
    """The open check of a place."""
    return Matter.objects.get(kind="inspection", premises=premises, closed_at=None)


def checked(place: SmallStation, premises: Premises, *, at: datetime = NOON, **bad: Any) -> Matter:
    """The open check answered; `bad` are the items that are not as they should be."""
    matter = check_of(premises)
    version = current_for(premises.kind)
    assert version is not None
    photo = a_photo(place) if bad else ""
    answers = answers_of(sheet_of(version.pk), said=bad, photo=photo)
    given = {
        "answers": answers,
        "accompanied": "landlord",
        "refused_signature": True,
        "witness": "居委会干部",
        "knock_reason": "约好今天",
    }
    return act(place, matter, "haiwei", "inspect", at=at, **given)


def total(matter: Matter) -> tuple[int, int, int, int]:
    """Places, checked, found, mended."""
    row = Campaign.objects.get(pk=matter.pk).tally().total
    return row.places, row.checked, row.found, row.mended
