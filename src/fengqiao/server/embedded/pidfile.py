"""A lock file names a process that may be long gone, its number borne by a stranger or a zombie."""

from __future__ import annotations

import os
from pathlib import Path

from fengqiao.server.embedded.place import Place
from fengqiao.server.embedded.sockets import socket_directory

SOCKET_LOCK = ".s.PGSQL.5432.lock"


def disown_strangers(place: Place) -> None:
    """In the server's two lock files: where the process named is no server of this cluster, write our number.

    PostgreSQL refuses to start while *any* process of its user bears the number, yet passes over its
    parent's, and goes on to its second check: that no old backend still holds the shared memory. Deleting
    the file would skip that one. Call it only while holding the place and while nobody answers.
    """
    for file in (place.cluster / "postmaster.pid", socket_directory(place) / SOCKET_LOCK):
        if file.exists():
            _disown(file, place.cluster)


def _disown(file: Path, cluster: Path) -> None:
    first, _, rest = file.read_text().partition("\n")
    if not first:
        # Empty: its server fell while starting, before there was any shared memory to tell of.
        file.unlink(missing_ok=True)
    elif first.lstrip("-").isdigit() and not _works_in(abs(int(first)), cluster):
        # In place, so that the file stays its owner's.
        with file.open("r+") as handle:
            handle.write(f"{os.getpid()}\n{rest}")
            handle.truncate()


def _works_in(number: int, cluster: Path) -> bool:
    """A server works inside its cluster. Where the system does not show this (macOS), PostgreSQL judges."""
    if not Path("/proc/self/cwd").exists():
        return True
    try:
        return Path(f"/proc/{number}/cwd").samefile(cluster)
    except FileNotFoundError:
        return False
    except OSError:
        return True
