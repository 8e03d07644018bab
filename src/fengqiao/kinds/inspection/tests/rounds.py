"""Making a place, its check, and the answers of somebody at its door, in a few words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.timezone import localdate

from fengqiao.checks.queries import sheet_of
from fengqiao.ground.models import Premises
from fengqiao.kinds.inspection.models import Inspection
from fengqiao.kit.ids import uuid7
from fengqiao.matters.commands import perform, raise_owed
from fengqiao.matters.models import Matter
from tests.answering import answers_of
from tests.station import NOON, SmallStation

DAY = timedelta(days=1)


def premises(place: SmallStation, number: str, **more: Any) -> Premises:
    given: dict[str, Any] = {
        "kind": "rental_house",
        "community": place.haiwei,
        "registered_on": localdate(NOON),
    } | more
    return Premises.objects.create(
        id=uuid7(),
        station=place.station,
        number=number,
        name=f"出租屋{number}",
        address="滘口东路 1 号",
        updated_at=NOON,
        **given,
    )


def due(place: SmallStation) -> Matter:
    raise_owed(station_id=place.station.pk, at=NOON)
    return Matter.objects.get(kind="inspection", closed_at=None)


def fine(matter: Matter, photo: str = "", **said: Any) -> dict[str, Any]:
    """Every item of the pinned list as it should be, but for what is said."""
    version = Inspection.objects.get(pk=matter.pk).version_id
    assert version is not None
    return answers_of(sheet_of(version), said=said, photo=photo)


def inspect(
    place: SmallStation,
    matter: Matter,
    answers: dict[str, Any],
    *,
    at: Any = NOON,
    key: str = "k",
    **more: Any,
) -> Matter:
    given = {
        "answers": answers,
        "accompanied": "landlord",
        "refused_signature": True,
        "witness": "居委会干部",
    } | more
    perform(matter_id=matter.pk, act="inspect", given=given, by=place.actor("haiwei"), at=at, key=key)
    return Matter.objects.get(pk=matter.pk)
