"""`fengqiao backup` and `fengqiao restore`, as an operator meets them."""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path

from fengqiao.kit.days import BEIJING, local_day
from fengqiao.server import nightly
from fengqiao.server.backup import checking, counting, locks, restoring, taking
from fengqiao.server.backup.locks import BackupRefused, Lock
from fengqiao.server.backup.manifest import Manifest
from fengqiao.server.cannot_start import CannotStart
from fengqiao.server.database import Database, open_database
from fengqiao.server.embedded.binaries import wheel_binaries
from fengqiao.server.home import BACKUP_KEY, Home
from fengqiao.server.operating import fail, say, station_open
from fengqiao.server.program import say_on_stderr as tell


def backup(arguments: argparse.Namespace) -> int:
    home = Home.find(os.environ)
    if arguments.nightly:
        return _nightly(home)
    if not arguments.file:
        raise BackupRefused("请写明备份文件的名字，如 fengqiao backup /mnt/disk/fengqiao.backup")
    file = Path(arguments.file).absolute()
    lock = _lock(arguments, home, make=not arguments.check)
    if arguments.check:
        return say(f"备份完好：{_told(checking.check(file, lock, _pg_restore(), tell))}")
    if file.exists():
        raise BackupRefused(f"{file} 已经存在，没有覆盖。请换一个名字。")
    made = _take(home, file, lock)
    say(f"已备份到 {file}({file.stat().st_size / 2**20:.1f} MB)，读回核对无误：{_told(made)}")
    if not lock.carries_secrets:
        say(f"备份里没有主密钥。请把 {home.root / 'secrets'} 另存一处，不要和备份放在一起。")
    return 0


def restore(arguments: argparse.Namespace) -> int:
    home = Home(Path(arguments.into).absolute()) if arguments.into else Home.find(os.environ)
    file = Path(arguments.file).absolute()
    lock = _lock(arguments, home, make=False)
    told, carried = restoring.believed(file, lock, tell)
    keys = restoring.keys_for(file, home, arguments.keys)
    restoring.bring_secrets(home, told, carried, os.environ)
    os.environ["FENGQIAO_HOME"] = str(home.root)
    room = _room(home, replace=arguments.replace)
    if room.aside:
        tell(f"原来的数据库已移到：{room.aside}")
    with station_open(as_owner=True) as database:
        opened = restoring.load(file, lock, keys, home, database, tell)
        wrong = restoring.compare(home, database, told)
        if wrong:
            return fail("恢复后的数据与备份的清单不一致，请勿使用：\n" + "\n".join(wrong))
        renew(home, database, room)
    return say(
        f"已恢复，{len(told.tables)} 张表的行数和校验和与备份时一致：{_told(told)};"
        f"钥匙 {opened.living} 把，另有 {opened.destroyed} 把已按期销毁"
    )


def renew(home: Home, database: Database, room: restoring.Room) -> None:
    """What a restored database needs before anybody works in it: this version's tables and rights, and
    whatever had been destroyed since the backup destroyed again."""
    from fengqiao.server import preparing  # noqa: PLC0415 app ready

    preparing.migrate()
    brought_back = restoring.destroy_again(home, database, room.destroyed)
    if brought_back:
        tell(f"备份之后销毁的密钥 {brought_back} 个，已再次销毁。")
    (home.run / "prepared").unlink(missing_ok=True)


def _room(home: Home, *, replace: bool) -> restoring.Room:
    database, postgres = open_database(home, dict(os.environ))
    try:
        return restoring.make_room(home, database, postgres, replace=replace)
    finally:
        if postgres:
            postgres.stop()


def _take(home: Home, file: Path, lock: Lock) -> Manifest:
    with station_open() as database:
        made = taking.take(home, database, os.environ, file, lock, tell)
        from fengqiao.server import keeping  # noqa: PLC0415 app ready
        from fengqiao.store.heartbeat import BACKUP, beat  # noqa: PLC0415 app ready

        for keys in (file.with_name(restoring.KEYS_BESIDE), home.root / restoring.KEYS):
            keeping.replace_key_file(keys)
        beat(BACKUP)
    return made


def _nightly(home: Home) -> int:
    file = nightly.file_of(home, local_day(datetime.now(UTC)))
    if os.environ.get("FENGQIAO_BACKUP") != "nightly" and _only_shows(home):
        return nightly.NOT_WANTED
    made = _take(home, file, locks.KeyFile(home.secret(BACKUP_KEY).encode()))
    nightly.let_go_of_old(home)
    tell(f"自动备份已完成：{file}，{_told(made)}")
    return 0


def _only_shows(home: Home) -> bool:
    """Whether every station is a demonstration, whose people are invented."""
    with station_open() as database, database.connect_as_app() as app:
        if not counting.holds_a_station(app):
            return True
        row = app.execute("SELECT bool_and(demo) FROM public.ground_station").fetchone()
    return bool(row and row[0])


def _lock(arguments: argparse.Namespace, home: Home, *, make: bool) -> Lock:
    if arguments.passphrase_file:
        return locks.passphrase_in(Path(arguments.passphrase_file))
    if arguments.key_file:
        return locks.key_in(Path(arguments.key_file))
    own = home.root / "secrets" / BACKUP_KEY
    if make:
        return locks.KeyFile(home.secret(BACKUP_KEY).encode())
    if not own.exists():
        raise BackupRefused(
            f"没有备份密钥 {own}。请用 --passphrase-file 或 --key-file 指出打开备份的口令或密钥。"
        )
    return locks.key_in(own)


def _pg_restore() -> str:
    """The newest at hand reads what older ones wrote; without any, digests have to do."""
    try:
        return str(wheel_binaries().pg_restore)
    except CannotStart:
        return ""


def _told(made: Manifest) -> str:
    taken = f"{made.taken_at.astimezone(BEIJING):%Y-%m-%d %H:%M}"
    return f"{taken} 的数据，{made.rows} 行，附件 {len(made.media)} 个"
