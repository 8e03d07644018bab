"""Backup and restore on a server that is not ours, by the programs of its version."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from fengqiao.server.backup import programs
from fengqiao.server.backup.locks import BackupRefused
from fengqiao.server.database import Database
from fengqiao.server.home import Home

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture
def tools(outside_database: str) -> programs.Programs:
    """Skips, saying so, where pg_dump of the server's version is not installed."""
    outside = Database(outside_database, outside_database, None, embedded=False)
    with psycopg.connect(outside_database) as server:
        major = server.info.server_version // 10000
    try:
        return programs.programs(outside, major)
    except BackupRefused as error:
        pytest.skip(str(error))


def command(home: Home, url: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "fengqiao.server.cli", *words],
        env=os.environ | {"FENGQIAO_HOME": str(home.root), "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_an_outside_database_comes_back_and_the_old_one_stays_aside(
    outside_database: str, tools: programs.Programs, fresh_home: Home, tmp_path: Path
) -> None:
    assert tools.pg_dump
    command(fresh_home, outside_database, "demo")
    command(fresh_home, outside_database, "backup", str(tmp_path / "a.backup"))
    with psycopg.connect(outside_database) as server:
        server.execute("DELETE FROM ground_premises")

    said = command(fresh_home, outside_database, "restore", str(tmp_path / "a.backup"), "--replace")

    assert "与备份时一致" in said
    assert command(fresh_home, outside_database, "token", "desk").startswith("fq_")
    with psycopg.connect(outside_database) as server:
        row = server.execute("SELECT count(*) FROM ground_premises").fetchone()
        assert row is not None
        assert row[0] > 0
        kept = server.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'before_%'").fetchone()
        assert kept == (1,)


def test_a_login_the_wall_binds_takes_no_empty_backup(outside_database: str) -> None:
    with psycopg.connect(outside_database, autocommit=True) as server:
        server.execute("CREATE ROLE fengqiao_bound LOGIN PASSWORD 'bound-for-a-test'")
        try:
            bound = psycopg.conninfo.make_conninfo(
                outside_database, user="fengqiao_bound", password="bound-for-a-test"
            )
            with pytest.raises(BackupRefused, match="BYPASSRLS"):
                programs.connect_as_keeper(bound)
        finally:
            server.execute("DROP ROLE fengqiao_bound")


def test_passwords_are_told_by_environment_and_never_on_the_command_line() -> None:
    told = programs.environment("postgresql://owner:s3cret@db.example:5433/station?sslmode=require")

    assert told["PGPASSWORD"] == "s3cret"
    assert (told["PGHOST"], told["PGPORT"], told["PGSSLMODE"]) == ("db.example", "5433", "require")
