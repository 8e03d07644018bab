"""The map of one matter that is about many places: which, and which of them are done."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Case, Value, When
from django.http import HttpRequest

from fengqiao.ground.seeing import PremisesQuerySet
from fengqiao.kit.problems import NotFound
from fengqiao.matters.models import Matter
from fengqiao.matters.queries import one
from fengqiao.matters.registry import kind
from fengqiao.people.doors import actor

# In the places of the grades, whose shapes and tones they take: none, red, yellow (to do), green (done).
MARKS = ["", "-", "todo", "done"]
MARK = Case(When(done=True, then=Value("done")), default=Value("todo"))


def scoped(request: HttpRequest) -> Matter | None:
    """The matter whose places are asked for by `?matter=`, if one is. Raises NotFound for one that is not the
    caller's to see, or is not about many places."""
    asked = request.GET.get("matter", "")
    if not asked:
        return None
    try:
        found = one(actor(request), UUID(asked))
    except ValueError:
        raise NotFound from None
    if kind(found.kind).scope is None:
        raise NotFound
    return found


def places_of(matter: Matter) -> PremisesQuerySet:
    """The places such a matter is about."""
    scope = kind(matter.kind).scope
    assert scope is not None
    return scope(matter)
