"""Coming in by the doors, as somebody of a small station."""

from __future__ import annotations

from datetime import UTC, datetime

from django.test import Client

from fengqiao.people.commands import issue_token
from fengqiao.people.sessions import open_session
from fengqiao.store.scope import say
from tests.station import SmallStation


def token_of(place: SmallStation, who: str) -> str:
    """A fresh API token."""
    say(station=place.station.pk)
    return issue_token(person=place.people[who], name="test", at=datetime.now(UTC))


def client_of(place: SmallStation, who: str) -> Client:
    """A browser in which this person has signed in."""
    client = Client()
    session = client.session
    open_session(session, place.people[who], at=datetime.now(UTC))
    session.save()
    return client
