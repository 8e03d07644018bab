"""A session counts as long as its rights are the same and its person is there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fengqiao.people import commands
from fengqiao.people.doors import bearer
from fengqiao.people.models import Post
from fengqiao.people.roles import Role
from fengqiao.people.sessions import KEY
from fengqiao.people.tests.arriving import PASSWORD, give_password, is_in, sign_in
from fengqiao.store.scope import say
from tests.doors import client_of, token_of
from tests.station import SmallStation, small_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> SmallStation:
    made = small_station()
    give_password(made, "desk", "chief", "haiwei", "security")
    return made


def wait(client: Client, minutes: float) -> None:
    """Let time pass for a session."""
    session = client.session
    session[KEY] = {**session[KEY], "seen": session[KEY]["seen"] - int(minutes * 60)}
    session.save()


def test_a_change_of_role_kills_sessions_at_the_next_request(place: SmallStation):
    client = client_of(place, "haiwei")
    before = client.get("/matters/").status_code

    say(station=place.station.pk)
    commands.appoint(person_id=place.people["haiwei"].pk, role=Role.CHIEF, starts_on=timezone.localdate())
    after = client.get("/matters/")

    assert before == 200
    assert after.status_code == 302
    assert "ended=changed" in after["Location"]


def test_a_changed_password_kills_every_other_session(place: SmallStation):
    here, elsewhere = Client(), Client()
    sign_in(here, place, "desk")
    sign_in(elsewhere, place, "desk")

    new = "另一句很好记的长口令"
    here.post("/me/password", {"old": PASSWORD, "new": new, "again": new})

    assert is_in(here)
    assert not is_in(elsewhere)


def test_who_is_deactivated_is_out_at_once(place: SmallStation):
    client, token = client_of(place, "desk"), token_of(place, "desk")

    commands.deactivate(person_id=place.people["desk"].pk, by=place.people["security"], at=timezone.now())

    assert not is_in(client)
    assert api(token).status_code == 401


@pytest.mark.parametrize("how", ["ended yesterday", "voided", "not yet begun"])
def test_a_post_that_does_not_count_today_gives_no_right(place: SmallStation, how: str):
    client, today = client_of(place, "desk"), timezone.localdate()
    post = Post.objects.filter(person=place.people["desk"])

    if how == "ended yesterday":
        post.update(ends_on=today - timedelta(days=1))
    elif how == "voided":
        post.update(voided_at=timezone.now())
    else:
        post.update(starts_on=today + timedelta(days=1))

    assert client.get("/matters/").status_code == 403


def test_an_idle_session_ends_and_says_why(place: SmallStation):
    client = client_of(place, "desk")
    wait(client, 16)

    answer = client.get("/matters/")

    assert "ended=idle" in answer["Location"]
    assert "没有操作" in client.get(answer["Location"]).content.decode()


def test_doing_something_keeps_a_session(place: SmallStation):
    client = client_of(place, "desk")
    wait(client, 14)
    client.get("/me")
    wait(client, 14)

    assert is_in(client)


@pytest.mark.parametrize("headers", [{"X-Passive": "1"}, {"Accept": "text/event-stream"}])
def test_an_open_board_does_not_keep_a_session(place: SmallStation, headers: dict[str, str]):
    client = client_of(place, "desk")
    wait(client, 14)
    client.get("/me", headers=headers)
    wait(client, 2)

    assert not is_in(client)


def test_no_session_outlives_its_day(place: SmallStation):
    client = client_of(place, "desk")
    session = client.session
    session[KEY] = {**session[KEY], "since": session[KEY]["since"] - 13 * 3600}
    session.save()

    assert not is_in(client)


def test_knowing_who_asks_takes_at_most_five_round_trips(place: SmallStation):
    by_session, token = client_of(place, "desk"), token_of(place, "desk")

    with CaptureQueriesContext(connection) as session_trips:
        # A wrong method: the door answers after asking who it is, and does nothing itself.
        by_session.get("/sign-out")
    with CaptureQueriesContext(connection) as token_trips:
        request = RequestFactory().get("/", headers={"Authorization": f"Bearer {token}"})
        bearer(request)

    assert len(asking(session_trips)) <= 4
    assert len(asking(token_trips)) <= 5


def asking(trips: CaptureQueriesContext) -> list[str]:
    return [q["sql"] for q in trips.captured_queries if "SAVEPOINT" not in q["sql"]]


def api(token: str, path: str = "/api/v1/matters"):
    return Client().get(path, headers={"Authorization": f"Bearer {token}"})


def test_a_token_opens_the_api_until_it_is_revoked(place: SmallStation):
    token = token_of(place, "desk")
    before = api(token).status_code

    say(station=place.station.pk)
    row = place.people["desk"].tokens.get()
    commands.revoke_token(token_id=row.pk, person=place.people["desk"], at=timezone.now())

    assert (before, api(token).status_code) == (200, 401)


def test_a_token_ends_on_its_day(place: SmallStation):
    token = token_of(place, "desk")
    place.people["desk"].tokens.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert api(token).status_code == 401


def test_a_token_dies_with_a_change_of_rights(place: SmallStation):
    token = token_of(place, "desk")

    commands.reset_password(person_id=place.people["desk"].pk, at=timezone.now())

    assert api(token).status_code == 401


def test_a_token_is_stored_as_its_digest_only(place: SmallStation):
    token = token_of(place, "desk")

    row = place.people["desk"].tokens.get()

    assert token.startswith("fq_")
    assert len(token) == 43
    assert token not in (row.digest, row.name)


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer fq_wrong", "Basic ZGVzazpk", "Bearer \x00", "Bearer 枫"]
)
def test_anything_else_is_no_token(place: SmallStation, header: str):
    answer = Client().get("/api/v1/matters", HTTP_AUTHORIZATION=header)

    assert answer.status_code == 401


def test_the_desk_changes_hands_in_one_step_and_stays_where_it_was(place: SmallStation):
    client = client_of(place, "desk")
    who = place.people["chief"]
    page = client.get("/handover?next=/matters/%3Fshow%3Doverdue")

    answer = client.post(
        "/handover", {"who": str(who.pk), "password": PASSWORD, "next": "/matters/?show=overdue"}
    )

    assert who.name in page.content.decode()
    assert place.people["haiwei"].name not in page.content.decode()
    assert answer["Location"] == "/matters/?show=overdue"
    assert who.name in client.get("/me").content.decode()


def test_a_wrong_password_leaves_the_desk_with_who_had_it(place: SmallStation):
    client = client_of(place, "desk")

    answer = client.post("/handover", {"who": str(place.people["chief"].pk), "password": "wrong"})

    assert answer.status_code == 422
    assert place.people["desk"].name in client.get("/me").content.decode()


def test_the_desk_cannot_be_handed_to_who_has_no_desk_post(place: SmallStation):
    client = client_of(place, "desk")

    answer = client.post("/handover", {"who": str(place.people["haiwei"].pk), "password": PASSWORD})

    assert answer.status_code == 422


def test_only_a_desk_hands_a_desk_over(place: SmallStation):
    assert client_of(place, "haiwei").get("/handover").status_code == 403
