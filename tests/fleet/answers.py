"""What a phone fills in: answers a form or a checklist accepts, drawn where there is a choice."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

Told = dict[str, Any]

# Whatever is asked only sometimes, so that no check is refused for it.
BESIDES = {"refused_signature": True, "witness": "居委会干部", "knock_reason": "整治期间逐户检查"}


def answered(schema: Told, chance: random.Random, sheet: list[Told] | None = None) -> Told:
    """`sheet`: the checklist this act asks, whose items are all of the sort 是否."""
    given: Told = {} if sheet is None else dict(BESIDES)
    for name in schema.get("required", []):
        asked = schema["properties"][name]
        if "$ref" in asked:
            asked = schema["$defs"][asked["$ref"].rpartition("/")[2]]
        given[name] = _checked(sheet or [], chance) if is_sheet(asked) else _value(asked, schema, chance)
    return given


def asks_sheet(schema: Told) -> bool:
    return any(is_sheet(asked) for asked in schema.get("properties", {}).values())


def wants_photo(schema: Told) -> bool:
    """Photos are sent before their visit; these phones send none."""
    return any(schema["properties"][name].get("x-photos") for name in schema.get("required", []))


def is_sheet(asked: Told) -> bool:
    return bool(asked.get("x-sheet"))


def _checked(sheet: list[Told], chance: random.Random) -> Told:
    """All well, but for what nobody could look at: a finding needs a photo, and these phones send none."""
    unseen = chance.choice(sheet)["code"] if chance.random() < 0.1 else ""
    return {item["code"]: {"value": "na" if item["code"] == unseen else "yes"} for item in sheet}


def _value(asked: Told, schema: Told, chance: random.Random) -> Any:
    if "enum" in asked:
        return chance.choice(asked["enum"])
    if asked.get("type") == "array":
        items = asked["items"]
        inner = schema["$defs"][items["$ref"].rpartition("/")[2]] if "$ref" in items else items
        return [_value(inner, schema, chance)]
    if asked.get("type") == "boolean":
        return True
    if asked.get("format") == "date":
        return datetime.now(UTC).date().isoformat()
    if "anyOf" in asked:
        return "100"
    return f"四个字够长{chance.randint(0, 999)}"
