"""What a kind declares between its answers is said at the door, not by the server in the evening."""

from __future__ import annotations

import pytest

from tests.burden.preparing import Station
from tests.phone_app.camera import DRAWN
from tests.phone_app.phone import READ, Phone
from tests.program import Running

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]


def said(pocket: Phone) -> dict[str, str]:
    """What the form says of each of its questions when it is handed in."""
    pocket.page.click("button:has-text('办完，送出')")
    found: dict[str, str] = pocket.page.locator(".field > .field-error").evaluate_all(
        "all => Object.fromEntries(all.map(one => [one.id.slice('f-'.length, -'-error'.length), one.textContent]))"
    )
    return found


def test_a_check_of_a_unit_wants_two_and_a_signature_or_a_witnessed_refusal(pocket: Phone, running: Running):
    page = pocket.page
    place = next(one["id"] for one in page.evaluate(READ, "places") if one["kind"] == "school")
    matter = Station(running).inspection(place)
    pocket.know(matter)
    pocket.offline()
    pocket.begin(matter, "检查")

    pocket.answer("accompanied", "keeper")
    before = said(pocket)
    page.select_option("#f-second_officer", index=1)
    pocket.answer("refused_signature", "true")
    refused = said(pocket)
    page.fill("[name='witness']", "居委会干部")
    witnessed = said(pocket)

    assert before["second_officer"] == "检查单位须有两人，请选另一名检查人"
    assert before["signature"] == "请陪同人签名；拒绝签名的请注明并填见证人"
    assert {name for name in refused if name != "answers"} == {"witness"}
    assert {name for name in witnessed if name != "answers"} == set()


def test_fixed_on_the_spot_wants_its_photo_before_it_is_registered(pocket: Phone):
    page = pocket.page
    pocket.offline()
    place = next(one["id"] for one in page.evaluate(READ, "places") if one["kind"] == "rental_house")
    pocket.open(f"/place/{place}")
    page.click("button:has-text('登记隐患')")
    page.wait_for_selector("form.form")
    for name, value in {"item": "exits_free", "finding": "楼梯间堆放纸箱", "spot": "首层楼梯间"}.items():
        pocket.answer(name, value)
    for name, value in (
        ("severity", "minor"),
        ("source", "round"),
        ("deadline", "3d"),
        ("fixed_on_spot", "true"),
    ):
        page.locator(f"[id='f-{name}'] label", has=page.locator(f"[value='{value}']")).click()

    bare = said(pocket)
    page.evaluate(DRAWN, 1)
    page.wait_for_selector("#f-photos .photo img")
    photographed = said(pocket)

    assert set(bare) == {"photos", "after_photos"}
    assert set(photographed) == {"after_photos"}
