"""Roles that carry power are given and taken by two persons; all others by one; the machine's operator on record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from fengqiao.ground import importing
from fengqiao.ground.importing import Context
from fengqiao.people.models import Approval, ApprovalAnswer, Person, Post
from fengqiao.people.roles import Role
from fengqiao.store.scope import say
from tests.doors import client_of
from tests.station import SmallStation, person, small_station

pytestmark = pytest.mark.django_db
WHY = "分局任职通知〔2022〕8号"


@pytest.fixture
def place() -> SmallStation:
    return small_station()


@pytest.fixture
def deputy(place: SmallStation) -> Person:
    """Somebody at the desk who is to become chief, once the desk is left."""
    made = person(place.station, "副所长", Role.DESK)
    Post.objects.filter(person=made).update(ends_on=timezone.localdate() - timedelta(days=1))
    place.people["deputy"] = made
    return made


def appoint(place: SmallStation, who: Person, role: str, purpose: str = WHY) -> Any:
    given = {"role": role, "starts_on": f"{timezone.localdate()}", "purpose": purpose}
    return client_of(place, "security").post(f"/accounts/{who.pk}/appoint", given, follow=True)


def answer(place: SmallStation, who: str, granted: bool = True) -> str:
    say(station=place.station.pk)
    asked = Approval.objects.latest("pk").pk
    reply = client_of(place, who).post(
        f"/approvals/{asked}", {"granted": "1" if granted else "0"}, follow=True
    )
    say(station=place.station.pk)
    return str(reply.content.decode())


def roles(who: Person) -> list[str]:
    held = Post.objects.filter(person=who, voided_at=None).exclude(ends_on__lt=timezone.localdate())
    return sorted(held.values_list("role", flat=True))


@pytest.mark.parametrize("second", ["audit", "chief"])
def test_a_chief_is_made_by_two_persons_and_both_stand_in_the_log(
    place: SmallStation, deputy: Person, second: str
):
    asked = appoint(place, deputy, "chief").content.decode()
    say(station=place.station.pk)
    before = roles(deputy)
    waiting = client_of(place, second).get("/approvals/").content.decode()
    answer(place, second)

    assert "由另一个人在“双人批准”里批准后生效" in asked
    assert before == []
    assert "任命 副所长 为 所长" in waiting
    assert roles(deputy) == ["chief"]
    signed = ApprovalAnswer.objects.get()
    assert (signed.approval.by, signed.by) == (place.people["security"], place.people[second])


@pytest.mark.parametrize("role", ["chief", "system_admin", "security_admin", "audit_admin"])
def test_no_role_of_power_comes_by_one_person_or_by_a_no(place: SmallStation, deputy: Person, role: str):
    appoint(place, deputy, role)
    own = answer(place, "security")
    answer(place, "audit", granted=False)

    assert "请由另一个人批准" in own
    assert roles(deputy) == []


def test_whom_it_is_about_does_not_confirm_it(place: SmallStation):
    audit = place.people["audit"]
    post = Post.objects.get(person=audit)
    given = {"last_day": f"{timezone.localdate() - timedelta(days=1)}", "purpose": WHY}
    client_of(place, "security").post(f"/posts/{post.pk}/end", given)

    own = answer(place, "audit")
    before = roles(audit)
    answer(place, "chief")

    assert "不能是所涉及的本人" in own
    assert (before, roles(audit)) == (["audit_admin"], [])


def test_an_ordinary_post_is_one_persons_to_give_and_end(place: SmallStation, deputy: Person):
    appoint(place, deputy, "desk", purpose="")
    say(station=place.station.pk)
    given = roles(deputy)
    post = Post.objects.get(person=deputy, ends_on=None)
    client_of(place, "security").post(f"/posts/{post.pk}/void")
    say(station=place.station.pk)

    assert (given, roles(deputy)) == (["desk"], [])
    assert not Approval.objects.exists()


def test_what_stands_against_it_is_said_before_anybody_is_asked(place: SmallStation, deputy: Person):
    without_reason = appoint(place, deputy, "chief", purpose="")
    excluded = appoint(place, place.people["desk"], "audit_admin")
    say(station=place.station.pk)

    assert (without_reason.status_code, excluded.status_code) == (422, 422)
    assert "不能由同一人在同一时期担任" in excluded.content.decode()
    assert not Approval.objects.exists()


def test_what_came_in_between_stops_it_and_leaves_no_answer(place: SmallStation, deputy: Person):
    appoint(place, deputy, "audit_admin")
    say(station=place.station.pk)
    Post.objects.filter(person=deputy).update(ends_on=None)

    told = answer(place, "chief")

    assert "不能由同一人在同一时期担任" in told
    assert (roles(deputy), ApprovalAnswer.objects.exists()) == (["desk"], False)


def test_an_account_with_power_is_not_switched_off_or_taken_over_by_one(place: SmallStation):
    security, audit = client_of(place, "security"), place.people["audit"]
    Person.objects.filter(pk=audit.pk).update(password="x")
    why = {"purpose": WHY}

    security.post(f"/accounts/{audit.pk}/deactivate", why)
    security.post(f"/accounts/{audit.pk}/second-factor", why)
    first = security.post(f"/accounts/{audit.pk}/password", why, follow=True).content.decode()
    say(station=place.station.pk)
    audit.refresh_from_db()
    still = (audit.is_active, audit.password)
    answer(place, "chief")
    then = security.post(f"/accounts/{audit.pk}/password").content.decode()

    assert still == (True, "x")
    assert "data-copy" not in first
    assert "data-copy" in then


def test_the_first_password_of_an_account_nobody_has_used_is_one_persons_to_hand_out(place: SmallStation):
    page = client_of(place, "security").post(f"/accounts/{place.people['chief'].pk}/password")

    assert "data-copy" in page.content.decode()


def test_a_station_sets_who_confirms(place: SmallStation, deputy: Person):
    place.station.settings = {"approvers": {"role": ["chief"]}}
    place.station.save(update_fields=["settings"])
    appoint(place, deputy, "system_admin")

    refused = answer(place, "audit")
    answer(place, "chief")

    assert "由所长批准" in refused
    assert roles(deputy) == ["system_admin"]


def test_a_file_gives_power_from_the_command_line_alone(place: SmallStation):
    data = "登录名,显示名称,岗位\nnew-chief,新所长,所长".encode()
    security = Context(
        place.station, timezone.now(), "p.csv", by=place.actor("security"), by_name="安全管理员"
    )
    machine = Context(place.station, timezone.now(), "p.csv", by_name="命令行")

    refused = importing.trial(what="people", data=data, context=security)[1]
    taken = importing.trial(what="people", data=data, context=machine)[1]

    assert "由两个人决定" in refused.verdicts[0].faults[0].says
    assert (refused.failed, taken.ok) == (1, 1)
    assert not Approval.objects.exists()
