"""A phone held open by its PIN keeps its own session past the idle limit: its own, for its calls, under its lease."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from fengqiao.people import commands
from fengqiao.people.models import Phone
from fengqiao.people.roles import Role
from fengqiao.people.sessions import KEY
from fengqiao.people.tests.arriving import is_in
from fengqiao.store.scope import say
from tests.phones import FakePhone, phone_of
from tests.station import SmallStation, small_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> SmallStation:
    found = small_station()
    say(station=found.station.pk)
    return found


@pytest.fixture
def phone(place: SmallStation) -> FakePhone:
    found = phone_of(place, "haiwei")
    found.open()
    return found


def wait(client: Client, hours: float) -> None:
    """Let time pass for a session, from its beginning on."""
    session = client.session
    held, passed = session[KEY], int(hours * 3600)
    session[KEY] = {**held, "seen": held["seen"] - passed, "since": held["since"] - passed}
    session.save()


def asks(phone: FakePhone) -> int:
    status: int = phone.get("/field/slice").status_code
    return status


def test_after_hours_in_a_pocket_an_open_phone_goes_on(phone: FakePhone):
    wait(phone.client, 8)

    assert [asks(phone) for _ in range(2)] == [200, 200]


def test_without_the_pin_the_signature_keeps_nothing(phone: FakePhone):
    wait(phone.client, 1)
    lent, phone.part = phone.part, b""
    locked = asks(phone)
    phone.part = b"guessed" * 4
    guessed = asks(phone)
    phone.part = lent

    assert (locked, guessed, asks(phone)) == (401, 401, 200)


def test_what_the_phone_keeps_is_no_page_of_the_desk(phone: FakePhone):
    wait(phone.client, 1)
    asks(phone)

    page = phone.client.get("/matters/")

    assert "ended=idle" in page["Location"]
    assert not is_in(phone.client)
    # Nor does a page that was asked for in vain end it for the phone.
    assert asks(phone) == 200


def test_a_session_that_never_bore_the_phones_signature_ends_as_ever(place: SmallStation, phone: FakePhone):
    desk = phone_of(place, "haiwei").client
    wait(desk, 1)
    phone.client = desk

    assert asks(phone) == 401
    assert KEY not in desk.session


def test_a_change_of_role_ends_it_at_the_next_call(place: SmallStation, phone: FakePhone):
    wait(phone.client, 1)
    before = asks(phone)

    say(station=place.station.pk)
    commands.appoint(person_id=place.people["haiwei"].pk, role=Role.CHIEF, starts_on=timezone.localdate())

    assert (before, asks(phone)) == (200, 401)


def test_a_wipe_ends_it_at_the_next_call(place: SmallStation, phone: FakePhone):
    wait(phone.client, 1)
    say(station=place.station.pk)
    commands.order_wipe(phone_id=phone.id, by=place.actor("desk"), at=timezone.now())

    assert phone.get("/field/slice").json()["code"] == "phone_wiped"
    assert not is_in(phone.client)


def test_it_ends_with_the_lease(place: SmallStation, phone: FakePhone):
    wait(phone.client, 1)
    say(station=place.station.pk)
    Phone.objects.filter(pk=phone.id).update(lease_until=timezone.now() - timedelta(seconds=1))

    assert asks(phone) == 401


def test_it_ends_twelve_hours_after_the_password(phone: FakePhone):
    wait(phone.client, settings.SESSION_COOKIE_AGE / 3600 + 0.1)

    assert asks(phone) == 401
