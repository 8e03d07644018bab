"""A phone in the wrong hands: what its bytes tell, what a PIN is worth, and what still arrives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.phone_app.camera import DRAWN
from tests.phone_app.phone import OFFICER, Phone, acts_of, come_in, enrol, phone, sign_in, take_in
from tests.phone_app.reading import PIN, RAW
from tests.program import Running

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]

# What a finder would look for: the place, its address, the matter, the officer's own words.
TYPED = "楼上租客姓区，门口堆着纸箱十七只"
HOURS_LATER = "const real = Date.now.bind(Date); Date.now = () => real() + 13 * 3600e3;"
# The control: the same words written in plain beside the app, so that a scan that finds nothing can find.
PLAIN = """words => new Promise(done => {
  const asked = indexedDB.open('in-plain');
  asked.onupgradeneeded = () => asked.result.createObjectStore('words');
  asked.onsuccess = () => {
    const work = asked.result.transaction('words', 'readwrite', {durability: 'strict'});
    work.objectStore('words').put(words, 1);
    work.oncomplete = () => { asked.result.close(); done(); };
  };
})"""


@pytest.fixture
def found(playwright: Any, running: Running, tmp_path: Path) -> Iterator[Phone]:
    with phone(playwright, tmp_path / "profile", running.url) as one:
        sign_in(one)
        yield one


def in_profile(profile: Path, words: str) -> set[str]:
    """The files that hold these words, in either of the ways a browser writes them."""
    forms = [words.encode(), words.encode("utf-16-le")]
    files = [path for path in profile.rglob("*") if path.is_file()]
    return {
        path.relative_to(profile).parts[-2]
        for path in files
        if any(form in path.read_bytes() for form in forms)
    }


def stores(found: Phone) -> dict[str, int]:
    names = ("meta", "places", "matters", "visits", "photos", "logs", "ghosts", "outbox", "vault")
    return {name: count for name in names if (count := len(found.page.evaluate(RAW, name)))}


def test_the_bytes_of_a_phone_tell_nothing_after_a_day_offline(found: Phone, running: Running, desk: str):
    (matter,) = take_in(running, desk, 1, "bytes")
    found.know(matter)
    found.open("/places")
    address = found.page.locator(".lines .muted").last.inner_text()
    found.offline()
    found.reload()
    found.do(matter, "签收")
    found.begin(matter, "备注")
    found.answer("note", TYPED)
    found.page.evaluate(DRAWN, 1)
    found.until("document.querySelectorAll('.photo img').length === 1")
    found.page.wait_for_selector(".saved:has-text('已存在手机')")
    shown = found.page.input_value("[name=note]")
    kept = stores(found)
    found.page.evaluate(PLAIN, f"照写{TYPED[:8]}")
    found.page.goto("about:blank")
    found.context.close()

    assert shown == TYPED
    assert len(address) > 8
    assert {"visits", "photos", "matters", "outbox"} <= set(kept)
    assert any(name.endswith(".indexeddb.leveldb") for name in in_profile(found.profile, f"照写{TYPED[:8]}"))
    for words in (TYPED[9:], address, "冒充客服bytes0"):
        assert in_profile(found.profile, words) == set(), words


def test_five_wrong_pins_empty_the_phone_but_for_what_the_station_alone_can_open(
    found: Phone, running: Running, desk: str
):
    (matter,) = take_in(running, desk, 1, "pins")
    found.know(matter)
    found.offline()
    found.do(matter, "备注", note=TYPED)
    found.page.reload()

    for number in range(5):
        found.page.wait_for_selector("h1:has-text('输入口令')")
        found.page.fill("#pin", f"98765{number}")
        found.page.wait_for_selector("text=还可以试" if number < 4 else "text=输错五次")
        if number == 2:
            found.page.reload()  # switching it off saves no try
    left = stores(found)
    found.offline(False)
    enrol(found)
    found.open("/outbox")
    found.until("!document.querySelector('.packets')")

    assert left == {"outbox": 1}
    assert acts_of(running, desk, matter) == ["raise", "note"]


def test_after_the_lease_nothing_opens_and_the_unsent_visit_arrives(
    playwright: Any, running: Running, desk: str, tmp_path: Path
):
    (matter,) = take_in(running, desk, 1, "lease")
    profile = tmp_path / "profile"
    with phone(playwright, profile, running.url) as before:
        sign_in(before)
        before.know(matter)
        before.offline()
        before.begin(matter, "备注")
        before.answer("note", TYPED)
        before.page.evaluate(DRAWN, 1)
        before.until("document.querySelectorAll('.photo img').length === 1")
        before.page.click("button:has-text('办完，送出')")
        before.page.wait_for_selector("h1:has-text('发件箱')")

    with phone(playwright, profile, running.url) as after:
        after.context.add_init_script(HOURS_LATER)
        after.offline()
        after.page.goto(f"{running.url}/field")
        after.page.wait_for_selector("h1:has-text('已锁')")
        said = after.page.inner_text("#main")
        asked_for_pin = after.page.locator("#pin").count()
        vault = after.page.evaluate(
            "() => new Promise(done => { const asked = indexedDB.open('fengqiao-field'); asked.onsuccess = () => { const keys = asked.result.transaction('vault').objectStore('vault').getAllKeys(); keys.onsuccess = () => { asked.result.close(); done(keys.result); }; }; })"
        )
        after.offline(False)
        after.until("!document.querySelector('.packets')")
        arrived = acts_of(running, desk, matter)
        # The same day's lease again: the visit is known as delivered, and is not sent twice.
        after.page.wait_for_selector("h1:has-text('输入口令')")
        after.enter_pin()
        after.wait_until_delivered()
        states = after.states()

    assert "超过 12 小时" in said
    assert asked_for_pin == 0
    assert sorted(vault) == ["phone", "pin"]
    assert arrived == ["raise", "note"]
    assert states == ["sent"]
    assert acts_of(running, desk, matter) == ["raise", "note"]


def test_a_wipe_ordered_at_the_desk_empties_the_phone_at_its_next_contact(
    found: Phone, playwright: Any, running: Running, desk: str, tmp_path: Path
):
    (matter,) = take_in(running, desk, 1, "wipe")
    found.know(matter)
    found.offline()
    found.do(matter, "备注", note=TYPED)
    with phone(playwright, tmp_path / "desk", running.url) as at_desk:
        come_in(at_desk, "desk", "/phones/")
        row = at_desk.page.locator("tr", has_text="海尾社区警长").filter(has_text="丢了，擦除").first
        row.locator("button").click()
        at_desk.page.locator("dialog[open] button.danger").click()
        at_desk.page.wait_for_selector("text=待擦除")
        found.offline(False)
        found.page.reload()  # nobody enters the PIN
        found.page.wait_for_selector("text=已被停用")
        found.until("document.querySelector('h1')?.innerText === '登记这部手机'")
        left = stores(found)
        at_desk.page.reload()
        told = at_desk.page.locator("tr", has_text="海尾社区警长").filter(has_text="已擦除").count()

    assert left == {"outbox": 1}
    assert told >= 1
    come_in(found, OFFICER)
    enrol(found)
    found.until("!document.querySelector('.packets')")
    assert acts_of(running, desk, matter) == ["raise", "note"]


def test_a_phone_left_lying_for_five_minutes_asks_again(found: Phone):
    hide = "Object.defineProperty(document, 'hidden', {configurable: true, get: () => %s}); document.dispatchEvent(new Event('visibilitychange'));"
    found.page.evaluate(hide % "true")
    found.page.evaluate("{ const real = Date.now.bind(Date); Date.now = () => real() + 301e3; }")
    found.page.evaluate(hide % "false")
    found.page.wait_for_selector("h1:has-text('输入口令')")
    found.page.fill("#pin", PIN)
    found.page.wait_for_selector("h1:has-text('今天')")

    assert found.page.locator("canvas.watermark").count() == 1


def test_what_the_station_refuses_for_good_is_shown_asked_no_more_and_kept_until_put_away(
    found: Phone, running: Running, desk: str
):
    (matter,) = take_in(running, desk, 1, "final")
    found.know(matter)
    found.offline()
    found.do(matter, "备注", note=TYPED)
    asked: list[str] = []

    def refuse(route: Any) -> None:
        asked.append(route.request.url)
        route.fulfill(
            status=422, content_type="application/json", body='{"detail": "密封时已不在岗，不予接收"}'
        )

    found.page.route("**/api/v1/visits/sealed", refuse)
    found.context.add_init_script(HOURS_LATER)
    found.page.reload()
    found.offline(False)
    found.page.wait_for_selector("text=被退回，不再重试：密封时已不在岗")
    found.page.click("button:has-text('送出')")
    found.until("!document.querySelector('.packets').innerText.includes('正在送')")
    kept, times = stores(found)["outbox"], len(asked)
    found.page.on("dialog", lambda dialog: dialog.accept())
    found.page.click("button:has-text('知道了，移除')")
    found.until("!document.querySelector('.packets')")

    assert (kept, times) == (1, 1)
    assert stores(found).get("outbox", 0) == 0
    assert acts_of(running, desk, matter) == ["raise"]
