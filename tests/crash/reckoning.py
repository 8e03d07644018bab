"""What the database holds after the run, against what the doors had acknowledged; nothing here is believed
because a door says it."""

from __future__ import annotations

import statistics
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from psycopg import Connection

from tests.crash.chaos import Blow
from tests.crash.load import Ledger

# Rungs that fall due this shortly before the reckoning may still be on their way.
UNDER_WAY = "10 seconds"
# An event bears the start of its transaction, which lies before the moment the scanner asked for.
SAME_MOMENT = "100 milliseconds"

TORN = """
SELECT count(*) FROM matters_matter m
WHERE NOT EXISTS (SELECT FROM matters_event e WHERE e.matter_id = m.id AND e.act = 'raise')
   OR (m.kind = 'fraud_alert' AND NOT EXISTS (SELECT FROM fraud_alert_fraudalert d WHERE d.matter_id = m.id))
   OR NOT EXISTS (SELECT FROM matters_clock c WHERE c.matter_id = m.id)
   OR NOT EXISTS (SELECT FROM store_key k WHERE k.id = m.vault_id AND k.wrapped IS NOT NULL)
   OR m.version <> 1 + (SELECT count(*) FROM matters_event e
        WHERE e.matter_id = m.id AND e.role <> 'clock' AND e.act <> 'raise')
"""
DOUBLED = """
SELECT (SELECT count(*) FROM (SELECT FROM matters_matter WHERE reference <> ''
          GROUP BY reference HAVING count(*) > 1) AS twice)
     + (SELECT count(*) FROM (SELECT FROM matters_event GROUP BY station_id, key HAVING count(*) > 1) AS twice)
     + (SELECT count(*) FROM (SELECT FROM matters_event WHERE act = 'raise'
          GROUP BY matter_id HAVING count(*) > 1) AS twice)
"""
RUNGS = """
WITH rung AS (
  SELECT c.id, c.matter_id, c.name, n, c.starts_at + (c.due_at - c.starts_at) * share AS due
  FROM matters_clock c, (VALUES (1, 0.5), (2, 0.8), (3, 1.0), (4, 2.0)) AS r (n, share)
  WHERE c.stopped_at IS NULL
), fired AS (
  SELECT r.*, (SELECT count(*) FROM matters_event e WHERE e.matter_id = r.matter_id
               AND e.act = 'clock:' || r.name || ':' || r.n) AS times
  FROM rung r
)
"""
MISSED = (
    RUNGS + f"SELECT count(*) FROM fired WHERE times = 0 AND due < clock_timestamp() - interval '{UNDER_WAY}'"
)
TWICE = RUNGS + "SELECT count(*) FROM fired WHERE times > 1"
EARLY = f"""
SELECT count(*) FROM matters_event
WHERE role = 'clock' AND recorded_at < observed_at - interval '{SAME_MOMENT}'
"""
LATENESS = """
SELECT extract(epoch FROM e.recorded_at - greatest(e.observed_at, raised.recorded_at))::float8
FROM matters_event e JOIN matters_event raised ON raised.matter_id = e.matter_id AND raised.act = 'raise'
WHERE e.role = 'clock'
"""


@dataclass(frozen=True)
class Figures:
    """One run in figures; seconds where a name says so."""

    offered: int
    acknowledged: int
    kills: int
    pauses: int
    lost: int
    doubled: int
    torn: int
    stuck: int
    replayed: int
    replays_wrong: int
    clocks_fired: int
    clocks_missed: int
    clocks_twice: int
    clocks_early: int
    lateness_p95_s: float
    lateness_max_s: float
    recovery_p95_s: float
    recovery_max_s: float
    looks: int
    looks_unlogged: int

    def breaches(self) -> dict[str, int]:
        """What must be nothing and is something."""
        zero = ("lost", "doubled", "torn", "stuck", "replays_wrong", "clocks_missed", "clocks_twice")
        found = {name: getattr(self, name) for name in (*zero, "clocks_early", "looks_unlogged")}
        return {name: count for name, count in found.items() if count}


def reckon(held: Connection, ledger: Ledger, blows: list[Blow], replayed: int) -> Figures:
    lateness = sorted(row[0] for row in held.execute(LATENESS).fetchall()) or [0.0]
    recovery = sorted(recoveries(ledger.good, blows)) or [0.0]
    return Figures(
        offered=sum(ledger.answers.values()),
        acknowledged=len(ledger.told),
        kills=sum(not blow.paused for blow in blows),
        pauses=sum(blow.paused for blow in blows),
        lost=lost(held, ledger),
        doubled=one(held, DOUBLED),
        torn=one(held, TORN),
        stuck=stuck(held) + len(ledger.unanswered),
        replayed=replayed,
        replays_wrong=len(ledger.wrong),
        clocks_fired=len(lateness),
        clocks_missed=one(held, MISSED),
        clocks_twice=one(held, TWICE),
        clocks_early=one(held, EARLY),
        lateness_p95_s=share(lateness, 0.95),
        lateness_max_s=lateness[-1],
        recovery_p95_s=share(recovery, 0.95),
        recovery_max_s=recovery[-1],
        looks=len(ledger.looked),
        looks_unlogged=unlogged(held, ledger.looked),
    )


def lost(held: Connection, ledger: Ledger) -> int:
    """Acknowledged keys without their event at the matter that was named in the answer."""
    rows = held.execute("SELECT key, matter_id::text FROM matters_event WHERE role <> 'clock'").fetchall()
    kept = dict(rows)
    return sum(kept.get(key) != matter for key, matter in ledger.told.items())


def unlogged(held: Connection, looked: set[str]) -> int:
    """Each look had a reason of its own: one that was answered must stand in the log."""
    logged = {reason for (reason,) in held.execute("SELECT reason FROM people_look").fetchall()}
    return len(looked - logged)


def stuck(held: Connection) -> int:
    """Matters nobody can lock any more, now that nobody works."""
    free = held.execute("SELECT count(*) FROM (SELECT FROM matters_matter FOR UPDATE SKIP LOCKED) AS free")
    row = free.fetchone()
    held.rollback()
    return one(held, "SELECT count(*) FROM matters_matter") - (row[0] if row else 0)


def recoveries(good: list[tuple[float, float]], blows: list[Blow]) -> Iterable[float]:
    """From a kill of web or database to the end of the first good answer to a request begun after it."""
    by_begin = sorted(good)
    begins = [began for began, _ended in by_begin]
    for blow in blows:
        place = bisect_left(begins, blow.at)
        if not blow.paused and blow.victim != "worker" and place < len(begins):
            yield min(ended for _began, ended in by_begin[place : place + 200]) - blow.at


def share(ordered: list[float], part: float) -> float:
    if len(ordered) < 2:
        return ordered[0]
    return statistics.quantiles(ordered, n=100, method="inclusive")[round(part * 100) - 1]


def one(held: Connection, question: str) -> int:
    row: tuple[Any, ...] | None = held.execute(question).fetchone()
    return int(row[0]) if row else 0
