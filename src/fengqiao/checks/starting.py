"""Giving a station the lists it starts with. What the station has by that slug stays as it is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

from fengqiao.checks.commands import create_list, publish
from fengqiao.checks.models import Checklist
from fengqiao.kit.sheets import Sheet

FIRST = "随系统提供的初始版本"


@dataclass(frozen=True, slots=True)
class Default:
    slug: str
    name: str
    kinds: tuple[str, ...]
    sheet: Sheet


@cache
def defaults() -> tuple[Default, ...]:
    """In the order of their files' names."""
    found = files("fengqiao.checks.defaults").iterdir()
    told = [
        json.loads(one.read_text(encoding="utf-8"))
        for one in sorted(found, key=lambda one: one.name)
        if one.name.endswith(".json")
    ]
    return tuple(
        Default(one["slug"], one["name"], tuple(one["kinds"]), Sheet.from_json(one["items"])) for one in told
    )


def ensure_lists(*, station_id: int, at: datetime) -> list[str]:
    """The slugs that were missing and now are there. A kind of place the station has given a list of its own keeps it."""
    there = list(Checklist.objects.all())
    taken = {kind for one in there if one.retired_at is None for kind in one.premises_kinds}
    missing = [one for one in defaults() if one.slug not in {known.slug for known in there}]
    for one in missing:
        free = [kind for kind in one.kinds if kind not in taken]
        made = create_list(station_id=station_id, slug=one.slug, name=one.name, kinds=free)
        publish(checklist=made, sheet=one.sheet, at=at, note=FIRST)
    return [one.slug for one in missing]
