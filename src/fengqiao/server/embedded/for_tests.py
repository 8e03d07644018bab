"""A throw-away cluster in memory, with durability off. Never for a station's data."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fengqiao.server.embedded.postgres import EmbeddedPostgres
from fengqiao.server.home import Home

PREFIX = "fengqiao-tests-"
FORGOTTEN = 3600.0


@contextmanager
def cluster_for_tests() -> Iterator[EmbeddedPostgres]:
    """Started, empty, with both logins; gone afterwards."""
    memory = Path("/dev/shm")  # noqa: S108
    base = memory if os.access(memory, os.W_OK) else Path(tempfile.gettempdir())
    _sweep(base)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
    # As root, PostgreSQL's own user must be able to walk in.
    folder.chmod(0o711)
    try:
        with EmbeddedPostgres(Home(folder), for_tests=True) as postgres:
            yield postgres
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(base: Path) -> None:
    """Runs that were killed leave theirs behind: ours, over an hour old, and nobody holds the lock."""
    for folder in base.glob(f"{PREFIX}*"):
        found = folder.stat()
        if found.st_uid == os.geteuid() and time.time() - found.st_mtime > FORGOTTEN and _idle(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _idle(folder: Path) -> bool:
    try:
        with (folder / "pg" / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
