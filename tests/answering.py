"""A checklist answered as somebody at the door would: what is asked, in order, all well but for what is said to be bad."""

from __future__ import annotations

from functools import cache
from typing import Any

from fengqiao.evidence.commands import PhotoGiven, keep_drawn
from fengqiao.evidence.drawing import Drawn, draw
from fengqiao.kit.ids import uuid7
from fengqiao.kit.inputs import validate
from fengqiao.kit.sheets import Item, ItemType, Sheet, relevant_codes
from tests import pictures
from tests.station import SmallStation

PLENTY = 5


def answers_of(sheet: Sheet, *, said: dict[str, Any] | None = None, photo: str = "") -> dict[str, Any]:
    """`said` are the answers that are not simply good (code -> value); a finding gets the photo."""
    found: dict[str, Any] = {}
    for item in sheet:
        if item.code not in relevant_codes(sheet, found) or item.type is ItemType.PHOTO:
            continue
        value = (said or {}).get(item.code, _good(item))
        found[item.code] = {"value": value, "spot": "二楼楼梯口"}
        if photo and item.seeks and item.code in (said or {}):
            found[item.code]["photos"] = [photo]
    return found


def _good(item: Item) -> Any:
    if item.type in (ItemType.NUMBER, ItemType.MEASURE):
        return PLENTY
    first = item.good[0] if item.good else "no" if item.type is ItemType.YES_NO_NA else item.options[-1][0]
    return [first] if item.type is ItemType.CHOICES else first


def a_photo(place: SmallStation, who: str = "haiwei") -> str:
    """One just taken, not yet used. All show the same, which is drawn once."""
    content = pictures.jpeg()
    given, by = validate(PhotoGiven, {"id": uuid7()}), place.actor(who)
    kept = keep_drawn(given=given, drawn=_drawn(content), content=content, media="image/jpeg", by=by)
    return str(kept.photo.pk)


@cache
def _drawn(content: bytes) -> Drawn:
    return draw(content, "image/jpeg")
