"""Migration operations that put the station's wall around a table.

`Wall` turns on FORCE ROW LEVEL SECURITY with the station policy, and replaces single-column foreign
keys by (station, id) ones, so that a row cannot point into another station even by mistake: the
database's own foreign-key check does not look through row-level security.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import migrations

# A sub-select makes the planner read the setting once per query and keeps the index usable.
STATION = "station_id = (SELECT nullif(current_setting('app.station', true), '')::bigint)"


def wall(
    table: str,
    *,
    refs: Mapping[str, str] | None = None,
    target: bool = False,
    knock: str = "",
) -> list[Any]:
    """The operations for one table.

    refs: column -> table it points to (both carry station_id). target: other tables may point here, so
    (station_id, id) is made unique. knock: an extra USING condition for rows needed before the station
    is known.
    """
    using = f"({STATION}) OR ({knock})" if knock else STATION
    operations = [
        _sql(
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
        ),
        _sql(
            f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY',
        ),
        _sql(
            f'CREATE POLICY station ON "{table}" USING ({using}) WITH CHECK ({STATION})',
            f'DROP POLICY station ON "{table}"',
        ),
    ]
    if target:
        operations += pointed_at(table)
    return operations + pointing(table, refs or {})


def pointed_at(table: str) -> list[Any]:
    """Other tables may point here: (station_id, id) is made unique."""
    return [
        _sql(
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_station_uniq" UNIQUE (station_id, id)',
            f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_station_uniq"',
        )
    ]


def pointing(table: str, refs: Mapping[str, str]) -> list[Any]:
    """Foreign keys of (station, column) for columns a table has, or has been given since."""
    return [
        _sql(
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_{column}_wall" FOREIGN KEY (station_id, "{column}") '
            f'REFERENCES "{other}" (station_id, id)',
            f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_{column}_wall"',
        )
        for column, other in refs.items()
    ]


def through_the_wall(statement: str, *tables: str) -> list[Any]:
    """A statement on the rows of every station: the wall is forced on the owner too, and lifted for it alone."""
    lifted = [f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY' for table in tables]
    forced = [f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY' for table in tables]
    # Deferred checks of earlier statements must be through before a table can be altered.
    checked = "SET CONSTRAINTS ALL IMMEDIATE"
    return [_sql(line, migrations.RunSQL.noop) for line in [*lifted, statement, checked, *forced]]


def _sql(forward: str, back: str) -> migrations.RunSQL:
    return migrations.RunSQL(forward, back)
