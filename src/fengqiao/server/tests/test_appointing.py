"""A station with one administrator is not stuck: whoever runs the machine appoints, and it is on record."""

from __future__ import annotations

import pytest
from django.utils import timezone

from fengqiao.kit.problems import BadInput
from fengqiao.people.commands.posts import PostsExclude
from fengqiao.people.first import create_first
from fengqiao.people.models import Approval, Person, Post
from fengqiao.people.roles import Role
from fengqiao.server.stations import appointed
from fengqiao.store.scope import say
from tests.station import person, small_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief() -> Person:
    """To be: at the desk of a new station, beside its first administrator."""
    small_station()
    create_first(station_name="新所", username="first-admin", at=timezone.now())
    made = person(Person.objects.get(username="first-admin").station, "新所长", Role.DESK)
    Person.objects.filter(pk=made.pk).update(username="new-chief")
    return made


def test_the_first_administrator_and_whom_the_operator_appoints_stand_in_the_log(chief: Person):
    told = appointed("new-chief", "chief")
    say(station=chief.station_id)

    assert "任 所长" in told
    assert sorted(Post.objects.filter(person=chief).values_list("role", flat=True)) == ["chief", "desk"]
    rows = [(one.says, one.by, one.answer.by) for one in Approval.objects.order_by("pk")]
    assert rows == [("安全管理员：安全管理员", None, None), ("新所长：所长", None, None)]


def test_the_rules_of_posts_hold_for_the_operator_too(chief: Person):
    with pytest.raises(PostsExclude):
        appointed("new-chief", "audit_admin")
    with pytest.raises(BadInput, match="没有账号"):
        appointed("nobody-of-that-name", "chief")
