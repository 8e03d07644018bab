"""Seals copied out of the database: one line a seal, appended and forced to the disk.

Whoever rewrites the database would have to rewrite every copy too. A copy that was away catches up.
"""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from typing import Any, BinaryIO

from fengqiao.store.seals import Seal

_TAIL = 64 * 1024


def copy_path(folder: Path, station_id: int) -> Path:
    return folder / f"station-{station_id}.jsonl"


def copy_out(folder: Path, station_id: int) -> int:
    """Append the seals the copy lacks; gives how many. Raises OSError when the folder is away.

    Runs inside `acting_for(station_id)`.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with copy_path(folder, station_id).open("a+b") as copy:
        fcntl.flock(copy, fcntl.LOCK_EX)
        newer = Seal.objects.defer("leaves").filter(number__gt=_last_number(copy)).order_by("number")
        lines = [json.dumps(seal.line(), sort_keys=True) + "\n" for seal in newer]
        copy.write("".join(lines).encode())
        copy.flush()
        os.fsync(copy.fileno())
    return len(lines)


def copied(folder: Path, station_id: int) -> list[dict[str, Any]]:
    """Every whole line of a copy; raises OSError or ValueError when it cannot be read."""
    text = copy_path(folder, station_id).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]


def _last_number(copy: BinaryIO) -> int:
    """The number on the last whole line; a line torn by a crash is cut off."""
    size = copy.seek(0, os.SEEK_END)
    copy.seek(max(0, size - _TAIL))
    whole, end, torn = copy.read().rpartition(b"\n")
    if torn:
        copy.truncate(size - len(torn))
    if not end:
        return 0
    return int(json.loads(whole.rpartition(b"\n")[2])["number"])
