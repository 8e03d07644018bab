"""Whoever chose English reads the whole app in English, without a network too; whoever did not sees none of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.phone_app.phone import READ, Phone, phone, sign_in
from tests.phone_app.reading import PIN
from tests.program import Running

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]

# Chinese in what the app itself says: names of places and titles of matters are the station's own words.
CHINESE = """() => [...document.querySelectorAll('h2, button, .bar a, dt, label, legend, .hint, .badge, .muted[role=status], .empty, .step span, .abort')]
  .map(one => one.textContent).filter(text => /[\\u4e00-\\u9fff]/.test(text))"""


@pytest.fixture
def pocket(playwright: Any, running: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phone]:
    """A phone of its own, of somebody who is the only one to read English."""
    with phone(playwright, tmp_path_factory.mktemp("english") / "p", running.url) as found:
        sign_in(found, "officer-006")
        yield found
        found.offline(False)
        choose(found, "zh-hans")
        assert found.complaints == []


def choose(found: Phone, language: str) -> None:
    """As everywhere: on one's own page."""
    found.page.goto(f"{found.url}/me")
    found.page.click(f"button[name=language][value={language}]")
    found.page.wait_for_load_state()


def unlock(found: Phone) -> None:
    found.page.wait_for_selector("#pin")
    found.page.fill("#pin", PIN)
    found.page.wait_for_selector("#main:not(.gate) .head")


def test_the_app_speaks_the_language_its_person_chose(pocket: Phone):
    page = pocket.page
    before = page.inner_text("h1")
    choose(pocket, "en")
    page.goto(f"{pocket.url}/field#/")
    unlock(pocket)
    pocket.until(
        "document.documentElement.lang === 'en' && document.querySelector('h1').textContent === 'Today'"
    )
    pocket.offline()
    page.reload()
    page.wait_for_selector("#pin")
    gate = page.inner_text("#main")
    unlock(pocket)
    place = page.evaluate(READ, "places")[0]["id"]
    left: dict[str, list[str]] = {}

    for address in ("/", "/places", "/outbox", "/cards", "/card/gas", f"/place/{place}"):
        page.goto(f"{pocket.url}/field#{address}")
        page.wait_for_selector(f"#main[data-address='{address}'] h1")
        if found := page.evaluate(CHINESE):
            left[address] = found

    page.goto(f"{pocket.url}/field#/card/gas")
    page.locator(".step").first.click()
    page.wait_for_selector("[aria-pressed=true]")
    log = page.evaluate(READ, "logs")[-1]

    assert re.search("[\u4e00-\u9fff]", log["says"])
    assert re.search("[\u4e00-\u9fff]", log["entries"][0]["says"])
    assert before == "今天"
    assert gate.startswith("Enter the PIN")
    assert left == {}
