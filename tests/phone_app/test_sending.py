"""What one visit cannot do to the others, what is left of one that arrived, and how a refused one is mended whole."""

from __future__ import annotations

from typing import Any

import pytest

from tests.phone_app.camera import DRAWN
from tests.phone_app.phone import PATIENCE, READ, Phone, acts_of, take_in
from tests.phone_app.test_day import seen_by
from tests.phone_app.test_form import DECLARE
from tests.program import Running

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]

VISITS = "**/api/v1/visits"


def state_of(pocket: Phone, matter: str) -> list[str]:
    return [visit["state"] for visit in pocket.visits() if visit["about"] == matter]


def test_a_visit_the_server_cannot_take_holds_back_only_its_own_matter(
    pocket: Phone, running: Running, desk: str
):
    bad, good = take_in(running, desk, 2, "stuck")
    pocket.know(bad, good)
    pocket.offline()
    pocket.do(bad, "签收")
    pocket.do(bad, "备注", note="同一件事的下一步")
    pocket.do(good, "签收")

    def fails(route: Any) -> None:
        route.fulfill(status=500, json={"title": "出错了"}) if bad in (
            route.request.post_data or ""
        ) else route.continue_()

    pocket.page.route(VISITS, fails)
    pocket.offline(False)
    for _ in range(4):
        pocket.page.click("button:has-text('立即收发')", timeout=PATIENCE)
        pocket.until("!document.querySelector('[role=status]').innerText.includes('正在收发')")
    pocket.until("document.querySelector('main').innerText.includes('暂时送不出')")
    held = (state_of(pocket, bad), state_of(pocket, good), acts_of(running, desk, good))
    pocket.page.unroute(VISITS)
    pocket.wait_until_delivered()

    assert held == (["waiting", "waiting"], ["sent"], ["raise", "sign"])
    assert acts_of(running, desk, bad) == ["raise", "sign", "note"]
    assert pocket.page.locator("text=暂时送不出").count() == 0


def test_nothing_that_was_said_stays_on_the_phone_once_it_arrived(pocket: Phone, running: Running, desk: str):
    (matter,) = take_in(running, desk, 1, "words")
    pocket.know(matter)
    pocket.offline()
    pocket.begin(matter, "备注")
    pocket.answer("note", "楼上租客姓区")
    pocket.page.evaluate(DRAWN, 2)
    pocket.until("document.querySelectorAll('.photo img').length === 2")
    pocket.page.locator(".photo button").first.click()
    pocket.until("document.querySelectorAll('.photo img').length === 1")
    pocket.page.click("button:has-text('办完，送出')")
    pocket.page.wait_for_selector("[data-state=waiting]")
    (visit,) = (one for one in pocket.visits() if one["about"] == matter)
    waiting = [one["id"] for one in pocket.page.evaluate(READ, "photos") if one["visit"] == visit["id"]]
    pocket.offline(False)
    pocket.wait_until_delivered()
    (sent,) = (one for one in pocket.visits() if one["about"] == matter)

    assert waiting == visit["photos"]
    assert len(waiting) == 1
    assert (visit["acts"][0]["given"]["note"], "楼上租客" in str(sent)) == ("楼上租客姓区", False)
    assert set(sent["acts"][0]) & {"given", "asks", "items", "known"} == set()
    assert (sent["frozen"], sent["state"], bool(sent["receipt"])) == (None, "sent", True)


# The form as the station asks it by now: one question more, none of it required.
NOTE = {
    "properties": {
        "note": {"title": "内容", "type": "string", "x-long": True, "maxLength": 1000},
        "photos": {"title": "照片", "type": "array", "items": {"type": "string"}, "x-photos": True},
        "other": {"title": "新加的问题", "type": "string"},
    },
    "required": ["note"],
}


def test_a_refused_visit_is_mended_in_todays_form_and_keeps_its_photos(
    pocket: Phone, running: Running, desk: str
):
    (matter,) = take_in(running, desk, 1, "anew")
    pocket.know(matter)
    pocket.offline()
    pocket.begin(matter, "备注")
    pocket.answer("note", "第一次写的话")
    pocket.page.evaluate(DRAWN, 1)
    pocket.until("document.querySelectorAll('.photo img').length === 1")
    pocket.page.click("button:has-text('办完，送出')")
    pocket.page.wait_for_selector("[data-state=waiting]")
    pocket.page.route(VISITS, lambda route: route.fulfill(status=422, json={"detail": "表单已经换过"}))
    pocket.offline(False)
    pocket.page.click("button:has-text('立即收发')")
    pocket.page.wait_for_selector("[data-state=refused]:has-text('anew0')")
    pocket.page.unroute(VISITS)

    pocket.page.evaluate(DECLARE, [NOTE, [], matter])
    pocket.reload()
    pocket.open("/outbox")
    pocket.page.locator("[data-state=refused]", has_text="anew0").locator(
        "button:has-text('改后重送')"
    ).click()
    pocket.page.wait_for_selector("[name=note]")
    pocket.open("/outbox")
    pocket.page.wait_for_selector("[data-state=draft]:has-text('anew0')")
    # Another round of tidying between: the picture stays with the visit that needs it.
    pocket.page.click("button:has-text('立即收发')")
    pocket.until("!document.querySelector('[role=status]').innerText.includes('正在收发')")
    pocket.page.locator("[data-state=draft]", has_text="anew0").locator("a").click()
    pocket.page.wait_for_selector(".photo img")
    asked = pocket.page.locator("label:has-text('新加的问题')").count()
    kept = pocket.page.input_value("[name=note]")
    pocket.page.click("button:has-text('办完，送出')")
    pocket.wait_until_delivered()
    (sent,) = (one for one in pocket.visits() if one["about"] == matter and one["state"] == "sent")

    assert (asked, kept) == (1, "第一次写的话")
    assert acts_of(running, desk, matter) == ["raise", "note"]
    assert seen_by(running, desk, sent["photos"][0])
