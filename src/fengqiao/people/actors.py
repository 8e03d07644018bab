"""Who is acting: the person with the posts held on a day, as plain data the one writer can judge."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection
from django.db.models import Q, QuerySet

from fengqiao.people.models import Person, Post
from fengqiao.people.roles import ADMINS, STATION_WIDE, Role


@dataclass(frozen=True, slots=True)
class Actor:
    """`posts` are (role, community id or None for the whole station) held today; `opened` are the matters
    broken open to this person at the moment (people.break_glass): to be read, never to be acted on.
    `party_to`: nobody of the station, but a party to this one matter, who came by a link."""

    station_id: int
    person_id: uuid.UUID | None
    name: str
    posts: frozenset[tuple[Role, int | None]] = field(default_factory=frozenset)
    opened: frozenset[uuid.UUID] = field(default_factory=frozenset)
    party_to: uuid.UUID | None = None

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(role for role, _ in self.posts)

    @property
    def is_machine(self) -> bool:
        """The station's own clocks and intakes act without a person."""
        return self.person_id is None and self.party_to is None

    @property
    def is_admin(self) -> bool:
        return bool(self.roles & ADMINS)

    @property
    def sees_station(self) -> bool:
        return self.is_machine or bool(self.roles & STATION_WIDE)

    @property
    def community_ids(self) -> frozenset[int]:
        return frozenset(community for _, community in self.posts if community is not None)

    def roles_in(self, community_id: int | None) -> frozenset[Role]:
        """The roles that reach a matter of this community."""
        return frozenset(
            role for role, community in self.posts if community is None or community == community_id
        )

    def only_reads(self, matter_id: uuid.UUID, community_id: int | None, holder_id: uuid.UUID | None) -> bool:
        """Whether the matter is this person's to see by nothing but an emergency opening."""
        own = holder_id == self.person_id or community_id in self.community_ids
        return matter_id in self.opened and not self.sees_station and not own

    def may(self, roles: Iterable[str], community_id: int | None) -> bool:
        return bool(self.roles_in(community_id) & frozenset(roles))

    @property
    def main_role(self) -> str:
        """The role written beside an act: the first held, station-wide ones first."""
        ordered = sorted(self.roles, key=list(Role).index)
        return next((r for r in ordered if r in STATION_WIDE), ordered[0] if ordered else "machine")


def machine(station_id: int, name: str = "系统") -> Actor:
    """The station itself: clocks, intakes, jobs."""
    return Actor(station_id=station_id, person_id=None, name=name)


def party(station_id: int, matter_id: uuid.UUID) -> Actor:
    """A party to one matter: no post, no name, nothing else to see."""
    held = frozenset({(Role.PARTY, None)})
    return Actor(station_id=station_id, person_id=None, name="当事人", posts=held, party_to=matter_id)


def posts_on(day: date) -> QuerySet[Post]:
    """Posts held on a day."""
    return Post.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day, voided_at=None)


# Every request pays for it, so it is one round trip and written out. Posts and openings each leave the other's
# columns empty; without a moment nothing is open.
_HELD = """
    SELECT role, community_id, NULL::uuid FROM people_post
    WHERE person_id = %(person)s AND voided_at IS NULL AND starts_on <= %(day)s AND (ends_on IS NULL OR ends_on >= %(day)s)
    UNION ALL
    SELECT '', NULL, subject FROM people_opening
    WHERE person_id = %(person)s AND at <= %(at)s::timestamptz AND until > %(at)s::timestamptz
"""


def actor_of(*, person: Person, day: date, at: datetime | None = None) -> Actor:
    """The person as actor, with the posts of that day and what is broken open to them at that moment."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"person": person.pk, "day": day, "at": at})
        found = cursor.fetchall()
    return Actor(
        station_id=person.station_id,
        person_id=person.pk,
        name=person.name,
        posts=frozenset((Role(role), community) for role, community, subject in found if subject is None),
        opened=frozenset(subject for _role, _community, subject in found if subject is not None),
    )
