"""The phone app in a real browser: a day without a network, the battery, an update, two tabs, eyes and thumbs."""

from __future__ import annotations

import base64
import json
import os
import random
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error

from tests.lossy import Line, line_to
from tests.phone import PATIENCE, READ, Phone, phone, sign_in, take_in, told
from tests.pictures_drawn import DRAWN
from tests.program import Running, program

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(600)]

# The ordinary run is short; FENGQIAO_TEST_LONG asks for the whole day and twenty dead batteries.
LONG = bool(os.environ.get("FENGQIAO_TEST_LONG"))
VISITS, PHOTOS_EACH, ROUNDS = (30, 3, 20) if LONG else (8, 1, 5)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with program(tmp_path_factory.mktemp("field") / "home") as found:
        yield found


@pytest.fixture(scope="module")
def desk(running: Running) -> str:
    return running.command("token", "desk")


@pytest.fixture(scope="module")
def playwright() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="module")
def own_line(running: Running) -> Iterator[Line]:
    with line_to(running.port) as found:
        yield found


@pytest.fixture
def line(own_line: Line) -> Iterator[Line]:
    """Whole again for every story."""
    own_line.mend()
    yield own_line
    own_line.mend()


@pytest.fixture(scope="module")
def signed_in(playwright: Any, own_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phone]:
    with phone(playwright, tmp_path_factory.mktemp("pocket") / "profile", own_line.url) as found:
        sign_in(found)
        yield found


@pytest.fixture
def pocket(signed_in: Phone, line: Line) -> Iterator[Phone]:
    """One officer's phone; every story has matters of its own on it."""
    signed_in.offline(False)
    signed_in.complaints.clear()
    yield signed_in
    assert signed_in.complaints == []


def acts_of(running: Running, desk: str, matter: str) -> list[str]:
    return [event["act"] for event in told(running, desk, matter)["events"] if event["by"]]


def photograph(found: Phone, count: int) -> int:
    """As many photos as the form asks for; none where this release has no door for photos."""
    fields = found.page.locator("input[type=file]")
    if not fields.count():
        return 0
    found.page.evaluate(DRAWN, count)
    found.until(f"document.querySelectorAll('.photo img').length === {count}")
    return count


def test_a_day_without_a_network_arrives_once(pocket: Phone, line: Line, running: Running, desk: str):
    matters = take_in(running, desk, VISITS, "day")
    pocket.know(*matters)
    pocket.offline()
    photos = 0

    pocket.page.reload()
    for number, matter in enumerate(matters):
        pocket.do(matter, "签收")
        if number % 2:
            pocket.do(matter, "已见面", identity_checked="true", where="楼下")
        else:
            pocket.begin(matter, "备注")
            pocket.answer("note", f"第 {number} 户,门口电动车占道")
            photos += photograph(pocket, PHOTOS_EACH)
            pocket.page.click("button:has-text('办完,送出')")
            pocket.page.wait_for_selector("h1:has-text('发件箱')")
    waiting = pocket.states()
    # Every third answer is lost on the way back, so that the phone must ask again.
    answers = iter(range(10**6))
    line.loses = lambda method, path: path == "/api/v1/visits" and next(answers) % 3 == 0
    line.carried.clear()
    pocket.offline(False)
    deadline = time.monotonic() + 90
    while "waiting" in (states := pocket.states()) and time.monotonic() < deadline:
        pocket.page.click("button:has-text('立即收发')")
        pocket.page.wait_for_timeout(400)
    receipts = pocket.page.locator(".receipt").all_inner_texts()

    assert waiting.count("waiting") == 2 * VISITS
    assert set(states) <= {"sent", "question"}
    assert len(receipts) == len(set(receipts)) == len(states)
    for number, matter in enumerate(matters):
        assert acts_of(running, desk, matter) == ["raise", "sign", "meet" if number % 2 else "note"]
    assert line.carried.count(("POST", "/api/v1/visits")) > 2 * VISITS
    assert line.carried.count(("POST", "/api/v1/photos")) == photos
    assert all(photo["bytes"] == 0 for photo in pocket.page.evaluate(READ, "photos"))


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
    (await until(() => button('办完,送出'))).click();
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
            found.page.wait_for_timeout(seed.randint(400, 1500))
            found.kill()
    with phone(playwright, profile, running.url) as found:
        found.open("/outbox")
        on_phone = found.visits()
        found.wait_until_delivered()
        after = {state for visit in found.visits() if (state := visit["state"]) != "draft"}

    finished = [visit for visit in on_phone if visit["state"] != "draft"]
    notes = [visit["acts"][0]["given"]["note"] for visit in finished]
    assert len(kept) >= ROUNDS
    assert kept - set(notes) == set()
    assert len(notes) == len(set(notes))
    assert after == {"sent"}
    assert acts_of(running, desk, matter).count("note") == len(finished)


def test_a_draft_is_there_after_a_reload_to_the_last_letter(pocket: Phone, running: Running, desk: str):
    (matter,) = take_in(running, desk, 1, "draft")
    pocket.know(matter)
    pocket.offline()
    pocket.begin(matter, "备注")
    pocket.page.type("[name='note']", "说到一半")
    pocket.page.wait_for_selector(".saved:has-text('已存在手机')")

    pocket.page.reload()
    pocket.page.wait_for_selector("[name='note']")

    assert pocket.page.input_value("[name='note']") == "说到一半"
    pocket.tab("今天")
    assert "没填完的" in pocket.page.inner_text("#main")


def test_a_time_set_back_says_why_and_acts_chain_in_one_visit(pocket: Phone, running: Running, desk: str):
    (matter,) = take_in(running, desk, 1, "late")
    pocket.know(matter)
    pocket.offline()

    pocket.begin(matter, "签收")
    pocket.page.click("button:has-text('填好,再办一件')")
    pocket.page.wait_for_selector(".begun")
    pocket.page.click(".acts button:text-is('出发上门')")
    pocket.page.wait_for_selector("form.form")
    pocket.page.click("button:has-text('改时间')")
    earlier = pocket.page.evaluate(
        "new Date(Date.now() - 30000 - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 16)"
    )
    pocket.page.fill("input[type=datetime-local]", earlier)
    pocket.page.fill("[aria-label='为什么现在才填']", "楼道没有信号")
    pocket.page.click("button:has-text('办完,送出')")
    pocket.offline(False)
    pocket.wait_until_delivered()
    found = told(running, desk, matter)

    assert [event["act"] for event in found["events"] if event["by"] and event["act"] != "raise"] == [
        "sign",
        "go",
        "note",
    ]
    assert {event["standing"] for event in found["events"]} == {"done"}
    assert found["stage"] == "dispatched"


def test_what_comes_too_late_is_a_question_with_its_reason(pocket: Phone, running: Running, desk: str):
    (matter,) = take_in(running, desk, 1, "question")
    pocket.know(matter)
    pocket.offline()
    pocket.do(matter, "签收")

    running.call("POST", f"/api/v1/matters/{matter}/acts/sign", desk, {"key": f"desk-{matter}", "given": {}})
    pocket.offline(False)
    pocket.wait_until_delivered()
    shown = pocket.page.locator("[data-state=question]").first.inner_text()
    standings = [
        event["standing"] for event in told(running, desk, matter)["events"] if event["act"] == "sign"
    ]

    assert "当前环节是“已签收”,不能“签收”" in shown
    assert "回执" in shown
    assert sorted(standings) == ["done", "question"]


def test_what_was_refused_is_mended_and_sent_again(pocket: Phone, running: Running, desk: str):
    (matter,) = take_in(running, desk, 1, "refused")
    pocket.know(matter)
    pocket.offline()
    pocket.do(matter, "签收")
    pocket.do(matter, "已见面", identity_checked="false")
    pocket.offline(False)
    pocket.wait_until_delivered()
    told_why = pocket.page.locator("[data-state=refused]").inner_text()

    pocket.page.click("button:has-text('改后重送')")
    pocket.page.locator("[data-state=draft]", has_text="冒充客服refused0").locator("a").click()
    pocket.answer("identity_checked", "true")
    pocket.page.click("button:has-text('办完,送出')")
    pocket.wait_until_delivered()

    assert "核对" in told_why
    assert pocket.states().count("refused") == 0
    assert acts_of(running, desk, matter) == ["raise", "sign", "meet"]


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
    pocket.page.reload()
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

    assert line.carried.count(("POST", "/api/v1/visits")) == 3
    assert [acts_of(running, desk, matter) for matter in matters] == [["raise", "sign"]] * 3


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
    pocket.page.click("button:has-text('办完,送出')")
    pocket.offline(False)
    pocket.wait_until_delivered()

    assert first.startswith("停手线")
    assert note.startswith("行动卡:燃气泄漏")
    assert note.count("\n") == 2
    assert acts_of(running, desk, matter) == ["raise", "note"]


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


def test_every_screen_is_accessible_and_fits_at_every_size(pocket: Phone, running: Running, desk: str):
    from axe_playwright_python.sync_playwright import Axe

    (matter,) = take_in(running, desk, 1, "axe")
    pocket.know(matter)
    place = pocket.page.evaluate(READ, "places")[0]["id"]
    pocket.begin(matter, "备注")
    form = pocket.page.evaluate("location.hash.slice(1)")
    found: dict[str, Any] = {}

    for dark in ("light", "dark"):
        pocket.page.emulate_media(color_scheme=dark)
        for size in ("100", "200"):
            pocket.page.evaluate(f"localStorage.setItem('fengqiao-size', '{size}')")
            pocket.page.reload()
            for address in (
                "/",
                "/places",
                f"/place/{place}",
                f"/matter/{matter}",
                form,
                "/outbox",
                "/cards",
                "/card/gas",
            ):
                pocket.open(address)
                pocket.page.wait_for_timeout(50)
                if pocket.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    found[f"{dark} {size} {address}"] = "too wide"
                if size == "100":
                    violations = Axe().run(pocket.page).response["violations"]
                    found |= {
                        f"{dark} {size} {address} {one['id']}": [node["html"][:160] for node in one["nodes"]][
                            :3
                        ]
                        for one in violations
                    }
            small = pocket.page.evaluate(
                "[...document.querySelectorAll('a.line, .button, .bar a, .bar button, .option, .step')].filter(one => one.getBoundingClientRect().height < 48).map(one => one.outerHTML.slice(0, 120))"
            )
            found |= {f"{dark} {size} small": small} if small else {}

    assert found == {}
