"""Every picture is drawn by a process of its own: what happens to one happens to no other."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from fengqiao.evidence.drawing import WORKER, Drawn, draw
from fengqiao.kit.problems import BadInput, Problem
from tests import pictures
from tests.program import descendants

JPEG, PNG = "image/jpeg", "image/png"
HOSTILE = [
    (pictures.jpeg((3000, 2000))[:-3000], JPEG),
    (pictures.jpeg_claiming(20_000, 10_000), JPEG),
    (b"\xff\xd8\xff\xe0" + b"nothing" * 40, JPEG),
    (pictures.png_bomb(), PNG),
    (pictures.png_claiming(6000, 6000), PNG),
    (b"\x89PNG\r\n\x1a\n" + pictures.SCRIPT, PNG),
    (b"", JPEG),
]


@cache
def large() -> bytes:
    """Takes long enough to be looked at."""
    return pictures.png("RGB", (7000, 7000))


def waiting() -> set[int]:
    """Those that make a child for each picture. A program that runs beside has its own, further down."""
    return {
        pid
        for pid, words in descendants(os.getpid()).items()
        if str(WORKER) in words and parent(pid) == os.getpid()
    }


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])


@contextmanager
def while_drawn(content: bytes, media: str) -> Iterator[tuple[int, Future[Drawn]]]:
    """The process that draws it, and what will come of it."""
    with ThreadPoolExecutor(1) as pool:
        drawn, deadline = pool.submit(draw, content, media), time.monotonic() + 20
        while not (found := [child for pid in waiting() for child in descendants(pid)]):
            assert time.monotonic() < deadline, "it was never seen"
            assert not drawn.done(), "it was never seen"
        yield found[0], drawn


def test_a_drawing_killed_in_the_middle_is_told_and_the_next_one_works():
    draw(pictures.jpeg(), JPEG)

    with while_drawn(large(), PNG) as (child, drawn):
        made_it = parent(child)
        os.kill(child, signal.SIGKILL)

        with pytest.raises(BadInput, match="不完整或已损坏"):
            drawn.result()
    assert draw(pictures.jpeg(), JPEG).width == 640
    assert made_it not in waiting(), "no second picture meets the memory that one may have felt out"


def test_what_draws_holds_the_line_of_its_own_picture_and_nothing_else():
    with while_drawn(large(), PNG) as (child, drawn):
        deadline = time.monotonic() + 20
        while "Max open files            0 " not in Path(f"/proc/{child}/limits").read_text():
            assert time.monotonic() < deadline, "it never gave up"
        held = {path.name: os.readlink(path) for path in Path(f"/proc/{child}/fd").iterdir()}

        assert drawn.result().width == 1600
    assert set(held) == {"0", "1", "2"}
    assert held["0"] == held["1"]
    assert held["2"] == os.devnull


def test_a_new_one_takes_the_place_of_one_that_has_gone():
    draw(pictures.jpeg(), JPEG)
    before = waiting()

    for pid in before:
        os.kill(pid, signal.SIGKILL)

    assert [draw(pictures.jpeg(), JPEG).height for _ in range(3)] == [480] * 3
    assert not before & waiting()


def test_no_bad_picture_takes_along_what_draws_the_next():
    draw(pictures.jpeg(), JPEG)
    before = waiting()

    for content, media in HOSTILE:
        with pytest.raises(Problem):
            draw(content, media)
        assert draw(pictures.jpeg(), JPEG).width == 640
    assert waiting() == before


def test_pictures_that_come_at_once_are_not_mistaken_for_each_other():
    sizes = [(400 + 10 * number, 300) for number in range(12)]
    content = [pictures.jpeg(size) for size in sizes]

    with ThreadPoolExecutor(12) as pool:
        drawn = list(pool.map(lambda one: draw(one, JPEG), content))

    assert [(one.width, one.height) for one in drawn] == sizes
