"""A person's own page in a real browser: looks told, a request answered, a deletion by two persons."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import DESK, PHONE, browser
from tests.clicking import code_on_note, do, looked_up, signed_in, take_in
from tests.program import program

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(240)]


def test_who_looked_is_told_and_what_was_asked_is_deleted_by_two_and_answered(tmp_path: Path):
    with program(tmp_path / "home") as running, browser() as chromium:
        desk = signed_in(chromium, running, "desk", DESK)
        take_in(desk, running, "S-1", "海尾社区某路 12 号")
        about = desk.url
        do(desk, "签收")
        desk.click("#opened button")
        desk.wait_for_selector("text=13900000001")
        do(desk, "误报", reason="来文更正")
        code = code_on_note(desk)

        resident = looked_up(chromium, running, code, PHONE)
        assert "值班室" in resident.inner_text("ol.seen")
        assert "事主姓名 · 事主电话 · 地址" in resident.inner_text("ol.seen")
        resident.check("input[value=delete]", force=True)
        resident.fill("textarea", "请删除我的电话和地址")
        resident.click("button.primary")
        resident.wait_for_selector("text=已收到")
        assert resident.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

        chief = signed_in(chromium, running, "chief", DESK)
        chief.goto(about)
        chief.click("summary:has-text('依申请删除')")
        chief.fill("[name=delete-reason]", "依请求 XX 删除")
        chief.click("button:has-text('申请删除')")
        second = signed_in(chromium, running, "secadmin", DESK, home="账号与岗位")
        second.goto(f"{running.url}/approvals/")
        second.click("button:has-text('批准') >> nth=0")
        second.wait_for_selector("text=已批准")
        chief.goto(f"{running.url}/matters/?kind=data_request")
        chief.click("main td a >> nth=0")
        do(chief, "已办理，答复", reply="您的信息已经删除")

        answered = looked_up(chromium, running, code, DESK)
        told = answered.inner_text("main")
        assert "销毁，任何人都不能再看" in told
        assert "您的信息已经删除" in told
        assert [*desk.complaints, *chief.complaints] == []
