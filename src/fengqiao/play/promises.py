"""What a play of the rounds must have kept, counted from the tables and not from what the play believes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from fengqiao.matters.knocks import MONTH, budget, knock_acts
from fengqiao.matters.service import AFAR

UNOWNED = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Broken:
    """Each must be nothing: matters nobody held for over a minute, deadlines that passed without firing, closings
    without a photo or written words, knocks beyond the month's budget without a reason."""

    unowned: int
    unfired: int
    unproven: int
    unexplained: int

    @property
    def none(self) -> bool:
        return not any(asdict(self).values())


def broken(station_id: int, played: Collection[str], *, at: datetime) -> Broken:
    """Of the matters of these kinds; runs inside `acting_for`."""
    names = list(played)
    knocked = [f"{kind}:{act}" for kind, act in knock_acts() if kind in played]
    return Broken(
        unowned=_count(_UNOWNED, {"kinds": names, "at": at, "span": UNOWNED}),
        unfired=_count(_UNFIRED, {"kinds": names, "at": at}),
        unproven=_count(_UNPROVEN, {"kinds": names}),
        unexplained=_count(
            _UNEXPLAINED,
            {"acts": knocked, "afar": list(AFAR), "month": MONTH, "most": budget(station_id)},
        ),
    )


def _count(sql: str, values: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        (counted,) = cursor.fetchone()
    return int(counted)


# Nobody holds it now, or somebody had to be found for it first, and that took longer.
_UNOWNED = """
    SELECT count(*) FROM matters_matter m WHERE m.kind = ANY(%(kinds)s) AND (
        (m.holder_id IS NULL AND coalesce(m.closed_at, %(at)s) > m.raised_at + %(span)s)
        OR (SELECT min(e.observed_at) FROM matters_event e WHERE e.matter_id = m.id AND e.act = 'place')
           > m.raised_at + %(span)s)
"""
# Stopped too late or running still, its time over, and nobody was told.
_UNFIRED = """
    SELECT count(*) FROM matters_clock c JOIN matters_matter m ON m.id = c.matter_id
    WHERE m.kind = ANY(%(kinds)s) AND c.due_at <= %(at)s
      AND (c.stopped_at IS NULL OR c.stopped_at > c.due_at) AND c.fired_at IS NULL
"""
# Closed, and no act on it left a photo, the answers of a sheet, or words somebody wrote.
_UNPROVEN = """
    SELECT count(*) FROM matters_matter m
    WHERE m.kind = ANY(%(kinds)s) AND m.closed_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM matters_event e WHERE e.matter_id = m.id AND e.role <> 'clock' AND e.stage_to <> e.stage_from
          AND e.act <> 'raise' AND (
            jsonb_path_exists(e.given, '$.photos[*]') OR jsonb_path_exists(e.given, '$.answers.*')
            OR jsonb_path_exists(e.given, '$.reason ? (@ like_regex "....")')
            OR jsonb_path_exists(e.given, '$.seen ? (@ like_regex "..")')))
"""
# A knock: one person at one place on one day. Those of the thirty days before each stand against the budget.
_UNEXPLAINED = """
    WITH knock AS (
        SELECT m.premises_id place, e.by_id, (e.observed_at AT TIME ZONE 'Asia/Shanghai')::date AS day,
               min(e.observed_at) AS at, max(length(e.given->>'knock_reason')) AS reason
        FROM matters_event e JOIN matters_matter m ON m.id = e.matter_id
        WHERE m.kind || ':' || e.act = ANY(%(acts)s) AND e.standing = 'done' AND m.premises_id IS NOT NULL
          AND coalesce(e.given->>'method', '') <> ALL(%(afar)s)
        GROUP BY 1, 2, 3)
    SELECT count(*) FROM knock k WHERE coalesce(k.reason, 0) = 0 AND %(most)s <= (
        SELECT count(*) FROM knock b WHERE b.place = k.place AND b.at < k.at AND b.at > k.at - %(month)s)
"""
