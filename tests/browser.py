"""A real Chromium, or a skip that says why."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tools.browser import chromium

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
]
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 740}


@contextmanager
def browser() -> Iterator[Any]:
    """Playwright's browser object driving the system's Chromium."""
    program = chromium()
    if program is None:
        pytest.skip("no Chromium on this machine: install `chromium`")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        try:
            yield opened
        finally:
            opened.close()
