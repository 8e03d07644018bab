"""How the app starts: little is fetched for the first screen, packed; what comes behind it may be late."""

from __future__ import annotations

import re
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.phone_app.lossy import Line
from tests.phone_app.phone import PATIENCE, come_in, phone
from tests.phone_app.reading import PIN
from tests.program import Running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def answer(running: Running, path: str) -> tuple[bytes, Any]:
    asked = urllib.request.Request(running.url + path, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked) as told:
        return told.read(), told.headers


def test_what_the_first_screen_needs_comes_packed_and_weighs_little(running: Running):
    page, _ = answer(running, "/field")
    named = re.findall(r'(?:src|href)="(/static/[^"]+\.(?:js|css))"', page.decode())

    answers = [answer(running, name) for name in named]

    assert len(named) == 5
    # A few bytes would only grow.
    assert {headers["Content-Encoding"] for body, headers in answers if len(body) > 200} == {"gzip"}
    assert sum(len(body) for body, _ in answers) < 25_000
    by_content = [name for name in named if re.search(r"\.[0-9a-f]{12}\.", name)]
    assert len(by_content) == 3
    for name in by_content:
        assert "immutable" in answer(running, name)[1]["Cache-Control"]


@pytest.mark.browser
def test_the_gate_opens_without_what_lies_behind_it(playwright: Any, line: Line, tmp_path: Path):
    with phone(playwright, tmp_path / "profile", line.url) as found:
        come_in(found)
        found.page.click("button:has-text('登记一部手机')")
        line.loses = lambda method, path: "/screens-" in path
        found.page.goto(found.page.inner_text("#phone-code"))
        found.page.click("#main button:text-is('登记')")
        found.page.fill("#pin", PIN)
        found.page.fill("#again", PIN)
        found.page.click("button:has-text('开始使用')")
        found.page.wait_for_selector("text=没有下载完整")
        line.mend()

        found.page.click("button:text-is('再试')")
        found.enter_pin()
        found.page.wait_for_selector("h1:has-text('今天')", timeout=PATIENCE)

        assert found.complaints == []
