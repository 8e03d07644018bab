"""A small station to tell stories in: two communities, one of each post, nothing borrowed from a demo."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime

from fengqiao.ground.models import Community, Station
from fengqiao.kit.ids import uuid7
from fengqiao.people.actors import Actor, actor_of
from fengqiao.people.models import Person, Post
from fengqiao.people.roles import Role

NOON = datetime(2022, 5, 10, 4, 0, tzinfo=UTC)
TODAY = date(2022, 5, 10)
_serial = itertools.count(1)


@dataclass
class SmallStation:
    """海尾 and 东风, with officers, an auxiliary, a desk, a chief and an administrator."""

    station: Station
    haiwei: Community
    dongfeng: Community
    people: dict[str, Person]

    def actor(self, who: str, day: date = TODAY) -> Actor:
        return actor_of(person=self.people[who], day=day)


def person(station: Station, name: str, role: Role, community: Community | None = None) -> Person:
    """Somebody with one post since 2020; the username is unique in the cell."""
    made = Person.objects.create(
        id=uuid7(), station=station, username=f"{name}-{next(_serial)}", name=name, created_at=NOON
    )
    Post.objects.create(
        station=station,
        person=made,
        role=role,
        community=community,
        title=name,
        lead=role == Role.OFFICER,
        starts_on=date(2020, 1, 1),
    )
    return made


def small_station(name: str = "容桂派出所") -> SmallStation:
    """Must run inside acting_for-less test transaction: it says its own station."""
    from fengqiao.store.scope import say

    station = Station.objects.create(name=name, short_name=name[:2], division_code="440606006000")
    say(station=station.pk)
    haiwei = Community.objects.create(station=station, code="440606006016", name="海尾社区居委会")
    dongfeng = Community.objects.create(station=station, code="440606006006", name="东风社区居委会")
    people = {
        "haiwei": person(station, "海尾社区警长", Role.OFFICER, haiwei),
        "dongfeng": person(station, "东风社区警长", Role.OFFICER, dongfeng),
        "auxiliary": person(station, "海尾辅警", Role.AUXILIARY, haiwei),
        "desk": person(station, "值班员", Role.DESK),
        "chief": person(station, "所长", Role.CHIEF),
        "security": person(station, "安全管理员", Role.SECURITY_ADMIN),
        "audit": person(station, "审计管理员", Role.AUDIT_ADMIN),
        "system": person(station, "系统管理员", Role.SYSTEM_ADMIN),
    }
    return SmallStation(station, haiwei, dongfeng, people)
