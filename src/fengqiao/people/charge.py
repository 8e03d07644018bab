"""Who is in charge: of a community on a day, and whether somebody may be put in charge."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from functools import cache
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection
from django.utils import translation
from django.utils.timezone import localtime

from fengqiao.kit.problems import BadInput
from fengqiao.kit.text import short_community_name
from fengqiao.people.actors import posts_on
from fengqiao.people.models import Person, Post
from fengqiao.people.roles import FIELD, POLICE, STATION_WIDE, Role

# Written out: every intake asks it, and building it anew from its parts costs more than answering it.
_RESPONSIBLE = """
    SELECT p.id, p.name FROM people_post o JOIN people_person p ON p.id = o.person_id
    WHERE o.community_id = %s AND o.role = %s AND p.is_active AND o.voided_at IS NULL
      AND o.starts_on <= %s AND (o.ends_on IS NULL OR o.ends_on >= %s)
    ORDER BY o.lead DESC, o.starts_on, o.id LIMIT 1
"""


def responsible(*, community_id: int, day: date) -> Person | None:
    """The community's lead officer that day, else whichever officer has served it longest; id and name only."""
    with connection.cursor() as cursor:
        cursor.execute(_RESPONSIBLE, [community_id, Role.OFFICER.value, day, day])
        found = cursor.fetchone()
    return found and Person.from_db(DEFAULT_DB_ALIAS, ["id", "name"], found)


def serving_person(person_id: UUID, *, roles: Collection[Role], day: date) -> Person:
    """The person, if active and holding one of the roles that day; otherwise BadInput names the field."""
    held = posts_on(day).filter(person_id=person_id, role__in=roles, person__is_active=True)
    post = held.select_related("person").first()
    if post is None:
        raise BadInput.at("holder", "此人今天不在可指派的岗位上")
    return post.person


def field_staff(*, day: date, community_id: int | None = None) -> list[Person]:
    """Everybody a matter can be given to that day, of the whole station or one community, by name."""
    return _serving(FIELD, day=day, community_id=community_id)


def police(*, day: date) -> list[Person]:
    """Who may stand beside another officer where the law wants two, by name."""
    return _serving(POLICE, day=day)


def _serving(roles: Collection[Role], *, day: date, community_id: int | None = None) -> list[Person]:
    held = posts_on(day).filter(role__in=roles, person__is_active=True)
    if community_id is not None:
        held = held.filter(community_id=community_id)
    return list(Person.objects.filter(posts__in=held).distinct().order_by("name"))


def posts_in_words(*, day: date, nobody: str) -> Callable[[UUID | None], str]:
    """Tells a person's post that day as it is told outside (海尾社区警长): a role and a place, never a name. Of
    several, a station-wide one first; `nobody` where no person acted. Each is looked up once, when asked for.
    """

    @cache
    def told(person_id: UUID | None) -> str:
        if person_id is None:
            return nobody
        held = list(posts_on(day).filter(person_id=person_id).select_related("community"))
        ordered = sorted(held, key=lambda post: post.role not in STATION_WIDE)
        return _words(ordered[0]) if ordered else "本所人员"

    return told


def post_words(person_id: UUID, *, community_id: int | None, at: datetime) -> str:
    """The post by which this person stands at a door: the one in that community first. Raises BadInput for
    somebody without a post that day.
    """
    held = posts_on(localtime(at).date()).filter(person_id=person_id).select_related("community")
    ordered = sorted(held, key=lambda post: (post.community_id != community_id, post.starts_on))
    if not ordered:
        raise BadInput("此人今天没有岗位")
    return _words(ordered[0])


def _words(post: Post) -> str:
    """In Chinese whatever language the page has: it goes onto papers and to residents."""
    with translation.override("zh-hans"):
        role = str(post.get_role_display())
    if post.community is None:
        return role
    return f"{short_community_name(post.community.name)}社区{role.removeprefix('社区')}"
