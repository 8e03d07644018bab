"""Who is in charge: of a community on a day, and whether somebody may be put in charge."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from fengqiao.kit.problems import BadInput
from fengqiao.people.actors import posts_on
from fengqiao.people.models import Person
from fengqiao.people.roles import FIELD, Role


def responsible(*, community_id: int, day: date) -> UUID | None:
    """The community's lead officer that day, else whichever officer has served it longest."""
    return (
        posts_on(day)
        .filter(community_id=community_id, role=Role.OFFICER, person__is_active=True)
        .order_by("-lead", "starts_on")
        .values_list("person_id", flat=True)
        .first()
    )


def serving_person(person_id: UUID, *, roles: Collection[Role], day: date) -> Person:
    """The person, if active and holding one of the roles that day; otherwise BadInput names the field."""
    held = posts_on(day).filter(person_id=person_id, role__in=roles, person__is_active=True)
    post = held.select_related("person").first()
    if post is None:
        raise BadInput.at("holder", "此人今天不在可指派的岗位上")
    return post.person


def field_staff(*, day: date) -> list[Person]:
    """Everybody a matter can be given to that day, by name."""
    held = posts_on(day).filter(role__in=FIELD, person__is_active=True)
    return list(Person.objects.filter(posts__in=held).distinct().order_by("name"))
