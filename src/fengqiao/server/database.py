"""Which database the program works on: the embedded one, or the server `DATABASE_URL` names."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import Connection, sql
from psycopg.conninfo import conninfo_to_dict

from fengqiao.server.cannot_start import CannotStart
from fengqiao.server.embedded import EmbeddedPostgres
from fengqiao.server.embedded.logins import APP as APP_ROLE
from fengqiao.server.embedded.postmaster import never
from fengqiao.server.home import MASTER_KEY, Home

OLDEST = 15
SET_OPTION_SINCE = 160000
WAITING_WILL_NOT_HELP = ("authentication failed", "does not exist", "no pg_hba.conf entry")
# Two programs starting at once would update the same catalogue rows.
ONE_AT_A_TIME = 0x66656E67


@dataclass(frozen=True)
class Database:
    """`app_role`: the role an application connection switches to at its start, where its login is another."""

    owner_url: str
    app_url: str
    app_role: str | None
    embedded: bool

    def connect_as_app(self) -> Connection:
        """As the application's processes do: same login, same role."""
        given = str(conninfo_to_dict(self.app_url).get("options") or "")
        role = f"-c role={self.app_role}" if self.app_role else ""
        return psycopg.connect(self.app_url, options=f"{given} {role}".strip(), connect_timeout=10)

    def connect_as_owner(self) -> Connection:
        return psycopg.connect(self.owner_url, connect_timeout=10)


def resolve(home: Home, environ: Mapping[str, str]) -> Database:
    """Without touching the database; `DATABASE_OWNER_URL` names the owner's login where it is another."""
    app_url = environ.get("DATABASE_URL", "")
    if not app_url:
        postgres = EmbeddedPostgres(home)
        return Database(postgres.owner_url, postgres.app_url, None, embedded=True)
    try:
        login = conninfo_to_dict(app_url).get("user")
    except psycopg.ProgrammingError as error:
        raise CannotStart(
            "DATABASE_URL 不是有效的 PostgreSQL 地址（postgresql://用户:口令@主机/库）。"
        ) from error
    role = None if login == APP_ROLE else APP_ROLE
    return Database(environ.get("DATABASE_OWNER_URL") or app_url, app_url, role, embedded=False)


def open_database(
    home: Home,
    environ: Mapping[str, str],
    *,
    give_up: Callable[[], bool] = never,
    patience: float = 0.0,
) -> tuple[Database, EmbeddedPostgres | None]:
    """Started or attached to, roles in place. The second part is to be stopped by the caller.

    `patience`: seconds to wait for an outside server that does not answer yet.
    """
    database = resolve(home, environ)
    if database.embedded:
        postgres = EmbeddedPostgres(home)
        postgres.start(give_up)
        return database, postgres
    deadline = time.monotonic() + patience
    while not give_up():
        try:
            prepare(database)
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline or any(sign in str(error) for sign in WAITING_WILL_NOT_HELP):
                raise CannotStart(f"连不上 DATABASE_URL 指定的数据库：{str(error).strip()}") from error
            time.sleep(0.5)
        else:
            break
    return database, None


@contextmanager
def running(home: Home, environ: Mapping[str, str]) -> Iterator[Database]:
    """For one command: the database answers within, and is stopped after if it was we who started it."""
    database, postgres = open_database(home, environ)
    try:
        yield database
    finally:
        if postgres:
            postgres.stop()


def environment(
    home: Home, database: Database, environ: Mapping[str, str], *, as_owner: bool
) -> dict[str, str]:
    """What a process of ours is given. Only the one that migrates gets the owner's login."""
    handed = {key: value for key, value in environ.items() if not key.startswith("DATABASE_")}
    handed |= {
        "FENGQIAO_HOME": str(home.root),
        "FENGQIAO_APP_URL": database.app_url,
        "FENGQIAO_APP_ROLE": database.app_role or "",
        "FENGQIAO_SECRET_KEY": environ.get("FENGQIAO_SECRET_KEY") or home.secret("django_secret_key"),
        "FENGQIAO_MASTER_KEY": environ.get("FENGQIAO_MASTER_KEY") or home.secret(MASTER_KEY),
        "DJANGO_SETTINGS_MODULE": environ.get("DJANGO_SETTINGS_MODULE") or "fengqiao.server.settings",
    }
    handed.pop("FENGQIAO_OWNER_URL", None)
    # Our processes keep what they compile, or every start would compile everything anew.
    handed.pop("PYTHONDONTWRITEBYTECODE", None)
    return handed | ({"FENGQIAO_OWNER_URL": database.owner_url} if as_owner else {})


def prepare(database: Database) -> None:
    """On an outside server: the application's role and what it may do, as far as that is missing."""
    if database.embedded:
        return
    with database.connect_as_owner() as owner:
        if owner.info.server_version < OLDEST * 10000:
            raise CannotStart(too_old(owner.info.server_version))
        login = str(conninfo_to_dict(database.app_url).get("user") or owner.info.user)
        try:
            _prepare(owner, login, switches=database.app_role is not None)
        except psycopg.errors.InsufficientPrivilege as error:
            raise CannotStart(
                f"数据库账号 {owner.info.user} 无权建立应用角色（{error.diag.message_primary}）。请数据库管理员执行一次："
                f'CREATE ROLE {APP_ROLE} NOLOGIN; GRANT {APP_ROLE} TO "{login}"; '
                f"GRANT USAGE ON SCHEMA public TO {APP_ROLE};"
            ) from error


def too_old(version: int) -> str:
    return f"数据库是 PostgreSQL {version // 10000}，至少需要 {OLDEST}。请升级数据库，或不设 DATABASE_URL 使用自带的数据库。"


def _prepare(owner: Connection, login: str, *, switches: bool) -> None:
    owner.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    if not owner.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE]).fetchone():
        owner.execute(f"CREATE ROLE {APP_ROLE} NOLOGIN")
    if switches:
        may = "SET" if owner.info.server_version >= SET_OPTION_SINCE else "MEMBER"
        if not _true(owner, "SELECT pg_has_role(%s, %s, %s)", login, APP_ROLE, may):
            owner.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(APP_ROLE), sql.Identifier(login)))
    if _true(owner, "SELECT has_schema_privilege(%s, 'public', 'CREATE')", APP_ROLE):
        owner.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    if not _true(owner, "SELECT has_schema_privilege(%s, 'public', 'USAGE')", APP_ROLE):
        owner.execute(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}")
    grants = "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT"
    owner.execute(f"{grants} SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP_ROLE}")
    owner.execute(f"{grants} USAGE ON SEQUENCES TO {APP_ROLE}")


def _true(connection: Connection, question: str, *values: str) -> bool:
    row = connection.execute(question, values).fetchone()
    return bool(row and row[0])
