"""The number people say of a matter."""

from __future__ import annotations

from django.utils.timezone import localtime

from fengqiao.matters.models import Matter
from fengqiao.matters.registry import kind


def number(matter: Matter) -> str:
    """The number people say: kind's prefix, year and serial (YJ2022-000042)."""
    return f"{kind(matter.kind).prefix}{localtime(matter.raised_at):%Y}-{matter.serial:06d}"
