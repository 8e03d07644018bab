"""The drill: a working station is backed up, restored elsewhere, and is the same station; a torn backup is none."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from fengqiao.server.backup import checking, counting, programs
from fengqiao.server.backup.locks import BackupRefused, KeyFile, Lock, Passphrase, key_in
from fengqiao.server.backup.manifest import Manifest
from fengqiao.server.database import resolve, running
from fengqiao.server.demonstration import PASSWORD
from fengqiao.server.embedded.binaries import wheel_binaries
from fengqiao.server.home import Home
from tests.browserless import Desk
from tests.program import Running, program, run_command

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

WORDS = "井冈山下种南瓜 1965"
ALERTS = 12
PHOTO = b"\xff\xd8 not really a photograph \xff\xd9" * 1000


@dataclass
class Drill:
    """`matters`: what the API showed when the backup was taken, by id."""

    folder: Path
    home: Path
    file: Path
    keyed: Path
    words: Path
    matters: dict[str, str]

    @property
    def keys(self) -> list[str]:
        return ["--passphrase-file", str(self.words)]


def alert(number: int) -> dict[str, object]:
    return {
        "reference": f"D-{number}",
        "level": "high",
        "fraud_type": "冒充客服",
        "received_at": datetime.now(UTC).isoformat(),
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "海尾社区海尾大道 12 号",
        "community": "440606006016",
    }


def shown(station: Running, token: str) -> dict[str, str]:
    answer = station.call("GET", "/api/v1/matters?limit=500", token)
    assert answer is not None
    return {row["id"]: f"{row['number']} {row['stage']}" for row in answer[1]["items"]}


@pytest.fixture(scope="module")
def drill() -> Iterator[Drill]:
    """A station that worked, and its two backups, both taken while it was being used."""
    folder = Path(tempfile.mkdtemp(prefix="fengqiao-drill-"))
    folder.chmod(0o711)
    made = Drill(folder, folder / "home", folder / "a.backup", folder / "b.backup", folder / "words", {})
    made.words.write_text(WORDS + "\n", encoding="utf-8")
    with program(made.home) as station:
        token = station.command("token", "desk")
        for number in range(ALERTS):
            answer = station.call("POST", "/api/v1/fraud-alerts", token, alert(number))
            assert answer is not None
            key = {"key": f"sign-{number}"}
            station.call("POST", f"/api/v1/matters/{answer[1]['id']}/acts/sign", token, key)
        photo = made.home / "media" / "2022" / "photo.jpg"
        photo.parent.mkdir(parents=True)
        photo.write_bytes(PHOTO)
        made.matters = shown(station, token)
        station.command("backup", str(made.file), *made.keys)
        station.command("backup", str(made.keyed))
    yield made
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def elsewhere(drill: Drill) -> Path:
    """A bare data directory, after a restore that found every row count and checksum equal."""
    said = run_command(drill.folder / "elsewhere", "restore", str(drill.file), *drill.keys)
    assert "行数和校验和与备份时一致" in said
    return drill.folder / "elsewhere"


def checked(file: Path, lock: Lock) -> Manifest:
    return checking.check(file, lock, str(wheel_binaries().pg_restore), lambda line: None)


def key_of(drill: Drill) -> KeyFile:
    return key_in(drill.home / "secrets" / "backup_key")


def test_a_station_restored_elsewhere_is_the_same_station(drill: Drill, elsewhere: Path):
    assert (elsewhere / "media" / "2022" / "photo.jpg").read_bytes() == PHOTO
    with program(elsewhere) as station:
        token = station.command("token", "desk")
        assert shown(station, token) == drill.matters
        one = next(iter(drill.matters))
        opened = Desk(station.url)
        assert opened.sign_in("desk", PASSWORD)
        answer = opened.ask(f"/matters/{one}/look", {"reason": "演练核对"})
        assert answer is not None
        assert "13900000001" in answer[1]
        raised = station.call("POST", "/api/v1/fraud-alerts", token, alert(ALERTS))
        assert raised is not None
        assert raised[0] == 201


def test_the_restored_wall_stands(elsewhere: Path):
    with running(Home(elsewhere), {}) as database, database.connect_as_app() as app:
        assert app.execute("SELECT count(*) FROM matters_matter").fetchone() == (0,)
        walled = app.execute(
            "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relrowsecurity AND relforcerowsecurity"
        ).fetchone()
        assert walled is not None
        assert walled[0] > 10
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("DELETE FROM matters_event")


def test_a_station_in_use_is_not_overwritten(drill: Drill):
    said = run_command(drill.home, "restore", str(drill.file), *drill.keys, fails=True)

    assert "这里已有派出所的数据" in said
    with running(Home(drill.home), {}), keeper(drill.home) as held:
        counted = "SELECT count(*) FROM matters_matter WHERE kind = 'fraud_alert'"
        assert held.execute(counted).fetchone() == (ALERTS,)


def test_replacing_keeps_the_old_cluster_and_what_was_destroyed_stays_destroyed(
    drill: Drill, elsewhere: Path
):
    home = elsewhere
    gone = next(iter(drill.matters))
    with running(Home(home), {}), keeper(home) as held:
        held.execute("UPDATE store_key SET wrapped = NULL, destroyed_at = now() WHERE id = %s", [gone])

    said = run_command(home, "restore", str(drill.file), *drill.keys, "--replace")

    assert "行数和校验和与备份时一致" in said
    assert len(list((home / "pg").glob("18.before-*"))) == 1
    with running(Home(home), {}), keeper(home) as held:
        left = "SELECT count(*) FROM store_key WHERE wrapped IS NULL AND destroyed_at IS NOT NULL AND id = %s"
        assert held.execute(left, [gone]).fetchone() == (1,)
        assert held.execute("SELECT count(*) FROM store_key WHERE wrapped IS NULL").fetchone() == (1,)


def test_a_backup_cut_off_anywhere_is_refused(drill: Drill, tmp_path: Path):
    whole = drill.keyed.read_bytes()
    torn = tmp_path / "torn.backup"
    for tenth in range(10):
        torn.write_bytes(whole[: len(whole) * tenth // 10])
        with pytest.raises(BackupRefused, match=r"不完整|不是枫桥的备份"):
            checked(torn, key_of(drill))
    torn.write_bytes(whole[:-1])
    with pytest.raises(BackupRefused, match="不完整或已损坏"):
        checked(torn, key_of(drill))

    keyed = ["--key-file", str(drill.home / "secrets" / "backup_key")]
    said = run_command(tmp_path / "home", "restore", str(torn), *keyed, fails=True)

    assert "不完整或已损坏" in said
    assert not (tmp_path / "home" / "pg").exists()


def test_one_changed_byte_anywhere_is_refused(drill: Drill, tmp_path: Path):
    whole = drill.keyed.read_bytes()
    bent = tmp_path / "bent.backup"
    for place in range(0, len(whole), len(whole) // 17):
        changed = bytearray(whole)
        changed[place] ^= 1
        bent.write_bytes(changed)
        with pytest.raises(BackupRefused):
            checked(bent, key_of(drill))


def test_the_wrong_passphrase_or_key_is_told_plainly(drill: Drill):
    with pytest.raises(BackupRefused, match="口令不对"):
        checked(drill.file, Passphrase("井冈山下种南瓜 1966".encode()))
    with pytest.raises(BackupRefused, match="--passphrase-file"):
        checked(drill.file, KeyFile(b"x"))
    with pytest.raises(BackupRefused, match="备份密钥不对"):
        checked(drill.keyed, KeyFile(b"x"))


def test_file_and_keys_are_apart_unless_a_passphrase_holds_both(drill: Drill):
    master = (drill.home / "secrets" / "master_key").read_text().strip()
    assert checking.secrets_in(checking.reading(drill.keyed, key_of(drill), lambda line: None)) == {}
    carried = checking.secrets_in(checking.reading(drill.file, Passphrase(WORDS.encode()), lambda line: None))
    assert carried["master_key"] == master

    bare = drill.folder / "bare"
    given = ["restore", str(drill.keyed), "--key-file", str(drill.home / "secrets" / "backup_key")]
    said = run_command(bare, *given, fails=True)
    assert "备份里没有主密钥" in said

    (bare / "secrets").mkdir(parents=True)
    shutil.copy(drill.home / "secrets" / "master_key", bare / "secrets")
    assert "与备份时一致" in run_command(bare, *given)


def test_words_about_people_are_nowhere_in_the_file(drill: Drill):
    whole = drill.file.read_bytes() + drill.keyed.read_bytes()

    assert [word for word in ("13900000001", "事主甲", "海尾") if word.encode() in whole] == []


def keeper(home: Path) -> psycopg.Connection:
    return programs.connect_as_keeper(programs.keeper_url(Home(home), resolve(Home(home), {})))


def test_counting_sees_a_changed_a_doubled_and_a_missing_row(drill: Drill):
    with running(Home(drill.home), {}), keeper(drill.home) as held:
        before = counting.count(held)
        assert counting.differences(before, counting.count(held)) == []
        held.execute("UPDATE matters_matter SET level = 'low' WHERE reference = 'D-1'")
        held.execute("DELETE FROM people_apitoken")
        found = counting.differences(before, counting.count(held))
        held.rollback()

    assert [line.partition("：")[0] for line in found] == ["matters_matter", "people_apitoken"]


def test_a_whole_backup_is_believed(drill: Drill):
    told = checked(drill.file, Passphrase(WORDS.encode()))

    assert told.tables["fraud_alert_fraudalert"].rows == ALERTS
    assert list(told.media) == ["2022/photo.jpg"]
    assert "FENGQIAO_MASTER_KEY" not in told.settings
