"""When this room's personal data ends: a voided place's contact, the rows of an imported file."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Model

from fengqiao.ground.importing import past_their_day, purge
from fengqiao.ground.models import UPLOADED, ImportPart, ImportRun, Premises
from fengqiao.store.declare import Data
from fengqiao.store.lives import KEY_DESTROYED, Dated, Gone, Runner


def _covers(model: type[Model], said: Data) -> bool:
    return model in (ImportRun, ImportPart) and said == UPLOADED


def _due(at: datetime) -> list[Gone]:
    return _gone(past_their_day(at=at).count())


def _end(at: datetime, limit: int) -> list[Gone]:
    return _gone(purge(at=at, limit=limit))


def _gone(count: int) -> list[Gone]:
    says, basis, life = UPLOADED.purpose, UPLOADED.basis, str(UPLOADED.life)
    return [Gone("ground_importpart(content)", says, basis, life, KEY_DESTROYED, count)] if count else []


RUNNERS = (
    # A contact that is replaced is overwritten at once; what is left is the one of a place given up.
    Dated(Premises, "更换", "voided_at").runner(),
    Runner("ground_importrun:content", _covers, _due, _end),
)
