"""Two logins: the owner's, which migrates, and the application's, which walls bind."""

from __future__ import annotations

import psycopg
import pytest

from fengqiao.server.embedded import EmbeddedPostgres
from fengqiao.server.embedded.postgres import logins
from fengqiao.server.home import Home


def attributes(url: str, role: str) -> tuple[object, ...]:
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolcanlogin"
            " FROM pg_roles WHERE rolname = %s",
            [role],
        ).fetchone()
    return row or ()


@pytest.mark.parametrize("role", [logins.OWNER, logins.APP])
def test_neither_login_has_powers(cluster: EmbeddedPostgres, role: str) -> None:
    assert attributes(cluster.app_url, role) == (False, False, False, False, False, True)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE TEMPORARY TABLE mine (id int)",
        "CREATE ROLE mine",
        "ALTER ROLE fengqiao_app SUPERUSER",
        "SET ROLE fengqiao_owner",
        "SET SESSION AUTHORIZATION postgres",
        "COPY (SELECT 1) TO PROGRAM 'true'",
    ],
)
def test_the_application_cannot(cluster: EmbeddedPostgres, statement: str) -> None:
    with psycopg.connect(cluster.app_url) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(statement)


@pytest.mark.parametrize("database", ["postgres", "template1"])
def test_the_application_gets_into_no_other_database(cluster: EmbeddedPostgres, database: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(cluster.app_url, dbname=database)


def test_the_application_works_in_what_the_owner_makes(cluster: EmbeddedPostgres) -> None:
    with psycopg.connect(cluster.owner_url) as owner:
        owner.execute("CREATE TABLE made (id int GENERATED ALWAYS AS IDENTITY, note text)")

    with psycopg.connect(cluster.app_url) as app:
        app.execute("INSERT INTO made (note) VALUES ('甲')")
        app.execute("UPDATE made SET note = '乙'")
        rows = app.execute("SELECT note FROM made").fetchall()
        app.execute("DELETE FROM made")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("TRUNCATE made")

    assert rows == [("乙",)]


def test_a_login_given_powers_loses_them_at_the_next_start(home: Home) -> None:
    with (
        EmbeddedPostgres(home) as postgres,
        psycopg.connect(postgres.admin_url, autocommit=True) as admin,
    ):
        admin.execute("ALTER ROLE fengqiao_app SUPERUSER BYPASSRLS PASSWORD 'other'")

    with EmbeddedPostgres(home) as postgres:
        assert attributes(postgres.app_url, logins.APP)[:2] == (False, False)


def test_without_the_password_nobody_gets_in(cluster: EmbeddedPostgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(cluster.admin_url, password="guessed")


def test_what_somebody_typed_stays_out_of_the_servers_log(cluster: EmbeddedPostgres) -> None:
    with psycopg.connect(cluster.app_url) as app, pytest.raises(psycopg.errors.InvalidTextRepresentation):
        app.execute("SELECT '13800138000x'::bigint")

    log = (cluster.place.root.parent / "logs" / "postgres.log").read_text()
    assert "ready to accept connections" in log
    assert "13800138000" not in log
