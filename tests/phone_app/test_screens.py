"""For eyes and thumbs: the search, the cards, every screen at every size."""

from __future__ import annotations

from typing import Any

import pytest

from tests.phone_app.phone import READ, Phone, acts_of, take_in
from tests.program import Running

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(600)]


def test_composing_a_word_searches_once(pocket: Phone):
    pocket.open("/places")
    pocket.page.focus("input[type=search]")
    pocket.page.evaluate(
        "window.searches = []; new MutationObserver(all => searches.push(all.length)).observe(document.querySelector('[data-asked]'), {attributes: true, attributeFilter: ['data-asked']})"
    )
    keys = pocket.context.new_cdp_session(pocket.page)

    for typed in ("h", "ha", "hai", "hai w", "hai wei"):
        keys.send(
            "Input.imeSetComposition",
            {"text": typed, "selectionStart": len(typed), "selectionEnd": len(typed)},
        )
        pocket.page.wait_for_timeout(200)
    keys.send("Input.insertText", {"text": "海尾"})
    pocket.page.wait_for_selector("[data-asked='海尾']")
    pocket.page.wait_for_timeout(300)

    assert pocket.page.evaluate("searches.length") == 1
    assert pocket.page.locator(".lines li").count() > 0


def test_a_card_keeps_its_times_and_becomes_the_record(pocket: Phone, running: Running, desk: str):
    (matter,) = take_in(running, desk, 1, "card")
    pocket.know(matter)
    pocket.offline()

    pocket.tab("行动卡")
    pocket.page.click("a:has-text('燃气泄漏')")
    first = pocket.page.locator("#main > *").nth(1).inner_text()
    for step in range(2):
        pocket.page.locator(".step").nth(step).click()
        pocket.until(f"document.querySelectorAll('[aria-pressed=true]').length === {step + 1}")
    pocket.page.click("button:has-text('冒充客服card0')")
    pocket.page.wait_for_selector("[name='note']")
    note = pocket.page.input_value("[name='note']")
    pocket.page.click("button:has-text('办完,送出')")
    pocket.offline(False)
    pocket.wait_until_delivered()

    assert first.startswith("停手线")
    assert note.startswith("行动卡:燃气泄漏")
    assert note.count("\n") == 2
    assert acts_of(running, desk, matter) == ["raise", "note"]


def test_every_screen_is_accessible_and_fits_at_every_size(pocket: Phone, running: Running, desk: str):
    from axe_playwright_python.sync_playwright import Axe

    (matter,) = take_in(running, desk, 1, "axe")
    pocket.know(matter)
    place = pocket.page.evaluate(READ, "places")[0]["id"]
    pocket.begin(matter, "备注")
    form = pocket.page.evaluate("location.hash.slice(1)")
    found: dict[str, Any] = {}

    for dark in ("light", "dark"):
        pocket.page.emulate_media(color_scheme=dark)
        for size in ("100", "200"):
            pocket.page.evaluate(f"localStorage.setItem('fengqiao-size', '{size}')")
            pocket.reload()
            for address in (
                "/",
                "/places",
                f"/place/{place}",
                f"/matter/{matter}",
                form,
                "/outbox",
                "/cards",
                "/card/gas",
            ):
                pocket.open(address)
                pocket.page.wait_for_timeout(50)
                if pocket.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    found[f"{dark} {size} {address}"] = "too wide"
                if size == "100":
                    violations = Axe().run(pocket.page).response["violations"]
                    found |= {
                        f"{dark} {size} {address} {one['id']}": [node["html"][:160] for node in one["nodes"]][
                            :3
                        ]
                        for one in violations
                    }
            small = pocket.page.evaluate(
                "[...document.querySelectorAll('a.line, .button, .bar a, .bar button, .option, .step')].filter(one => one.getBoundingClientRect().height < 48).map(one => one.outerHTML.slice(0, 120))"
            )
            found |= {f"{dark} {size} small": small} if small else {}

    assert found == {}
