"""The operating-system user PostgreSQL runs as: it refuses to be root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from fengqiao.server.cannot_start import CannotStart

CANDIDATES = ("postgres", "nobody")


class Identity(TypedDict, total=False):
    """The part of Popen's arguments that says who runs."""

    user: int
    group: int
    extra_groups: Sequence[int]


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int

    @property
    def identity(self) -> Identity:
        """Nothing when it is ourselves: only root may become another."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        if self.identity:
            os.chown(path, self.uid, self.gid)

    def reaches(self, directory: Path) -> bool:
        """May it walk through this directory and all above? The system is asked, not the mode bits."""
        test = shutil.which("test") or "/usr/bin/test"
        asked = subprocess.run([test, "-x", str(directory)], check=False, **self.identity)
        return asked.returncode == 0


def account_for(existing: Path) -> Account:
    """Ourselves; as root the owner of the cluster that is there already, else `postgres` or `nobody`."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if existing.exists() and (found := existing.stat()).st_uid != 0:
        return Account(found.st_uid, found.st_gid)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise CannotStart("以 root 运行时需要系统用户 postgres 或 nobody，两者都没有。请改用普通用户运行。")
