"""The data directory: everything the program writes lies there, secrets included."""

from __future__ import annotations

import base64
import fcntl
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fengqiao.server.cannot_start import CannotStart

PACKAGE = Path(__file__).resolve().parent.parent
MASTER_KEY = "master_key"
BACKUP_KEY = "backup_key"


@dataclass(frozen=True)
class Home:
    """One station's data directory. Making the object touches nothing on disk."""

    root: Path

    @classmethod
    def find(cls, environ: Mapping[str, str]) -> Home:
        """`FENGQIAO_HOME`; else `.fengqiao` in the checkout the code runs from; else the user's own."""
        if given := environ.get("FENGQIAO_HOME"):
            return cls(Path(given).expanduser().absolute())
        checkout = PACKAGE.parent.parent
        if (checkout / "pyproject.toml").is_file() and os.access(checkout, os.W_OK):
            return cls(checkout / ".fengqiao")
        if data := environ.get("XDG_DATA_HOME"):
            return cls(Path(data) / "fengqiao")
        return cls(Path.home() / ".fengqiao")

    @property
    def pg(self) -> Path:
        return self.root / "pg"

    @property
    def logs(self) -> Path:
        return self._directory("logs")

    @property
    def run(self) -> Path:
        return self._directory("run")

    @property
    def media(self) -> Path:
        return self._directory("media")

    @property
    def backups(self) -> Path:
        return self._directory("backups")

    def secret(self, name: str) -> str:
        """The secret of that name, made at random the first time; there are no default secrets.

        64 characters of URL-safe base64; the master key is 32 bytes in base64. A file that is there but
        empty is an error: making another key in its place would lose what the first one locked.
        """
        path = self._directory("secrets") / name
        if not path.exists():
            with self._alone():
                if not path.exists():
                    write_private(path, _new_secret(name))
        try:
            value = path.read_text().strip()
        except PermissionError:
            raise CannotStart(f"无权读取密钥文件 {path}。请用创建该数据目录的用户运行。") from None
        if not value:
            raise CannotStart(f"密钥文件 {path} 是空的。请从备份恢复它。")
        return value

    def make(self) -> None:
        """Create the directory. As root it may be walked through: PostgreSQL runs as another user inside."""
        try:
            if not self.root.is_dir():
                self.root.mkdir(parents=True, exist_ok=True)
                self.root.chmod(0o711 if os.geteuid() == 0 else 0o700)
        except OSError as error:
            raise CannotStart(
                f"无法创建数据目录 {self.root}（{error}）。请用 FENGQIAO_HOME 另指一处。"
            ) from error

    def _directory(self, name: str) -> Path:
        self.make()
        path = self.root / name
        try:
            path.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise CannotStart(f"无法写入数据目录 {self.root}（{error}）。") from error
        return path

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.run / "secrets.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def write_private(path: Path, text: str) -> None:
    """All of it or nothing, readable by us alone, on the disk before it bears its name."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Put a rename inside it on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _new_secret(name: str) -> str:
    if name == MASTER_KEY:
        return base64.b64encode(secrets.token_bytes(32)).decode()
    return secrets.token_urlsafe(48)
