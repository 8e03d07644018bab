"""When staff data ends: a year after leaving a name is no longer needed beside what was done.

The rows stay, because events point to them; who it was is gone. Looks older than their life are deleted by
a function of the database that can delete no younger one, as the application may not delete any.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Model

from fengqiao.people.models import ApiToken, Enrolment, Look, Person, Phone, Post
from fengqiao.store.declare import LOG, Data
from fengqiao.store.lives import DELETED, Dated, Gone, Runner

LEFT = "离任"
NAMELESS = "已离任人员"


def _covers(model: type[Model], said: Data) -> bool:
    return model is Look and said == LOG


def _due(at: datetime) -> list[Gone]:
    assert LOG.life.days is not None
    return _gone(Look.objects.filter(at__lt=at - timedelta(days=LOG.life.days)).count())


def _end(at: datetime, limit: int) -> list[Gone]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_forget_looks(%s, %s)", [at, limit])
        (count,) = cursor.fetchone()
    return _gone(count)


def _gone(count: int) -> list[Gone]:
    return [Gone("people_look", LOG.purpose, LOG.basis, str(LOG.life), DELETED, count)] if count else []


RUNNERS = (
    Dated(Person, LEFT, "left_at", words={"name": NAMELESS}).runner(),
    Dated(Post, LEFT, "person__left_at").runner(),
    Dated(ApiToken, LEFT, "person__left_at", whole=True).runner(),
    Dated(Phone, LEFT, "person__left_at", whole=True).runner(),
    Dated(Enrolment, LEFT, "person__left_at", whole=True).runner(),
    Runner("people_look", _covers, _due, _end),
)
