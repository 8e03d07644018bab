"""A small station, and files as they are brought to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fengqiao.ground import importing
from fengqiao.ground.importing import Context, Report
from fengqiao.ground.models import ImportRun
from tests.station import NOON, SmallStation, small_station


@pytest.fixture
def place(db: None) -> SmallStation:
    return small_station()


Bring = Callable[..., Report]


@pytest.fixture
def tried(place: SmallStation) -> Bring:
    """Judge a file and write nothing."""

    def bring(data: bytes, name: str = "list.csv", **options: Any) -> Report:
        context = Context(place.station, NOON, name, place.actor("chief"), "所长", options)
        return importing.trial(what="checklists", data=data, context=context)[1]

    return bring


@pytest.fixture
def brought(place: SmallStation) -> Callable[..., ImportRun]:
    """Judge a file and write it."""

    def bring(data: bytes, name: str = "list.csv", **options: Any) -> ImportRun:
        context = Context(place.station, NOON, name, place.actor("chief"), "所长", options)
        run = importing.preview(what="checklists", data=data, context=context)
        return importing.commit(run_id=run.pk, context=context)

    return bring
