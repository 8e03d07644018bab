"""The most frequent journeys of a day, by hand: none may cost more taps and keys than its budget."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.burden.meter import Meter, budgeted, over
from tests.burden.preparing import Station
from tests.phone_app.phone import PATIENCE, READ, Phone
from tests.program import Running

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(180)]


def within(meter: Meter, name: str) -> None:
    """The journey stayed within its budget."""
    assert over({name: meter.spent[name]}, budgeted()) == []


def arrived(pocket: Phone) -> None:
    """What was done on the way was really done: the program took all of it."""
    pocket.wait_until_delivered()
    assert [
        act.get("problem") for visit in pocket.visits() if visit["state"] != "sent" for act in visit["acts"]
    ] == []


def at_today(pocket: Phone, *matters: str) -> None:
    """The phone lies there with today's screen, and knows how these stand now."""
    pocket.know(*matters)
    pocket.wait_until_delivered()
    pocket.open("/")


def open_from_today(pocket: Phone, matter: str) -> None:
    pocket.page.locator(f"a[href='#/matter/{matter}']").first.click()
    pocket.page.wait_for_selector(".duty")


def act(pocket: Phone, says: str) -> None:
    pocket.page.locator(f".acts button:text-is('{says}')").first.click()
    pocket.page.wait_for_selector("form.form")


def tick(pocket: Phone, name: str, value: str) -> None:
    """Taps the words of a choice."""
    pocket.page.locator(f"[id='f-{name}'] label", has=pocket.page.locator(f"[value='{value}']")).click()


def hand_in(pocket: Phone) -> None:
    pocket.page.locator("button:has-text('办完，送出')").click()
    pocket.page.wait_for_selector("h1:has-text('发件箱')")


def test_open_today_and_see_what_burns(pocket: Phone, thumb: Meter, station: Station):
    matter = station.alert("today", 0)
    at_today(pocket, matter)
    pocket.page.goto("about:blank")
    pocket.open("/outbox")

    with thumb.journey("手机：看今天先办什么"):
        pocket.tab("今天")
        pocket.page.wait_for_selector(f"a[href='#/matter/{matter}'] .clock")

    within(thumb, "手机：看今天先办什么")


def test_not_at_home(pocket: Phone, thumb: Meter, station: Station):
    matter = station.alert("away", 2)
    at_today(pocket, matter)

    with thumb.journey("手机：记不在常住地"):
        open_from_today(pocket, matter)
        act(pocket, "不在常住地")
        hand_in(pocket)

    within(thumb, "手机：记不在常住地")
    arrived(pocket)


def test_met(pocket: Phone, thumb: Meter, station: Station):
    matter = station.alert("met", 2)
    at_today(pocket, matter)

    with thumb.journey("手机：记已见面"):
        open_from_today(pocket, matter)
        act(pocket, "已见面")
        tick(pocket, "identity_checked", "true")
        hand_in(pocket)

    within(thumb, "手机：记已见面")
    arrived(pocket)


def test_dissuaded(pocket: Phone, thumb: Meter, station: Station):
    matter = station.alert("dissuaded", 3)
    at_today(pocket, matter)

    with thumb.journey("手机：记劝阻成功"):
        open_from_today(pocket, matter)
        act(pocket, "劝阻成功")
        tick(pocket, "result", "dissuaded")
        tick(pocket, "contact_cut", "true")
        hand_in(pocket)

    within(thumb, "手机：记劝阻成功")
    arrived(pocket)


def house(pocket: Phone, number: int) -> str:
    """A rental house of the beat, another one for each journey."""
    known = [one["id"] for one in pocket.page.evaluate(READ, "places") if one["kind"] == "rental_house"]
    return str(sorted(known)[number])


UNANSWERED = """() => [...document.querySelectorAll('.item')].findIndex(item =>
  !item.querySelector(':checked, .photo') && !item.querySelector(':scope > input')?.value)"""


def answer_the_rest(pocket: Phone, thumb: Meter, picture: Path) -> None:
    """The rest is fine at one tap; then what has no good answer, one by one, as it comes to be asked."""
    pocket.page.locator("button:has-text('项都合格')").click()
    while (left := pocket.page.evaluate(UNANSWERED)) >= 0:
        _answer(thumb, pocket.page.locator(".item").nth(left), picture)


def _answer(thumb: Meter, item: Any, picture: Path) -> None:
    if item.locator("input[type=file]").count():
        thumb.photograph(item.locator("label.photo-add"), picture)
        item.locator(".photo img").wait_for()
    elif item.locator(".option").count():
        item.locator(".option").last.click()
        item.locator(":checked").wait_for(state="attached")
    else:
        thumb.write(item.locator("input"), "2")


def signed_by_the_landlord(pocket: Phone) -> None:
    tick(pocket, "accompanied", "landlord")
    canvas = pocket.page.locator("canvas[role=img]")
    canvas.scroll_into_view_if_needed()
    box, mouse = canvas.bounding_box(), pocket.page.mouse
    assert box is not None
    mouse.move(box["x"] + 20, box["y"] + 20)
    mouse.down()
    mouse.move(box["x"] + 120, box["y"] + 60, steps=4)
    mouse.up()
    pocket.page.locator("button:has-text('用这个签名')").click()
    pocket.page.wait_for_selector("#f-signature .photo img")


def go_to_the_check(pocket: Phone, matter: str) -> None:
    open_from_today(pocket, matter)
    act(pocket, "检查")


def test_a_clean_inspection(pocket: Phone, thumb: Meter, station: Station, picture: Path):
    matter = station.inspection(house(pocket, 0))
    at_today(pocket, matter)

    with thumb.journey("手机：检查合格(其余均合格)"):
        go_to_the_check(pocket, matter)
        answer_the_rest(pocket, thumb, picture)
        signed_by_the_landlord(pocket)
        hand_in(pocket)

    within(thumb, "手机：检查合格(其余均合格)")
    arrived(pocket)


def test_an_inspection_with_one_finding_and_its_photo(
    pocket: Phone, thumb: Meter, station: Station, picture: Path
):
    matter = station.inspection(house(pocket, 1))
    at_today(pocket, matter)

    with thumb.journey("手机：检查有一项隐患并拍照"):
        go_to_the_check(pocket, matter)
        wrong = pocket.page.locator(".item", has_text="安全出口、疏散通道畅通").first
        wrong.locator(".option:has-text('否')").click()
        thumb.photograph(wrong.locator("label.photo-add"), picture)
        wrong.locator(".photo img").wait_for()
        thumb.write(wrong.locator("input[placeholder='部位']"), "2楼梯间")
        answer_the_rest(pocket, thumb, picture)
        signed_by_the_landlord(pocket)
        hand_in(pocket)

    within(thumb, "手机：检查有一项隐患并拍照")
    arrived(pocket)


def test_fixed_on_the_spot(pocket: Phone, thumb: Meter, station: Station, picture: Path):
    matter = station.hazard(house(pocket, 2))
    at_today(pocket, matter)

    with thumb.journey("手机：隐患当场整改"):
        open_from_today(pocket, matter)
        act(pocket, "当场整改")
        thumb.write(pocket.page.locator("[name='done']"), "已清走")
        thumb.photograph(pocket.page.locator("label.photo-add"), picture)
        pocket.page.wait_for_selector(".photo img")
        hand_in(pocket)

    within(thumb, "手机：隐患当场整改")
    arrived(pocket)


def test_hand_in_all(pocket: Phone, thumb: Meter, station: Station):
    matters = [station.alert(f"all{number}", 0) for number in range(3)]
    at_today(pocket, *matters)
    pocket.offline()
    for matter in matters:
        pocket.do(matter, "签收")
    pocket.open("/")
    pocket.offline(False)

    with thumb.journey("手机：一天的走访全部送出"):
        pocket.tab("发件箱")
        pocket.page.locator("button:has-text('立即收发')").click()
        pocket.page.wait_for_selector("[role=status]:has-text('都已送达')", timeout=PATIENCE)

    within(thumb, "手机：一天的走访全部送出")
    arrived(pocket)


def at_board(chair: Meter, running: Running) -> None:
    chair.page.goto(running.url)


def open_from_board(chair: Meter, mark: str) -> None:
    chair.page.locator(f"#board a:has-text('{mark}')").first.click()
    chair.page.wait_for_selector("#now")


def press(chair: Meter, says: str, answer: Callable[[], None] | None = None) -> None:
    """One act of the matter opened, with what its dialog asks."""
    now = chair.page.locator("#now")
    button = now.get_by_role("button", name=says, exact=True)
    if not button.count() or not button.first.is_visible():
        now.locator(".menu summary").first.click()
    asks = button.first.get_attribute("data-opens")
    button.first.click()
    if asks:
        if answer:
            answer()
        chair.page.locator("dialog[open] .form-foot button.primary").click()
    chair.page.wait_for_selector(f".timeline li:first-child b:has-text('{says}')")


DESK_JOURNEYS = {
    "值班室：签收": ("sign", "签收"),
    "值班室：确认社区": ("place", "确认社区"),
    "值班室：指派": ("assign", "指派"),
    "值班室：办结": ("close", "办结"),
}


@pytest.mark.parametrize("name", DESK_JOURNEYS)
def test_at_the_desk(name: str, chair: Meter, running: Running, station: Station):
    mark, says = DESK_JOURNEYS[name]
    if mark == "place":
        station.lost_alert(mark)
    else:
        station.alert(mark, {"sign": 0, "assign": 1, "close": 5}[mark])
    at_board(chair, running)

    def chosen() -> None:
        field = chair.page.locator("dialog[open] select").first
        chair.choose(field, field.locator("option").nth(1).get_attribute("value"))

    with chair.journey(name):
        open_from_board(chair, f"冒充客服{mark}")
        press(chair, says, chosen if mark in ("place", "assign") else None)

    within(chair, name)


def test_find_a_place(chair: Meter, running: Running):
    at_board(chair, running)

    with chair.journey("值班室：查一处场所"):
        chair.write(chair.page.locator("[data-search]"), "桂安")
        chair.page.keyboard.press("Enter")
        chair.page.locator("main a", has_text=re.compile("桂安公寓")).first.click()
        chair.page.wait_for_selector("h1:has-text('桂安公寓')")

    within(chair, "值班室：查一处场所")
