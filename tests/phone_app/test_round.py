"""The round on today's screen: door after door, from where the officer stands only if the officer says so."""

from __future__ import annotations

from typing import Any

import pytest

from tests.burden.preparing import Station
from tests.phone_app.phone import READ, Phone, acts_of, take_in
from tests.program import Running

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]


def due_today(station: Station, *places: dict[str, Any]) -> list[str]:
    return [station.hazard(place["id"], source="self_report", deadline="0d") for place in places]


def test_the_round_is_what_is_due_today_and_farther_only_by_choice(pocket: Phone, running: Running):
    page = pocket.page
    today, later = [one for one in page.evaluate(READ, "places") if one["kind"] == "shop"][:2]
    station = Station(running)
    pocket.know(*due_today(station, today), station.hazard(later["id"], source="self_report"))
    pocket.offline()
    pocket.open("/")
    stop = "ol.lines a[href='#/place/{id}']"

    page.wait_for_selector(stop.format_map(today))
    before = page.locator(stop.format_map(later)).count()
    page.select_option(".round select", "7")
    page.wait_for_selector(stop.format_map(later))
    pocket.reload()
    page.wait_for_selector(stop.format_map(later))
    page.select_option(".round select", "1")

    assert before == 0
    assert page.locator(stop.format_map(later)).count() == 0


def test_the_round_begins_where_the_officer_taps_and_nowhere_is_asked_before(pocket: Phone, running: Running):
    page = pocket.page
    places = [one for one in page.evaluate(READ, "places") if one["kind"] == "school"]
    pocket.know(*due_today(Station(running), *places))
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


def test_the_point_of_a_visit_goes_with_it_where_the_officer_tapped(
    pocket: Phone, running: Running, desk: str
):
    page = pocket.page
    matters = take_in(running, desk, 2, "point")
    pocket.know(*matters)
    pocket.context.set_geolocation({"longitude": 113.26, "latitude": 22.77, "accuracy": 8})
    sent: list[Any] = []
    page.on("request", lambda one: sent.append(one.post_data_json) if one.url.endswith("/visits") else None)

    pocket.begin(matters[0], "签收")
    page.click("button:has-text('记下这个位置')")
    page.wait_for_selector("[role=status]:has-text('误差约 8 米')")
    page.click("button:has-text('办完，送出')")
    page.wait_for_selector("h1:has-text('发件箱')")
    pocket.do(matters[1], "签收")
    pocket.wait_until_delivered()
    tapped, untapped = sent

    assert tapped["point"] == {"lon": 113.26, "lat": 22.77, "accuracy": 8}
    assert "point" not in untapped
    assert [acts_of(running, desk, matter) for matter in matters] == [["raise", "sign"]] * 2


def round_of(pocket: Phone, running: Running, count: int) -> list[dict[str, Any]]:
    """So many places where something is due, and a phone that knows them, on today's screen without a network."""
    places = [one for one in pocket.page.evaluate(READ, "places") if one["kind"] == "rental_house"][:count]
    pocket.know(*due_today(Station(running), *places))
    pocket.offline()
    pocket.open("/")
    pocket.page.wait_for_selector(".walk-map svg")
    return list(pocket.page.evaluate(READ, "places"))


# Where each stop's number stands on the screen.
STOPS = """() => [...document.querySelectorAll('.walk-map .stop')].map(one => {
  const box = one.getBoundingClientRect();
  return {says: one.textContent, x: box.x + box.width / 2, y: box.y + box.height / 2};
})"""


def test_the_walk_is_drawn_as_a_map_without_a_network(pocket: Phone, running: Running):
    page = pocket.page
    places = {place["id"]: place for place in round_of(pocket, running, 4)}

    stops = page.evaluate(STOPS)
    order = page.locator(".round ol a.line").evaluate_all(
        "all => all.map(one => one.getAttribute('href').split('/').pop())"
    )
    north = max(order, key=lambda one: places[one]["lat"])
    west = min(order, key=lambda one: places[one]["lon"])

    # Two doors side by side share a mark that bears both numbers.
    assert str(order.index(north) + 1) in min(stops, key=lambda stop: stop["y"])["says"].split("·")
    assert str(order.index(west) + 1) in min(stops, key=lambda stop: stop["x"])["says"].split("·")
    assert f"{len(order)} 处" in page.get_attribute(".walk-map svg", "aria-label")
    assert page.locator(".walk-map .beat").get_attribute("d").endswith("Z")


def test_a_tap_on_a_stop_opens_its_place(pocket: Phone, running: Running):
    page = pocket.page
    round_of(pocket, running, 4)
    page.locator(".walk-map").scroll_into_view_if_needed()
    stop = next(one for one in page.evaluate(STOPS) if one["says"].isdigit())
    href = page.locator(".round ol a.line").nth(int(stop["says"]) - 1).get_attribute("href")

    page.mouse.click(stop["x"], stop["y"])
    page.wait_for_selector(f"#main[data-address='{href[1:]}']")


def test_the_map_is_folded_away_and_stays_so(pocket: Phone, running: Running):
    page = pocket.page
    round_of(pocket, running, 2)

    page.click(".walk-map summary")
    pocket.until("localStorage['fengqiao-map'] === 'shut'")
    pocket.reload()
    page.wait_for_selector(".walk-map")
    folded = page.locator(".walk-map svg").is_visible()
    page.click(".walk-map summary")

    assert (folded, page.locator(".walk-map svg").is_visible()) == (False, True)
