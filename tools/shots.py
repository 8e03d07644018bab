"""`make shots`: the pictures of the README and the guide, taken from the running program in a real browser."""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.browser import DESK, PHONE, browser
from tests.burden.preparing import Station
from tests.clicking import code_on_note, looked_up, signed_in
from tests.phone_app.phone import Phone, sign_in
from tests.phone_app.reading import READ
from tests.program import Running, program

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
TYPES = ("冒充客服", "刷单返利", "虚假投资", "冒充公检法", "虚假贷款")
LEVELS = ("high", "critical", "medium", "low")
PLACES = ("440606006016", "440606006006", "440606006003", "440606006012", "440606006020")
# How many minutes ago each alert came in; a few have run out of time.
AGES = (1, 2, 3, 9, 2, 14, 1, 4, 25, 1, 3, 2)
ROAD: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("desk", "sign", {}),
    ("desk", "call", {"result": "no_answer"}),
    ("officer", "go", {}),
    ("officer", "not_home", {"told_by": "邻居"}),
    ("officer", "meet", {"identity_checked": True}),
    ("officer", "dissuade", {"result": "dissuaded", "contact_cut": True, "amount_intended": "50000.00"}),
    ("desk", "confirm", {"no_transfer": True}),
    ("officer", "visit_again", {"reached": True}),
    ("chief", "close", {}),
)
PAGES = {
    "board": ("desk", "/"),
    "new-alert": ("desk", "/matters/new/fraud_alert"),
    "premises": ("desk", "/premises/"),
    "communities": ("desk", "/communities/"),
    "imports": ("desk", "/imports/"),
    "map": ("desk", "/map/"),
    "wall": ("desk", "/wall"),
    "figures": ("chief", "/figures/"),
    "figure": ("chief", "/figures/dissuade_success_strict/"),
    "beats": ("chief", "/beats/"),
    "keep-settings": ("chief", "/settings/keep"),
    "dictionary": ("chief", "/data/"),
    "clock-settings": ("chief", "/settings/clocks"),
    "accounts": ("secadmin", "/accounts/"),
}
ON_PHONE = ("board", "figures", "premises")


def main() -> int:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        with program(Path(folder) / "home", ready_within=300) as running, browser() as chromium:
            walked = seed(running)
            for username in ("desk", "chief", "secadmin"):
                take(chromium, running, username, {n: p for n, (who, p) in PAGES.items() if who == username})
            take(chromium, running, "desk", {"matter": f"/matters/{walked}"})
            take(chromium, running, "officer-016", {"matter-phone": f"/matters/{walked}"}, PHONE)
            take_app(chromium, running)
            phone = {f"{name}-phone": PAGES[name][1] for name in ON_PHONE}
            take(chromium, running, "desk", phone, PHONE)
            take_subject(chromium, running, walked)
    return 0


def seed(running: Running) -> str:
    """Alerts at every step of the road; gives the one shown on the matter's page."""
    tokens = {
        "desk": running.command("token", "desk"),
        "chief": running.command("token", "chief"),
        "officer": running.command("token", "officer-016"),
    }
    shown = ""
    for number, age in enumerate(AGES):
        matter = take_in(running, tokens["desk"], number, age)
        walk(running, tokens, matter, 5 if number == 0 else 1 if number % 5 == 4 else 0)
        shown = shown or matter
    for number in range(20, 58):
        matter = take_in(running, tokens["desk"], number, 60, place=PLACES[0])
        walk(running, tokens, matter, 8)
    unclear = {"address": "东风", "community": None}
    running.call("POST", "/api/v1/fraud-alerts", tokens["desk"], alert(99, 1) | unclear)
    return shown


def alert(number: int, age: int, place: str = "") -> dict[str, Any]:
    return {
        "reference": f"FZ-2022-{number:04}",
        "level": LEVELS[number % 4],
        "fraud_type": TYPES[number % 5],
        "received_at": (datetime.now(UTC) - timedelta(minutes=age)).isoformat(),
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "容桂街道某路 12 号",
        "community": place or PLACES[number % 5],
    }


def take_in(running: Running, token: str, number: int, age: int, place: str = "") -> str:
    answer = running.call("POST", "/api/v1/fraud-alerts", token, alert(number, age, place))
    assert answer, "the program does not answer"
    return str(answer[1]["id"])


def walk(running: Running, tokens: dict[str, str], matter: str, steps: int) -> None:
    for who, act, given in ROAD[:steps]:
        body = {"key": f"{matter}-{act}", "given": given}
        running.call("POST", f"/api/v1/matters/{matter}/acts/{act}", tokens[who], body)


def take(
    chromium: Any, running: Running, username: str, pages: dict[str, str], size: dict[str, int] = DESK
) -> None:
    page = chromium.new_context(viewport=size, locale="zh-CN").new_page()
    page.goto(f"{running.url}/sign-in")
    if username == "desk" and "board" in pages:
        page.screenshot(path=PICTURES / "sign-in.png")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", "fengqiao-demo")
    page.click("button.primary")
    page.wait_for_load_state()
    for name, path in pages.items():
        page.goto(running.url + path)
        page.wait_for_timeout(500)
        page.screenshot(path=PICTURES / f"{name}.png")


def take_subject(chromium: Any, running: Running, matter: str) -> None:
    """What a person reads by the code on their paper, after two looks."""
    desk = signed_in(chromium, running, "desk", DESK)
    desk.goto(f"{running.url}/matters/{matter}")
    code = code_on_note(desk)
    desk.request.get(f"{running.url}/matters/{matter}/papers/worksheet.pdf")
    resident = looked_up(chromium, running, code, PHONE)
    resident.screenshot(path=PICTURES / "subject-page.png")


def take_app(chromium: Any, running: Running) -> None:
    """The phone app: the PIN, what burns, the round, a form, the outbox with its receipts, an action card."""
    context = chromium.new_context(viewport=PHONE, locale="zh-CN", has_touch=True, is_mobile=True)
    pocket = Phone(context, context.new_page(), Path(), running.url)
    sign_in(pocket)
    page = pocket.page
    places = page.evaluate(READ, "places")[:5]
    station = Station(running)
    pocket.know(*[station.hazard(place["id"], source="self_report", deadline="0d") for place in places])
    page.reload()
    page.wait_for_selector("#pin")
    page.screenshot(path=PICTURES / "field-pin.png")
    pocket.enter_pin()
    pocket.open("/")
    page.wait_for_selector(".round")
    page.screenshot(path=PICTURES / "field-today.png")
    page.evaluate("document.querySelector('.round').scrollIntoView()")
    page.screenshot(path=PICTURES / "field-round.png")
    page.locator("a.line", has_text="待签收").first.click()
    page.click(".acts button:text-is('签收')")
    page.click("button:has-text('办完，送出')")
    page.wait_for_selector("[data-state=sent]")
    context.set_offline(True)
    page.go_back()
    page.go_back()
    page.wait_for_selector(".acts button:text-is('已见面')")
    page.click(".acts button:text-is('已见面')")
    page.wait_for_selector("form.form")
    page.screenshot(path=PICTURES / "field-form.png")
    page.locator("input[value=true]").check(force=True)
    page.click("button:has-text('办完，送出')")
    page.wait_for_selector("[data-state=waiting]")
    page.screenshot(path=PICTURES / "field-outbox.png")
    page.click(".bar a:has-text('行动卡')")
    page.click("a:has-text('燃气泄漏')")
    page.locator(".step").first.click()
    page.wait_for_selector("[aria-pressed=true]")
    page.screenshot(path=PICTURES / "field-card.png")
    context.close()


if __name__ == "__main__":
    sys.exit(main())
