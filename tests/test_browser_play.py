"""The demo station by itself: a newcomer sees the board, the wall and the map move within a minute."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.browser import DESK, PHONE, browser
from tests.program import program

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(240)]


def test_a_newcomer_sees_a_living_station_within_a_minute(tmp_path: Path):
    with program(tmp_path / "home", play=True) as running, browser() as chromium:
        complaints: list[str] = []
        page = chromium.new_context(viewport=DESK, locale="zh-CN").new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        began = time.monotonic()
        page.goto(f"{running.url}/sign-in")
        page.fill("input[name=username]", "desk")
        page.fill("input[name=password]", "fengqiao-demo")
        page.click("button.primary")
        page.wait_for_selector("#board")

        board = page.inner_text("#board")
        page.wait_for_function(
            "before => document.querySelector('#board').innerText !== before", arg=board, timeout=60_000
        )
        moved_after = time.monotonic() - began
        page.click(".play-speeds button[value='0']")
        page.wait_for_selector(".play-speeds button[value='0'][aria-pressed=true]")

        page.goto(f"{running.url}/map/")
        page.wait_for_selector("#map .map-label", state="attached")
        labels = page.locator("#map .map-label").count()
        page.goto(f"{running.url}/wall")
        page.wait_for_selector(".live[data-state=live]")
        wall = page.inner_text("main")
        page.set_viewport_size(PHONE)
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")

    assert moved_after < 60
    assert labels == 26
    assert "最近办理" in wall
    assert not wide
    assert complaints == []
