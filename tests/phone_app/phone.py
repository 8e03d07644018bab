"""An officer's phone: a real Chromium of a phone's size with a profile of its own, and a thumb."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.browser import ARGUMENTS, PHONE
from tests.phone_app.reading import PIN, READ
from tests.program import DEMO_PASSWORD, Running, descendants
from tools.browser import chromium

COMMUNITY = "440606006016"
OFFICER = "officer-016"
# Waits for a service worker or a sync are long on a busy machine.
PATIENCE = 20_000


@dataclass
class Phone:
    """`complaints` are what the page said in red, but for the network being away."""

    context: Any
    page: Any
    profile: Path
    url: str
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str = "/") -> None:
        self.page.goto(f"{self.url}/field#{address}")
        self.enter_pin()
        self.page.wait_for_selector(f"#main[data-address='{address}']")

    def enter_pin(self, page: Any = None) -> None:
        """Where the phone asks for it: after every load of the page."""
        asked = page or self.page
        asked.wait_for_selector("#main .head")
        if asked.locator("h1:has-text('输入口令')").count():
            asked.fill("#pin", PIN)
            asked.wait_for_selector("#main:not(.gate)")

    def reload(self) -> None:
        self.page.reload()
        self.enter_pin()

    def until(self, expression: str, page: Any = None, seconds: float = 60) -> None:
        """Asks again and again: Playwright's own waiting would need `eval`, which the page's policy refuses."""
        deadline = time.monotonic() + seconds
        while not (page or self.page).evaluate(expression):
            assert time.monotonic() < deadline, f"waited in vain for {expression}"
            time.sleep(0.05)

    def tab(self, says: str) -> None:
        self.page.click(f".bar a:has-text('{says}')")

    def offline(self, away: bool = True) -> None:
        self.context.set_offline(away)

    def do(self, matter: str, act: str, **given: str) -> None:
        """One act on a matter from its page to the outbox."""
        self.begin(matter, act)
        for name, value in given.items():
            self.answer(name, value)
        self.page.click("button:has-text('办完，送出')")
        self.page.wait_for_selector("h1:has-text('发件箱')")

    def begin(self, matter: str, act: str) -> None:
        self.open(f"/matter/{matter}")
        self.page.wait_for_selector(".duty")
        if self.page.locator("button:has-text('更多…')").count():
            self.page.click("button:has-text('更多…')")
        self.page.click(f".acts button:text-is('{act}')")
        self.page.wait_for_selector("form.form")

    def answer(self, name: str, value: str) -> None:
        choice = self.page.locator(f"[id='f-{name}'] input[value='{value}']")
        if choice.count():
            choice.check(force=True)
        elif self.page.locator(f"select[id='f-{name}']").count():
            self.page.select_option(f"select[id='f-{name}']", value)
        else:
            self.page.fill(f"[name='{name}']", value)

    def states(self) -> list[str]:
        """What the outbox says of each visit, anywhere but there too."""
        self.open("/outbox")
        self.page.wait_for_timeout(150)
        found: list[str] = self.page.locator("[data-visit]").evaluate_all(
            "all => all.map(one => one.dataset.state)"
        )
        return found

    def wait_until_delivered(self) -> None:
        self.open("/outbox")
        self.page.click("button:has-text('立即收发')")
        # Another page may hold the line: this one's turn comes after it.
        self.until("!document.querySelector('[data-state=waiting]')")
        self.page.wait_for_selector("[role=status]:has-text('都已送达')", timeout=PATIENCE)

    def know(self, *matters: str) -> None:
        """Receives until these are on the phone: a running transaction may hold the tail up for a moment."""
        deadline = time.monotonic() + 30
        while set(matters) - {str(one["id"]) for one in self.page.evaluate(READ, "matters")}:
            assert time.monotonic() < deadline, "the matters never came"
            self.open("/outbox")
            self.page.click("button:has-text('立即收发')")
            self.page.wait_for_timeout(150)

    def visits(self) -> list[dict[str, Any]]:
        """The visits as they lie on the phone."""
        return list(self.page.evaluate(READ, "visits"))

    def kill(self) -> None:
        """As the battery does: without a word, at whatever it was doing."""
        for pid, words in descendants(os.getpid()).items():
            if f"--user-data-dir={self.profile}" in words:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        with suppress(Exception):
            self.context.close()


@contextmanager
def phone(
    playwright: Any, profile: Path, url: str, *, arguments: Sequence[str] = (), **options: Any
) -> Iterator[Phone]:
    """The phone as it is found in the pocket: with whatever its profile holds."""
    program = chromium()
    if program is None:
        pytest.skip("no Chromium on this machine: install `chromium`")
    context = playwright.chromium.launch_persistent_context(
        profile, executable_path=program, args=[*ARGUMENTS, *arguments], viewport=PHONE, locale="zh-CN", has_touch=True,
        is_mobile=True, permissions=["geolocation"], geolocation={"latitude": 22.76, "longitude": 113.25, "accuracy": 12}, **options,
    )  # fmt: skip
    page = context.pages[0] if context.pages else context.new_page()
    found = Phone(context, page, profile, url)
    page.on("console", lambda said: _hear(found, said.type, said.text))
    page.on("pageerror", lambda error: found.complaints.append(str(error)))
    try:
        yield found
    finally:
        with suppress(Exception):
            context.close()


def _hear(found: Phone, kind: str, text: str) -> None:
    if kind == "error" and "Failed to load resource" not in text:
        found.complaints.append(text)


def sign_in(found: Phone, username: str = OFFICER) -> None:
    """Once with a network: signed in, enrolled, a PIN set, the app kept, the beat on the phone."""
    come_in(found, username)
    enrol(found)
    found.page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def come_in(found: Phone, username: str = OFFICER, onward: str = "/me") -> None:
    found.page.goto(f"{found.url}/sign-in?next={onward}")
    found.page.fill("input[name=username]", username)
    found.page.fill("input[name=password]", DEMO_PASSWORD)
    found.page.click("button.primary")
    found.page.wait_for_url(f"**{onward}")


def enrol(found: Phone) -> None:
    """By the link under the QR code of one's own page."""
    found.page.goto(f"{found.url}/me")
    found.page.click("button:has-text('登记一部手机')")
    found.page.goto(found.page.inner_text("#phone-code"))
    found.page.click("#main button:text-is('登记')")
    found.page.fill("#pin", PIN)
    found.page.fill("#again", PIN)
    found.page.click("button:has-text('开始使用')")
    found.page.wait_for_selector("h1:has-text('今天')", timeout=PATIENCE)


def take_in(running: Running, token: str, count: int, mark: str) -> list[str]:
    """So many alerts in the officer's community; gives their ids."""
    made = []
    for number in range(count):
        content = {
            "reference": f"{mark}-{number}",
            "level": "medium",
            "fraud_type": f"冒充客服{mark}{number}",
            "received_at": (datetime.now(UTC) - timedelta(minutes=1)).isoformat(),
            "target": {"name": "事主甲", "phone": "13900000001"},
            "address": "容桂街道某路 12 号",
            "community": COMMUNITY,
        }
        answer = running.call("POST", "/api/v1/fraud-alerts", token, content)
        assert answer is not None
        made.append(str(answer[1]["id"]))
    return made


def told(running: Running, token: str, matter: str) -> dict[str, Any]:
    answer = running.call("GET", f"/api/v1/matters/{matter}", token)
    assert answer is not None
    found: dict[str, Any] = answer[1]
    return found


def acts_of(running: Running, desk: str, matter: str) -> list[str]:
    return [event["act"] for event in told(running, desk, matter)["events"] if event["by"]]
