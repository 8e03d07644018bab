"""Accounts and posts, as the security administrator keeps them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from fengqiao.ground.models import Station
from fengqiao.kit.problems import BadInput
from fengqiao.people import commands, leaving
from fengqiao.people.charge import responsible
from fengqiao.people.commands.posts import PostsExclude
from fengqiao.people.demo import build_people
from fengqiao.people.first import create_first, first_administrator
from fengqiao.people.leaving import LastAdministrator, StillHolds
from fengqiao.people.models import Person, Post
from fengqiao.people.roles import ADMINS, FIELD, POST_ROLES, SERVING, Role
from fengqiao.store.scope import say
from tests.doors import client_of
from tests.station import NOON, TODAY, SmallStation, small_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> SmallStation:
    return small_station()


@pytest.fixture
def hands_full() -> Iterator[None]:
    """Everybody holds two open things."""
    before = list(leaving.holds_open)
    leaving.holds_open[:] = [lambda person_id, community_id: 2]
    yield
    leaving.holds_open[:] = before


def appoint(place: SmallStation, who: str, role: Role, **more) -> Post:
    given = {"starts_on": TODAY, **more}
    if role in FIELD:
        given.setdefault("community_code", place.dongfeng.code)
    return commands.appoint(person_id=place.people[who].pk, role=role, **given)


def version(place: SmallStation, who: str) -> int:
    return Person.objects.get(pk=place.people[who].pk).rights_version


@pytest.mark.parametrize("admin", sorted(ADMINS))
@pytest.mark.parametrize("held", sorted(SERVING | ADMINS))
def test_administrators_exclude_each_other_and_every_serving_role(
    place: SmallStation, admin: Role, held: Role
):
    if admin == held:
        return
    newcomer, _once = commands.create_person(station=place.station, username="new", name="新人", at=NOON)
    community = place.haiwei.code if held in FIELD else ""
    commands.appoint(person_id=newcomer.pk, role=held, community_code=community, starts_on=TODAY)

    with pytest.raises(PostsExclude):
        commands.appoint(person_id=newcomer.pk, role=admin, starts_on=TODAY + timedelta(days=30))


def test_an_administrator_may_serve_after_the_administration_has_ended(place: SmallStation):
    newcomer, _once = commands.create_person(station=place.station, username="new", name="新人", at=NOON)
    commands.appoint(person_id=newcomer.pk, role=Role.AUDIT_ADMIN, starts_on=TODAY, ends_on=date(2022, 6, 30))

    post = commands.appoint(person_id=newcomer.pk, role=Role.DESK, starts_on=date(2022, 7, 1))

    assert post.pk


def test_a_community_has_one_lead_officer_at_a_time(place: SmallStation):
    with pytest.raises(BadInput) as refused:
        appoint(place, "haiwei", Role.OFFICER, lead=True)
    assert refused.value.errors[0].field == "lead"

    first = Post.objects.get(person=place.people["dongfeng"])
    commands.end_post(post_id=first.pk, last_day=TODAY, at=NOON)
    appoint(place, "haiwei", Role.OFFICER, lead=True, starts_on=TODAY + timedelta(days=1))

    assert responsible(community_id=place.dongfeng.pk, day=TODAY) == place.people["dongfeng"]
    tomorrow = TODAY + timedelta(days=1)
    assert responsible(community_id=place.dongfeng.pk, day=tomorrow) == place.people["haiwei"]


@pytest.mark.parametrize(
    ("role", "more", "field"),
    [
        (Role.OFFICER, {"community_code": ""}, "community"),
        (Role.OFFICER, {"community_code": "999999999999"}, "community"),
        (Role.DESK, {"community_code": "440606006016"}, "community"),
        (Role.AUXILIARY, {"lead": True}, "lead"),
        (Role.DESK, {"ends_on": TODAY - timedelta(days=1)}, "ends_on"),
        (Role.OFFICER, {"community_code": "440606006006"}, "role"),
    ],
)
def test_a_post_that_makes_no_sense_is_refused_by_field(
    place: SmallStation, role: Role, more: dict, field: str
):
    with pytest.raises(BadInput) as refused:
        appoint(place, "dongfeng", role, **more)

    assert refused.value.errors[0].field == field


def test_every_change_of_standing_counts_rights_up(place: SmallStation):
    who, seen = place.people["desk"], [version(place, "desk")]

    post = appoint(place, "desk", Role.CHIEF)
    seen.append(version(place, "desk"))
    commands.end_post(post_id=post.pk, last_day=TODAY, at=NOON)
    seen.append(version(place, "desk"))
    commands.void_post(post_id=post.pk, at=NOON)
    seen.append(version(place, "desk"))
    commands.reset_password(person_id=who.pk, at=NOON)
    seen.append(version(place, "desk"))
    commands.reset_second_factor(person_id=who.pk)
    seen.append(version(place, "desk"))
    commands.deactivate(person_id=who.pk, by=place.people["security"], at=NOON)
    seen.append(version(place, "desk"))

    assert seen == list(range(seen[0], seen[0] + 7))


def test_nobody_leaves_with_full_hands(place: SmallStation, hands_full: None):
    post = Post.objects.get(person=place.people["haiwei"])

    with pytest.raises(StillHolds, match="2 件"):
        commands.deactivate(person_id=place.people["haiwei"].pk, by=place.people["security"], at=NOON)
    with pytest.raises(StillHolds):
        commands.end_post(post_id=post.pk, last_day=TODAY, at=NOON)
    with pytest.raises(StillHolds):
        commands.void_post(post_id=post.pk, at=NOON)

    assert Person.objects.get(pk=place.people["haiwei"].pk).is_active


def test_a_post_may_be_given_a_last_day_to_come_while_hands_are_full(place: SmallStation, hands_full: None):
    post = Post.objects.get(person=place.people["haiwei"])

    assert commands.end_post(post_id=post.pk, last_day=TODAY + timedelta(days=30), at=NOON).ends_on


def test_the_last_security_administrator_stays(place: SmallStation):
    post = Post.objects.get(person=place.people["security"])

    with pytest.raises(LastAdministrator):
        commands.end_post(post_id=post.pk, last_day=TODAY, at=NOON)
    with pytest.raises(LastAdministrator):
        commands.deactivate(person_id=place.people["security"].pk, by=place.people["desk"], at=NOON)


def test_leaving_destroys_what_could_let_one_back_in(place: SmallStation):
    Person.objects.filter(pk=place.people["desk"].pk).update(password="x", totp_secret="y")

    commands.deactivate(person_id=place.people["desk"].pk, by=place.people["security"], at=NOON)

    left = Person.objects.get(pk=place.people["desk"].pk)
    assert (left.is_active, left.password, left.totp_secret) == (False, "", "")
    assert Post.objects.get(person=left).ends_on == TODAY


def test_a_username_is_one_in_the_whole_cell(place: SmallStation):
    other = small_station("乙所")
    commands.create_person(station=other.station, username="wanted", name="乙所的人", at=NOON)
    say(station=place.station.pk)

    with pytest.raises(BadInput) as refused:
        commands.create_person(station=place.station, username="ＷＡＮＴＥＤ", name="甲所的人", at=NOON)

    assert refused.value.errors[0].field == "username"
    assert Person.objects.filter(station=place.station).count() == len(place.people)


def test_from_an_empty_form_to_a_colleague_at_work(place: SmallStation):
    admin, colleague = client_of(place, "security"), Client()

    made = admin.post("/accounts/new", {"username": "044123", "name": "海尾社区民警"})
    once = re.search(r'data-copy="([a-z0-9-]+)"', made.content.decode())[1]
    say(station=place.station.pk)
    person = Person.objects.get(username="044123")
    appointed = admin.post(
        f"/accounts/{person.pk}/appoint",
        {"role": "officer", "community": place.haiwei.code, "starts_on": f"{timezone.localdate()}"},
    )
    first = colleague.post("/sign-in", {"username": "044123", "password": once})
    new = "只有我自己知道的一句话"
    colleague.post("/me/password", {"old": once, "new": new, "again": new})

    assert appointed["Location"] == f"/accounts/{person.pk}"
    assert first.status_code == 302
    assert colleague.get("/matters/").status_code == 200


def test_what_stands_against_a_post_is_said_on_the_form(place: SmallStation):
    admin = client_of(place, "security")

    answer = admin.post(
        f"/accounts/{place.people['desk'].pk}/appoint",
        {"role": "audit_admin", "starts_on": f"{timezone.localdate()}"},
    )

    assert answer.status_code == 422
    assert "不能由同一人在同一时期担任" in answer.content.decode()


@pytest.mark.parametrize(
    "asked", ["", "?q=警长", "?role=desk", "?standing=left", "?standing=vacant", "?q=%00&page=x&role=y"]
)
def test_the_list_answers_every_question(place: SmallStation, asked: str):
    assert client_of(place, "security").get(f"/accounts/{asked}").status_code == 200


@pytest.mark.parametrize("who", ["desk", "chief", "haiwei", "auxiliary"])
def test_nobody_else_sees_the_accounts(place: SmallStation, who: str):
    answer = client_of(place, who).get("/accounts/")

    assert answer.status_code == 403
    assert "安全管理员" in answer.content.decode()


def test_an_account_page_shows_posts_and_what_may_be_done(place: SmallStation):
    page = client_of(place, "security").get(f"/accounts/{place.people['haiwei'].pk}").content.decode()

    assert "海尾社区居委会" in page
    assert "重置口令" in page


def test_a_reset_password_is_shown_once_and_works(place: SmallStation):
    admin = client_of(place, "security")

    page = admin.post(f"/accounts/{place.people['desk'].pk}/password").content.decode()
    once = re.search(r'data-copy="([a-z0-9-]+)"', page)[1]
    again = admin.get(f"/accounts/{place.people['desk'].pk}").content.decode()

    assert once not in again
    username = place.people["desk"].username
    assert Client().post("/sign-in", {"username": username, "password": once}).status_code == 302


def test_one_makes_and_ends_ones_own_token(place: SmallStation):
    client = client_of(place, "desk")

    page = client.post("/me/tokens", {"name": "预警平台"}).content.decode()
    token = re.search(r"fq_[\w-]{40}", page)[0]
    before = Client().get("/api/v1/matters", headers={"Authorization": f"Bearer {token}"}).status_code
    say(station=place.station.pk)
    client.post(f"/me/tokens/{place.people['desk'].tokens.get().pk}/revoke")
    after = Client().get("/api/v1/matters", headers={"Authorization": f"Bearer {token}"}).status_code

    assert (before, after) == (200, 401)
    assert token not in client.get("/me").content.decode()


def test_an_empty_installation_gets_one_administrator(place: SmallStation):
    assert first_administrator(NOON) is None

    username, once = create_first(station_name="新所", username="first-admin", at=timezone.now())
    client = Client()
    answer = client.post("/sign-in", {"username": username, "password": once})

    assert answer.status_code == 302
    assert client.get("/accounts/")["Location"].startswith("/me/password")


def test_the_demo_stations_people_are_posts_and_made_in_a_second(place: SmallStation):
    station = Station.objects.create(name="演示", short_name="演示", division_code="1", demo=True)
    say(station=station.pk)
    for tail, name in (("006", "东风社区居委会"), ("016", "海尾社区居委会")):
        place.haiwei.__class__.objects.create(station=station, code=f"440606006{tail}", name=name)
    begun = time.perf_counter()

    with transaction.atomic():
        told = build_people(station, password="fengqiao-demo")

    assert time.perf_counter() - begun < 1
    assert any("officer-016" in line for line in told)
    assert set(Person.objects.values_list("name", flat=True)) >= {"海尾社区警长", "值班员甲", "所长"}
    assert set(Post.objects.values_list("role", flat=True)) == {role for role, _says in POST_ROLES}
    assert Client().post("/sign-in", {"username": "desk2", "password": "fengqiao-demo"}).status_code == 302
