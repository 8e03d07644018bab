"""One program for all these stories, and one officer's phone for those that can share it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.phone_app.lossy import Line, line_to
from tests.phone_app.phone import Phone, phone, sign_in
from tests.program import Running, program


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with program(tmp_path_factory.mktemp("field") / "home") as found:
        yield found


@pytest.fixture(scope="session")
def desk(running: Running) -> str:
    return running.command("token", "desk")


@pytest.fixture(scope="module")
def playwright() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="module")
def own_line(running: Running) -> Iterator[Line]:
    with line_to(running.port) as found:
        yield found


@pytest.fixture
def line(own_line: Line) -> Iterator[Line]:
    """Whole again for every story."""
    own_line.mend()
    yield own_line
    own_line.mend()


@pytest.fixture(scope="module")
def signed_in(playwright: Any, own_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phone]:
    with phone(playwright, tmp_path_factory.mktemp("pocket") / "profile", own_line.url) as found:
        sign_in(found)
        yield found


@pytest.fixture
def pocket(signed_in: Phone, line: Line) -> Iterator[Phone]:
    """One officer's phone; every story has matters of its own on it."""
    signed_in.offline(False)
    signed_in.complaints.clear()
    yield signed_in
    assert signed_in.complaints == []
