"""Who answers at an address? The only questions that count when asking whether a server runs."""

from __future__ import annotations

import psycopg

from fengqiao.server.cannot_start import CannotStart


def answering_pid(admin_url: str) -> int | None:
    """The process number the server itself read from its pid file; None while nobody answers."""
    try:
        with psycopg.connect(admin_url, connect_timeout=5) as server:
            row = server.execute(
                r"SELECT split_part(pg_read_file('postmaster.pid'), E'\n', 1)::int"
            ).fetchone()
    except psycopg.OperationalError as error:
        if "password authentication failed" in str(error):
            raise CannotStart(
                "数据库不认数据目录里的口令：secrets/ 与数据库不是一套。请从同一份备份恢复两者。"
            ) from error
        return None
    return int(row[0]) if row else None


def answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True
