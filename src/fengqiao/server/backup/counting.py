"""What a database holds, in figures: rows and a checksum of every table, whatever their order."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import Connection, sql

from fengqiao.store.keys_apart import LEFT_OUT

# How a row is written as text must not depend on the session that asks.
AS_EVERYWHERE = (
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
)
# The sum over the rows' digests does not know their order, and a doubled row changes it.
COUNT = sql.SQL(
    "SELECT count(*), coalesce(sum(('x' || encode(substring(sha256(convert_to(held::text, 'UTF8'))"
    " FROM 1 FOR 8), 'hex'))::bit(64)::bigint::numeric), 0)::text FROM public.{} AS held"
)


@dataclass(frozen=True)
class Held:
    rows: int
    checksum: str


def count(connection: Connection) -> dict[str, Held]:
    """Every table a backup holds, inside the connection's transaction; keys are copied apart from it."""
    for statement in AS_EVERYWHERE:
        connection.execute(statement)
    found = {}
    for table in tables(connection):
        if f"public.{table}" == LEFT_OUT:
            continue
        row = connection.execute(COUNT.format(sql.Identifier(table))).fetchone()
        assert row is not None
        found[table] = Held(*row)
    return found


def tables(connection: Connection) -> list[str]:
    rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return [name for (name,) in rows]


def holds_a_station(connection: Connection) -> bool:
    if "ground_station" not in tables(connection):
        return False
    row = connection.execute("SELECT EXISTS (SELECT FROM public.ground_station)").fetchone()
    return bool(row and row[0])


def migrations(connection: Connection) -> list[str]:
    """`app.name` of every migration the database has seen."""
    rows = connection.execute("SELECT app || '.' || name FROM public.django_migrations ORDER BY 1")
    return [name for (name,) in rows]


def differences(before: dict[str, Held], after: dict[str, Held]) -> list[str]:
    """One sentence a table that is not what it was."""
    found = []
    for table in sorted(before.keys() | after.keys()):
        was, now = before.get(table), after.get(table)
        if was != now:
            told = [f"{held.rows} 行" if held else "没有" for held in (was, now)]
            found.append(f"{table}：备份时 {told[0]}，现在 {told[1]}，内容不同")
    return found
