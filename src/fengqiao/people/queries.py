"""Accounts as the security administrator sees them: who, which posts, since when; no business data."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from fengqiao.kit.problems import NotFound
from fengqiao.kit.text import normalise
from fengqiao.people.actors import posts_on
from fengqiao.people.models import ApiToken, Person, Phone, Post
from fengqiao.people.roles import SERVING, STATION_WIDE, Role


def accounts(*, day: date, text: str = "", role: str = "", standing: str = "") -> QuerySet[Person]:
    """By name; `standing` active, left or vacant (no post that day). Each carries its `serving` posts."""
    held = posts_on(day).filter(person=OuterRef("pk"))
    found = Person.objects.prefetch_related(_serving(day))
    if words := normalise(text):
        found = found.filter(
            Q(name__icontains=words) | Q(username__icontains=words) | Q(phone__startswith=words)
        )
    if role:
        found = found.filter(Exists(held.filter(role=role)))
    if standing == "vacant":
        found = found.filter(~Exists(held), is_active=True)
    elif standing:
        found = found.filter(is_active=standing == "active")
    return found.order_by("-is_active", "name", "pk")


def account(person_id: UUID) -> Person:
    """Raises NotFound, for another station's account too."""
    person = Person.objects.select_related("station").filter(pk=person_id).first()
    if person is None:
        raise NotFound
    return person


def posts_of(person: Person) -> QuerySet[Post]:
    """All posts ever, the latest first; voided ones too."""
    return Post.objects.filter(person=person).select_related("community").order_by("-starts_on", "-pk")


def post(post_id: int) -> Post:
    """Raises NotFound."""
    found = Post.objects.select_related("person", "community").filter(pk=post_id, voided_at=None).first()
    if found is None:
        raise NotFound
    return found


def tokens_of(person: Person) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(person=person).order_by("-created_at")


def phones_of(person: Person) -> QuerySet[Phone]:
    """Those in use and those still to be wiped first, then the wiped ones."""
    return Phone.objects.filter(person=person).order_by("-wiped_at", "-enrolled_at")


def phones(*, text: str = "") -> QuerySet[Phone]:
    """Every phone of the station, the last enrolled first; `text` finds its person or its name."""
    found = Phone.objects.select_related("person", "enrolled_by").order_by("-enrolled_at")
    words = normalise(text)
    return found.filter(Q(person__name__icontains=words) | Q(name__icontains=words)) if words else found


def phone_holders(*, day: date) -> list[Person]:
    """Whoever serves that day and can sign in."""
    held = posts_on(day).filter(person=OuterRef("pk"), role__in=SERVING)
    return list(Person.objects.filter(Exists(held), is_active=True, username__isnull=False).order_by("name"))


def relieving(*, day: date, besides: UUID) -> list[Person]:
    """Who can take the desk over that day: the desk's own people first, then the chiefs."""
    held = posts_on(day).filter(person=OuterRef("pk"))
    found = Person.objects.annotate(at_desk=Exists(held.filter(role=Role.DESK)))
    able = found.filter(Exists(held.filter(role__in=STATION_WIDE)), is_active=True).exclude(pk=besides)
    return list(able.order_by("-at_desk", "username"))


def _serving(day: date) -> Prefetch[Any]:
    return Prefetch("posts", posts_on(day).select_related("community"), to_attr="serving")
