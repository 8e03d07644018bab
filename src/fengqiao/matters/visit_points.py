"""The point of a visit: given on the officer's tap, told as a distance from the place, ended on its day.

It shows that somebody was there. Nothing lists points, draws them, or asks where a person was.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils.translation import gettext as _

from fengqiao.kit.geometry import distance_m
from fengqiao.kit.ids import uuid7
from fengqiao.kit.inputs import Input, asks
from fengqiao.matters.keeping import holding
from fengqiao.matters.models import Event, Matter, Visit
from fengqiao.matters.visit import POINT
from fengqiao.store.declare import Data
from fengqiao.store.lives import KEY_DESTROYED, Gone, Runner
from fengqiao.store.secrets import Secret
from fengqiao.store.vault import Key, Unreadable


class Point(Input):
    """WGS-84 degrees; `accuracy` in metres, as the device says it."""

    lon: float = asks("经度", ge=-180, le=180, allow_inf_nan=False)
    lat: float = asks("纬度", ge=-90, le=90, allow_inf_nan=False)
    accuracy: float | None = asks("定位精度(米)", default=None, ge=0, le=1e7, allow_inf_nan=False)


def seal_point(visit: Visit, point: Point | None) -> None:
    """Put the point, if one was said, on a visit that is not saved yet, under a key made for it."""
    if point is None:
        return
    key = Key.fresh(subject=uuid7(), station_id=visit.station_id)
    key.save(force_insert=True)
    visit.vault, visit.point = key, Secret.of(point.model_dump_json())
    visit.point.seal(key, "point")


def said_at(matter: Matter, events: Iterable[Event]) -> dict[int, str]:
    """How far from the place each visit was, by the id of its first event among these."""
    first = dict[UUID, int]()
    for event in events:
        if event.visit_id is not None:
            first.setdefault(event.visit_id, event.pk)
    held = Visit.objects.filter(pk__in=first, point__isnull=False).select_related("vault", "premises")
    return {first[visit.pk]: says for visit in held if (says := _said(visit, matter))} if first else {}


def _said(visit: Visit, matter: Matter) -> str:
    point, place = _opened(visit), visit.premises or matter.premises
    if point is None:
        return ""
    error = _("，误差 {:,.0f} 米").format(point.accuracy) if point.accuracy is not None else ""
    if place is None or place.lon is None or place.lat is None:
        return _("到场时已定位") + error
    away = distance_m((point.lon, point.lat), (place.lon, place.lat))
    return _("离场所 {:,.0f} 米").format(away) + error


def _opened(visit: Visit) -> Point | None:
    """None once it has ended."""
    if visit.vault is None:
        return None
    try:
        return Point.model_validate_json(visit.point.open(visit.vault, "point"))
    except Unreadable:
        return None


def forget_points(matters: Iterable[UUID], *, at: datetime) -> int:
    """End the points of the visits that carried something for matters whose words end."""
    of_them = Event.objects.filter(matter__in=list(matters), visit__isnull=False).values("visit")
    return _end(Visit.objects.filter(pk__in=of_them, point__isnull=False), at)


def _end(found: QuerySet[Visit], at: datetime) -> int:
    rows = dict(found.values_list("pk", "vault_id"))
    Key.objects.filter(pk__in=rows.values()).update(wrapped=None, destroyed_at=at)
    Visit.objects.filter(pk__in=rows).update(point=None)
    return len(rows)


def _past(at: datetime) -> QuerySet[Visit]:
    assert POINT.life.days is not None
    return Visit.objects.filter(point__isnull=False, observed_at__lte=at - timedelta(days=POINT.life.days))


def _unheld(found: QuerySet[Visit], at: datetime) -> QuerySet[Visit]:
    """Those that carried nothing for a matter a legal hold keeps."""
    kept = Event.objects.filter(matter__in=holding(at=at).values("matter"), visit=OuterRef("pk"))
    return found.filter(~Exists(kept))


def _due_points(at: datetime) -> list[Gone]:
    past = _past(at)
    count = _unheld(past, at).count()
    return _gone(count, held=past.count() - count)


def _end_points(at: datetime, limit: int) -> list[Gone]:
    batch = _unheld(_past(at), at).order_by("observed_at").select_for_update(skip_locked=True, of=("self",))
    return _gone(_end(Visit.objects.filter(pk__in=[*batch.values_list("pk", flat=True)[:limit]]), at))


def _gone(count: int, *, held: int = 0) -> list[Gone]:
    if not count and not held:
        return []
    what = "matters_visit(point)"
    return [Gone(what, "走访定位", POINT.basis, str(POINT.life), KEY_DESTROYED, count, held)]


def _covers(model: type[Model], said: Data) -> bool:
    return model is Visit and said == POINT


POINTS = Runner("matters:visit_points", _covers, _due_points, _end_points)
