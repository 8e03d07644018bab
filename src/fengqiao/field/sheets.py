"""The checklists a phone needs to ask: each once, by its digest, with its conditions as trees it can read."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from fengqiao.kit.sheets import Sheet, parse
from fengqiao.matters.commands.performing import in_turn
from fengqiao.matters.models import Matter
from fengqiao.matters.registry import Act

Items = list[dict[str, Any]]


class SheetAsked(BaseModel):
    """Which checklist, and the answers that are known already."""

    sheet: str
    known: dict[str, Any] = {}


def sheets_of(matter: Matter, acts: tuple[Act, ...]) -> tuple[dict[str, SheetAsked], dict[str, Items]]:
    """By act the checklist it asks on this matter now, and each of these checklists by its digest."""
    asked: dict[str, SheetAsked] = {}
    sheets: dict[str, Items] = {}
    for act in acts:
        if act.sheet is not None and in_turn(act, matter):
            sheet, known = act.sheet(matter)
            mark = sheet.digest[:16]
            asked[act.name] = SheetAsked(sheet=mark, known=dict(known))
            sheets[mark] = _items(sheet)
    return asked, sheets


def _items(sheet: Sheet) -> Items:
    return [item.to_json() | ({"tree": parse(item.relevant).tree} if item.relevant else {}) for item in sheet]
