"""Restoring a backup: believed first, then room is made, loaded, compared with its manifest."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from psycopg import Connection, sql

from fengqiao.server.backup import checking, counting, manifest, programs
from fengqiao.server.backup.locks import BackupRefused, Lock
from fengqiao.server.backup.manifest import DUMP, MEDIA, Manifest
from fengqiao.server.database import Database
from fengqiao.server.embedded import EmbeddedPostgres
from fengqiao.server.home import MASTER_KEY, PACKAGE, Home, write_private
from fengqiao.store import keys_apart
from fengqiao.store.keys_apart import Counted

Say = Callable[[str], None]
# The one key file of a folder of backups, replaced by each of them; and the data directory's own.
KEYS_BESIDE = "fengqiao.keys"
KEYS = "keys/current"


@dataclass(frozen=True)
class Destroyed:
    """A key that had been destroyed in the database a restore replaced."""

    id: str
    at: datetime


@dataclass(frozen=True)
class Room:
    """Where the old database lies aside (empty: there was none), and what it had destroyed."""

    aside: str
    destroyed: tuple[Destroyed, ...]


def believed(file: Path, lock: Lock, say: Say) -> tuple[Manifest, dict[str, str]]:
    """Read the backup whole before anything is touched: what it holds, and the secrets it carries."""
    say("核对备份…")
    told = checking.check(file, lock, "", say)
    unknown = [name for name in told.migrations if _ours(name) and not _migration(name).is_file()]
    if unknown:
        raise BackupRefused(
            f"备份来自更新的程序（{told.version}，{unknown[-1]}）。请先更新程序再恢复，没有改动任何东西。"
        )
    return told, checking.secrets_in(checking.reading(file, lock, say))


def bring_secrets(home: Home, told: Manifest, carried: Mapping[str, str], environ: Mapping[str, str]) -> None:
    """The master key the sealed words need: the home's own, or the one the backup carries. Raises BackupRefused.

    A key that is there is never overwritten: it may be the only one that opens another database.
    """
    folder = home.root / "secrets"
    own = environ.get("FENGQIAO_MASTER_KEY") or _text(folder / MASTER_KEY)
    if own and manifest.mark_of(own) != told.master_key:
        raise BackupRefused(
            f"{folder / MASTER_KEY} 不是备份所用的主密钥，恢复后事主信息打不开。"
            "请恢复到另一个数据目录（--into），或先放回原来的主密钥。"
        )
    if not own and MASTER_KEY not in carried:
        raise BackupRefused(
            f"备份里没有主密钥（它与备份分开存放）。请先把原来的 master_key 放到 {folder} 里，再恢复。"
        )
    home.make()
    folder.mkdir(mode=0o700, exist_ok=True)
    for name, text in carried.items():
        if not (folder / name).exists():
            write_private(folder / name, text)


def make_room(home: Home, database: Database, postgres: EmbeddedPostgres | None, *, replace: bool) -> Room:
    """An empty database at the place of the old one, which is kept aside. Raises BackupRefused.

    Embedded: its server is stopped afterwards. Nothing is ever deleted here.
    """
    with programs.connect_as_keeper(programs.keeper_url(home, database)) as keeper:
        if counting.holds_a_station(keeper) and not replace:
            raise BackupRefused(
                "这里已有派出所的数据，没有恢复。换一个数据目录（--into），或加 --replace：原来的数据库会移到一边保留。"
            )
        if not counting.tables(keeper):
            return Room("", ())
        _refuse_when_used(keeper, postgres)
        destroyed = _destroyed(keeper)
        stamp = f"before-{datetime.now():%Y%m%d-%H%M%S}"  # noqa: DTZ005 a name the operator reads, in local time
        if postgres is None:
            return Room(_schema_aside(keeper, stamp.replace("-", "_")), destroyed)
    return Room(_cluster_aside(postgres, stamp), destroyed)


def load(file: Path, lock: Lock, keys: Path, home: Home, database: Database, say: Say) -> Counted:
    """Tables and media, then the keys, then what points at them: indexes and constraints. Each step is one
    transaction; a database that failed on the way is an empty one or one to be thrown away.
    """
    url = programs.keeper_url(home, database)
    with programs.connect_as_keeper(url) as keeper:
        tools = programs.programs(database, keeper.info.server_version // 10000)
    say("装入数据库…")
    _load_sections(file, lock, tools, database, ("pre-data", "data"), say, media=home)
    say("装入钥匙…")
    master = base64.b64decode(home.secret(MASTER_KEY))
    with programs.connect_as_keeper(url) as keeper:
        try:
            counted = keys_apart.load(keeper, keys, master_key=master)
        except keys_apart.Damaged as error:
            raise BackupRefused(f"钥匙文件 {keys} 不完整、被改动过，或不属于这把主密钥。") from error
    say("建立索引和约束…")
    _load_sections(file, lock, tools, database, ("post-data",), say)
    return counted


def _load_sections(
    file: Path,
    lock: Lock,
    tools: programs.Programs,
    database: Database,
    sections: tuple[str, ...],
    say: Say,
    *,
    media: Home | None = None,
) -> None:
    login = programs.environment(database.owner_url)
    argv = [tools.pg_restore, "--no-owner", "--no-acl", "--exit-on-error", "--single-transaction"]
    argv += [f"--section={section}" for section in sections]
    with checking.restoring([*argv, f"--dbname={login['PGDATABASE']}"], login) as dump:
        for name, content in checking.reading(file, lock, say):
            if name.startswith(DUMP):
                dump.write(content)
            elif media is not None and name.startswith(MEDIA):
                _put_media(media, name.removeprefix(MEDIA), content)


def keys_for(file: Path, home: Home, given: str) -> Path:
    """The newest key file: the one named, else beside the backup, else the data directory's own. Raises
    BackupRefused where there is none: without it no word about a person opens again.
    """
    places = [Path(given).absolute()] if given else [file.with_name(KEYS_BESIDE), home.root / KEYS]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise BackupRefused(
            f"没有找到钥匙文件 {places[0]}。它与备份放在一起，每次备份都会换新；在别处时用 --keys 指出。没有改动任何东西。"
        )
    return found


def compare(home: Home, database: Database, told: Manifest) -> list[str]:
    """What is not as the manifest says; empty after a good restore."""
    with programs.connect_as_keeper(programs.keeper_url(home, database)) as keeper:
        found = counting.differences(told.tables, counting.count(keeper))
        if counting.migrations(keeper) != told.migrations:
            found.append("迁移记录与备份时不同")
    return found


def destroy_again(home: Home, database: Database, destroyed: tuple[Destroyed, ...]) -> int:
    """Keys destroyed after the backup was taken stay destroyed; gives how many it brought back."""
    if not destroyed:
        return 0
    with programs.connect_as_keeper(programs.keeper_url(home, database)) as keeper:
        brought_back = 0
        for key in destroyed:
            changed = keeper.execute(
                "UPDATE public.store_key SET wrapped = NULL, destroyed_at = %s"
                " WHERE id = %s AND wrapped IS NOT NULL",
                [key.at, key.id],
            )
            brought_back += changed.rowcount
    return brought_back


def _destroyed(keeper: Connection) -> tuple[Destroyed, ...]:
    if "store_key" not in counting.tables(keeper):
        return ()
    rows = keeper.execute(
        "SELECT id::text, coalesce(destroyed_at, now()) FROM public.store_key WHERE wrapped IS NULL"
    )
    return tuple(Destroyed(*row) for row in rows)


def _refuse_when_used(keeper: Connection, postgres: EmbeddedPostgres | None) -> None:
    others = keeper.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    ).fetchone()
    if (postgres is not None and not postgres.mine) or (others and others[0]):
        raise BackupRefused("程序还在使用这个数据库。请先停止 fengqiao serve，再恢复。")


def _schema_aside(keeper: Connection, stamp: str) -> str:
    keeper.execute(sql.SQL("ALTER SCHEMA public RENAME TO {}").format(sql.Identifier(stamp)))
    keeper.execute("CREATE SCHEMA public")
    return f"模式 {stamp}"


def _cluster_aside(postgres: EmbeddedPostgres, stamp: str) -> str:
    cluster = postgres.place.cluster
    postgres.stop()
    aside = cluster.with_name(f"{cluster.name}.{stamp}")
    cluster.rename(aside)
    return str(aside)


def _put_media(home: Home, name: str, content: bytes) -> None:
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts:
        raise BackupRefused(f"备份里的附件名不可用：{name}")
    path = home.media.joinpath(*parts)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_bytes(content)


def _ours(migration: str) -> bool:
    return _folder(migration) is not None


def _migration(migration: str) -> Path:
    app, _, name = migration.partition(".")
    return (_folder(migration) or PACKAGE / app) / f"{name}.py"


def _folder(migration: str) -> Path | None:
    """The app's migrations; None for an app of another house, whose versions the lock file pins."""
    app = migration.partition(".")[0]
    places = (PACKAGE / app / "migrations", PACKAGE / "kinds" / app / "migrations")
    return next((place for place in places if place.is_dir()), None)


def _text(path: Path) -> str:
    return path.read_text().strip() if path.exists() else ""
