"""The round on today's screen: door after door, from where the officer stands only if the officer says so."""

from __future__ import annotations

import pytest

from tests.burden.preparing import Station
from tests.phone_app.phone import READ, Phone
from tests.program import Running

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]


def test_the_round_begins_where_the_officer_taps_and_nowhere_is_asked_before(pocket: Phone, running: Running):
    page = pocket.page
    places = [one for one in page.evaluate(READ, "places") if one["kind"] == "school"]
    pocket.know(*[Station(running).hazard(place["id"]) for place in places])
    page.evaluate(
        "void (navigator.geolocation.getCurrentPosition = (ask => (...given) => { window.asked = (window.asked ?? 0) + 1; return ask(...given); })(navigator.geolocation.getCurrentPosition.bind(navigator.geolocation)))"
    )
    pocket.tab("今天")
    page.wait_for_selector("ol.lines a.line")
    asked_before = page.evaluate("window.asked ?? 0")
    farthest = page.locator("ol.lines a.line").last.get_attribute("href").rpartition("/")[2]
    there = next(place for place in page.evaluate(READ, "places") if place["id"] == farthest)
    pocket.context.set_geolocation({"longitude": there["lon"], "latitude": there["lat"], "accuracy": 5})

    page.click("button:has-text('从这里开始')")
    page.wait_for_selector("[role=status]:has-text('从您点的位置起')")
    first = page.locator("ol.lines a.line").first

    assert (asked_before, page.evaluate("window.asked")) == (0, 1)
    assert first.get_attribute("href") == f"#/place/{farthest}"
    assert "直线\u00a00\u00a0米" in first.inner_text()
