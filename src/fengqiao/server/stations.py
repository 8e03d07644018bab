"""What commands need of a station: which one, on whose behalf, and what it says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from typing import Any

from django.utils import timezone

from fengqiao.figures.computing import Window, compute
from fengqiao.ground.models import Station
from fengqiao.kit.problems import BadInput
from fengqiao.people.actors import machine
from fengqiao.people.commands import issue_token
from fengqiao.people.commands.powers import appoint_by_operator
from fengqiao.people.models import Person
from fengqiao.people.roles import Role
from fengqiao.store.scope import acting_for, say


def the_station() -> Station:
    """The only station of the database; with several, FENGQIAO_STATION will have to say which."""
    found = list(Station.objects.order_by("pk")[:2])
    if not found:
        raise BadInput("数据库里还没有派出所，请先运行 fengqiao serve 或 fengqiao demo")
    return found[0]


def new_token(username: str) -> str:
    """A fresh token of the account; shown once."""
    with _account(username) as person:
        return issue_token(person=person, name="命令行", at=timezone.now())


def appointed(username: str, role: str) -> str:
    """A post from today on; what was done, in words."""
    at = timezone.now()
    with _account(username) as person:
        made = appoint_by_operator(
            person_id=person.pk, role=Role(role), at=at, starts_on=timezone.localdate(at)
        )
        return f"{person.name}({username})自今天起任 {made.get_role_display()}，已记入“双人批准”。"


@contextmanager
def _account(username: str) -> Iterator[Person]:
    """The account, of whichever station, inside that station. Raises BadInput."""
    with acting_for(the_station().pk):
        say(sign_in=username)
        person = Person.objects.filter(username=username).first()
        if person is None:
            raise BadInput(f"没有账号 {username}")
        say(station=person.station_id)
        yield person


def figure_rows(first: date, last: date, community: str) -> list[dict[str, Any]]:
    station = the_station()
    with acting_for(station.pk):
        values = compute(machine(station.pk), Window(first, last, community), as_of=timezone.now())
    return [asdict(value) | {"as_of": value.as_of.isoformat()} for value in values]
