"""An officer photographs a door with the phone's browser: shrunk before it leaves, shown at once, seen by the desk."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests import pictures
from tests.browser import DESK, PHONE, browser
from tests.program import DEMO_PASSWORD, Running, program

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(180)]
FIELD = "dialog[open] input[type=file]"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with program(tmp_path_factory.mktemp("data") / "home") as found:
        yield found


@pytest.fixture
def chromium() -> Iterator[Any]:
    with browser() as found:
        yield found


def signed_in(chromium: Any, running: Running, username: str, size: dict[str, int], **options: Any) -> Any:
    page = chromium.new_context(viewport=size, locale="zh-CN", **options).new_page()
    page.goto(f"{running.url}/sign-in")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", DEMO_PASSWORD)
    page.click("button.primary")
    page.wait_for_selector("h1:has-text('事项看板')")
    return page


def taken_in(running: Running, reference: str) -> str:
    alert = {
        "reference": reference,
        "level": "high",
        "fraud_type": "冒充客服",
        "received_at": datetime.now(UTC).isoformat(),
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "容桂街道某路 12 号",
        "community": "440606006016",
    }
    answer = running.call("POST", "/api/v1/fraud-alerts", running.command("token", "desk"), alert)
    assert answer is not None
    return str(answer[1]["id"])


def open_note(page: Any, running: Running, matter: str) -> None:
    page.goto(f"{running.url}/matters/{matter}")
    if page.locator(".acts summary").count():
        page.click(".acts summary")
    page.click("#do-note")
    page.wait_for_selector("dialog[open] #f-note-note")


def photograph(page: Any, *contents: bytes) -> None:
    files = [{"name": f"IMG_{n}.jpg", "mimeType": "image/jpeg", "buffer": c} for n, c in enumerate(contents)]
    page.set_input_files(FIELD, files)


def until(page: Any, true: str) -> None:
    """Wait for an expression of the page; its own policy forbids a string to be run in it."""
    deadline = time.monotonic() + 10
    while not page.evaluate(true):
        assert time.monotonic() < deadline, true
        page.wait_for_timeout(50)


def sent(page: Any) -> list[dict[str, Any]]:
    """The files the form would send now."""
    found: list[dict[str, Any]] = page.evaluate(
        f"Promise.all([...document.querySelector('{FIELD}').files].map(async (file) => {{"
        " const map = await createImageBitmap(file);"
        " return {name: file.name, type: file.type, width: map.width, text: await file.text()} }))"
    )
    return found


def test_photos_are_shrunk_shown_and_sent(chromium: Any, running: Running):
    matter = taken_in(running, "FZ-PHOTO-1")
    officer = signed_in(chromium, running, "officer-016", PHONE)
    open_note(officer, running, matter)

    photograph(officer, pictures.jpeg((4000, 3000)), pictures.jpeg((900, 600), colour="green"))
    until(officer, f"[...document.querySelector('{FIELD}').files].every((f) => f.size < 60000)")
    photograph(officer, pictures.jpeg(colour="white"))
    until(officer, "document.querySelectorAll('dialog[open] .photo.new').length === 3")
    officer.wait_for_timeout(400)
    files = sent(officer)
    officer.locator("dialog[open] .photo.new button").last.click()

    assert [file["width"] for file in files] == [1600, 900, 640]
    assert not any(pictures.GPS.decode() in file["text"] for file in files), "the place stays on the phone"
    assert officer.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    officer.fill("#f-note-note", "门口情况")
    officer.click("dialog[open] .form-foot button")
    officer.wait_for_selector(".timeline a.photo img")

    desk = signed_in(chromium, running, "desk", DESK)
    desk.goto(f"{running.url}/matters/{matter}")
    small = desk.locator(".timeline a.photo img")
    assert small.count() == 2
    small.first.scroll_into_view_if_needed()
    until(desk, "document.querySelector('.timeline a.photo img').naturalWidth === 320")
    large = desk.goto(running.url + desk.locator(".timeline a.photo").first.get_attribute("href"))
    assert large.headers["content-type"] == "image/jpeg"
    assert desk.evaluate("document.images[0].naturalWidth") == 1600


def test_without_script_the_same_form_sends_them(chromium: Any, running: Running):
    matter = taken_in(running, "FZ-PHOTO-2")
    officer = signed_in(chromium, running, "officer-016", PHONE, java_script_enabled=False)
    officer.goto(f"{running.url}/matters/{matter}")
    # Without script a dialog cannot be opened; the form in it is the same as on a page of its own.
    form = officer.locator("#act-note form.form")
    photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": pictures.jpeg((2000, 1000))}
    form.locator("input[type=file]").set_input_files([photo])
    form.evaluate("form => { form.elements['note-note'].value = '门口情况'; form.submit() }")

    officer.wait_for_selector(".timeline a.photo img")


def test_a_signature_is_drawn_on_the_glass(chromium: Any, running: Running):
    """No kind asks for one yet: the note's photo question is made one."""
    matter = taken_in(running, "FZ-PHOTO-3")
    officer = signed_in(chromium, running, "officer-016", PHONE)
    open_note(officer, running, matter)
    officer.evaluate(
        "const box = document.querySelector('dialog[open] [data-photos]');"
        "box.dataset.photos = 'signature'; box.classList.remove('drawn');"
        "document.dispatchEvent(new CustomEvent('htmx:oobAfterSwap'))"
    )

    place = officer.locator("dialog[open] canvas").bounding_box()
    officer.mouse.move(place["x"] + 20, place["y"] + 20)
    officer.mouse.down()
    officer.mouse.move(place["x"] + 150, place["y"] + 60, steps=5)
    officer.mouse.up()
    until(officer, f"document.querySelector('{FIELD}').files.length === 1")
    drawn = sent(officer)
    officer.click("dialog[open] .signing button")

    assert [(file["name"], file["width"]) for file in drawn] == [("signature.jpg", 1200)]
    assert officer.evaluate(f"document.querySelector('{FIELD}').files.length") == 0
