"""Making a cluster, and the settings every start of it is given."""

from __future__ import annotations

import secrets
import shutil
import subprocess
from pathlib import Path

from fengqiao.server.cannot_start import CannotStart
from fengqiao.server.embedded.binaries import Binaries
from fengqiao.server.embedded.place import Place
from fengqiao.server.home import sync_directory, write_private

SUPERUSER = "postgres"
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
FLEETING = dict.fromkeys(DURABLE, "off")
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "default_text_search_config": "pg_catalog.simple",
    "log_line_prefix": "%m [%p] ",
    # An error's text, its detail and its statement can carry what somebody typed: the application tells
    # of errors, the server's log keeps to starts, stops, recovery and refused sign-ins.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


def environment(place: Place) -> dict[str, str]:
    """Little and known: a PGDATA or a locale of the caller's must not reach the server."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": str(place.root)}


def make_cluster(place: Place, programs: Binaries, password: str, *, durable: bool) -> None:
    """initdb beside the place it shall have, then a rename: a half-made cluster is never started."""
    for leftover in place.root.glob(f"{place.cluster.name}.making-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    draft = place.root / f"{place.cluster.name}.making-{secrets.token_hex(4)}"
    password_file = place.root / f".password-{secrets.token_hex(4)}"
    write_private(password_file, password)
    place.account.own(password_file)
    try:
        _initdb(place, programs, draft, password_file, durable=durable)
    finally:
        password_file.unlink(missing_ok=True)
    draft.rename(place.cluster)
    sync_directory(place.root)


def _initdb(place: Place, programs: Binaries, draft: Path, password_file: Path, *, durable: bool) -> None:
    arguments = [
        str(programs.program("initdb")),
        f"--pgdata={draft}",
        f"--username={SUPERUSER}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-locale",
        "--data-checksums",
        "--no-instructions",
        *([] if durable else ["--no-sync"]),
    ]
    made = subprocess.run(
        arguments,
        check=False,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        cwd=place.root,
        env=environment(place),
        start_new_session=True,
        **place.account.identity,
    )
    if made.returncode != 0:
        shutil.rmtree(draft, ignore_errors=True)
        told = made.stderr.decode(errors="replace").strip()[-800:]
        raise CannotStart(f"无法在 {place.root} 建立数据库（initdb 退出码 {made.returncode}）：\n{told}")


def server_arguments(place: Place, programs: Binaries, sockets: Path, *, durable: bool) -> list[str]:
    """Given on the command line, so neither a file nor ALTER SYSTEM can undo them."""
    quoted = '"' + str(sockets).replace('"', '""') + '"'
    settings = SETTINGS | (DURABLE if durable else FLEETING) | {"unix_socket_directories": quoted}
    switches = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return [str(programs.program("postgres")), "-D", str(place.cluster), *switches]
