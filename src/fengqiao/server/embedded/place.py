"""Where the cluster of one home lies, as whom it runs, and which programs run it."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from fengqiao.server.cannot_start import CannotStart
from fengqiao.server.embedded.account import Account, account_for
from fengqiao.server.embedded.binaries import (
    MAJOR,
    Binaries,
    open_directory,
    reachable_binaries,
    wheel_binaries,
)
from fengqiao.server.home import Home, write_private

OUTSIDE = Path("/var/lib/fengqiao")
POINTER = "pg-place"


@dataclass(frozen=True)
class Place:
    root: Path
    account: Account

    @property
    def cluster(self) -> Path:
        return self.root / MAJOR

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    def make(self) -> None:
        private_directory(self.root, self.account)

    def programs(self, outside: Path) -> Binaries:
        """The programs this account may run, copied out of the wheel if need be."""
        return reachable_binaries(wheel_binaries(), self.account, outside)


def settle(home: Home, outside: Path) -> Place:
    """Inside the home, unless PostgreSQL's user cannot get there (root's mode-700 directories): then outside.

    Once settled it stays: a pointer file in the home names an outside place, and a cluster in the home is
    used whatever the directories above it became since.
    """
    home.make()
    pointer = home.root / POINTER
    if pointer.exists():
        root = Path(pointer.read_text().rstrip("\n"))
        return Place(root, account_for(root / MAJOR))
    account = account_for(home.pg / MAJOR)
    if (home.pg / MAJOR).exists() or not account.identity or account.reaches(home.root):
        return Place(home.pg, account)
    root = _free_place(home, open_directory(outside))
    write_private(pointer, str(root))
    return Place(root, account)


def private_directory(path: Path, account: Account) -> None:
    """Mode 0700, the account's own. One that somebody else put there is refused, not used."""
    try:
        path.mkdir(mode=0o700, exist_ok=True)
        found = path.lstat()
        if found.st_uid not in (account.uid, os.geteuid()) or path.is_symlink():
            raise CannotStart(f"目录 {path} 属于别的用户（{found.st_uid}）。请用创建它的用户运行，或移走它。")
        path.chmod(0o700)
        account.own(path)
    except OSError as error:
        raise CannotStart(f"无法准备目录 {path}（{error}）。请用 FENGQIAO_HOME 另指一处。") from error


def _free_place(home: Home, outside: Path) -> Path:
    """Named after the home. What an erased home of the same path left behind is never taken over."""
    name = hashlib.sha256(os.fsencode(home.root)).hexdigest()[:12]
    names = (name if turn == 1 else f"{name}-{turn}" for turn in count(1))
    return next(path for path in (outside / each for each in names) if not path.exists())
