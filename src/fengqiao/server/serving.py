"""`fengqiao serve`: prepare once per version, then keep the program running. No Django in this process."""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from pathlib import Path

from fengqiao.server.home import PACKAGE, Home, write_private
from fengqiao.server.program import Role, run_program

SIGN_INS = "sign-ins.txt"


def serve(arguments: argparse.Namespace) -> int:
    """Blocks until stopped; gives the exit code."""
    home = Home.find(os.environ)
    stamp = _stamp(no_demo=arguments.no_demo)
    mark = home.run / "prepared"
    prepared = not os.environ.get("DATABASE_URL") and mark.exists() and mark.read_text().strip() == stamp
    prepare = [] if prepared else [_prepare(arguments)]

    def ready() -> None:
        if not os.environ.get("DATABASE_URL"):
            write_private(mark, stamp)
        _say_where(home, arguments)

    os.environ.setdefault("FENGQIAO_POOLED", "1")
    role: Role = arguments.role
    return run_program(
        home, role=role, host=arguments.host, port=arguments.port, prepare=prepare, when_ready=ready
    )


def _prepare(arguments: argparse.Namespace) -> list[str]:
    argv = [sys.executable, "-m", "fengqiao.server.cli", "prepare"]
    return [*argv, "--no-demo"] if arguments.no_demo else argv


def _stamp(*, no_demo: bool) -> str:
    """Changes whenever a migration or a static file does: then there is something to prepare."""
    found = hashlib.sha256(b"no demo" if no_demo else b"demo")
    for pattern in ("**/migrations/*.py", "pages/static/**/*", "**/locale/**/*.mo"):
        for path in sorted(PACKAGE.glob(pattern)):
            if path.is_file():
                found.update(f"{path.relative_to(PACKAGE)} {_state(path)}".encode())
    return found.hexdigest()


def _state(path: Path) -> str:
    stat = path.stat()
    return f"{stat.st_size} {stat.st_mtime_ns}"


def _say_where(home: Home, arguments: argparse.Namespace) -> None:
    lines = [f"枫桥已启动  http://{arguments.host}:{arguments.port}"]
    told = home.run / SIGN_INS
    if told.exists():
        lines.append(told.read_text(encoding="utf-8").rstrip())
    lines.append("按 Ctrl-C 停止。")
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
