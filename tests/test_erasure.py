"""Planted words are found nowhere while they live, and open nowhere after their day: not in the tables, not in
the files, not in the log, not in a backup of before.

The whole program runs; the scan reads bytes as PostgreSQL's own tools and the file system give them.
"""

from __future__ import annotations

import base64
import json
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from fengqiao.server.embedded.postgres import EmbeddedPostgres
from fengqiao.server.home import MASTER_KEY, Home
from fengqiao.store import keys_apart
from fengqiao.store.ciphers import Unreadable, open_sealed
from tests.program import Running, program

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

NAME, PHONE, STREET, SAID = "卡纳利甲", "13987654321", "卡纳利巷", "卡纳利说今晚要转账"
CANARIES = (NAME, PHONE, STREET, SAID)
SEALED = (
    ("matters_event", "matter_id", "words"),
    ("fraud_alert_fraudalert", "matter_id", "target_name"),
    ("fraud_alert_fraudalert", "matter_id", "target_phone"),
    ("fraud_alert_fraudalert", "matter_id", "address"),
)


@dataclass
class Cellar:
    """The database beneath a running program, as its superuser sees it."""

    postgres: EmbeddedPostgres
    master: bytes

    def connect(self, database: str = "fengqiao") -> psycopg.Connection[Any]:
        return psycopg.connect(self.url(database), autocommit=True)

    def url(self, database: str) -> str:
        return self.postgres.admin_url.replace("/postgres?", f"/{database}?")

    def run(self, tool: Path, *words: str) -> None:
        subprocess.run([str(tool), *words], check=True, capture_output=True)

    def opened(self, database: str) -> list[str]:
        """Every sealed value of a database that opens with the keys it holds and the master key."""
        with self.connect(database) as connection:
            keys = connection.execute(
                "SELECT id, station_id, wrapped FROM store_key WHERE wrapped IS NOT NULL"
            )
            held = {row[0]: (row[1], row[2]) for row in keys}
            return [
                words
                for matter, column, sealed in sealed_values(connection)
                if (words := self._open(held.get(matter), matter, column, sealed)) is not None
            ]

    def _open(self, held: Any, matter: Any, column: str, sealed: bytes) -> str | None:
        if held is None:
            return None
        station, wrapped = held
        try:
            key = open_sealed(self.master, wrapped, b"key")
            return open_sealed(key, sealed, f"{station}|{matter}|{column}".encode()).decode()
        except Unreadable:
            return None


def put_off_the_hourly_run(cellar: Cellar) -> None:
    """The one run of the story is its own: a waiting job of the same lock keeps the worker's from being queued.

    One of this hour that is queued or at work already is waited for; nothing is planted yet.
    """
    tomorrow = """INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args, scheduled_at)
        VALUES ('default', 'fengqiao.tidy', 'fengqiao.tidy', '{"timestamp": 0}', now() + interval '1 day')
        ON CONFLICT DO NOTHING"""
    at_work = "SELECT 1 FROM procrastinate_jobs WHERE task_name = 'fengqiao.tidy' AND status = 'doing'"
    with cellar.connect() as connection:
        while connection.execute(tomorrow).rowcount == 0:
            time.sleep(0.1)
        while connection.execute(at_work).rowcount:
            time.sleep(0.1)


def sealed_values(connection: psycopg.Connection[Any]) -> Iterator[tuple[Any, str, bytes]]:
    for table, subject, column in SEALED:
        rows = connection.execute(f"SELECT {subject}, {column} FROM {table} WHERE {column} IS NOT NULL")
        yield from ((matter, column, sealed) for matter, sealed in rows)


def spellings(words: str) -> list[bytes]:
    """As text, as escaped JSON, as PostgreSQL's hex, and as base64 at each of its three offsets."""
    raw = words.encode()
    shifted = [base64.b64encode(b"\0" * pad + raw)[4:-4] for pad in range(3)]
    return [raw, json.dumps(words)[1:-1].encode(), raw.hex().encode(), *shifted]


def found_in(data: bytes, words: str) -> bool:
    return any(spelling in data for spelling in spellings(words))


def files_with(root: Path, needles: list[bytes]) -> list[str]:
    found = []
    for path in root.rglob("*"):
        if path.is_file() and not path.is_symlink():
            data = path.read_bytes()
            found += [str(path.relative_to(root)) for needle in needles if needle in data]
    return found


def plant(running: Running, token: str, reference: str, days_ago: int, *, close: bool) -> str:
    """An alert with canaries in every sealed column and in an event, closed so many days ago."""
    then = (datetime.now(UTC) - timedelta(days=days_ago)).isoformat()
    given = {
        "reference": reference,
        "level": "high",
        "fraud_type": "虚假投资",
        "received_at": then,
        "target": {"name": NAME, "phone": PHONE},
        "address": f"{STREET} 77 号",
        "community": "440606006016",
    }
    matter = running.call("POST", "/api/v1/fraud-alerts", token, given)[1]["id"]
    acts: list[tuple[str, dict[str, Any]]] = [
        ("sign", {}),
        ("call", {"result": "reached", "note": SAID}),
        *([("false_alarm", {"reason": "来文更正"})] if close else []),
    ]
    for act, answers in acts:
        body = {"key": f"{reference}-{act}", "observed_at": then, "given": answers}
        status, told = running.call("POST", f"/api/v1/matters/{matter}/acts/{act}", token, body)
        assert status in (200, 201), told
    return str(matter)


def dump(cellar: Cellar, target: Path, *words: str) -> Path:
    programs = cellar.postgres.binaries
    cellar.run(programs.pg_dump, "--dbname", cellar.url("fengqiao"), "-Fc", "--file", str(target), *words)
    return target


def restore(cellar: Cellar, source: Path, keys: Path) -> None:
    """As a restore does it: data, then the keys as they stand today, then constraints and walls."""
    with cellar.connect("postgres") as server:
        server.execute("DROP DATABASE IF EXISTS restored")
        server.execute("CREATE DATABASE restored")
    into = ("--dbname", cellar.url("restored"), "--exit-on-error")
    for section in ("pre-data", "data"):
        cellar.run(cellar.postgres.binaries.pg_restore, *into, f"--section={section}", str(source))
    with cellar.connect("restored") as connection:
        keys_apart.load(connection, keys, master_key=cellar.master)
    cellar.run(cellar.postgres.binaries.pg_restore, *into, "--section=post-data", str(source))


def assert_sealed_from_the_first_byte(
    cellar: Cellar, running: Running, token: str, gone: str, folder: Path
) -> None:
    """While the words live: in no file, table, dump or answer, though their keys do open them."""
    needles = [spelling for words in CANARIES for spelling in spellings(words)]
    assert files_with(cellar.postgres.place.root, needles) == []
    assert files_with(running.home, needles) == []
    # The control: a scan that finds nothing must be one that could.
    assert files_with(cellar.postgres.place.cluster / "base", ["虚假投资".encode()]) != []
    text = folder / "whole.sql"
    cellar.run(cellar.postgres.binaries.pg_dump, "--dbname", cellar.url("fengqiao"), "--file", str(text))
    assert [words for words in CANARIES if found_in(text.read_bytes(), words)] == []
    told = json.dumps(running.call("GET", f"/api/v1/matters/{gone}", token), ensure_ascii=False)
    assert [words for words in CANARIES if words in told] == []
    assert said(cellar.opened("fengqiao")) == 2


def said(opened: list[str]) -> int:
    return sum(SAID in words for words in opened)


def wrapped_key(cellar: Cellar, matter: str) -> bytes:
    with cellar.connect() as connection:
        connection.execute("CHECKPOINT")
        row = connection.execute("SELECT wrapped FROM store_key WHERE id = %s", [matter]).fetchone()
        return bytes(row[0])


def assert_the_key_left_no_copy(cellar: Cellar, keys: Path, gone: str, wrapped: bytes) -> None:
    """Of the key itself: not in the tables' files, old versions of rows included, and not in the key file."""
    with cellar.connect() as connection:
        connection.execute("CHECKPOINT")
    assert files_with(cellar.postgres.place.cluster / "base", [wrapped]) == []
    assert gone in keys.read_text()
    assert wrapped.hex() not in keys.read_text()


def assert_an_old_backup_opens_what_lives_alone(
    cellar: Cellar, backup: Path, keys: Path, gone: str, wrapped: bytes
) -> None:
    restore(cellar, backup, keys)
    assert sorted(cellar.opened("restored")) == sorted(cellar.opened("fengqiao"))
    with cellar.connect("restored") as connection:
        # Name, phone, address, the note, and why it was no fraud.
        assert sum(str(matter) == gone for matter, _, _ in sealed_values(connection)) == 5
        # The control: with the key of before, those very bytes would have opened.
        connection.execute(
            "UPDATE store_key SET wrapped = %s, destroyed_at = NULL WHERE id = %s", [wrapped, gone]
        )
        assert said(cellar.opened("restored")) == 2
        # A copy made by other means holds keys too: loading today's key file ends them.
        keys_apart.load(connection, keys, master_key=cellar.master)
    assert said(cellar.opened("restored")) == 1


def test_canaries_are_nowhere_in_plain_and_open_nowhere_after_their_day(tmp_path: Path, capfd: Any):
    home = Home(tmp_path / "home")
    with program(home.root) as running:
        token = running.command("token", "desk")
        cellar = Cellar(EmbeddedPostgres(home), base64.b64decode(home.secret(MASTER_KEY)))
        put_off_the_hourly_run(cellar)
        gone = plant(running, token, "K-1", 40, close=True)
        plant(running, token, "K-2", 40, close=False)
        wrapped = wrapped_key(cellar, gone)
        assert_sealed_from_the_first_byte(cellar, running, token, gone, tmp_path)
        backup = dump(cellar, tmp_path / "backup.dump", f"--exclude-table-data={keys_apart.LEFT_OUT}")

        done = json.loads(running.command("keep", "--json", "--scrub"))

        assert [(row["what"], row["count"]) for row in done] == [("matters_matter(fraud_alert)", 1)]
        assert json.loads(running.command("keep", "--json")) == []
        opened = cellar.opened("fengqiao")
        assert (said(opened), opened.count(NAME), opened.count(PHONE)) == (1, 1, 1)
        keys = home.root / "keys" / "current"
        assert_the_key_left_no_copy(cellar, keys, gone, wrapped)
        assert_an_old_backup_opens_what_lives_alone(cellar, backup, keys, gone, wrapped)

        keys.write_text(keys.read_text()[:-80])
        with cellar.connect() as connection, pytest.raises(keys_apart.Damaged):
            keys_apart.load(connection, keys, master_key=cellar.master)
    told = capfd.readouterr()
    assert [words for words in CANARIES if words in told.out + told.err] == []
