"""The program does not start where it could lose data or show it to the wrong eyes."""

from __future__ import annotations

import base64
import os
import re
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from fengqiao.server.cannot_start import CannotStart
from fengqiao.server.database import Database, environment, open_database, prepare, resolve
from fengqiao.server.embedded import EmbeddedPostgres
from fengqiao.server.home import Home
from fengqiao.server.refusals import Facts, Refusal, ask, is_production, judge, refusals

SOUND = Facts(
    version=180004,
    encoding="UTF8",
    durability={"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"},
    role="fengqiao_app",
    role_is_superuser=False,
    role_bypasses_walls=False,
    superuser_logins=(),
)


def codes(found: list[Refusal]) -> list[str]:
    return [refusal.code for refusal in found]


def on(postgres: EmbeddedPostgres) -> Database:
    return Database(postgres.owner_url, postgres.app_url, None, embedded=True)


def outside(url: str, **environ: str) -> Database:
    return resolve(Home(Path("/nonexistent")), {"DATABASE_URL": url, **environ})


@pytest.mark.slow
def test_a_station_as_we_start_it_is_not_refused(home: Home) -> None:
    database, postgres = open_database(home, {})
    environ = environment(home, database, {}, as_owner=False)

    found = refusals(database, environ=environ, debug=False, host="0.0.0.0")

    postgres.stop()
    assert found == []


@pytest.mark.parametrize("name", ["fsync", "full_page_writes", "synchronous_commit"])
def test_a_live_server_without_durability(cluster: EmbeddedPostgres, name: str) -> None:
    found = refusals(on(cluster), environ={}, debug=False, host="127.0.0.1")

    assert f"database.{name}" in codes(found)


@pytest.mark.parametrize("name", ["fsync", "full_page_writes", "synchronous_commit"])
def test_each_of_the_three_settings_alone(name: str) -> None:
    facts = replace(SOUND, durability=SOUND.durability | {name: "off"})

    assert codes(judge(facts, production=False)) == [f"database.{name}"]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (replace(SOUND, version=140012), "database.too_old"),
        (replace(SOUND, encoding="SQL_ASCII"), "database.encoding"),
        (replace(SOUND, role_is_superuser=True), "database.unbound_role"),
        (replace(SOUND, role_bypasses_walls=True), "database.unbound_role"),
    ],
)
def test_an_unfit_server_or_role(facts: Facts, code: str) -> None:
    assert codes(judge(facts, production=False)) == [code]


def test_a_superuser_login_only_while_nothing_is_at_stake() -> None:
    facts = replace(SOUND, superuser_logins=("postgres",))

    assert judge(facts, production=False) == []
    assert codes(judge(facts, production=True)) == ["database.superuser_login"]


@pytest.mark.parametrize(
    ("environ", "host", "expected"),
    [
        ({}, "127.0.0.1", False),
        ({}, "localhost", False),
        ({}, "::1", False),
        ({"FENGQIAO_PRODUCTION": "1"}, "127.0.0.1", True),
        ({}, "0.0.0.0", True),
        ({}, "192.168.1.5", True),
        ({}, "station.example", True),
    ],
)
def test_what_counts_as_production(environ: dict[str, str], host: str, expected: bool) -> None:
    assert is_production(environ, host) is expected


@pytest.mark.parametrize(
    ("environ", "expected"), [({}, ["settings.debug"]), ({"FENGQIAO_DEVELOPMENT": "1"}, [])]
)
def test_debug_is_for_development(
    cluster: EmbeddedPostgres, environ: dict[str, str], expected: list[str]
) -> None:
    found = refusals(on(cluster), environ=environ, debug=True, host="127.0.0.1")

    assert [code for code in codes(found) if code.startswith("settings")] == expected


@pytest.mark.parametrize(
    ("key", "refused"),
    [
        ("", True),
        ("changeme", True),
        ("x" * 64, True),
        ("django-insecure-" + "q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6j7k8l9z0x1c2v3b4", True),
        ("q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6j7k8l9z0x1c2v3b4n5m6", False),
    ],
)
def test_a_secret_key_from_outside_must_be_one(cluster: EmbeddedPostgres, key: str, refused: bool) -> None:
    found = refusals(on(cluster), environ={"FENGQIAO_SECRET_KEY": key}, debug=False, host="127.0.0.1")

    assert ("settings.secret_key" in codes(found)) is refused


@pytest.mark.parametrize(
    ("key", "refused"),
    [
        ("not base64!", True),
        (base64.b64encode(bytes(32)).decode(), True),
        (base64.b64encode(bytes(range(16))).decode(), True),
        (base64.b64encode(bytes(range(32))).decode(), False),
    ],
)
def test_a_master_key_from_outside_must_be_one(cluster: EmbeddedPostgres, key: str, refused: bool) -> None:
    found = refusals(on(cluster), environ={"FENGQIAO_MASTER_KEY": key}, debug=False, host="127.0.0.1")

    assert ("settings.master_key" in codes(found)) is refused


def test_a_silent_database() -> None:
    database = outside("postgresql://nobody@127.0.0.1:1/none")

    found = refusals(database, environ={}, debug=False, host="127.0.0.1")

    assert codes(found) == ["database.silent"]


def test_a_cipher_nobody_knows_is_named_with_the_ones_there_are(cluster: EmbeddedPostgres) -> None:
    def named(cipher: str) -> list[Refusal]:
        found = refusals(on(cluster), environ={"FENGQIAO_CIPHER": cipher}, debug=False, host="127.0.0.1")
        return [refusal for refusal in found if refusal.code == "settings.cipher"]

    assert "sm4-gcm" in named("rot13")[0].mend
    assert named("sm4-gcm") == named("aes-gcm") == []


def test_every_refusal_says_what_to_mend(cluster: EmbeddedPostgres) -> None:
    found = refusals(on(cluster), environ={"FENGQIAO_SECRET_KEY": "x"}, debug=True, host="0.0.0.0")

    assert len(found) == 5
    assert all(re.search("[一-龥]", refusal.says) and refusal.mend for refusal in found)


def test_on_a_server_of_ones_own_connections_switch_to_the_bound_role(outside_database: str) -> None:
    database = outside(outside_database)

    prepare(database)
    prepare(database)

    with database.connect_as_app() as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("CREATE TABLE mine ()")
    facts = ask(database)
    assert (facts.role, facts.role_is_superuser, facts.superuser_logins) == (
        "fengqiao_app",
        False,
        ("postgres",),
    )
    assert codes(judge(facts, production=True)) == ["database.superuser_login"]


def test_tables_of_the_owner_are_open_to_the_bound_role(outside_database: str) -> None:
    database = outside(outside_database)
    prepare(database)
    with database.connect_as_owner() as owner:
        owner.execute("CREATE TABLE made (id int)")

    with database.connect_as_app() as app:
        app.execute("INSERT INTO made VALUES (1)")


def test_a_superuser_as_the_applications_role(outside_database: str) -> None:
    database = replace(outside(outside_database), app_role=None)

    assert codes(judge(ask(database), production=False)) == ["database.unbound_role"]


def test_durability_switched_off_for_one_database(outside_database: str) -> None:
    database = outside(outside_database)
    prepare(database)
    with database.connect_as_owner() as owner:
        owner.execute(f"ALTER DATABASE {owner.info.dbname} SET synchronous_commit = off")

    found = refusals(database, environ={}, debug=False, host="127.0.0.1")

    assert codes(found) == ["database.synchronous_commit"]


def test_a_login_that_may_not_make_the_role_says_what_to_run(outside_database: str) -> None:
    plain = f"fengqiao_plain_{os.getpid()}"
    with psycopg.connect(outside_database, autocommit=True) as admin:
        prepare(outside(outside_database))
        admin.execute(f"CREATE ROLE {plain} LOGIN")
        try:
            with pytest.raises(CannotStart, match=f'GRANT fengqiao_app TO "{plain}"'):
                prepare(outside(outside_database.replace("postgres@", f"{plain}@")))
        finally:
            admin.execute(f"DROP ROLE {plain}")


def test_a_url_that_is_none() -> None:
    with pytest.raises(CannotStart, match="DATABASE_URL"):
        outside("postgresql://[")


def test_only_the_process_that_migrates_gets_the_owners_login(ground: Path) -> None:
    home = Home(ground / "home")
    environ = {"DATABASE_URL": "postgresql://fengqiao_app@h/d", "DATABASE_OWNER_URL": "postgresql://o:s@h/d"}
    database = resolve(home, environ)

    migrates = environment(home, database, environ, as_owner=True)
    serves = environment(home, database, environ, as_owner=False)

    assert migrates["FENGQIAO_OWNER_URL"] == "postgresql://o:s@h/d"
    assert "postgresql://o:s@h/d" not in serves.values()
    assert serves["FENGQIAO_APP_ROLE"] == ""
    assert len(serves["FENGQIAO_SECRET_KEY"]) >= 50
    assert len(base64.b64decode(serves["FENGQIAO_MASTER_KEY"])) == 32
