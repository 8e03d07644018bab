"""What the phone promises to keep: through dead batteries, reloads, two tabs, updates, and into a file."""

from __future__ import annotations

import base64
import json
import random
import re
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error

from tests.phone_app.lossy import Line
from tests.phone_app.phone import PATIENCE, Phone, acts_of, phone, sign_in, take_in
from tests.program import Running

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(600)]

ROUNDS = 20


# Writes as fast as the app lets one, and says aloud what the outbox has shown.
WRITING = """async ([matter, mark]) => {
  const until = async test => { for (let n = 0; n < 400; n++) { const found = test(); if (found) return found; await new Promise(done => setTimeout(done, 5)); } throw new Error('waited too long'); };
  const button = says => [...document.querySelectorAll('button')].find(one => one.innerText === says);
  for (let n = 0; ; n++) {
    location.hash = `#/matter/${matter}`;
    const more = await until(() => button('更多…') ?? button('备注'));
    if (more.innerText !== '备注') more.click();
    (await until(() => button('备注'))).click();
    const note = await until(() => document.querySelector('[name=note]'));
    note.value = `${mark}-${n}`;
    note.dispatchEvent(new Event('input', {bubbles: true}));
    (await until(() => button('办完，送出'))).click();
    await until(() => location.hash === '#/outbox');
    console.log(`kept ${mark}-${n}`);
  }
}"""


def test_a_dead_battery_loses_nothing(playwright: Any, running: Running, desk: str, tmp_path: Path):
    (matter,) = take_in(running, desk, 1, "battery")
    profile, seed = tmp_path / "profile", random.Random(7)
    kept: set[str] = set()
    with phone(playwright, profile, running.url) as first:
        sign_in(first)

    for number in range(ROUNDS):
        with phone(playwright, profile, running.url) as found:
            # Every second time the network is there, so that sending is cut off too.
            found.offline(number % 2 == 0)
            found.open(f"/matter/{matter}")
            found.page.on("console", lambda said: kept.add(said.text.removeprefix("kept ")) if said.text.startswith("kept ") else None)  # fmt: skip
            found.page.evaluate(f"args => void ({WRITING})(args)", [matter, f"r{number}"])
            # As soon as it has kept something, at any moment of what it does next.
            deadline = time.monotonic() + 60
            while not any(one.startswith(f"r{number}-") for one in kept) and time.monotonic() < deadline:
                found.page.wait_for_timeout(20)
            found.page.wait_for_timeout(seed.randint(0, 500))
            found.kill()
    with phone(playwright, profile, running.url) as found:
        found.open("/outbox")
        on_phone = found.visits()
        found.wait_until_delivered()
        after = {state for visit in found.visits() if (state := visit["state"]) != "draft"}
        notes = written(found, running, matter)

    # One that was filled in but not sent off before the battery died goes out with the next.
    finished = [act for visit in on_phone if visit["state"] != "draft" for act in visit["acts"]]
    assert len(kept) >= ROUNDS
    assert kept - set(notes) == set()
    assert len(notes) == len(set(notes)) == len(finished)
    assert after == {"sent"}
    assert acts_of(running, desk, matter).count("note") == len(notes)


def written(found: Phone, running: Running, matter: str) -> list[str]:
    """The notes as they stand in the timeline, opened by their officer: the phone keeps none that arrived."""
    found.page.goto(f"{running.url}/matters/{matter}")
    found.page.click("button:has-text('查看完整信息')")
    found.page.wait_for_selector("text=r0-0")
    return re.findall(r"\br\d+-\d+\b", found.page.inner_text("main"), re.ASCII)


def test_a_draft_is_there_after_a_reload_to_the_last_letter(pocket: Phone, running: Running, desk: str):
    (matter,) = take_in(running, desk, 1, "draft")
    pocket.know(matter)
    pocket.offline()
    pocket.begin(matter, "备注")
    pocket.page.type("[name='note']", "说到一半")
    pocket.page.wait_for_selector(".saved:has-text('已存在手机')")

    pocket.reload()
    pocket.page.wait_for_selector("[name='note']")

    assert pocket.page.input_value("[name='note']") == "说到一半"
    pocket.tab("今天")
    assert "没填完的" in pocket.page.inner_text("#main")


# As iOS does under memory pressure: the connection is closed behind the page's back, and whatever the page then
# begins upon it fails.
CLOSED_BEHIND_ITS_BACK = """() => {
  window.begins ??= IDBDatabase.prototype.transaction;
  window.shut = false;
  IDBDatabase.prototype.transaction = function (...asked) {
    if (!window.shut) this.close();
    window.shut = true;
    return window.begins.apply(this, asked);
  };
}"""


def test_storage_the_browser_closes_is_opened_again_and_nothing_typed_is_lost(
    pocket: Phone, running: Running, desk: str
):
    """enketo/enketo#1576: Safari closed the page's IndexedDB under memory pressure; from then on no draft was
    saved and nothing could be sent until the page was loaded anew."""
    (matter,) = take_in(running, desk, 1, "closed")
    pocket.know(matter)
    pocket.offline()
    pocket.begin(matter, "备注")

    pocket.page.evaluate(CLOSED_BEHIND_ITS_BACK)
    pocket.page.type("[name='note']", "浏览器关了存储之后写的")
    pocket.page.wait_for_selector(".saved:has-text('已存在手机')")
    while_typing = pocket.page.evaluate("window.shut")
    drafts = [visit for visit in pocket.visits() if visit["state"] == "draft" and visit["about"] == matter]
    kept = [visit["acts"][0]["given"]["note"] for visit in drafts]
    pocket.page.evaluate(CLOSED_BEHIND_ITS_BACK)
    pocket.page.click("button:has-text('办完，送出')")
    pocket.page.wait_for_selector("[data-state=waiting]")
    while_finishing = pocket.page.evaluate("window.shut")
    pocket.page.evaluate(CLOSED_BEHIND_ITS_BACK)
    pocket.offline(False)
    pocket.wait_until_delivered()

    assert (while_typing, while_finishing) == (True, True)
    assert kept == ["浏览器关了存储之后写的"]
    assert acts_of(running, desk, matter) == ["raise", "note"]


def test_a_new_version_waits_until_it_is_whole(playwright: Any, line: Line, tmp_path: Path):
    with phone(playwright, tmp_path / "profile", line.url) as found:
        sign_in(found)
        update(found, line)


def update(pocket: Phone, line: Line) -> None:
    cached = "caches.keys().then(names => names.filter(name => name.startsWith('fengqiao-field-')))"
    look = "navigator.serviceWorker.getRegistration('/field').then(one => one.update().then(() => new Promise(done => setTimeout(done, 1500)), () => 0))"
    before = pocket.page.evaluate(cached)
    # A new version of which one file does not arrive: the old one goes on serving.
    newer = b'self.BUILT={"version": "newer", "files": ["/field", "/missing.js"]};'
    line.alters = lambda path, body: altered(path, body, newer) if path == "/field/sw.js" else body

    pocket.page.evaluate(look)
    pocket.offline()
    pocket.reload()
    pocket.page.wait_for_selector("h1:has-text('今天')")
    half = (
        pocket.page.locator("text=有新版本").count(),
        [name for name in pocket.page.evaluate(cached) if name in before],
    )
    pocket.offline(False)
    whole = b'self.BUILT={"version": "whole", "files": ["/field"]};'
    line.alters = lambda path, body: altered(path, body, whole) if path == "/field/sw.js" else body
    pocket.page.evaluate(look)
    deadline = time.monotonic() + 20
    pocket.page.click("button:has-text('有新版本')", timeout=PATIENCE)
    left = before
    while left != ["fengqiao-field-whole"] and time.monotonic() < deadline:
        with suppress(Error):  # the page is loading anew
            left = pocket.page.evaluate(cached)
        pocket.page.wait_for_timeout(100)

    assert half == (0, before)
    assert left == ["fengqiao-field-whole"]


def altered(path: str, body: bytes, head: bytes) -> bytes:
    return head + body[body.index(b";") :]


def test_two_tabs_send_each_visit_once(pocket: Phone, line: Line, running: Running, desk: str):
    matters = take_in(running, desk, 3, "tabs")
    pocket.know(*matters)
    other = pocket.context.new_page()
    other.goto(f"{line.url}/field#/outbox")
    pocket.enter_pin(other)
    pocket.page.bring_to_front()
    pocket.offline()
    for matter in matters:
        pocket.do(matter, "签收")
    pocket.until("document.querySelectorAll('[data-state=waiting]').length === 3", other)
    line.carried.clear()

    pocket.offline(False)
    for page in (pocket.page, other):
        page.evaluate(
            "void [...document.querySelectorAll('button')].find(one => one.innerText === '立即收发')?.click()"
        )
    pocket.wait_until_delivered()
    pocket.until("!document.querySelector('[data-state=waiting]')", other)

    other.close()
    assert line.carried.count(("POST", "/api/v1/visits")) == 3
    assert [acts_of(running, desk, matter) for matter in matters] == [["raise", "sign"]] * 3


def test_the_last_resort_file_opens_with_its_passphrase_only(
    pocket: Phone, line: Line, playwright: Any, running: Running, desk: str, tmp_path: Path
):
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

    (matter,) = take_in(running, desk, 1, "file")
    pocket.know(matter)
    pocket.offline()
    pocket.do(matter, "备注", note="导出里的话")

    pocket.page.click("button:has-text('导出未送的')")
    pocket.page.fill("#word", "海尾大道十二号三楼")
    with pocket.page.expect_download() as waited:
        pocket.page.click("button:text-is('导出')")
    text = Path(waited.value.path()).read_text()
    file = json.loads(text)
    salt, iv, data = (base64.b64decode(file[name]) for name in ("salt", "iv", "data"))

    def opened(word: str) -> Any:
        key = PBKDF2HMAC(hashes.SHA256(), 32, salt, 310_000).derive(word.encode())
        return json.loads(AESGCM(key).decrypt(iv, data, None))

    held = [visit["acts"][0]["given"] for visit in opened("海尾大道十二号三楼")["visits"]]
    assert {"note": "导出里的话"} in held
    assert "导出里的话" not in text
    with pytest.raises(InvalidTag):
        opened("海尾大道十三号三楼")
    # On another phone, whose network works; then from this one too: it arrives once.
    with phone(playwright, tmp_path / "other", line.url) as other:
        sign_in(other)
        other.open("/outbox")
        other.page.click("button:has-text('从加密文件取回')")
        other.page.fill("#word", "海尾大道十二号三楼")
        other.page.set_input_files("input[type=file]", waited.value.path())
        other.page.wait_for_selector("text=次走访")
        other.wait_until_delivered()
    pocket.offline(False)
    pocket.wait_until_delivered()
    assert acts_of(running, desk, matter) == ["raise", "note"]
    pocket.offline(False)
