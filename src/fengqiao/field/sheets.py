"""The checklists a phone needs to ask: each once, by its digest, with its conditions as trees it can read."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from fengqiao.matters.models import Matter
from fengqiao.matters.registry import Act


class SheetAsked(BaseModel):
    """Which checklist, and the answers that are known already."""

    sheet: str
    known: dict[str, Any] = {}


def sheets_of(
    matter: Matter, acts: tuple[Act, ...]
) -> tuple[dict[str, SheetAsked], dict[str, list[dict[str, Any]]]]:
    """By act the checklist it asks, and each checklist by its digest. No act of the kernel asks one by itself."""
    return {}, {}
