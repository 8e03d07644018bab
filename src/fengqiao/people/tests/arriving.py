"""Somebody with a password, and the door's own steps, for the stories told here."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import make_password
from django.test import Client

from fengqiao.people.models import Person
from fengqiao.store.scope import say
from tests.station import SmallStation

PASSWORD = "枫桥经验-小事不出村"
_hashed: list[str] = []


def give_password(place: SmallStation, *who: str) -> None:
    """One hash for all: argon2 is slow on purpose."""
    if not _hashed:
        _hashed.append(make_password(PASSWORD))
    say(station=place.station.pk)
    for name in who:
        Person.objects.filter(pk=place.people[name].pk).update(password=_hashed[0])


def sign_in(client: Client, place: SmallStation, who: str, password: str = PASSWORD, **more: Any) -> Any:
    """Post the sign-in form."""
    return client.post("/sign-in", {"username": place.people[who].username, "password": password}, **more)


def is_in(client: Client) -> bool:
    return client.get("/me").status_code == 200
