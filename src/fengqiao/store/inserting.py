"""New rows of several tables in one statement, compiled once for each combination of tables.

An intake writes five rows that belong together. Sent one by one they cost five round trips, and the ORM builds
the same five statements anew for every intake: half of what an intake costs. Everything a column does to its value
(sealing check, JSON, time zone) is still the column's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import AutoField, Field, Model
from psycopg import _queries

# A statement of more values than this psycopg reads anew each time, which is a tenth of an intake. Its limit is 50, and
# an intake has about ninety.
_queries.MAX_CACHED_STATEMENT_PARAMS = 200
Columns = tuple["Field[Any, Any]", ...]


def insert(rows: Sequence[Model]) -> None:
    """Insert the rows in one statement, in their order; what the database filled in stands in them afterwards."""
    sql, written, told = _compiled(tuple(type(row) for row in rows))
    database = connections[DEFAULT_DB_ALIAS]
    values = [
        field.get_db_prep_save(field.pre_save(row, add=True), database)
        for row, fields in zip(rows, written, strict=True)
        for field in fields
    ]
    with database.cursor() as cursor:
        cursor.execute(sql, values)
        found = iter(cursor.fetchone())
    for row, fields in zip(rows, told, strict=True):
        for field in fields:
            setattr(row, field.attname, next(found))
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


@cache
def _compiled(models: tuple[type[Model], ...]) -> tuple[str, tuple[Columns, ...], tuple[Columns, ...]]:
    """The statement, the columns it is given for each row, and those it gives back. Names come from the models alone."""
    written = tuple(_columns(model, by_database=False) for model in models)
    told = tuple(_columns(model, by_database=True) for model in models)
    parts, asked = [], []
    for count, (model, fields, filled) in enumerate(zip(models, written, told, strict=True)):
        into = f"{_quoted(model._meta.db_table)} ({_listed(fields)})"
        marks = ", ".join("%s" for _ in fields)
        parts.append(f"r{count} AS (INSERT INTO {into} VALUES ({marks}) RETURNING {_listed(filled) or '1'})")  # noqa: S608
        asked += [f"r{count}.{_quoted(field.column)}" for field in filled]
    rows = ", ".join(f"r{count}" for count in range(len(models)))
    return f"WITH {', '.join(parts)} SELECT {', '.join(asked) or '1'} FROM {rows}", written, told  # noqa: S608


def _columns(model: type[Model], *, by_database: bool) -> Columns:
    fields = model._meta.concrete_fields
    return tuple(f for f in fields if (isinstance(f, AutoField) or f.has_db_default()) is by_database)


def _listed(fields: Columns) -> str:
    return ", ".join(_quoted(field.column) for field in fields)


def _quoted(name: str | None) -> str:
    assert name is not None
    return connection.ops.quote_name(name)
