"""The worker process: the clock scanner, the sealer, the job queue and the demo station's play, side by side."""

from __future__ import annotations

import logging
import os
import signal
import threading
from types import FrameType

import django

log = logging.getLogger("fengqiao.worker")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fengqiao.server.settings")
    django.setup()
    from fengqiao.server import jobs, player, scanner, sealer  # noqa: PLC0415 app ready
    from fengqiao.server.logs import set_up_logs  # noqa: PLC0415 app ready

    set_up_logs()
    stop = threading.Event()

    def ask_to_stop(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    beside = [
        threading.Thread(target=jobs.run, args=(stop,), name="jobs"),
        threading.Thread(target=sealer.run, args=(stop,), name="sealer"),
        threading.Thread(target=player.run, args=(stop,), name="play", daemon=True),
    ]
    for thread in beside:
        thread.start()
    scanner.run(stop)
    for thread in beside:
        thread.join(timeout=6)


if __name__ == "__main__":
    main()
