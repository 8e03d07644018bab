"""The pictures of the play: drawn by code, each saying that it is one. No camera took them.

A sample puts a `Picture` among its answers where somebody would send a photo; here it becomes one, kept for whoever
acts. The same words are drawn once, so that a year of them costs little.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from fengqiao.evidence.commands import PhotoGiven, keep_drawn
from fengqiao.evidence.drawing import Drawn, draw
from fengqiao.people.actors import Actor
from fengqiao.play.playbook import Answers, Picture

SIZE = (320, 240)
MEDIA = "image/png"


@dataclass(frozen=True, slots=True)
class _Made:
    content: bytes
    drawn: Drawn


def with_pictures(given: Answers, *, by: Actor, at: datetime, mark: str) -> Answers:
    """The answers with photos for their pictures, wherever they stand; the same `mark` gives the same ids."""
    return {name: _without(value, by, at, f"{mark}|{name}") for name, value in given.items()}


def _without(value: Any, by: Actor, at: datetime, mark: str) -> Any:
    if isinstance(value, Picture):
        return _sent(value, by, at, mark)
    if isinstance(value, list):
        return [_without(one, by, at, f"{mark}|{place}") for place, one in enumerate(value)]
    return with_pictures(value, by=by, at=at, mark=mark) if isinstance(value, dict) else value


def _sent(picture: Picture, by: Actor, at: datetime, mark: str) -> str:
    made = _made(picture)
    given = PhotoGiven(id=uuid5(NAMESPACE_OID, f"play|{by.station_id}|{mark}"), taken_at=at)
    kept = keep_drawn(given=given, drawn=made.drawn, content=made.content, media=MEDIA, by=by)
    return str(kept.photo.pk)


@lru_cache(maxsize=64)
def _made(picture: Picture) -> _Made:
    content = _drawn_by_code(picture)
    return _Made(content, draw(content, MEDIA))


def _drawn_by_code(picture: Picture) -> bytes:
    """A wall, a floor, what is in the way or is not, and the words that it is the play's."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415 slow import
    from pylopdf_fonts_zh_cn import serif_path  # noqa: PLC0415 slow import

    image = Image.new("RGB", SIZE, "#d8d2c4")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 170, *SIZE), fill="#8f8778")
    pen.rectangle((200, 40, 270, 170), fill="#5b6b5d" if picture.mended else "#4b4a48")
    if not picture.mended:
        pen.rectangle((120, 120, 220, 200), fill="#b04a2f")
        pen.rectangle((150, 90, 190, 120), fill="#7d3522")
    words = ImageFont.truetype(serif_path(), 22)
    pen.text((12, 10), "演示图片", font=words, fill="#333")
    pen.text((12, 206), picture.says[:13], font=words, fill="white")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
