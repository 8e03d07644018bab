"""pg_dump and pg_restore of the server's own version, and the login they use, told by environment."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import Conninfo

from fengqiao.server.backup.locks import BackupRefused
from fengqiao.server.database import Database
from fengqiao.server.embedded import EmbeddedPostgres
from fengqiao.server.embedded.binaries import wheel_binaries
from fengqiao.server.home import Home

DEBIAN = "/usr/lib/postgresql/{}/bin"


@dataclass(frozen=True)
class Programs:
    pg_dump: str
    pg_restore: str


def programs(database: Database, major: int) -> Programs:
    """Of the embedded server's wheel; for an outside server the installed ones of its version.

    A newer pg_dump would write what the server of that version cannot take back.
    """
    if database.embedded:
        binaries = wheel_binaries()
        return Programs(str(binaries.pg_dump), str(binaries.pg_restore))
    path = os.pathsep.join([os.environ.get("PATH", ""), DEBIAN.format(major)])
    for folder in path.split(os.pathsep):
        found = Programs(*(shutil.which(name, path=folder) or "" for name in ("pg_dump", "pg_restore")))
        if found.pg_dump and found.pg_restore and _major(found.pg_dump) == major:
            return found
    raise BackupRefused(
        f"备份外部数据库需要 PostgreSQL {major} 的 pg_dump 和 pg_restore，没有找到。请安装 postgresql-client-{major}。"
    )


def _major(program: str) -> int:
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\) (\d+)", told)
    return int(found[1]) if found else 0


def keeper_url(home: Home, database: Database) -> str:
    """The login that reads past the station's wall: a backup holds every station's rows."""
    return EmbeddedPostgres(home).keeper_url if database.embedded else database.owner_url


def connect_as_keeper(url: str) -> Connection:
    """Raises BackupRefused where the wall would hide rows from this login."""
    connection = psycopg.connect(url, connect_timeout=10)
    row = connection.execute(
        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    if not (row and row[0]):
        login = connection.info.user
        connection.close()
        raise BackupRefused(
            f"账号 {login} 看不到各派出所的全部数据，备份会是空的。请数据库管理员执行一次："
            f'ALTER ROLE "{login}" BYPASSRLS;（DATABASE_OWNER_URL 的账号，应用不用它）'
        )
    connection.rollback()
    return connection


def environment(url: str) -> dict[str, str]:
    """The login as libpq reads it from the environment: a password on a command line is seen by everybody."""
    given = conninfo_to_dict(url)
    told = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": str(Path.home())}
    for option in Conninfo.get_defaults():
        name, variable = option.keyword.decode(), option.envvar
        if name in given and variable:
            told[variable.decode()] = str(given[name])
    return told
