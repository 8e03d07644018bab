"""Taking a backup: one snapshot of the database, the media beside it, counted, sealed, read back whole."""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import subprocess
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, BinaryIO, cast

from psycopg import Connection

from fengqiao.server.backup import checking, counting, manifest, programs
from fengqiao.server.backup.locks import BackupRefused, Lock
from fengqiao.server.backup.manifest import DUMP, MEDIA, SECRETS, Manifest
from fengqiao.server.backup.sealing import SealedWriter
from fengqiao.server.checkup import ENVIRONMENT
from fengqiao.server.database import Database
from fengqiao.server.home import MASTER_KEY, Home, sync_directory
from fengqiao.store.keys_apart import LEFT_OUT

Say = Callable[[str], None]
PART = 4 * 1024 * 1024
# What travels under a passphrase; the logins' passwords are made anew wherever it is restored.
CARRIED = (MASTER_KEY, "django_secret_key")


def take(
    home: Home, database: Database, environ: Mapping[str, str], file: Path, lock: Lock, say: Say
) -> Manifest:
    """Write `file`, which exists under its name only once it was read back whole. Raises BackupRefused.

    The database may be in use: what was committed before the snapshot is in, what came after is not.
    """
    url = programs.keeper_url(home, database)
    with programs.connect_as_keeper(url) as keeper, _draft(file) as draft:
        tools = programs.programs(database, keeper.info.server_version // 10000)
        with draft.open("xb") as raw:
            draft.chmod(0o600)
            writer = SealedWriter(raw, lock)
            with tarfile.open(fileobj=cast(IO[bytes], writer), mode="w|", bufsize=PART) as tar:
                made = _fill(tar, keeper, url, tools, home, environ, lock, say)
            writer.close()
            raw.flush()
            os.fsync(raw.fileno())
        say("读回核对…")
        if checking.check(draft, lock, tools.pg_restore, say) != made:
            raise BackupRefused("写下的备份读回来不一样，没有采用。请检查磁盘。")
    return made


@contextmanager
def _draft(file: Path) -> Iterator[Path]:
    """A name beside the wanted one; the wanted one is given only when all went well, and lasts."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        yield draft
        draft.rename(file)
        sync_directory(file.parent)
    except OSError as error:
        raise BackupRefused(f"无法写入 {file}（{error.strerror}）。") from error
    finally:
        draft.unlink(missing_ok=True)


def _fill(
    tar: tarfile.TarFile,
    keeper: Connection,
    url: str,
    tools: programs.Programs,
    home: Home,
    environ: Mapping[str, str],
    lock: Lock,
    say: Say,
) -> Manifest:
    master = environ.get("FENGQIAO_MASTER_KEY") or home.secret(MASTER_KEY)
    taken_at, snapshot = _snapshot(keeper)
    dump = _dump(tar, url, tools, snapshot, say)
    say("数行、算校验和…")
    held, seen = counting.count(keeper), counting.migrations(keeper)
    media = _media(tar, home, say)
    if lock.carries_secrets:
        carried = {name: home.secret(name) for name in CARRIED} | {MASTER_KEY: master}
        _add(tar, SECRETS, json.dumps(carried).encode())
    made = Manifest(
        taken_at=taken_at,
        version=this_version(),
        postgres=keeper.info.server_version // 10000,
        migrations=seen,
        tables=held,
        dump=dump,
        media=media,
        master_key=manifest.mark_of(master),
        settings=_settings(environ),
    )
    _add(tar, manifest.ENTRY, made.written())
    return made


def this_version() -> str:
    try:
        return version("fengqiao")
    except PackageNotFoundError:
        return ""


def _snapshot(keeper: Connection) -> tuple[datetime, str]:
    """Everything below sees the database as of one moment, however long it takes."""
    keeper.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    row = keeper.execute("SELECT now(), pg_export_snapshot()").fetchone()
    assert row is not None
    return row[0], row[1]


def _dump(tar: tarfile.TarFile, url: str, tools: programs.Programs, snapshot: str, say: Say) -> str:
    """pg_dump's custom format in parts, straight into the sealed file: nothing lies open on the disk.

    The subject keys stay out: a key destroyed later would live on in every backup of before.
    """
    argv = [tools.pg_dump, "--format=custom", "--no-owner", "--no-acl", "--exclude-schema=before_*"]
    argv.append(f"--exclude-table-data={LEFT_OUT}")
    digest, number = hashlib.sha256(), 0
    with subprocess.Popen(
        [*argv, f"--snapshot={snapshot}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        env=programs.environment(url),
    ) as dumping:
        assert dumping.stdout is not None
        assert dumping.stderr is not None
        while part := dumping.stdout.read(PART):
            _add(tar, f"{DUMP}{number:08}", part)
            digest.update(part)
            number += 1
            say(f"数据库 {number * PART // 2**20} MB…")
        told = dumping.stderr.read().decode(errors="replace").strip()
    if dumping.returncode != 0:
        raise BackupRefused(f"pg_dump 没有成功（退出码 {dumping.returncode}）：{told[-600:]}")
    return digest.hexdigest()


def _media(tar: tarfile.TarFile, home: Home, say: Say) -> dict[str, str]:
    found = {}
    for path in sorted(home.media.rglob("*")):
        if path.is_file() and not path.is_symlink():
            name = path.relative_to(home.media).as_posix()
            content = path.read_bytes()
            _add(tar, MEDIA + name, content)
            found[name] = hashlib.sha256(content).hexdigest()
    if found:
        say(f"附件 {len(found)} 个")
    return found


def _settings(environ: Mapping[str, str]) -> dict[str, str]:
    """What the installation was told, without anything that opens a door."""
    told = {name: environ[name] for name in ENVIRONMENT if name in environ}
    return {name: value for name, value in told.items() if "KEY" not in name and "URL" not in name}


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    source: BinaryIO = io.BytesIO(content)
    tar.addfile(entry, source)
