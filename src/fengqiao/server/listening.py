"""The address the web process listens at: is it free, is it open."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

from fengqiao.server.cannot_start import CannotStart

PREDECESSOR_GOES_WITHIN = 2.0


def wait_for_port(host: str, port: int, give_up: Callable[[], bool]) -> None:
    """The web process of a killed predecessor needs a moment to let go; a stranger will not."""
    deadline = time.monotonic() + PREDECESSOR_GOES_WITHIN
    while not give_up():
        try:
            check_port(host, port)
        except CannotStart:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            break


def check_port(host: str, port: int) -> None:
    """Raise, saying what to do, unless we could listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host.strip("[]"), port))
        except OSError as error:
            raise CannotStart(
                f"无法在 {host}:{port} 上提供服务（{error.strerror}）：端口多半已被别的程序占用。"
                f"请先停掉它，或换一个端口：PORT={port + 1}"
            ) from error


def is_open(host: str, port: int) -> bool:
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host.strip("[]"))  # noqa: S104
    try:
        socket.create_connection((reachable, port), timeout=0.2).close()
    except OSError:
        return False
    return True
