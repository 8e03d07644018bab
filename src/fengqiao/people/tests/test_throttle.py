"""Guessing is stopped, spraying is stopped, and neither can be turned against the owner (S7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from fengqiao.kit.problems import TooMany
from fengqiao.people import throttle
from fengqiao.people.models import SignInTrial
from fengqiao.people.tests.arriving import give_password, is_in, sign_in
from fengqiao.people.throttle import Trial, note_failure, require_turn
from tests.station import NOON, SmallStation, small_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> SmallStation:
    made = small_station()
    give_password(made, "desk", "haiwei", "chief")
    return made


def fail(times: int, trial: Callable[[int], Trial], at=NOON) -> None:
    for number in range(times):
        note_failure(trial(number), at=at)


def test_guessing_is_stopped_after_ten(place: SmallStation):
    thief = Client(REMOTE_ADDR="203.0.113.9")

    answers = [sign_in(thief, place, "desk", f"guess-{n}").status_code for n in range(12)]
    right_at_last = sign_in(thief, place, "desk")

    assert answers == [422] * 10 + [429] * 2
    assert right_at_last.status_code == 429
    assert not is_in(thief)


def test_spraying_one_password_over_many_accounts_is_stopped_after_thirty():
    fail(30, lambda n: Trial.of(username=f"officer-{n}", address="203.0.113.9"))

    with pytest.raises(TooMany):
        require_turn(Trial.of(username="officer-99", address="203.0.113.9"), at=NOON)
    require_turn(Trial.of(username="officer-99", address="203.0.113.10"), at=NOON)


def test_a_device_known_to_the_owner_is_not_locked_by_others(place: SmallStation):
    own = Client(REMOTE_ADDR="203.0.113.9")
    sign_in(own, place, "desk")
    own.post("/sign-out")
    thief = Client(REMOTE_ADDR="203.0.113.9")
    for n in range(12):
        sign_in(thief, place, "desk", f"guess-{n}")

    answer = sign_in(own, place, "desk")

    assert answer.status_code == 302
    assert is_in(own)


def test_a_known_device_is_no_licence_to_guess(place: SmallStation):
    own = Client()
    sign_in(own, place, "desk")
    own.post("/sign-out")

    answers = [sign_in(own, place, "desk", f"guess-{n}").status_code for n in range(11)]

    assert answers == [422] * 10 + [429]


def test_a_device_known_for_one_account_is_unknown_for_another(place: SmallStation):
    colleague = Client()
    sign_in(colleague, place, "haiwei")
    colleague.post("/sign-out")

    answers = [sign_in(colleague, place, "desk", f"guess-{n}").status_code for n in range(11)]

    assert answers[-1] == 429


def test_a_forged_device_cookie_is_no_device(place: SmallStation):
    thief = Client()
    thief.cookies["fengqiao_device"] = '{"id": "1", "accounts": ["all"]}'

    answers = [sign_in(thief, place, "desk", f"guess-{n}").status_code for n in range(11)]

    assert answers[-1] == 429


def test_guessing_from_ever_new_addresses_gets_slower_and_slower():
    def another(n: int) -> Trial:
        return Trial.of(username="desk", address=f"198.51.100.{n}")

    fail(9, another)
    require_turn(another(100), at=NOON)
    fail(1, another)
    with pytest.raises(TooMany, match="2 秒"):
        require_turn(another(100), at=NOON + timedelta(seconds=1))
    require_turn(another(100), at=NOON + timedelta(seconds=2))
    fail(20, another)
    with pytest.raises(TooMany, match="300 秒"):
        require_turn(another(100), at=NOON + timedelta(seconds=299))


def test_the_way_is_open_again_after_the_window():
    trial = Trial.of(username="desk", address="203.0.113.9")
    fail(10, lambda n: trial)

    with pytest.raises(TooMany):
        require_turn(trial, at=NOON + throttle.WINDOW - timedelta(seconds=1))
    require_turn(trial, at=NOON + throttle.WINDOW)


def test_ones_own_typing_errors_are_forgiven_after_coming_in(place: SmallStation):
    client = Client()
    for n in range(9):
        sign_in(client, place, "desk", f"typing-{n}")

    sign_in(client, place, "desk")

    assert SignInTrial.objects.filter(scope="pair").count() == 0
    assert SignInTrial.objects.filter(scope="address").count() == 9


def test_one_who_holds_a_whole_ipv6_block_is_one(place: SmallStation):
    answers = [
        sign_in(Client(REMOTE_ADDR=f"2001:db8:1:2::{n}"), place, "desk", f"guess-{n}").status_code
        for n in range(11)
    ]

    assert answers[-1] == 429


def test_no_name_and_no_address_is_stored():
    fail(1, lambda n: Trial.of(username="desk", address="203.0.113.9"))

    stored = " ".join(SignInTrial.objects.values_list("digest", flat=True))

    assert "desk" not in stored
    assert "203.0.113.9" not in stored
