"""A database of the previous release, with rows in every table, comes to this one by the program's own command."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from fengqiao.server.settings import database
from tests import database as throw_away
from tests.database import Urls
from tests.filling import fill
from tests.program import run_command

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

PREVIOUS = Path(__file__).with_name("previous_release.txt")
ROWS = 5
Kept = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


def previous() -> dict[str, str]:
    lines = [line for line in PREVIOUS.read_text(encoding="utf-8").splitlines() if line[:1] not in ("#", "")]
    return dict(line.split(".", 1) for line in lines)


@pytest.fixture
def old(django_db_blocker: Any) -> Iterator[tuple[Urls, dict[str, int]]]:
    """The previous release's database, and how many rows each of its tables was given."""
    with (
        throw_away.test_database(os.environ.get("DATABASE_URL", ""), "upgrade") as urls,
        django_db_blocker.unblock(),
    ):
        connections.settings["old"] = {**connections.settings["owner"], **database(urls.owner)}
        connection = connections["old"]
        try:
            executor = MigrationExecutor(connection)
            ours = previous()
            foreign = [leaf for leaf in executor.loader.graph.leaf_nodes() if not _is_ours(executor, leaf[0])]
            state = executor.migrate([*foreign, *ours.items()])
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('app.station', '1', false)")
            made = fill(state.apps, set(ours), "old", ROWS)
        finally:
            connection.close()
            del connections["old"], connections.settings["old"]
        yield urls, made


def _is_ours(executor: MigrationExecutor, label: str) -> bool:
    module = executor.loader.migrations_module(label)[0] or ""
    return module.startswith("fengqiao.")


# Columns that the upgrade tells in others, with where their facts are found afterwards.
TOLD_ANEW = {
    "fraud_alert_fraudalert": {
        "met_at": "contacted_at",
        "met_in_person": "identity_checked",
    }
}


def kept_columns(before: Kept) -> dict[str, list[str]]:
    return {
        table: [name for name in names if name not in TOLD_ANEW.get(table, {})]
        for table, (names, _rows) in before.items()
    }


def rows(url: str, columns: dict[str, list[str]] | None = None) -> Kept:
    """Every row of the station's tables; of the columns given, or of all there are."""
    found: Kept = {}
    with psycopg.connect(url) as owner:
        owner.execute("SELECT set_config('app.station', '1', true)")
        tables = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            if columns is not None and table not in columns:
                continue
            wanted = columns[table] if columns else _columns(owner, table)
            chosen = sql.SQL(", ").join(map(sql.Identifier, wanted))
            asked = sql.SQL("SELECT {} FROM {} ORDER BY 1").format(chosen, sql.Identifier(table))
            found[table] = (wanted, owner.execute(asked).fetchall())
    return found


def _columns(owner: psycopg.Connection, table: str) -> list[str]:
    asked = (
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
    )
    return [name for (name,) in owner.execute(f"{asked} ORDER BY attnum", [table])]


def test_an_upgrade_loses_nothing_and_changes_nothing(old: tuple[Urls, dict[str, int]], tmp_path: Path):
    urls, made = old
    whole = {table: kept for table, kept in rows(urls.owner).items() if table in made}
    assert {table: len(kept[1]) for table, kept in whole.items()} == made
    before = rows(urls.owner, kept_columns(whole))
    moved = {table: list(names) for table, names in TOLD_ANEW.items()}
    facts = {table: kept[1] for table, kept in rows(urls.owner, moved).items()}
    assert made["matters_matter"] == ROWS
    where = {"DATABASE_URL": urls.app, "DATABASE_OWNER_URL": urls.owner}

    run_command(tmp_path, "migrate", **where)

    assert rows(urls.owner, kept_columns(whole)) == before
    anew = {table: list(names.values()) for table, names in TOLD_ANEW.items()}
    assert {table: kept[1] for table, kept in rows(urls.owner, anew).items()} == facts
    figures = json.loads(
        run_command(tmp_path, "figures", "--from", "2022-05-01", "--to", "2022-05-31", "--json", **where)
    )
    strict = next(figure for figure in figures if figure["slug"] == "dissuade_success_strict")
    assert strict["denominator"] == ROWS
    with psycopg.connect(urls.owner) as owner:
        applied = owner.execute("SELECT count(*) FROM django_migrations WHERE app = 'store'").fetchone()
    assert applied is not None
    assert applied[0] > 1


def test_the_previous_release_is_named_by_migrations_that_exist():
    source = Path(__file__).resolve().parent.parent / "src" / "fengqiao"

    for app, name in previous().items():
        folders = (source / app, source / "kinds" / app)
        assert any((folder / "migrations" / f"{name}.py").is_file() for folder in folders), f"{app}.{name}"
