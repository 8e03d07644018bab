"""Every other road of an alert, clicked through at the desk and on the officer's phone, to what people see at its end.

Each road runs in a community of its own, so that the figures of that community tell of it alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.browser import DESK, PHONE, browser
from tests.clicking import do, signed_in, take_in
from tests.program import Running, program

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(180)]


@dataclass
class Screens:
    """The desk's and the chief's wide screens, and the phones of the officers, one road after the other."""

    running: Running
    chromium: Any
    desk: Any
    chief: Any
    phones: list[Any] = field(default_factory=list)

    def officer(self, tail: str) -> Any:
        """The phone of the officer whose community's code ends so, at the alert the desk has open."""
        phone = signed_in(self.chromium, self.running, f"officer-{tail}", PHONE)
        phone.goto(self.desk.url)
        self.phones.append(phone)
        return phone

    def put_away(self) -> list[str]:
        """The road is at its end; gives what any browser complained about on it."""
        told = [word for page in (self.desk, self.chief, *self.phones) for word in page.complaints]
        for phone in self.phones:
            phone.context.close()
        self.phones.clear()
        return told

    def figure(self, slug: str, tail: str) -> str:
        """What the chief reads on a figure's page, for this community alone."""
        self.chief.goto(f"{self.running.url}/figures/{slug}/?community=440606006{tail}")
        return str(self.chief.inner_text(".figure"))

    def behind(self, slug: str, part: str, tail: str) -> str:
        """The rows a figure opens to."""
        self.chief.goto(f"{self.running.url}/figures/{slug}/{part}?community=440606006{tail}")
        return str(self.chief.inner_text("main"))


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screens]:
    with program(tmp_path_factory.mktemp("data") / "home") as running, browser() as chromium:
        desk = signed_in(chromium, running, "desk", DESK)
        chief = signed_in(chromium, running, "chief", DESK)
        yield Screens(running, chromium, desk, chief)


@pytest.fixture
def screens(station: Screens) -> Iterator[Screens]:
    yield station
    assert station.put_away() == []


def signed(screens: Screens, reference: str, address: str, tail: str) -> Any:
    """A new alert, signed for at the desk; gives the officer's phone with it open."""
    take_in(screens.desk, screens.running, reference, address)
    do(screens.desk, "签收")
    return screens.officer(tail)


def met(screens: Screens, reference: str, address: str, tail: str) -> Any:
    """The officer stands before the person."""
    officer = signed(screens, reference, address, tail)
    do(officer, "出发上门")
    do(officer, "已见面", identity_checked="true")
    return officer


def badges(page: Any) -> list[str]:
    """Level, stage, outcome, community and person in charge, as they stand under the title."""
    return [words.strip() for words in page.locator(".page-head .row > *").all_inner_texts()]


def fact(page: Any, says: str) -> str:
    """One of the basic facts of a matter's page."""
    return str(page.locator("dt", has_text=says).first.locator("xpath=following-sibling::dd[1]").inner_text())


def test_not_at_home_searched_for_and_met_at_the_workplace(screens: Screens):
    desk, chief = screens.desk, screens.chief
    officer = signed(screens, "FZ-ROAD-A", "海尾社区海尾大道 12 号", "016")
    do(officer, "出发上门")
    do(officer, "不在常住地", told_by="邻居")
    desk.reload()
    do(desk, "开始二次排查", leads=["neighbours", "workplace", "family"])
    do(desk, "记一条线索", lead="neighbours", result="nothing")
    officer.reload()
    do(officer, "记一条线索", lead="workplace", result="whereabouts")
    leads = fact(officer, "排查线索")
    do(officer, "已见面", identity_checked="true", where="单位门卫室")
    do(officer, "劝阻成功", result="dissuaded", contact_cut="true", amount_intended="50000")
    do(officer, "24小时回访", reached="true")
    desk.reload()
    do(desk, "回访确认", no_transfer="true")
    officer.reload()
    do(officer, "7日上门回访", reached="true")
    chief.goto(desk.url)
    do(chief, "办结")
    desk.reload()
    do(desk, "记事主评价", rating="satisfied")

    assert "单位" in leads
    assert badges(desk)[:3] == ["高", "办结", "及时劝阻"]
    assert fact(desk, "事主评价") == "满意"
    assert fact(desk, "上门次数") == "2"
    assert "1/1" in screens.figure("second_search_find_rate", "016")
    assert "50,000.00" in screens.figure("loss_prevented", "016")
    assert "冒充客服" in screens.behind("dissuade_success_strict", "numerator", "016")


def test_refused_twice_is_closed_as_refused_and_stays_in_the_count(screens: Screens):
    officer = met(screens, "FZ-ROAD-B", "东风社区东风路 3 号", "006")
    do(officer, "不听劝阻", warned="true")
    waiting = officer.inner_text("#now")
    do(officer, "二次劝阻仍拒绝", second_officer="true", family="consent", bank_told="true")
    screens.chief.goto(screens.desk.url)
    do(screens.chief, "拒绝劝阻，办结", reason="两次劝阻仍拒绝")
    officer.reload()

    assert "二次劝阻时限" in waiting
    assert badges(officer)[:3] == ["高", "拒绝劝阻办结", "不听劝阻"]
    assert "这件事已经办结" in officer.inner_text("#now")
    assert "0/1" in screens.figure("dissuade_success_strict", "006")
    assert "不听劝阻" in screens.behind("dissuade_success_strict", "denominator", "006")


def test_already_paid_is_handed_to_stop_payment_and_closed(screens: Screens):
    officer = met(screens, "FZ-ROAD-C", "幸福社区幸福路 5 号", "012")
    do(officer, "已转账", amount_lost="30000")
    racing = officer.inner_text("#now")
    paper = officer.inner_text("#papers")
    do(officer, "已转止付/报案", to="centre", handoff_reference="ZF-2022-7")
    screens.desk.reload()
    do(screens.desk, "24小时回访", reached="true")
    screens.chief.goto(screens.desk.url)
    do(screens.chief, "办结")

    assert "止付移交时限" in racing
    assert "止付要素清单" in paper
    assert badges(screens.chief)[:3] == ["高", "办结", "已转账"]
    assert fact(screens.chief, "止付/报案编号") == "ZF-2022-7"
    assert "0/1" in screens.figure("dissuade_success_strict", "012")


def test_a_transfer_leaves_the_count_only_with_its_receipt(screens: Screens):
    officer = signed(screens, "FZ-ROAD-D", "容山社区容山路 7 号", "003")
    do(screens.desk, "记一次电话", result="no_answer")
    officer.reload()
    do(officer, "出发上门")
    do(officer, "不在常住地", told_by="房东")
    do(officer, "移交属地", station="外地某派出所", where="已回原籍")
    waiting = officer.inner_text("#now")
    before = screens.figure("dissuade_success_strict", "003")
    screens.desk.reload()
    do(screens.desk, "对方已接收", receipt="回执 12 号")
    officer.reload()

    assert "移交回执时限" in waiting
    assert "0/1" in before
    assert badges(officer)[:3] == ["高", "已移交", "已移交属地"]
    assert fact(officer, "接收回执") == "回执 12 号"
    assert "期内没有相关事项" in screens.figure("dissuade_success_strict", "003")


def test_a_duplicate_is_merged_and_brought_back(screens: Screens):
    desk, register = screens.desk, f"{screens.running.url}/matters/?q="
    take_in(desk, screens.running, "FZ-ROAD-E", "容边社区容边路 9 号")
    first, kept = desk.url, desk.locator(".page-head .mono").first.inner_text()
    take_in(desk, screens.running, "FZ-ROAD-E2", "容边社区容边路 9 号")
    twice, number = desk.url, desk.locator(".page-head .mono").first.inner_text()
    do(desk, "签收")
    do(desk, "并入重复", into=kept)
    merged = desk.inner_text(".page-head")
    officer = screens.officer("020")
    officer.goto(register + number)
    row = officer.inner_text(".table tbody tr")
    officer.goto(first)
    pointed = officer.inner_text(".page-head")
    desk.goto(twice)
    do(desk, "恢复", reason="并错了一件")
    officer.goto(register + number)

    assert f"已并入 {kept}" in merged
    assert "重复" in row
    assert f"并入的重复 {number}" in pointed
    assert badges(desk)[:2] == ["高", "已签收"]
    assert "首次电话时限" in desk.inner_text("#now")
    assert "已签收" in officer.inner_text(".table tbody tr")


def test_money_gone_after_the_confirmation_takes_the_success_back(screens: Screens):
    officer = met(screens, "FZ-ROAD-F", "卫红社区卫红路 2 号", "005")
    do(officer, "劝阻成功", result="dissuaded", contact_cut="true")
    screens.desk.reload()
    do(screens.desk, "回访确认", no_transfer="true")
    won = screens.figure("dissuade_success_strict", "005")
    officer.reload()
    do(officer, "劝阻后又转账", amount_lost="8000")
    screens.desk.reload()

    assert "1/1" in won
    assert badges(screens.desk)[:3] == ["高", "已转账", "劝阻后又转账"]
    assert "止付移交时限" in screens.desk.inner_text("#now")
    assert "止付要素清单" in screens.desk.inner_text("#papers")
    assert "0/1" in screens.figure("dissuade_success_strict", "005")
    assert "1/1" in screens.figure("relapse_30d", "005")
