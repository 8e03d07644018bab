"""Who is there to act: the station's people by their posts, each at one thing at a time."""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.timezone import localtime

from fengqiao.matters.models import Matter
from fengqiao.people.actors import Actor, posts_on
from fengqiao.people.models import Person
from fengqiao.people.roles import Role

SHIFT_HOURS = 8


class Staff:
    """Read once a day of the play. Bookings are kept per person, so that nobody stands at two doors at once."""

    def __init__(self, station_id: int) -> None:
        self.station_id = station_id
        self._on: dict[date, list[Actor]] = {}
        self._busy: dict[UUID, list[tuple[datetime, datetime]]] = defaultdict(list)

    def who(self, role: Role, matter: Matter, at: datetime) -> list[Actor]:
        """Those who could do it, the first asked first: for the field the holder and then the community's
        other hands, for the desk the shift on duty and then the others."""
        serving = self._actors(localtime(at).date())
        if role is Role.OFFICER:
            return [*_holder(serving, matter), *_others(serving, matter)]
        found = [actor for actor in serving if (role, None) in actor.posts]
        if role is Role.DESK and found:
            turn = localtime(at).hour // SHIFT_HOURS % len(found)
            found = [*found[turn:], *found[:turn]]
        return found

    def desk(self, at: datetime) -> Actor:
        """Who sits at the desk. Raises LookupError for a station without one."""
        found = self.who(Role.DESK, Matter(), at)
        if not found:
            raise LookupError("本所没有值班室岗位")
        return found[0]

    def beside(self, actor: Actor, *, matter: Matter, at: datetime) -> UUID | None:
        """An officer who could come along: the nearest, somebody of another community where there is none here."""
        serving = self._actors(localtime(at).date())
        officers = [one for one in serving if Role.OFFICER in one.roles and one.person_id != actor.person_id]
        officers.sort(key=lambda one: matter.community_id not in one.community_ids)
        return officers[0].person_id if officers else None

    def free_from(self, actor: Actor, at: datetime, takes: timedelta) -> datetime:
        """The first moment from `at` on at which the actor has this long for something; at once for what takes
        no time."""
        if actor.person_id is None or not takes:
            return at
        for begins, ends in self._busy[actor.person_id]:
            if at + takes <= begins:
                break
            at = max(at, ends)
        return at

    def book(self, actor: Actor, begins: datetime, takes: timedelta) -> None:
        if takes and actor.person_id is not None:
            insort(self._busy[actor.person_id], (begins, begins + takes))

    def forget_before(self, at: datetime) -> None:
        """Bookings that are over delay nobody any more."""
        for person, held in self._busy.items():
            self._busy[person] = [booking for booking in held if booking[1] > at]

    def _actors(self, day: date) -> list[Actor]:
        if day not in self._on:
            self._on = {day: _read(self.station_id, day)} | {
                known: held for known, held in self._on.items() if abs((known - day).days) < 40
            }
        return self._on[day]


def _read(station_id: int, day: date) -> list[Actor]:
    """Everybody serving that day, by username: the order is the same in every run."""
    held: dict[UUID, set[tuple[Role, int | None]]] = defaultdict(set)
    for person, role, community in posts_on(day).values_list("person_id", "role", "community_id"):
        held[person].add((Role(role), community))
    people = Person.objects.filter(pk__in=held, is_active=True).order_by("username")
    found = [
        Actor(station_id=station_id, person_id=one.pk, name=one.name, posts=frozenset(held[one.pk]))
        for one in people
    ]
    return [actor for actor in found if not actor.is_admin]


def _holder(serving: Iterable[Actor], matter: Matter) -> list[Actor]:
    return [actor for actor in serving if actor.person_id == matter.holder_id]


def _others(serving: Iterable[Actor], matter: Matter) -> list[Actor]:
    hands = {(role, matter.community_id) for role in (Role.OFFICER, Role.AUXILIARY)}
    return [actor for actor in serving if actor.posts & hands and actor.person_id != matter.holder_id]
