"""The request behind what is written: its id, and from which device it came; the log of looks keeps both.

Said once by the middleware and read where a row is made, so that no writer can forget it. Outside a request
(a job, a command) both are empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_asking: ContextVar[tuple[str, Callable[[], str]] | None] = ContextVar("asking", default=None)


@contextmanager
def asking(request_id: str, device: Callable[[], str]) -> Iterator[None]:
    """`device` is asked only where something is written."""
    before = _asking.set((request_id, device))
    try:
        yield
    finally:
        _asking.reset(before)


def request_id() -> str:
    """The id of the request being answered; it stands in its answer and in the log lines it caused."""
    held = _asking.get()
    return held[0] if held else ""


def device_digest() -> str:
    """A keyed digest of the browser or token asking, the same as of its sign-in; enough to tell two apart."""
    held = _asking.get()
    return held[1]() if held else ""
