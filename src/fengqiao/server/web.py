"""The web process: granian serving the WSGI application on threads."""

from __future__ import annotations

import os

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels


def main() -> None:
    Granian(
        "fengqiao.server.wsgi:application",
        address=os.environ.get("FENGQIAO_HOST", "127.0.0.1"),
        port=int(os.environ.get("PORT", "8000")),
        interface=Interfaces.WSGI,
        workers=int(os.environ.get("FENGQIAO_WORKERS", "1")),
        blocking_threads=int(os.environ.get("FENGQIAO_THREADS", "256")),
        workers_kill_timeout=5,
        respawn_failed_workers=True,
        log_level=LogLevels.error,
    ).serve()


if __name__ == "__main__":
    main()
