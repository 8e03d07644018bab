"""From alert to figure in a real browser, two people at two screens, on the program as users start it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser import DESK, PHONE, browser
from tests.clicking import do, signed_in, take_in
from tests.program import Running, program

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    # A space and Chinese characters in the path: stations have such directories.
    with program(tmp_path_factory.mktemp("data") / "枫桥 数据") as found:
        yield found


@pytest.fixture
def chromium() -> Iterator[Any]:
    with browser() as found:
        yield found


def test_an_alert_from_the_desk_to_the_figure(chromium: Any, running: Running):
    desk = signed_in(chromium, running, "desk", DESK)
    watcher = signed_in(chromium, running, "chief", DESK)
    officer = signed_in(chromium, running, "officer-016", PHONE)

    began = time.monotonic()
    take_in(desk, running, "FZ-BROWSER-1", "海尾社区海尾大道 12 号")
    watcher.wait_for_selector("#board tr:has-text('冒充客服')", timeout=5000)
    seen_after = time.monotonic() - began
    do(desk, "签收")

    officer.reload()
    officer.click("#board a:has-text('冒充客服')")
    assert "139****0001" in officer.inner_text("#opened")
    officer.click("button:has-text('查看完整信息')")
    officer.wait_for_selector("a[href='tel:13900000001']")
    do(officer, "出发上门")
    do(officer, "不在常住地")
    do(officer, "已见面", identity_checked="true")
    do(officer, "劝阻成功", result="dissuaded", contact_cut="true")
    assert officer.locator("main button:has-text('回访确认')").count() == 0

    desk.reload()
    do(desk, "回访确认", no_transfer="true")
    officer.reload()
    do(officer, "7日上门回访", reached="true")
    watcher.goto(desk.url)
    do(watcher, "办结")
    watcher.goto(f"{running.url}/figures/")
    card = watcher.locator(".card", has_text="劝阻成功率(严格)")
    assert "1/1" in card.inner_text()
    card.locator("a[href*='/numerator']").click()
    watcher.wait_for_selector("td:has-text('冒充客服')")

    assert seen_after < 5
    assert desk.complaints + watcher.complaints + officer.complaints == []


def test_an_ambiguous_address_is_asked(chromium: Any, running: Running):
    desk = signed_in(chromium, running, "desk", DESK)

    take_in(desk, running, "FZ-BROWSER-2", "东风")

    assert "社区待确认" in desk.inner_text("main")
    desk.click("main button:has-text('确认社区')")
    desk.select_option("dialog[open] select", "440606006006")
    desk.click("dialog[open] .form-foot button")
    desk.wait_for_selector("main:has-text('东风社区警长')")


def test_nothing_overflows_a_phone(chromium: Any, running: Running):
    page = signed_in(chromium, running, "chief", PHONE)
    wide = []

    for path in (
        "/",
        "/matters/",
        "/figures/",
        "/premises/",
        "/communities/",
        "/imports/",
        "/settings/clocks",
    ):
        page.goto(running.url + path)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(path)

    assert wide == []
    assert page.complaints == []


def test_pages_are_accessible(chromium: Any, running: Running):
    from axe_playwright_python.sync_playwright import Axe

    page = signed_in(chromium, running, "chief", DESK)
    found = {}

    for path in ("/", "/matters/", "/figures/", "/premises/", "/communities/", "/matters/new/fraud_alert"):
        page.goto(running.url + path)
        violations = Axe().run(page).response["violations"]
        found |= {f"{path} {v['id']}": [n["html"][:160] for n in v["nodes"]][:3] for v in violations}

    assert found == {}
