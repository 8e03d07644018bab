"""Action cards (行动卡): what to do first at a scene, in few lines, the line that says when to stop before all others."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _
from pydantic import BaseModel

CARDS = Path(__file__).resolve().parent / "cards.json"


class Step(BaseModel):
    """`record`: as it stands in the record, in Chinese whoever reads. `call`: a number this step rings, from a safe
    place."""

    code: str
    says: str
    record: str = ""
    call: str = ""


class Card(BaseModel):
    """`abort` is read before anything is done; `version` grows with every change of a line."""

    slug: str
    says: str
    record: str = ""
    version: int
    abort: str
    basis: str
    steps: list[Step]


def cards() -> list[Card]:
    """Every card, in the order they are shown, in the reader's language."""
    return [_told(card) for card in _read()]


@cache
def _read() -> list[Card]:
    return [Card.model_validate(one) for one in json.loads(CARDS.read_text(encoding="utf-8"))]


def _told(card: Card) -> Card:
    said = {name: _(getattr(card, name)) for name in ("says", "abort", "basis")}
    steps = [step.model_copy(update={"says": _(step.says), "record": step.says}) for step in card.steps]
    return card.model_copy(update={**said, "record": card.says, "steps": steps})
