"""A phone that stands with its station all day, and says so on every screen when it does not."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fengqiao.people.phone_keys import packed, unpacked
from tests.phone_app.phone import PATIENCE, Phone, phone, sign_in
from tests.program import Running

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]

SLICE = "**/api/v1/field/slice*"


@pytest.fixture
def found(playwright: Any, running: Running, tmp_path: Path) -> Iterator[Phone]:
    with phone(playwright, tmp_path / "profile", running.url) as one:
        sign_in(one)
        yield one
        assert one.complaints == []


def test_an_open_phone_proves_with_each_call_that_its_pin_was_entered(
    playwright: Any, running: Running, tmp_path: Path
):
    """The MAC of decision record 0028: what people/phone_calls.py asks for, worked out anew here."""
    lent: list[str] = []
    asked: list[dict[str, str]] = []
    with phone(playwright, tmp_path / "profile", running.url) as one:
        one.page.on(
            "response", lambda said: lent.append(said.json()["part"]) if said.url.endswith("/lease") else None
        )
        one.page.on("request", lambda call: asked.append(call.headers | {"at": call.url}))
        sign_in(one)

    open_calls = [call for call in asked if "x-phone-open" in call]
    for call in open_calls:
        path = call["at"].removeprefix(running.url)
        said = f"fengqiao open\nGET\n{path}\n{call['x-phone-time']}\n{NOTHING}"
        if "/field/slice" in path:
            assert call["x-phone-open"] == packed(hmac.digest(unpacked(lent[-1]), said.encode(), "sha256"))
    assert any("/field/slice" in call["at"] for call in open_calls)
    assert not any(call["at"].endswith("/lease") for call in open_calls)  # not open yet


# The digest of an empty body.
NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_every_screen_says_that_the_phone_is_signed_out(found: Phone):
    found.page.route(SLICE, lambda route: route.fulfill(status=401, json={"code": "sign_in_needed"}))
    found.tab("发件箱")
    found.page.click("button:has-text('立即收发')")
    found.page.wait_for_selector("text=需要重新登录")

    for tab in ("今天", "场所", "行动卡"):
        found.tab(tab)
        found.page.wait_for_selector(f"h1:has-text('{tab}')")
        assert found.page.locator(".notice a:has-text('登录')").count() == 1
    found.page.unroute(SLICE)
    found.tab("发件箱")
    assert found.page.locator(".notice:has-text('需要重新登录')").count() == 1


def test_an_old_slice_is_said_to_be_old(found: Phone):
    fresh = found.page.locator(".notice").count()
    found.offline()
    found.page.evaluate("{ const real = Date.now.bind(Date); Date.now = () => real() + 20 * 60e3; }")
    found.tab("场所")
    found.page.wait_for_selector("text=没有更新了", timeout=PATIENCE)

    found.offline(False)
    found.tab("发件箱")
    found.page.click("button:has-text('立即收发')")
    found.page.wait_for_selector("[role=status]:has-text('都已送达')", timeout=PATIENCE)
    found.tab("今天")
    found.page.wait_for_selector("h1:has-text('今天')")

    assert (fresh, found.page.locator("text=没有更新了").count()) == (0, 0)
