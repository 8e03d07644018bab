"""How a kind stood month by month, told from its events: what each matter's last event before the month's end said.

So a month that is past stands still, whatever happens to its matters later.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.utils.timezone import make_aware

from fengqiao.figures.computing import Window
from fengqiao.kit.problems import NotFound
from fengqiao.matters.figure import Line
from fengqiao.matters.models import Event, Matter, MatterQuerySet
from fengqiao.matters.registry import Kind
from fengqiao.matters.states import Standing
from fengqiao.people.actors import Actor


def course(
    actor: Actor, page: Kind, months: Sequence[Window], *, as_of: datetime
) -> list[tuple[Window, dict[str, int]]]:
    """The lines of a kind at the end of each month, or now; one query a month."""
    return [(month, _month(actor, page, month, as_of)) for month in months]


def course_rows(actor: Actor, page: Kind, slug: str, month: Window, *, as_of: datetime) -> MatterQuerySet:
    """The matters behind one point of a line. Raises NotFound."""
    line = next((line for line in page.course if line.slug == slug), None)
    if line is None:
        raise NotFound(f"没有“{slug}”这条线")
    return _known(actor, page, month, as_of).filter(_on(line, month, as_of))


def _month(actor: Actor, page: Kind, month: Window, as_of: datetime) -> dict[str, int]:
    on: Any = {
        f"on_{line.slug}": ExpressionWrapper(_on(line, month, as_of), BooleanField()) for line in page.course
    }
    wanted = {line.slug: Count("pk", filter=Q(**{f"on_{line.slug}": True})) for line in page.course}
    counted: dict[str, int] = _known(actor, page, month, as_of).annotate(**on).aggregate(**wanted)
    return counted


def _known(actor: Actor, page: Kind, month: Window, as_of: datetime) -> MatterQuerySet:
    """The kind's matters raised by then, with the stage each stood in."""
    end = _end(month, as_of)
    last = _events(end).order_by("-observed_at", "-id").values("stage_to")[:1]
    found: Any = Matter.objects.seen_by(actor).filter(kind=page.slug, raised_at__lt=end)
    if month.community:
        found = found.filter(community__code=month.community)
    return found.annotate(stood=Subquery(last))  # type: ignore[no-any-return]


def _on(line: Line, month: Window, as_of: datetime) -> Q:
    end = _end(month, as_of)
    if line.entered:
        begins = make_aware(datetime.combine(month.first, datetime.min.time()))
        moved = _events(end).exclude(stage_from=F("stage_to"))
        on = Q(Exists(moved.filter(observed_at__gte=begins, stage_to__in=line.entered)))
    else:
        on = Q(stood__in=line.stages)
    return on & line.also(end) if line.also else on


def _events(end: datetime) -> Any:
    """What was done; a rung of a clock moves nothing."""
    done = Event.objects.filter(matter=OuterRef("pk"), standing=Standing.DONE, observed_at__lt=end)
    return done.exclude(role="clock")


def _end(month: Window, as_of: datetime) -> datetime:
    over = datetime.combine(month.last, datetime.min.time()) + timedelta(days=1)
    return min(make_aware(over), as_of)
