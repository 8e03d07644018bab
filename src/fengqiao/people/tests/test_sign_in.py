"""Coming in: the right person gets in, and nobody learns anything from being kept out."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import quote

import pyotp
import pytest
from django.test import Client
from django.utils import timezone

from fengqiao.people import second_factor, signing_in
from fengqiao.people.models import Person
from fengqiao.people.tests.arriving import PASSWORD, give_password, is_in, sign_in
from fengqiao.store.scope import say
from tests.station import SmallStation, small_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> SmallStation:
    made = small_station()
    give_password(made, "desk", "haiwei", "security")
    return made


def enrol(place: SmallStation, who: str, at: datetime) -> str:
    """A second factor set up an hour ago; gives the secret in the authenticator."""
    say(station=place.station.pk)
    sealed = second_factor.new_secret(place.people[who].pk)
    words = second_factor.words_of(sealed, place.people[who].pk)
    before = at - timedelta(hours=1)
    second_factor.confirm(
        person_id=place.people[who].pk, sealed=sealed, code=pyotp.TOTP(words).at(before), at=before
    )
    return words


def test_the_desk_signs_in_and_stands_where_it_wanted_to_go(place: SmallStation):
    client = Client()

    answer = client.post(
        "/sign-in",
        {"username": place.people["desk"].username, "password": PASSWORD, "next": "/matters/?show=mine"},
    )

    assert (answer.status_code, answer["Location"]) == (302, "/matters/?show=mine")
    assert is_in(client)


def test_a_name_typed_in_full_width_and_capitals_is_the_same_name(place: SmallStation):
    say(station=place.station.pk)
    Person.objects.filter(pk=place.people["desk"].pk).update(username="desk-a1")

    answer = Client().post("/sign-in", {"username": " DESK-A1", "password": PASSWORD})

    assert answer.status_code == 302


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(place: SmallStation):
    wrong = sign_in(Client(), place, "desk", "wrong-password")
    unknown = Client().post("/sign-in", {"username": "nobody-here", "password": "wrong-password"})

    assert wrong.status_code == unknown.status_code == 422
    assert "登录名或口令不对" in wrong.content.decode()
    assert "登录名或口令不对" in unknown.content.decode()


def test_an_unknown_name_costs_a_hash_too(place: SmallStation, monkeypatch: pytest.MonkeyPatch):
    hashed = []
    monkeypatch.setattr(signing_in, "make_password", hashed.append)

    Client().post("/sign-in", {"username": "nobody-here", "password": "some words"})

    assert hashed == ["some words"]


def test_who_left_is_kept_out_with_the_same_words(place: SmallStation):
    Person.objects.filter(pk=place.people["desk"].pk).update(is_active=False)

    answer = sign_in(Client(), place, "desk")

    assert answer.status_code == 422
    assert "登录名或口令不对" in answer.content.decode()


@pytest.mark.parametrize(
    "hostile", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:1", ""]
)
def test_no_way_leads_out_to_another_host(place: SmallStation, hostile: str):
    answer = Client().post(
        "/sign-in", {"username": place.people["desk"].username, "password": PASSWORD, "next": hostile}
    )

    assert answer["Location"] == "/"


@pytest.mark.parametrize(
    "hostile", ["\x00", "a\x00b", "\ud800", "x" * 5000, "<script>alert(1)</script>", "' OR 1=1 --"]
)
def test_hostile_names_are_just_wrong(place: SmallStation, hostile: str):
    typed = quote(hostile.encode("utf-8", "surrogatepass"))

    answer = Client().post(
        "/sign-in", f"username={typed}&password={typed}", content_type="application/x-www-form-urlencoded"
    )

    assert answer.status_code == 422
    assert b"<script>alert" not in answer.content


def test_a_session_id_from_before_is_worth_nothing_afterwards(place: SmallStation):
    """Session fixation: an attacker who planted the id does not come in with it."""
    client = Client()
    session = client.session
    session["planted"] = "yes"
    session.save()
    planted = session.session_key

    sign_in(client, place, "desk")

    assert client.session.session_key != planted
    assert "planted" not in client.session
    stranger = Client()
    stranger.cookies["fengqiao_session"] = planted
    assert not is_in(stranger)


def test_forms_from_elsewhere_are_refused(place: SmallStation):
    careful = Client(enforce_csrf_checks=True)

    assert sign_in(careful, place, "desk").status_code == 403


def test_signing_out_takes_a_post_and_ends_the_session(place: SmallStation):
    client = Client()
    sign_in(client, place, "desk")

    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").status_code == 302
    assert not is_in(client)


def test_the_second_step_asks_for_the_digits_of_the_moment(place: SmallStation):
    words, client = enrol(place, "desk", timezone.now()), Client()

    first = sign_in(client, place, "desk")
    between = is_in(client)
    second = client.post("/sign-in/code", {"code": pyotp.TOTP(words).now()})

    assert first["Location"] == "/sign-in/code"
    assert not between
    assert second.status_code == 302
    assert is_in(client)


def test_wrong_digits_are_counted_and_let_nobody_in(place: SmallStation):
    enrol(place, "desk", timezone.now())
    client = Client()
    sign_in(client, place, "desk")

    answers = [client.post("/sign-in/code", {"code": "000000"}).status_code for _ in range(11)]

    assert answers == [422] * 10 + [429]
    assert not is_in(client)


def test_digits_seen_over_the_shoulder_cannot_be_used_again(place: SmallStation):
    words = enrol(place, "desk", timezone.now())
    digits = pyotp.TOTP(words).now()
    first, second = Client(), Client()
    sign_in(first, place, "desk")
    first.post("/sign-in/code", {"code": digits})

    sign_in(second, place, "desk")
    replayed = second.post("/sign-in/code", {"code": digits})

    assert replayed.status_code == 422
    assert not is_in(second)


def test_the_secret_of_the_second_factor_lies_sealed(place: SmallStation):
    words = enrol(place, "desk", timezone.now())

    stored = Person.objects.get(pk=place.people["desk"].pk).totp_secret

    assert words not in stored
    assert len(stored) == 64


def test_a_one_time_password_opens_only_the_page_that_changes_it(place: SmallStation):
    Person.objects.filter(pk=place.people["desk"].pk).update(must_change_password=True)
    client = Client()
    sign_in(client, place, "desk")

    kept_out = client.get("/matters/")
    changed = client.post(
        "/me/password",
        {"old": PASSWORD, "new": "另一句很好记的长口令", "again": "另一句很好记的长口令", "next": "/me"},
    )

    assert kept_out["Location"].startswith("/me/password?")
    assert changed["Location"] == "/me"
    assert is_in(client)


@pytest.mark.parametrize(
    ("new", "again", "field"),
    [
        ("short", "short", "new"),
        ("password123", "password123", "new"),
        (PASSWORD, PASSWORD, "new"),
        ("a", "b", "again"),
    ],
)
def test_a_weak_old_or_mistyped_password_is_named(place: SmallStation, new: str, again: str, field: str):
    client = Client()
    sign_in(client, place, "desk")

    answer = client.post("/me/password", {"old": PASSWORD, "new": new, "again": again})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.content.decode()


def test_who_has_not_signed_in_is_led_to_the_door_and_back(place: SmallStation):
    page = Client().get("/matters/?q=海尾")
    part = Client().get(
        "/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/matters/?q=1"}
    )

    assert page.status_code == 302
    assert page["Location"].startswith("/sign-in?next=%2Fmatters%2F%3Fq%3D")
    assert part.status_code == 401
    assert part["HX-Redirect"] == "/sign-in?next=%2Fmatters%2F%3Fq%3D1"


def test_signed_in_pages_are_not_kept_by_the_browser(place: SmallStation):
    client = Client()
    sign_in(client, place, "desk")

    assert client.get("/me")["Cache-Control"] == "no-store"


def test_the_chosen_language_stays_with_the_person(place: SmallStation):
    client = Client()
    sign_in(client, place, "desk")

    client.post("/i18n/setlang/", {"language": "en", "next": "/me"})

    say(station=place.station.pk)
    assert Person.objects.get(pk=place.people["desk"].pk).language == "en"
    assert client.get("/me")["Content-Language"] == "en"
