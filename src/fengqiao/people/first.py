"""The first account of an empty installation."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from fengqiao.ground.models import Station
from fengqiao.people.commands import create_person
from fengqiao.people.commands.powers import appoint_by_operator
from fengqiao.people.roles import Role
from fengqiao.store.scope import say

USERNAME = "secadmin"


def first_administrator(at: datetime) -> tuple[str, str] | None:
    """A station without a name yet and its security administrator: (username, one-time password).

    None when there is a station already.
    """
    if Station.objects.exists():
        return None
    return create_first(station_name="未命名派出所", username=USERNAME, at=at)


def create_first(*, station_name: str, username: str, at: datetime) -> tuple[str, str]:
    """A station and the one account that can make all others; the password must be changed at first use."""
    with transaction.atomic():
        station = Station.objects.create(name=station_name, short_name=station_name[:40], division_code="")
        say(station=station.pk)
        person, once = create_person(station=station, username=username, name="安全管理员", at=at)
        today = timezone.localdate(at)
        appoint_by_operator(person_id=person.pk, role=Role.SECURITY_ADMIN, at=at, starts_on=today)
    return username, once
