"""Pages by cursor: newest first, stable while new rows arrive."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from fengqiao.kit.problems import BadInput
from fengqiao.matters.models import Matter, MatterQuerySet


def after(found: MatterQuerySet, cursor: str) -> MatterQuerySet:
    """The rows behind the cursor; raises BadInput for a cursor this program did not give."""
    found = found.order_by("-raised_at", "-id")
    if not cursor:
        return found
    at, last = _read(cursor)
    return found.filter(Q(raised_at__lt=at) | Q(raised_at=at, id__lt=last))


def cursor_behind(matter: Matter) -> str:
    return base64.urlsafe_b64encode(f"{matter.raised_at.isoformat()}|{matter.pk}".encode()).decode()


def _read(cursor: str) -> tuple[datetime, UUID]:
    try:
        at, _, last = base64.urlsafe_b64decode(cursor.encode()).decode().partition("|")
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError
        return moment, UUID(last)
    except (ValueError, binascii.Error, UnicodeError):
        raise BadInput.at("cursor", "游标无效，请从头开始") from None
