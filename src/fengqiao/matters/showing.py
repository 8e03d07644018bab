"""A plain column of a kind's own, in the words a page shows."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from fengqiao.kit.money import yuan


def in_words(detail: models.Model, field: Any) -> str:
    """Empty where there is nothing to tell."""
    value = getattr(detail, field.attname)
    if hasattr(detail, f"{field.attname}_says"):
        return str(getattr(detail, f"{field.attname}_says")())
    if field.choices:
        return str(_(dict(field.choices).get(value, ""))) if value else ""
    if isinstance(value, bool):
        return str(_("是")) if value else ""
    if isinstance(value, datetime):
        return f"{localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if value is None or value == 0:
        return ""
    return yuan(value) if isinstance(value, Decimal) else str(value)
