"""People at their screens: signing in, and doing acts by pressing what the page offers."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from docx import Document as read_docx

from tests.program import DEMO_PASSWORD, Running


def signed_in(
    chromium: Any, running: Running, username: str, size: dict[str, int], home: str = "事项看板"
) -> Any:
    """A page of this person's own; what the browser complains about gathers in `complaints`. `home`: what the first
    page is headed."""
    page = chromium.new_context(viewport=size, locale="zh-CN").new_page()
    page.complaints = []
    page.on(
        "console", lambda message: page.complaints.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(f"{running.url}/sign-in")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", DEMO_PASSWORD)
    page.click("button.primary")
    page.wait_for_selector(f"h1:has-text('{home}')")
    return page


def take_in(page: Any, running: Running, reference: str, address: str) -> None:
    page.goto(f"{running.url}/matters/new/fraud_alert")
    page.fill("[name='reference']", reference)
    page.check("[name='level'][value='high']", force=True)
    page.fill("[name='fraud_type']", "冒充客服")
    page.fill("[name='target.name']", "事主甲")
    page.fill("[name='target.phone']", "13900000001")
    page.fill("[name='address']", address)
    page.click("main button.primary")
    page.wait_for_url("**/matters/0*")


def code_on_note(page: Any) -> str:
    """The sixteen digits on the note that is left with a person, printed from the alert's page that is open."""
    printed = page.request.get(f"{page.url}/papers/visit-note.docx").body()
    words = "".join(node.text or "" for node in read_docx(BytesIO(printed)).element.body.iter())
    found = re.search(r"查询码 ((?:\d{4} ?){4})", words)
    assert found
    return found[1].strip()


def looked_up(chromium: Any, running: Running, code: str, size: dict[str, int]) -> Any:
    """A resident's own browser, the code typed."""
    page = chromium.new_context(viewport=size, locale="zh-CN").new_page()
    page.goto(f"{running.url}/looked")
    page.fill("#code", code)
    page.click("button.primary")
    page.wait_for_selector("text=更正、删除、投诉")
    return page


def do(page: Any, act: str, **given: str | list[str]) -> None:
    """Press an act of the matter's page, answer what its dialog asks, and wait until the course tells it."""
    button = page.locator("#now").get_by_role("button", name=act, exact=True)
    if not button.count():
        page.click("#now .menu summary")
    asks = button.get_attribute("data-opens")
    if asks:
        button.click()
        for name, value in given.items():
            _answer(page.locator(f"dialog[open] [name$='-{name}']"), value)
        button = page.locator("dialog[open] .form-foot button")
    with page.expect_navigation(wait_until="domcontentloaded"):
        button.click()
    page.wait_for_selector(f".timeline li:first-child b:has-text('{act}')")


def _answer(field: Any, value: str | list[str]) -> None:
    kind = field.first.evaluate("field => field.type")
    if kind in ("radio", "checkbox"):
        for one in [value] if isinstance(value, str) else value:
            field.and_(field.page.locator(f"[value='{one}']")).check(force=True)
    elif kind == "select-one":
        field.select_option(value)
    else:
        field.fill(value)
