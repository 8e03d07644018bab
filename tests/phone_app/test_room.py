"""A phone without room, a key that sends nothing, and forms begun and left: nothing typed is lost, nothing blocks in silence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.phone_app.camera import DRAWN
from tests.phone_app.phone import Phone, acts_of, take_in
from tests.program import Running

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]


# What a browser says of a write for which the disk has no room. (A quota set from outside is noticed too late: the
# browser keeps what it last heard of its room.)
FULL = """() => {
  window.roomy = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = () => { throw new DOMException('no room', 'QuotaExceededError'); };
}"""


@contextmanager
def full(pocket: Phone) -> Iterator[None]:
    pocket.page.evaluate(FULL)
    try:
        yield
    finally:
        pocket.page.evaluate("() => { IDBObjectStore.prototype.put = window.roomy; }")


def test_a_full_disk_is_said_and_what_was_typed_is_kept_once_there_is_room(
    pocket: Phone, running: Running, desk: str
):
    (matter,) = take_in(running, desk, 1, "full")
    pocket.know(matter)
    pocket.offline()
    pocket.begin(matter, "备注")

    with full(pocket):
        pocket.page.type("[name='note']", "没有空间时写的话")
        pocket.page.wait_for_selector(".notice.full:has-text('手机空间不足')")
        said = pocket.page.inner_text(".saved")
        pocket.page.evaluate(DRAWN, 1)
        pocket.page.wait_for_selector("text=照片没有存下，请重拍")
        busy = pocket.page.get_attribute(".photo-add", "aria-busy")
        pocket.page.click("button:has-text('办完，送出')")
        pocket.page.wait_for_timeout(500)  # had there been room by then, it would rightly have gone out
        stays = pocket.page.locator("form.form").count()
    pocket.page.wait_for_selector(".saved:has-text('已存在手机')")
    pocket.until("!document.querySelector('.notice.full')")
    pocket.page.click("button:has-text('办完，送出')")
    pocket.page.wait_for_selector("h1:has-text('发件箱')")
    pocket.offline(False)
    pocket.wait_until_delivered()

    assert said == "手机空间不足，没有存下"
    assert (busy, stays) == ("false", 1)
    assert acts_of(running, desk, matter) == ["raise", "note"]


def test_enter_on_the_keyboard_sends_nothing(pocket: Phone, running: Running, desk: str):
    (matter,) = take_in(running, desk, 1, "enter")
    pocket.know(matter)
    pocket.offline()
    pocket.begin(matter, "签收")

    pocket.page.click("button:has-text('改时间')")
    pocket.page.fill("[aria-label='为什么现在才填']", "电梯里")
    pocket.page.press("[aria-label='为什么现在才填']", "Enter")
    pocket.page.wait_for_timeout(500)

    assert pocket.page.locator("form.form").count() == 1
    assert [visit["state"] for visit in pocket.visits() if visit["about"] == matter] == ["draft"]
    pocket.offline(False)


def test_a_form_that_was_only_looked_at_leaves_nothing_and_blocks_nothing(
    pocket: Phone, running: Running, desk: str
):
    (matter,) = take_in(running, desk, 1, "ghost")
    pocket.know(matter)
    pocket.offline()
    pocket.begin(matter, "备注")
    pocket.page.go_back()
    pocket.page.wait_for_selector(".duty")
    pocket.until("!document.querySelector('.begun')")
    looked_at = [visit["acts"] for visit in pocket.visits() if visit["about"] == matter]

    pocket.begin(matter, "备注")
    pocket.answer("note", "写了一半")
    pocket.page.wait_for_selector(".saved:has-text('已存在手机')")
    pocket.begin(matter, "签收")
    blocked = pocket.page.is_disabled("button:has-text('办完，送出')")
    pocket.page.click(".notice a:has-text('备注')")
    pocket.page.wait_for_selector("[name=note]")
    half = pocket.page.input_value("[name=note]")
    pocket.page.click("button:has-text('办完，送出')")
    pocket.page.wait_for_selector("h1:has-text('发件箱')")
    pocket.offline(False)
    pocket.wait_until_delivered()

    assert looked_at == [[]]
    assert (blocked, half) == (True, "写了一半")
    # The other form had nothing in it: it is not sent along.
    assert acts_of(running, desk, matter) == ["raise", "note"]


def test_a_time_set_back_is_not_sent_without_its_reason(pocket: Phone, running: Running, desk: str):
    (matter,) = take_in(running, desk, 1, "why")
    pocket.know(matter)
    pocket.offline()
    pocket.begin(matter, "签收")
    pocket.page.click("button:has-text('改时间')")
    pocket.page.fill("input[type=datetime-local]", "2022-05-10T10:02")

    pocket.page.click("button:has-text('办完，送出')")
    said = pocket.page.inner_text("#when .field-error")
    stays = pocket.page.locator("form.form").count()
    pocket.page.fill("[aria-label='为什么现在才填']", "楼道没有信号")
    pocket.page.wait_for_timeout(300)

    assert said == "写明为什么现在才填，或清掉时间"
    assert (stays, pocket.page.locator("#when .field-error").count()) == (1, 0)
    pocket.offline(False)
