"""The demo station's people: posts without names of persons, all under one printed password."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from fengqiao.ground.models import Community, Station
from fengqiao.kit.ids import uuid7
from fengqiao.kit.text import short_community_name
from fengqiao.people.models import Person, Post
from fengqiao.people.roles import Role
from fengqiao.store.scope import require_transaction

SINCE = date(2021, 1, 1)
Line = tuple[str, str, Role, Community | None]  # username, name, role, community

STATION_WIDE = [
    ("desk", "值班员甲", Role.DESK),
    ("desk2", "值班员乙", Role.DESK),
    ("desk3", "值班员丙", Role.DESK),
    ("chief", "所长", Role.CHIEF),
    ("sysadmin", "系统管理员", Role.SYSTEM_ADMIN),
    ("secadmin", "安全管理员", Role.SECURITY_ADMIN),
    ("audit", "审计管理员", Role.AUDIT_ADMIN),
]
# Every third community has two auxiliaries, every second a grid member.
WITH_AUXILIARIES, WITH_GRID_MEMBER = 3, 2
TOLD = ("desk", "chief", "secadmin")


def build_people(station: Station, *, password: str) -> list[str]:
    """Give the lines to print: who can sign in. The password is hashed once, argon2 being slow on purpose."""
    require_transaction()
    communities = list(Community.objects.order_by("code"))
    lines = [*((*line, None) for line in STATION_WIDE), *_in_communities(communities)]
    hashed, now = make_password(password), timezone.now()
    people = [
        Person(id=uuid7(), station=station, username=username, name=name, password=hashed, created_at=now)
        for username, name, _role, _community in lines
    ]
    Person.objects.bulk_create(people)
    Post.objects.bulk_create(
        Post(
            station=station,
            person=person,
            role=role,
            community=community,
            lead=role == Role.OFFICER,
            starts_on=SINCE,
        )
        for person, (_username, _name, role, community) in zip(people, lines, strict=True)
    )
    return _told(lines, password)


def _in_communities(communities: list[Community]) -> Iterator[Line]:
    """The officer's username ends like the community's code: officer-016 serves …006016."""
    for place, community in enumerate(communities):
        short, tail = short_community_name(community.name), community.code[-3:]
        yield f"officer-{tail}", f"{short}社区警长", Role.OFFICER, community
        if place % WITH_AUXILIARIES == 0:
            yield f"auxiliary-{tail}a", f"{short}社区辅警甲", Role.AUXILIARY, community
            yield f"auxiliary-{tail}b", f"{short}社区辅警乙", Role.AUXILIARY, community
        if place % WITH_GRID_MEMBER == 0:
            yield f"grid-{tail}", f"{short}社区网格员", Role.GRID_MEMBER, community


def _told(lines: list[Line], password: str) -> list[str]:
    officer = [line for line in lines if line[2] == Role.OFFICER and "海尾" in line[1]]
    shown = [line for line in lines if line[0] in TOLD] + officer
    return [f"{name:　<8}{username:<14}{password}" for username, name, _role, _community in shown]
