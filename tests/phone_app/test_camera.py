"""The photo after, taken over the photo before: without a network, and with nothing left running."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.burden.preparing import Station
from tests.phone_app.camera import DRAWN, FAKE, photographed
from tests.phone_app.phone import READ, Phone, phone, sign_in
from tests.program import Running

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]

# Every stream the page was given, to see what became of it.
RECORDED = """() => {
  window.tracks = [];
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async wanted => { const found = await ask(wanted); tracks.push(...found.getTracks()); return found; };
}"""
STATES = "tracks.map(track => `${track.kind} ${track.readyState}`)"


@pytest.fixture(scope="module")
def pocket(playwright: Any, running: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phone]:
    with phone(playwright, tmp_path_factory.mktemp("camera") / "p", running.url, arguments=FAKE) as found:
        sign_in(found)
        found.context.grant_permissions(["camera", "geolocation"])
        yield found
        assert found.complaints == []


@pytest.fixture
def found_before(pocket: Phone, running: Running) -> str:
    """A hazard somebody photographed, due today, on a phone that has gone out of reach."""
    pocket.offline(False)
    pocket.reload()  # whatever the story before put in the camera's place is gone
    station = Station(running)
    before = photographed(running, station.tokens["officer-016"])
    place = pocket.page.evaluate(READ, "places")[0]["id"]
    matter = station.hazard(place, source="round", deadline="0d", photos=[before])
    pocket.know(matter)
    pocket.until("document.querySelector('[role=status]')?.textContent.startsWith('都已送达')")
    pocket.offline()
    pocket.begin(matter, "当场整改")
    pocket.page.wait_for_selector("figure.ghost img")
    pocket.page.evaluate(RECORDED)
    return matter


def open_camera(pocket: Phone) -> None:
    pocket.page.click("button:has-text('对照拍照')")
    pocket.page.wait_for_selector(".shutter:not([disabled])")


def test_a_photo_is_taken_over_the_earlier_one_and_arrives(pocket: Phone, found_before: str):
    page = pocket.page
    open_camera(pocket)
    page.locator(".camera input[type=range]").fill("80")
    shows = page.locator(".finder img").evaluate("one => getComputedStyle(one).opacity")
    shutter = page.locator(".shutter").bounding_box()

    page.click(".shutter")
    page.wait_for_selector(".photo img")
    (photo,) = (one for one in page.evaluate(READ, "photos") if one["visit"] == pocket.visits()[-1]["id"])
    pocket.answer("done", "已清走")
    page.click("button:has-text('办完，送出')")
    pocket.offline(False)
    pocket.wait_until_delivered()

    assert shows == "0.8"
    assert min(shutter["width"], shutter["height"]) >= 64
    assert photo["bytes"] > 1000
    assert page.evaluate(STATES) == ["video ended"]
    assert pocket.visits()[-1]["acts"][0]["result"] == "done"


def test_the_camera_ends_when_it_is_left_or_another_app_comes_in_front(pocket: Phone, found_before: str):
    page = pocket.page
    open_camera(pocket)
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog.camera", state="detached")
    open_camera(pocket)

    page.evaluate(
        "Object.defineProperty(document, 'hidden', {configurable: true, get: () => true}); document.dispatchEvent(new Event('visibilitychange')); delete document.hidden"
    )
    page.wait_for_selector("dialog.camera", state="detached")

    # A camera that was still being opened ends as soon as it is there.
    pocket.until(f"({STATES}).every(state => state === 'video ended')")
    assert page.evaluate(STATES) == ["video ended", "video ended"]


def test_without_a_camera_the_plain_way_is_there(pocket: Phone, found_before: str):
    page = pocket.page
    page.evaluate(
        "void (navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError')))"
    )

    page.click("button:has-text('对照拍照')")
    page.wait_for_selector(".ghost [role=status]:has-text('没有允许使用相机')")
    page.evaluate(DRAWN, 1)
    page.wait_for_selector(".photo img")

    assert page.locator("dialog.camera").count() == 0


def test_the_camera_is_accessible(pocket: Phone, found_before: str):
    from axe_playwright_python.sync_playwright import Axe

    open_camera(pocket)

    assert Axe().run(pocket.page).response["violations"] == []


def test_what_is_no_longer_due_here_leaves_the_phone(pocket: Phone, running: Running, found_before: str):
    (before,) = next(
        one["ghosts"].values() for one in pocket.page.evaluate(READ, "matters") if one["id"] == found_before
    )
    held = [one["id"] for one in pocket.page.evaluate(READ, "ghosts")]
    pocket.page.once("dialog", lambda asked: asked.accept())
    pocket.page.click("button:has-text('不办了')")
    chief = Station(running).tokens["chief"]
    given = {"key": "void-1", "given": {"reason": "重复登记，已并案"}}
    answer = running.call("POST", f"/api/v1/matters/{found_before}/acts/void", chief, given)
    assert answer is not None
    assert answer[0] < 300, answer

    pocket.offline(False)
    pocket.wait_until_delivered()
    pocket.until("document.querySelector('[role=status]')?.textContent.startsWith('都已送达')")

    assert before in held
    assert before not in [one["id"] for one in pocket.page.evaluate(READ, "ghosts")]
