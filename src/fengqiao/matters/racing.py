"""Where, by the declaration alone, a matter may lie open while no clock runs: every road is walked at every level."""

from __future__ import annotations

from collections.abc import Iterator

from fengqiao.matters.registry import RAISE, Act, Kind
from fengqiao.matters.states import LoopState

# A stage, and the names of the clocks running in it.
Standing = tuple[str, frozenset[str]]


def unraced(page: Kind) -> set[str]:
    """The open stages in which on some road no clock runs. What terms and settings change is not seen here."""
    closed = {stage.slug for stage in page.stages if stage.state == LoopState.CLOSED}
    levels = [level.slug for level in page.levels] or [""]
    stood = {standing for level in levels for standing in _roads(page, level, closed)}
    return {stage for stage, running in stood if not running and stage not in closed}


def _roads(page: Kind, level: str, closed: set[str]) -> set[Standing]:
    first = page.stages[0].slug
    found = {(first, _moved(page, level, RAISE, frozenset(), "", first))}
    edge = list(found)
    while edge:
        fresh = set(_nexts(page, level, edge.pop(), closed)) - found
        found |= fresh
        edge += fresh
    return found


def _nexts(page: Kind, level: str, standing: Standing, closed: set[str]) -> Iterator[Standing]:
    stage, running = standing
    for act in page.acts:
        if not act.restores and _in_turn(act, level, stage, closed):
            for to in _leads_to(act, stage):
                yield to, frozenset() if to in closed else _moved(page, level, act.name, running, stage, to)


def _leads_to(act: Act, stage: str) -> tuple[str, ...]:
    """An act that may stay where it is done goes on to none of the stages it may stay in."""
    if stage in act.stays:
        return (stage,)
    if stage not in act.to:
        return act.to or (stage,)
    return (stage, *(to for to in act.to if to not in act.from_))


def _in_turn(act: Act, level: str, stage: str, closed: set[str]) -> bool:
    here = stage in act.from_ or (act.anywhere and stage not in closed)
    return here and (not act.levels or level in act.levels)


def _moved(page: Kind, level: str, act: str, running: frozenset[str], stage: str, to: str) -> frozenset[str]:
    """What runs after the act: what it or its stage stops ends, what it or entering its stage starts begins."""
    stopped = {clock.name for clock in page.clocks if act in clock.stops_with or to in clock.stops_in}
    started = {
        clock.name
        for clock in page.clocks
        if (level in clock.within or "" in clock.within)
        and (act in clock.starts_with or (to != stage and to in clock.starts_in))
    }
    return (running - stopped) | started
