"""Reading a backup whole: every byte authenticated, every digest compared, the dump parsed to its end."""

from __future__ import annotations

import hashlib
import json
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from fengqiao.server.backup import manifest
from fengqiao.server.backup.locks import BackupRefused, Lock
from fengqiao.server.backup.manifest import DUMP, MEDIA, SECRETS, Manifest
from fengqiao.server.backup.sealing import CHUNK, SealedReader, size_of

Say = Callable[[str], None]
Entry = tuple[str, bytes]
TOLD_EVERY = 256 * 1024 * 1024


def check(file: Path, lock: Lock, pg_restore: str, say: Say) -> Manifest:
    """What the backup holds, after it was read to its last byte. Raises BackupRefused.

    `pg_restore` turns the dump into statements that are thrown away (empty: it is not at hand, and the
    dump's digest has to do). Its own `--list` looks at the first page only and passes a torn file.
    """
    return _compare(reading(file, lock, say), pg_restore)


def reading(file: Path, lock: Lock, say: Say) -> Iterator[Entry]:
    """The entries in order, ended only when the whole file was authenticated."""
    try:
        raw = file.open("rb")
    except OSError as error:
        raise BackupRefused(f"读不到备份 {file}（{error.strerror}）。") from error
    with raw:
        reader = SealedReader(raw, lock, _progress(size_of(raw), say))
        try:
            with tarfile.open(fileobj=cast(IO[bytes], reader), mode="r|", bufsize=CHUNK) as tar:
                for entry in tar:
                    content = tar.extractfile(entry)
                    if content is not None:
                        yield entry.name, content.read()
        except tarfile.TarError as error:
            raise BackupRefused("备份的内容排列不对，不能用来恢复。") from error
        while reader.read(CHUNK):
            pass


@dataclass
class _Found:
    dump: hashlib._Hash = field(default_factory=hashlib.sha256)
    media: dict[str, str] = field(default_factory=dict)
    manifest: Manifest | None = None


def _compare(entries: Iterator[Entry], pg_restore: str) -> Manifest:
    found = _Found()
    with _parsed_by(pg_restore) as dump:
        for name, content in entries:
            if name.startswith(DUMP):
                found.dump.update(content)
                if dump:
                    dump.write(content)
            elif name.startswith(MEDIA):
                found.media[name.removeprefix(MEDIA)] = hashlib.sha256(content).hexdigest()
            elif name == manifest.ENTRY:
                found.manifest = manifest.read(content)
    told = found.manifest
    if told is None or told.dump != found.dump.hexdigest() or told.media != found.media:
        raise BackupRefused("备份的内容与它的清单不一致，不能用来恢复。")
    return told


@contextmanager
def _parsed_by(pg_restore: str) -> Iterator[IO[bytes] | None]:
    if not pg_restore:
        yield None
        return
    with restoring([pg_restore, "--file=/dev/null"], {"LC_ALL": "C"}) as dump:
        yield dump


@contextmanager
def restoring(argv: list[str], environ: dict[str, str]) -> Iterator[IO[bytes]]:
    """pg_restore, to be fed through its standard input; raises BackupRefused when it refuses."""
    with subprocess.Popen(
        argv, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environ
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        try:
            yield process.stdin
            process.stdin.close()
        except BrokenPipeError:
            pass
        except BaseException:
            process.kill()
            raise
        told = process.stderr.read().decode(errors="replace").strip()
    if process.returncode != 0:
        raise BackupRefused(f"pg_restore 没有成功（退出码 {process.returncode}）：{told[-600:]}")


def secrets_in(entries: Iterator[Entry]) -> dict[str, str]:
    """The station's secrets, where the backup carries them."""
    found: dict[str, str] = {}
    for name, content in entries:
        if name == SECRETS:
            found = json.loads(content)
    return found


def _progress(size: int, say: Say) -> Callable[[int], None]:
    done = 0

    def watch(bytes_read: int) -> None:
        nonlocal done
        before, done = done, done + bytes_read
        if done // TOLD_EVERY != before // TOLD_EVERY:
            say(f"已读 {done * 100 // max(size, 1)} %…")

    return watch
