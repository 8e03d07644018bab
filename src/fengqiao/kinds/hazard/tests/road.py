"""Walking a hazard along its road in a few words: who does what, how many minutes after it was found."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.timezone import localtime

from fengqiao.ground.models import Community, Premises
from fengqiao.kit.ids import uuid7
from fengqiao.matters.commands import perform, raise_matter
from fengqiao.matters.models import Clock, Matter
from fengqiao.people.models import Person
from fengqiao.people.roles import Role
from fengqiao.store.scope import say
from tests.answering import a_photo
from tests.station import NOON, SmallStation, person, small_station

HOUR, DAY = 60, 24 * 60
NAME = "海尾滘口公寓"
ADDRESS = "容桂街道海尾社区居民委员会滘口东路128号海尾花园三期十二栋二单元一千二百零一室"
PHOTO = ["a photo"]  # stands for a fresh one of whoever sends it: see `sent`
HAZARD: dict[str, Any] = {
    "item": "ebike_indoors",
    "finding": "电动自行车停放在首层楼梯间并充电",
    "spot": "首层楼梯间",
    "severity": "general",
    "source": "round",
    "basis": "广东省实施《中华人民共和国消防法》办法第25条",
    "deadline": "15d",
    "photos": PHOTO,
}
SERVED: dict[str, Any] = {"method": "direct", "place": "场所门口", "receiver": "王某", "relation": "经营者"}
Step = tuple[str, str, int, dict[str, Any]]


def with_place() -> SmallStation:
    """The small station, with a second officer and a grid member in 海尾."""
    place = small_station()
    place.people["second"] = person(place.station, "海尾民警", Role.OFFICER, place.haiwei)
    place.people["grid"] = person(place.station, "海尾网格员", Role.GRID_MEMBER, place.haiwei)
    return place


def house(
    place: SmallStation,
    number: str = "P-1",
    kind: str = "rental_house",
    community: Community | None = None,
    **more: Any,
) -> Premises:
    return Premises.objects.create(
        id=uuid7(),
        station=place.station,
        number=number,
        kind=kind,
        name=NAME,
        community=community or place.haiwei,
        address=ADDRESS,
        updated_at=NOON,
        **more,
    )


def sent(place: SmallStation, who: str, given: dict[str, Any]) -> dict[str, Any]:
    """The answers with a photo of this person's own for each that stands in them."""
    return {name: [a_photo(place, who)] if value is PHOTO else value for name, value in given.items()}


def found(
    place: SmallStation,
    premises: Premises | None = None,
    /,
    *,
    at: datetime = NOON,
    who: str = "haiwei",
    **changes: Any,
) -> Matter:
    """A new hazard, found by the officer at a house unless told otherwise."""
    say(station=place.station.pk)
    where = premises or Premises.objects.filter(station=place.station).first() or house(place)
    given = sent(place, who, HAZARD | {"premises": str(where.pk)} | changes)
    done = raise_matter(kind_slug="hazard", given=given, by=place.actor(who), at=at)
    return Matter.objects.get(pk=done.matter.pk)


def act(place: SmallStation, matter: Matter, who: str, name: str, minutes: int, /, **given: Any) -> Matter:
    """One act, so many minutes after the hazard was found."""
    say(station=place.station.pk)
    perform(
        matter_id=matter.pk,
        act=name,
        given=sent(place, who, given),
        by=place.actor(who),
        at=matter.raised_at + timedelta(minutes=minutes),
        key=f"{name}-{minutes}-{matter.pk}",
    )
    return Matter.objects.get(pk=matter.pk)


def walk(place: SmallStation, matter: Matter, *steps: Step) -> Matter:
    for who, name, minutes, given in steps:
        matter = act(place, matter, who, name, minutes, **given)
    return matter


def running(matter: Matter) -> dict[str, date]:
    """The clocks that run, with their last day."""
    clocks = Clock.objects.filter(matter=matter, stopped_at=None)
    return {clock.name: localtime(clock.due_at - timedelta(minutes=1)).date() for clock in clocks}


def second(place: SmallStation) -> Person:
    return place.people["second"]


TOLD: tuple[Step, ...] = (("haiwei", "notify", 10, {}), ("haiwei", "serve", 20, SERVED))
REPORTED: tuple[Step, ...] = (*TOLD, ("haiwei", "report_fixed", 3 * DAY, {"photos": PHOTO}))
VERIFIED: tuple[Step, ...] = (
    *REPORTED,
    ("second", "reinspect", 4 * DAY, {"result": "fixed", "seen": "已清空，已设室外充电", "photos": PHOTO}),
)
NOT_FIXED: tuple[Step, ...] = (
    *TOLD,
    ("second", "reinspect", 16 * DAY, {"result": "not", "seen": "仍在楼梯间充电", "photos": PHOTO}),
)
HANDED_OFF: tuple[Step, ...] = (
    *NOT_FIXED,
    ("haiwei", "hand_off", 17 * DAY, {"to": "fire_rescue", "why": "refusal", "facts": "两次告知均未整改"}),
)
RECEIPTED: tuple[Step, ...] = (
    *HANDED_OFF,
    ("desk", "receive", 20 * DAY, {"receiver": "区消防救援大队窗口", "intends": "立案查处"}),
)
STILL = {"result": "still", "seen": "没有再停放", "photos": PHOTO}
CLOSED: tuple[Step, ...] = (
    *VERIFIED,
    ("auxiliary", "revisit", 30 * DAY, STILL),
    ("auxiliary", "revisit_again", 90 * DAY, STILL),
)
