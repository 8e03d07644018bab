"""What an act asks on the phone, in the reader's language: declarations speak Chinese, a kind's catalogue the other
languages. What only the desk is asked is left out."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from fengqiao.kit.inputs import Input, json_schema

# Where a schema says something to a person: texts, and words by value.
TEXTS = ("title", "description", "says")
WORDS = "x-says"
DESK_ONLY = "x-desk-only"


@cache
def asked_in(asks: type[Input], language: str | None) -> dict[str, Any]:
    """The schema in the language that is active now, which `language` names. Shared: not to be changed."""
    found: dict[str, Any] = _told(json_schema(asks))
    return found


def _told(part: Any) -> Any:
    if isinstance(part, dict):
        return {name: _value(name, value) for name, value in part.items()}
    return [_told(one) for one in part] if isinstance(part, list | tuple) else part


def _value(name: str, value: Any) -> Any:
    if name in TEXTS and isinstance(value, str):
        return _(value) if value else value
    if name == WORDS:
        return {choice: _(says) for choice, says in value.items()}
    if name == "properties":
        return {field: _told(asked) for field, asked in value.items() if not asked.get(DESK_ONLY)}
    return _told(value)
