"""Starting, attaching, stopping: what a newcomer's machine may hold against it."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import psycopg
import pytest

from fengqiao.server.cannot_start import CannotStart
from fengqiao.server.embedded import EmbeddedPostgres
from fengqiao.server.home import Home

SHOWN = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "data_checksums": "on",
    "listen_addresses": "",
    "jit": "off",
    "TimeZone": "UTC",
    "default_text_search_config": "pg_catalog.simple",
    "server_encoding": "UTF8",
    "unix_socket_permissions": "0700",
}


def shown(url: str, name: str) -> str:
    with psycopg.connect(url) as connection:
        (value,) = connection.execute(f"SHOW {name}").fetchone()
    return str(value)


@pytest.mark.slow
def test_the_second_start_finds_what_the_first_one_kept(fresh_home: Home) -> None:
    with EmbeddedPostgres(fresh_home) as first:
        settings = {name: shown(first.app_url, name) for name in SHOWN}
        with psycopg.connect(first.owner_url) as owner:
            owner.execute("CREATE TABLE kept AS SELECT '滘口' AS name")
    stopped = not (first.place.cluster / "postmaster.pid").exists()

    with EmbeddedPostgres(fresh_home) as second, psycopg.connect(second.app_url) as app:
        row = app.execute("SELECT name FROM kept").fetchone()

    assert settings == SHOWN
    assert stopped
    assert row == ("滘口",)


def test_a_second_starter_attaches_and_leaves_the_server_alone(home: Home) -> None:
    with EmbeddedPostgres(home) as first:
        with EmbeddedPostgres(home) as second:
            owners = (first.mine, second.mine)

        assert owners == (True, False)
        assert shown(first.app_url, "fsync") == "on"


def test_who_is_attached_takes_over_when_the_owner_goes(home: Home) -> None:
    first, second = EmbeddedPostgres(home), EmbeddedPostgres(home)
    first.start()
    second.start()
    first.stop()

    restarted = second.ensure_running()

    assert (restarted, second.mine) == (True, True)
    assert shown(second.app_url, "fsync") == "on"
    second.stop()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["有 空格 的目录", "comma, 'quote' 100%", "long-" * 30])
def test_any_path_will_do(ground: Path, name: str) -> None:
    with EmbeddedPostgres(Home(ground / name)) as postgres:
        assert shown(postgres.app_url, "fsync") == "on"


def test_a_half_made_cluster_is_cleared_away(fresh_home: Home) -> None:
    postgres = EmbeddedPostgres(fresh_home)
    postgres.place.make()
    half_made = postgres.place.root / "18.making-1234"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18")

    with postgres:
        assert shown(postgres.app_url, "fsync") == "on"
    assert not half_made.exists()


@pytest.mark.slow
def test_a_lock_file_naming_a_living_stranger_does_not_keep_it_down(home: Home) -> None:
    with EmbeddedPostgres(home) as postgres:
        pid_file = postgres.place.cluster / "postmaster.pid"
        stale = pid_file.read_text().split("\n", 1)[1]
        identity = postgres.place.account.identity
    stranger = subprocess.Popen(["/bin/sleep", "60"], cwd="/", **identity)
    pid_file.write_text(f"{stranger.pid}\n{stale}")
    postgres.place.account.own(pid_file)

    with EmbeddedPostgres(home) as again:
        answer = shown(again.app_url, "fsync")

    assert answer == "on"
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


@pytest.mark.slow
def test_an_empty_lock_file_does_not_keep_it_down(home: Home) -> None:
    with EmbeddedPostgres(home) as postgres:
        pid_file = postgres.place.cluster / "postmaster.pid"
    pid_file.touch()
    postgres.place.account.own(pid_file)

    with EmbeddedPostgres(home) as again:
        assert shown(again.app_url, "fsync") == "on"


def test_durability_cannot_be_switched_off_from_within(home: Home) -> None:
    with (
        EmbeddedPostgres(home) as postgres,
        psycopg.connect(postgres.admin_url, autocommit=True) as admin,
    ):
        admin.execute("ALTER SYSTEM SET fsync = off")
    with EmbeddedPostgres(home) as postgres:
        assert shown(postgres.app_url, "fsync") == "on"


def test_a_server_that_cannot_start_says_why_at_once(home: Home) -> None:
    with EmbeddedPostgres(home) as postgres:
        pass
    (postgres.place.cluster / "global" / "pg_control").unlink()
    began = time.monotonic()

    with pytest.raises(CannotStart, match="pg_control"):
        postgres.start()

    assert time.monotonic() - began < 5
    assert not postgres.mine


def test_secrets_of_another_home_are_named_as_the_cause(home: Home) -> None:
    with EmbeddedPostgres(home):
        pass
    (home.root / "secrets" / "superuser_password").write_text("another")

    with pytest.raises(CannotStart, match="口令"):
        EmbeddedPostgres(home).start()


def test_the_programs_for_backups_run(home: Home) -> None:
    binaries = EmbeddedPostgres(home).binaries

    said = [
        subprocess.run([each, "--version"], capture_output=True, text=True, check=True).stdout
        for each in (binaries.pg_dump, binaries.pg_restore, binaries.psql)
    ]

    assert [line.split()[-1].split(".")[0] for line in said] == ["18", "18", "18"]


def test_nothing_of_ours_is_readable_by_others(home: Home) -> None:
    with EmbeddedPostgres(home) as postgres:
        modes = {path.name: path.stat().st_mode & 0o077 for path in (home.root / "secrets").iterdir()}
        socket_mode = Path(postgres.place.root / "s").stat().st_mode & 0o777

    assert set(modes) >= {"superuser_password", "owner_password", "app_password"}
    assert set(modes.values()) == {0}
    assert socket_mode == 0o700
    assert os.stat(postgres.place.root).st_mode & 0o077 == 0
