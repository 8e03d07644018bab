"""Conditions under which the program does not start, each with what to mend."""

from __future__ import annotations

import base64
import binascii
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass

import psycopg
from psycopg import Connection

from fengqiao.server.database import OLDEST, Database, too_old
from fengqiao.store.ciphers import DEFAULT, SUITES

DURABILITY = ("fsync", "full_page_writes", "synchronous_commit")
KEY_LENGTH = 50
KEY_LETTERS = 10
KNOWN_KEYS = ("django-insecure-", "changeme", "change-me", "secret", "fengqiao", "your-secret-key")


@dataclass(frozen=True)
class Refusal:
    code: str
    says: str
    mend: str


@dataclass(frozen=True)
class Facts:
    """What the live server says of itself and of those who sign in."""

    version: int
    encoding: str
    durability: Mapping[str, str]
    role: str
    role_is_superuser: bool
    role_bypasses_walls: bool
    superuser_logins: tuple[str, ...]


def refusals(database: Database, *, environ: Mapping[str, str], debug: bool, host: str) -> list[Refusal]:
    """Every reason not to start; empty when there is none. Asks the server over the program's own logins."""
    found = [*_of_debug(environ, debug=debug), *_of_keys(environ), *_of_cipher(environ)]
    try:
        facts = ask(database)
    except psycopg.OperationalError as error:
        told = str(error).strip()
        return [
            *found,
            Refusal(
                "database.silent", f"数据库没有应答：{told}", "检查数据库是否在运行、地址与口令是否正确。"
            ),
        ]
    return [*found, *judge(facts, production=is_production(environ, host))]


def is_production(environ: Mapping[str, str], host: str) -> bool:
    """Said so, or listening where other machines can reach it."""
    return environ.get("FENGQIAO_PRODUCTION") == "1" or not _is_loopback(host)


def ask(database: Database) -> Facts:
    with database.connect_as_app() as app:
        role, is_superuser, bypasses = _one(
            app, "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        logins = {login for login in (_superuser_login(app),) if login}
        facts = {name: str(_one(app, f"SHOW {name}")[0]) for name in (*DURABILITY, "server_encoding")}
        version = app.info.server_version
    with database.connect_as_owner() as owner:
        logins |= {login for login in (_superuser_login(owner),) if login}
    return Facts(
        version=version,
        encoding=facts.pop("server_encoding"),
        durability=facts,
        role=str(role),
        role_is_superuser=bool(is_superuser),
        role_bypasses_walls=bool(bypasses),
        superuser_logins=tuple(sorted(logins)),
    )


def judge(facts: Facts, *, production: bool) -> list[Refusal]:
    found = [_undurable(name) for name in DURABILITY if facts.durability[name] == "off"]
    if facts.version < OLDEST * 10000:
        found.append(
            Refusal("database.too_old", too_old(facts.version), f"升级到 PostgreSQL {OLDEST} 以上。")
        )
    if facts.encoding != "UTF8":
        says = f"数据库的编码是 {facts.encoding}，存不下全部汉字。"
        found.append(Refusal("database.encoding", says, "用 ENCODING 'UTF8' 另建一个库。"))
    if facts.role_is_superuser or facts.role_bypasses_walls:
        says = f"应用所用的数据库角色 {facts.role} 不受行级权限约束（superuser 或 bypassrls）。"
        mend = f"执行 ALTER ROLE {facts.role} NOSUPERUSER NOBYPASSRLS，或换一个普通账号。"
        found.append(Refusal("database.unbound_role", says, mend))
    if production and facts.superuser_logins:
        says = f"正式运行时不得以超级用户登录数据库：{'、'.join(facts.superuser_logins)}。"
        mend = "为程序另建普通账号：DATABASE_URL 用应用账号，DATABASE_OWNER_URL 用库的属主。"
        found.append(Refusal("database.superuser_login", says, mend))
    return found


def _undurable(name: str) -> Refusal:
    return Refusal(
        f"database.{name}",
        f"数据库的 {name} 是关闭的，断电或崩溃会丢失已经答复过的记录。",
        f"把数据库（或该账号、该库）的 {name} 设为 on 后重新启动。",
    )


def _of_debug(environ: Mapping[str, str], *, debug: bool) -> list[Refusal]:
    if not debug or environ.get("FENGQIAO_DEVELOPMENT") == "1":
        return []
    says = "调试模式（DEBUG）是打开的，出错页面会泄露数据。"
    return [Refusal("settings.debug", says, "去掉 FENGQIAO_DEBUG；只在开发时另设 FENGQIAO_DEVELOPMENT=1。")]


def _of_keys(environ: Mapping[str, str]) -> list[Refusal]:
    """Keys of the data directory are made at random; only those given from outside can be bad."""
    found = []
    key = environ.get("FENGQIAO_SECRET_KEY")
    if key is not None and not _is_good_key(key):
        says = f"环境变量 FENGQIAO_SECRET_KEY 太弱（须有 {KEY_LENGTH} 个字符以上且不是常见默认值）。"
        found.append(Refusal("settings.secret_key", says, "去掉它，程序会自行生成；或换一个随机值。"))
    master = environ.get("FENGQIAO_MASTER_KEY")
    if master is not None and not _is_good_master_key(master):
        says = "环境变量 FENGQIAO_MASTER_KEY 不是 32 个随机字节的 base64。"
        found.append(
            Refusal(
                "settings.master_key", says, "去掉它，程序会自行生成；或用 openssl rand -base64 32 生成。"
            )
        )
    return found


def _of_cipher(environ: Mapping[str, str]) -> list[Refusal]:
    given = environ.get("FENGQIAO_CIPHER", DEFAULT)
    if given in SUITES:
        return []
    says = f"不认识加密算法 FENGQIAO_CIPHER={given}。"
    return [Refusal("settings.cipher", says, f"可用：{'、'.join(SUITES)}；去掉它则用 {DEFAULT}。")]


def _is_good_key(key: str) -> bool:
    known = key.lower().startswith(KNOWN_KEYS)
    return len(key) >= KEY_LENGTH and len(set(key)) >= KEY_LETTERS and not known


def _is_good_master_key(key: str) -> bool:
    try:
        raw = base64.b64decode(key, validate=True)
    except binascii.Error:
        return False
    return len(raw) == 32 and len(set(raw)) >= KEY_LETTERS


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _superuser_login(connection: Connection) -> str | None:
    name, is_superuser = _one(
        connection, "SELECT rolname, rolsuper FROM pg_roles WHERE rolname = session_user"
    )
    return str(name) if is_superuser else None


def _one(connection: Connection, question: str) -> tuple[object, ...]:
    row = connection.execute(question).fetchone()
    return row if row is not None else ()
