"""Draw a picture anew, in a process of its own that can do nothing else (see worker.py).

Two that draw are kept ready; each makes a child for every picture, which costs a few milliseconds where a fresh
Python would cost seventy. No more than two pictures are drawn at a time, so that they never take the machine's memory.
"""

from __future__ import annotations

import atexit
import json
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, LifoQueue

from django.utils.translation import gettext as _

from fengqiao.evidence.media import DECODERS
from fengqiao.kit.problems import BadInput, Problem, TooLarge, TooMany

WORKER = Path(__file__).with_name("worker.py")
SECONDS = 35  # without a byte; the worker ends a picture after 30
PATIENCE = 20.0
MOST_ANSWERED = 2**24
# Pictures in large pages of memory, where the kernel has them: a sixth less work. Nothing else is handed over.
ENVIRONMENT = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
UNREADABLE, BUSY = "unreadable", "busy"


@dataclass(frozen=True, slots=True)
class Drawn:
    """The picture and its thumbnail as JPEG, and the picture's size in pixels."""

    image: bytes
    thumb: bytes
    width: int
    height: int


class Seat:
    """One that draws, started when first needed. Used by one thread at a time."""

    def __init__(self) -> None:
        self._worker: subprocess.Popen[bytes] | None = None
        self._asks: socket.socket | None = None

    def draw(self, content: bytes, decoder: str) -> Drawn | str:
        """The picture, or a word for what is wrong with it.

        A picture that ended its child leaves no whole answer. The worker that made the child ends too: no second
        picture meets the layout of memory that the first may have felt out.
        """
        line = self._line(decoder) or self._line(decoder)
        if line is None:
            return BUSY
        with line:
            try:
                return _told(_exchange(line, content))
            except (OSError, ValueError, KeyError, TypeError):
                self.end()
                return UNREADABLE

    def end(self) -> None:
        """When its last picture is through, which the worker sees to."""
        if self._worker is None or self._asks is None:
            return
        self._asks.close()
        try:
            self._worker.wait(SECONDS)
        except subprocess.TimeoutExpired:
            self._worker.kill()
            self._worker.wait()
        self._worker = self._asks = None

    def _line(self, decoder: str) -> socket.socket | None:
        """To a child that has given up all else and waits for its picture; None where the worker has gone."""
        ours, theirs = socket.socketpair()
        ours.settimeout(SECONDS)
        try:
            with theirs:
                socket.send_fds(self._ready(), [decoder.encode()], [theirs.fileno()])
            if ours.recv(1):
                return ours
        except OSError:
            pass
        ours.close()
        self.end()
        return None

    def _ready(self) -> socket.socket:
        if self._asks is None:
            self._asks, theirs = socket.socketpair()
            with theirs:
                self._worker = subprocess.Popen(  # noqa: S603 our own script, nothing of the caller's in its words
                    [sys.executable, "-I", str(WORKER)],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env=ENVIRONMENT,
                    cwd="/",
                )
        return self._asks


# The one last used first: where pictures come one by one, only one is ever started.
_seats: LifoQueue[Seat] = LifoQueue()
for _number in range(2):
    _seats.put(Seat())


def draw(content: bytes, media: str) -> Drawn:
    """Raises TooLarge (pixels), BadInput (cannot be read), TooMany (others wait already, or no process to be had)."""
    try:
        seat = _seats.get(timeout=PATIENCE)
    except Empty:
        raise _problem(BUSY) from None
    try:
        drawn = seat.draw(content, DECODERS[media])
    finally:
        _seats.put(seat)
    if isinstance(drawn, str):
        raise _problem(drawn)
    return drawn


def _problem(wrong: str) -> Problem:
    if wrong == BUSY:
        return TooMany(_("正在处理的照片较多，请稍后再试"))
    if wrong == "pixels":
        return TooLarge(_("照片超过 5000 万像素，请调低相机的分辨率后重拍"))
    return BadInput.at("file", _("照片读不出来：文件不完整或已损坏，请重新拍摄"))


@atexit.register
def _end_all() -> None:
    while not _seats.empty():
        _seats.get().end()


def _exchange(line: socket.socket, content: bytes) -> bytes:
    """All that was answered; raises OSError where the line breaks."""
    line.sendall(content)
    line.shutdown(socket.SHUT_WR)
    with line.makefile("rb") as answer:
        return answer.read(MOST_ANSWERED)


def _told(answer: bytes) -> Drawn | str:
    """Raises ValueError, KeyError and TypeError where it is not whole."""
    head, _newline, bodies = answer.partition(b"\n")
    told = json.loads(head)
    if "wrong" in told:
        return str(told["wrong"])
    end = told["image"]
    if len(bodies) != end + told["thumb"]:
        raise ValueError("broken off")
    return Drawn(bodies[:end], bodies[end:], told["width"], told["height"])
