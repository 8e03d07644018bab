"""For eyes and thumbs: the search, the cards, every screen at every size."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.burden.preparing import Station
from tests.phone_app.phone import PATIENCE, READ, Phone, acts_of, come_in, phone, take_in, told
from tests.phone_app.reading import PIN
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


def test_a_matter_tells_its_level_its_address_and_what_its_clock_was_counted_from(
    pocket: Phone, running: Running
):
    page = pocket.page
    place = next(one for one in page.evaluate(READ, "places") if one["kind"] == "shop")
    matter = Station(running).hazard(place["id"], severity="general", source="self_report", deadline="15d")
    pocket.know(matter)
    pocket.offline()
    pocket.open(f"/matter/{matter}")
    facts = page.inner_text(".facts")

    page.click(".duty .why summary")
    why = page.locator(".duty .why p").first

    assert place["address"] in facts
    assert "一般" in facts
    assert "3 个工作日" in why.inner_text()


def test_who_came_along_goes_with_the_visit(pocket: Phone, running: Running, desk: str):
    page = pocket.page
    (matter,) = take_in(running, desk, 1, "team")
    pocket.know(matter)
    people = next(one for one in page.evaluate(READ, "meta") if "frame" in one)["frame"]["people"]
    first, second = [one for one in people if one["name"] != "海尾社区警长"][:2]
    pocket.begin(matter, "签收")

    page.click("button:has-text('有人同行')")
    for one in (first, second):
        page.select_option("[aria-label='加一位同行人员']", one["id"])
        page.wait_for_selector(f".team button:has-text('{one['name']}')")
    page.click(f".team button:has-text('{first['name']}')")
    pocket.until("document.querySelectorAll('.team button').length === 1")
    with page.expect_request("**/api/v1/visits") as asked:
        page.click("button:has-text('办完，送出')")
    pocket.wait_until_delivered()
    sent = asked.value.post_data_json

    assert sent["with"] == [second["id"]]
    assert acts_of(running, desk, matter) == ["raise", "sign"]


def leave_out(pocket: Phone) -> None:
    """The form that is open, with what was written in it."""
    pocket.page.once("dialog", lambda asked: asked.accept())
    pocket.page.click("button:has-text('不办了')")
    pocket.page.wait_for_selector("form.form", state="detached")


def test_a_place_is_found_in_a_form_while_its_name_is_typed(pocket: Phone):
    page = pocket.page
    pocket.offline()
    here, other = [one for one in page.evaluate(READ, "places") if one["kind"] == "rental_house"][:2]
    pocket.open(f"/place/{here['id']}")
    page.click("button:has-text('登记隐患')")
    page.wait_for_selector(f"form.form b:has-text('{here['name']}')")

    page.locator("#f-premises").press_sequentially(other["name"][:3])
    page.click(f"button:has-text('{other['name']}')")
    page.wait_for_selector(f"form.form p b:has-text('{other['name']}')")
    page.wait_for_selector(".saved:has-text('已存在手机')")

    left, given = page.input_value("#f-premises"), pocket.visits()[-1]["acts"][-1]["given"]
    leave_out(pocket)

    assert (left, given) == ("", {"premises": other["id"]})


def test_matters_of_one_name_are_told_apart_by_their_numbers(pocket: Phone, running: Running, desk: str):
    matters = take_in(running, desk, 2, "twins")
    numbers = [told(running, desk, matter)["number"] for matter in matters]
    pocket.know(*matters)
    pocket.tab("今天")

    rows = [pocket.page.inner_text(f"a[href='#/matter/{matter}']") for matter in matters]
    pocket.offline()
    for matter in matters:
        pocket.do(matter, "签收")
    waiting = pocket.page.locator("[data-state=waiting]").all_inner_texts()

    assert [number in row for number, row in zip(numbers, rows, strict=True)] == [True, True]
    assert sorted(number for number in numbers if number in "".join(waiting)) == sorted(numbers)


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
    pocket.page.click("button:has-text('办完，送出')")
    pocket.offline(False)
    pocket.wait_until_delivered()

    assert first.startswith("停手线")
    assert note.startswith("行动卡：燃气泄漏")
    assert note.count("\n") == 2
    assert acts_of(running, desk, matter) == ["raise", "note"]


def test_a_card_goes_into_any_matter_and_a_hazard_is_registered_from_it(
    pocket: Phone, running: Running, desk: str
):
    page = pocket.page
    old, *newer = take_in(running, desk, 9, "sought")
    number = told(running, desk, old)["number"]
    pocket.know(old, *newer)
    pocket.offline()
    pocket.open("/card/dog")
    page.locator(".step").first.click()
    page.wait_for_selector("button.hit")
    offered = page.locator(f"button.hit:has-text('{number}')").count()

    page.locator("input.search").press_sequentially(number)
    page.wait_for_selector(f"button.hit:has-text('{number}')")
    found = page.locator("button.hit").count()
    page.click("button:has-text('登记隐患')")
    page.wait_for_selector("form.form h1:has-text('登记隐患')")
    leave_out(pocket)

    assert (offered, found) == (0, 1)


def test_a_second_tap_on_a_step_keeps_both_times(pocket: Phone, running: Running, desk: str):
    page = pocket.page
    (matter,) = take_in(running, desk, 1, "undone")
    pocket.know(matter)
    pocket.offline()
    pocket.open("/card/fire")
    step = page.locator(".step").first
    says = step.locator("span").first.inner_text()

    for pressed in ("true", "false", "true"):
        step.click()
        page.wait_for_selector(f".steps li:first-child .step[aria-pressed={pressed}]")
        page.wait_for_timeout(1100)
    page.click("button:has-text('冒充客服undone0')")
    page.wait_for_selector("[name='note']")
    lines = page.input_value("[name='note']").splitlines()[1:]
    leave_out(pocket)

    assert [line.partition(" ")[2] for line in lines] == [says, f"撤销：{says}", says]
    assert len({line.partition(" ")[0] for line in lines}) == 3


def test_a_log_left_out_again_is_not_in_the_matter_and_its_card_goes_on(
    pocket: Phone, running: Running, desk: str
):
    page = pocket.page
    (matter,) = take_in(running, desk, 1, "leftout")
    pocket.know(matter)
    pocket.offline()
    pocket.open("/card/flood")
    page.locator(".step").first.click()
    page.wait_for_selector("[aria-pressed=true]")
    page.click("button:has-text('冒充客服leftout0')")
    page.wait_for_selector("form.form")
    page.go_back()
    page.wait_for_selector("a.line:has-text('草稿')")
    locked = page.locator(".step").nth(1).is_disabled()

    page.click("a.line:has-text('草稿')")
    leave_out(pocket)
    page.wait_for_selector("button:has-text('冒充客服leftout0')")
    page.locator(".step").nth(1).click()
    pocket.until("document.querySelectorAll('[aria-pressed=true]').length === 2")
    pocket.tab("行动卡")

    assert locked
    assert page.locator("a.line:has-text('内涝、洪水'):has-text('只在手机')").count() == 1


TOUCHED = "a.line, .button, .why summary, .bar a, .bar button, .option, .step, .pin, main > p > a, .duty h2 a"
TOO_SMALL = f"[...document.querySelectorAll('{TOUCHED}')].filter(one => one.getBoundingClientRect().height < 48).map(one => one.outerHTML.slice(0, 120))"
TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"


def faults(found: Phone, where: str) -> dict[str, Any]:
    """What an eye, a thumb or a screen reader would stumble over."""
    from axe_playwright_python.sync_playwright import Axe

    violations = Axe().run(found.page).response["violations"]
    seen = {one["id"]: [node["html"][:160] for node in one["nodes"]][:3] for one in violations}
    seen |= {"too wide": found.page.evaluate(TOO_WIDE), "too small": found.page.evaluate(TOO_SMALL)}
    return {f"{where} {name}": what for name, what in seen.items() if what}


def sizes(found: Phone) -> Iterator[str]:
    """Light and dark, words of their own size and doubled; the page is to be loaded anew for each."""
    for dark in ("light", "dark"):
        found.page.emulate_media(color_scheme=dark)
        for size in ("100", "200"):
            found.page.evaluate(f"localStorage.setItem('fengqiao-size', '{size}')")
            yield f"{dark} {size}"
    found.page.emulate_media(color_scheme="light")
    found.page.evaluate("localStorage.setItem('fengqiao-size', '100')")


def test_every_screen_is_accessible_and_fits_at_every_size(pocket: Phone, running: Running, desk: str):
    (matter,) = take_in(running, desk, 1, "axe")
    pocket.know(matter)
    place = next(one["place"]["id"] for one in pocket.page.evaluate(READ, "matters") if one["place"])
    pocket.begin(matter, "备注")
    form = pocket.page.evaluate("location.hash.slice(1)")
    pocket.open(f"/place/{place}")
    pocket.page.click(".duty .acts button >> nth=0")
    pocket.page.wait_for_selector(".sheet")
    sheet = pocket.page.evaluate("location.hash.slice(1)")
    screens = ("/", "/places", f"/place/{place}", f"/matter/{matter}", form, sheet, "/outbox", "/cards", "/card/gas")  # fmt: skip
    found: dict[str, Any] = {}

    for size in sizes(pocket):
        pocket.reload()
        for address in screens:
            pocket.open(address)
            pocket.page.wait_for_timeout(50)
            found |= faults(pocket, f"{size} {address}")

    assert found == {}


def test_the_gate_is_accessible_and_fits_at_every_size(playwright: Any, running: Running, tmp_path: Path):
    found: dict[str, Any] = {}
    with phone(playwright, tmp_path / "profile", running.url) as one:
        found |= at_every_size(one, f"{running.url}/field", "a:has-text('手边没有电脑')")
        come_in(one)
        one.page.click("button:has-text('登记一部手机')")
        found |= at_every_size(one, one.page.inner_text("#phone-code"), "button:text-is('登记')")
        one.page.click("button:text-is('登记')")
        one.page.wait_for_selector("#again")
        found |= at_every_size(one, f"{running.url}/field", "#again")
        one.page.fill("#pin", PIN)
        one.page.fill("#again", PIN)
        one.page.click("button:has-text('开始使用')")
        one.page.wait_for_selector("h1:has-text('今天')", timeout=PATIENCE)
        found |= at_every_size(one, f"{running.url}/field", "h1:has-text('输入口令')")

    assert found == {}


def at_every_size(one: Phone, url: str, shown: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    one.page.goto(url)
    for size in sizes(one):
        one.page.goto("about:blank")
        one.page.goto(url)
        one.page.wait_for_selector(shown)
        found |= faults(one, f"{size} {shown}")
    one.page.reload()
    one.page.wait_for_selector(shown)
    return found
