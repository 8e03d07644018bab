"""One program, one officer's phone and one desk for every journey; what was spent is printed at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser import ARGUMENTS, DESK
from tests.burden.meter import Burden, Meter, budgeted, table
from tests.burden.preparing import Station
from tests.clicking import signed_in
from tests.phone_app.phone import Phone, phone, sign_in
from tests.program import Running, program

SPENT: dict[str, Burden] = {}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with program(tmp_path_factory.mktemp("burden") / "home") as found:
        yield found


@pytest.fixture(scope="module")
def station(running: Running) -> Station:
    return Station(running)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="module")
def pocket(playwright: Any, running: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phone]:
    with phone(playwright, tmp_path_factory.mktemp("pocket") / "profile", running.url) as found:
        sign_in(found)
        found.page.set_default_timeout(8000)
        yield found


@pytest.fixture(scope="module")
def thumb(pocket: Phone) -> Meter:
    return Meter(pocket.page, SPENT)


@pytest.fixture(scope="module")
def chair(playwright: Any, running: Running, pocket: Phone) -> Iterator[Meter]:
    from tools.browser import chromium

    opened = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
    page = signed_in(opened, running, "desk", DESK)
    page.set_default_timeout(8000)
    yield Meter(page, SPENT)
    opened.close()


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As a phone's camera makes it."""
    from PIL import Image

    found = tmp_path_factory.mktemp("camera") / "door.jpg"
    Image.effect_noise((1600, 1200), 40).convert("RGB").save(found, "JPEG", quality=85)
    return found


@pytest.fixture(scope="session", autouse=True)
def told() -> Iterator[None]:
    """The table, where it is asked for: `FENGQIAO_TEST_BURDEN=<file>`."""
    yield
    asked = os.environ.get("FENGQIAO_TEST_BURDEN", "")
    if asked:
        Path(asked).write_text(table(SPENT, budgeted()) + "\n", encoding="utf-8")
