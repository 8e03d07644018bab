"""The papers of an alert: what they say, what they keep to themselves, and the trace each print leaves."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from docx import Document as read_docx

from fengqiao.matters.commands import perform, raise_matter
from fengqiao.matters.models import Matter
from fengqiao.people.models import Export, Look
from fengqiao.store.scope import say
from tests.doors import client_of
from tests.station import NOON, SmallStation, small_station

pytestmark = pytest.mark.django_db

ADDRESS = "容桂街道海尾社区居民委员会滘口东路128号海尾花园三期十二栋二单元一千二百零一室"


@pytest.fixture
def place() -> SmallStation:
    return small_station()


def alert(place: SmallStation) -> Matter:
    given: dict[str, Any] = {
        "reference": "FZ-9",
        "level": "high",
        "fraud_type": "冒充客服",
        "received_at": NOON,
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": ADDRESS,
        "community": place.haiwei.code,
    }
    return raise_matter(kind_slug="fraud_alert", given=given, by=place.actor("desk"), at=NOON).matter


def do(place: SmallStation, matter: Matter, who: str, act: str, minutes: int, **given: Any) -> None:
    say(station=place.station.pk)
    at, key = NOON + timedelta(minutes=minutes), f"{act}-{minutes}"
    perform(matter_id=matter.pk, act=act, given=given, by=place.actor(who), at=at, key=key)


def paid(place: SmallStation) -> Matter:
    matter = alert(place)
    do(place, matter, "desk", "sign", 1)
    do(place, matter, "desk", "call", 2, result="no_answer", note="只有事主知道的话")
    do(place, matter, "haiwei", "meet", 20, identity_checked=True)
    do(place, matter, "haiwei", "paid", 30, amount_lost="38000.00")
    return matter


def words(answer: Any) -> str:
    body = read_docx(BytesIO(answer.content)).element.body
    return "".join(node.text or "" for node in body.iter() if node.tag.endswith("}t"))


def address(matter: Matter, paper: str = "worksheet", as_: str = "docx") -> str:
    return f"/matters/{matter.pk}/papers/{paper}.{as_}"


def test_the_worksheet_tells_the_whole_course_and_masks_the_person(place: SmallStation):
    matter = paid(place)

    told = words(client_of(place, "haiwei").get(address(matter)))

    for fact in (
        "FZ-9",
        "冒充客服",
        "记一次电话",
        "通话结果：无人接听",
        "已转账",
        "38,000.00",
        "海尾社区警长",
    ):
        assert fact in told
    for kept in ("事主甲", "13900000001", "只有事主知道的话"):
        assert kept not in told
    assert "139****0001" in told


def test_the_course_reads_in_words_lists_and_sums_too(place: SmallStation):
    matter = alert(place)
    do(place, matter, "desk", "sign", 1)
    do(place, matter, "haiwei", "go", 3)
    do(place, matter, "haiwei", "not_home", 12)
    do(place, matter, "desk", "search", 14, leads=["neighbours", "bank"])
    do(place, matter, "haiwei", "meet", 50, identity_checked=True)
    do(place, matter, "haiwei", "paid", 60, amount_lost="1238000")

    told = words(client_of(place, "haiwei").get(address(matter)))

    assert "同时排查：邻居、物业、银行网点" in told
    assert "已转金额(元，自述)：1,238,000.00" in told
    # Money has gone: nobody waits for the call that would confirm a success.
    assert "72 小时回访确认无" in told
    assert "24 小时回访尚未办理" in told


def test_who_is_on_the_task_gets_the_address_and_the_look_is_written_down(place: SmallStation):
    matter = alert(place)

    told = words(client_of(place, "haiwei").get(address(matter)))

    look = Look.objects.get(subject=matter.pk)
    assert ADDRESS in told
    assert (look.columns, look.reason, look.task) == ("address", "打印 D08", True)
    assert look.person == place.people["haiwei"]


def test_others_get_it_masked_unless_they_say_why(place: SmallStation):
    matter, desk = alert(place), client_of(place, "desk")

    masked = words(desk.get(address(matter)))
    refused = desk.post(address(matter), {"reason": "看"})
    full = words(desk.post(address(matter), {"reason": "随警出动核对门牌"}))

    say(station=place.station.pk)
    looks = list(Look.objects.order_by("id").values_list("columns", "reason"))
    assert ADDRESS not in masked
    assert "一千二百零一室" not in masked
    assert refused.status_code == 422
    assert ADDRESS in full
    assert looks == [("address", "打印 D08:随警出动核对门牌")]
    prints = Export.objects.order_by("id").values_list("what", "rows", "purpose")
    number = f"D08 YJ2022-{matter.serial:06d}"
    assert list(prints) == [(number, 1, ""), (number, 1, "随警出动核对门牌")]


def test_the_stop_payment_form_is_there_once_money_has_gone_and_leaves_accounts_to_the_hand(
    place: SmallStation,
):
    officer = client_of(place, "haiwei")
    early = alert(place)
    assert officer.get(address(early, "stop-payment")).status_code == 404
    assert "止付要素清单" not in officer.get(f"/matters/{early.pk}").content.decode()
    do(place, early, "desk", "sign", 1)
    do(place, early, "haiwei", "meet", 20, identity_checked=True)
    do(place, early, "haiwei", "paid", 30, amount_lost="38000.00")

    do(place, early, "haiwei", "hand_off", 35, to="110", handoff_reference="ZF-2022-7")
    page = officer.get(f"/matters/{early.pk}").content.decode()
    told = words(officer.get(address(early, "stop-payment")))

    assert "止付要素清单" in page
    for fact in (
        "ZF-2022-7",
        "38,000.00",
        "2022-05-10 12:30",
        "容桂派出所",
        "海尾社区警长",
        "收款账号",
        "身份证件号码",
    ):
        assert fact in told
    assert "事主甲" not in told
    assert "139" not in told


def test_the_pdf_is_shown_in_the_browser_under_a_name_without_a_person(place: SmallStation):
    matter = alert(place)

    answer = client_of(place, "haiwei").get(address(matter, as_="pdf"))

    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith('inline; filename="YJ2022-')
    assert answer["Content-Disposition"].endswith('-D08.pdf"')
    assert answer["Cache-Control"] == "no-store"


def test_a_paper_is_in_chinese_and_names_who_printed_it(place: SmallStation):
    place.people["chief"].language = "en"
    place.people["chief"].save()

    answer = client_of(place, "chief").get(address(alert(place)))

    foot = read_docx(BytesIO(answer.content)).sections[0].footer
    assert "所长" in foot.paragraphs[1].text
    assert "打印即导出，已记录" in foot.paragraphs[1].text
    assert "待签收" in words(answer)


def test_who_does_not_see_the_matter_has_no_paper_and_leaves_no_trace(place: SmallStation):
    matter = alert(place)

    for who, status in (("dongfeng", 404), ("security", 403)):
        assert client_of(place, who).get(address(matter)).status_code == status

    say(station=place.station.pk)
    assert (Look.objects.count(), Export.objects.count()) == (0, 0)


def test_an_amount_is_written_alike_on_the_page_in_the_course_and_on_paper(place: SmallStation):
    matter = paid(place)
    officer = client_of(place, "haiwei")

    page = officer.get(f"/matters/{matter.pk}").content.decode()

    # Once in its course, once among its facts.
    assert page.count("38,000.00") == 2
    assert "38000" not in page.split('id="act-dialogs"')[0]
    assert "38,000.00" in words(officer.get(address(matter)))
