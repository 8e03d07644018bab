"""When a photo ends that no act has used: seven days after it came. The others end with their matter's words
(`commands.forget`, called where a matter's key is destroyed)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Model, QuerySet

from fengqiao.evidence.commands import drop_unused
from fengqiao.evidence.models import PICTURE, Photo
from fengqiao.store.declare import Data, Life
from fengqiao.store.lives import KEY_DESTROYED, Gone, Runner

UNUSED = Life("上传未用", 7)


def _past(at: datetime) -> QuerySet[Photo]:
    assert UNUSED.days is not None
    return Photo.objects.filter(subject=None, received_at__lte=at - timedelta(days=UNUSED.days))


def _covers(model: type[Model], said: Data) -> bool:
    """No column's day is kept here: a photo in use ends with its matter."""
    return False


def _due(at: datetime) -> list[Gone]:
    return _gone(_past(at).count())


def _end(at: datetime, limit: int) -> list[Gone]:
    batch = _past(at).order_by("received_at").select_for_update(skip_locked=True, of=("self",))
    return _gone(drop_unused([*batch.values_list("pk", "vault_id")[:limit]], at=at))


def _gone(count: int) -> list[Gone]:
    says = "未用于任何事项的照片"
    return [Gone("evidence_photo", says, PICTURE.basis, str(UNUSED), KEY_DESTROYED, count)] if count else []


RUNNER = Runner("evidence:unused", _covers, _due, _end)
