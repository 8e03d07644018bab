"""The community a cell means, by code or by any of the ways people write its name."""

from __future__ import annotations

from fengqiao.ground.gazetteer import Gazetteer
from fengqiao.ground.importing.shape import Given
from fengqiao.ground.models import Community


def meant(given: Given, known: Gazetteer, *, column: str = "community") -> Community | None:
    """None, with the fault noted, where the station has no such community or more than one."""
    text = given.text(column)
    found = [known.by_code[text]] if text in known.by_code else _named(known, text)
    if len(found) == 1:
        return found[0]
    if found:
        names = "、".join(f"{c.name}({c.code})" for c in found)
        given.fault(column, f"“{text}”不止一个，请改填代码：{names}")
    else:
        given.fault(column, f"本所没有社区“{text[:30]}”")
    return None


def _named(known: Gazetteer, text: str) -> list[Community]:
    pks = known.names.get(text) or known.bare.get(text) or set()
    return [known.communities[pk] for pk in sorted(pks)]
