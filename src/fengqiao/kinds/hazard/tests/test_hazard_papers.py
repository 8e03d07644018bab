"""Issued papers: a number without gaps, the same words for ever, one record of service, an end with the matter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import transaction
from docx import Document as read_docx

from fengqiao.kinds.hazard.tests.road import (
    ADDRESS,
    DAY,
    HANDED_OFF,
    HAZARD,
    NAME,
    PHOTO,
    SERVED,
    VERIFIED,
    act,
    found,
    second,
    sent,
    walk,
    with_place,
)
from fengqiao.kit.problems import OutOfTurn, WordsDestroyed
from fengqiao.matters.commands import raise_matter
from fengqiao.matters.commands.keeping import destroy_words
from fengqiao.matters.commands.links import followed, make_link
from fengqiao.matters.issued_papers import issued_of, print_issued
from fengqiao.matters.links import party_view
from fengqiao.matters.models import IssueCount, Issued, Matter, ServiceReceipt
from fengqiao.people.models import Export, Look
from fengqiao.store.scope import say
from tests.doors import client_of
from tests.station import NOON, SmallStation

pytestmark = pytest.mark.django_db
NOW = datetime(2023, 3, 1, tzinfo=UTC)


@pytest.fixture
def place() -> SmallStation:
    return with_place()


def words_of(content: bytes) -> str:
    body = read_docx(BytesIO(content)).element.body
    return "".join(node.text or "" for node in body.iter() if node.tag.endswith("}t"))


def words(
    place: SmallStation,
    matter: Matter,
    paper: str,
    *,
    at: datetime = NOW,
    receipt: bool = False,
    who: str = "chief",
) -> str:
    say(station=place.station.pk)
    one = Issued.objects.filter(matter=matter, paper=paper).latest("id")
    by = place.actor(who)
    printed = print_issued(matter=matter, issued_id=one.pk, as_="docx", by=by, at=at, receipt=receipt)
    return words_of(printed.content)


def ordered(place: SmallStation, **more: Any) -> Matter:
    return act(place, found(place, **more), "haiwei", "order", 10, second_officer=str(second(place).pk))


def test_numbers_run_by_form_and_year_and_an_issuing_that_failed_leaves_no_gap(place: SmallStation):
    for _one in range(2):
        act(place, found(place), "haiwei", "notify", 10)
    with transaction.atomic():
        act(place, found(place), "haiwei", "notify", 10)
        transaction.set_rollback(True)
    act(place, found(place), "haiwei", "notify", 10)
    ordered(place)
    act(place, found(place, at=datetime(2023, 1, 2, tzinfo=UTC)), "haiwei", "notify", 10)

    assert list(Issued.objects.values_list("number", flat=True)) == [
        "容桂隐告〔2022〕1号",
        "容桂隐告〔2022〕2号",
        "容桂隐告〔2022〕3号",
        "容桂责改〔2022〕1号",
        "容桂隐告〔2023〕1号",
    ]
    counts = IssueCount.objects.order_by("form", "year").values_list("form", "year", "last")
    assert list(counts) == [("D01", 2022, 3), ("D01", 2023, 1), ("D03", 2022, 1)]


def test_the_notice_says_all_it_must(place: SmallStation):
    matter = act(place, found(place), "haiwei", "notify", 10)

    told = words(place, matter, "notice")

    for fact in (
        NAME,
        ADDRESS,
        "首层楼梯间",
        "电动自行车停放在首层楼梯间并充电",
        "2022年5月10日",
        "2022年5月25日",
    ):
        assert fact in told
    for fact in ("物理隔离", "海尾社区警长", "容桂隐告〔2022〕1号", "不是行政处罚"):
        assert fact in told


def test_the_order_names_law_deadline_consequences_remedies_and_two_officers(place: SmallStation):
    told = words(place, ordered(place), "order")

    for fact in (
        "第25条",
        "立即改正",
        "消防救援机构处理",
        "六十日内依法申请行政复议",
        "六个月内",
        "海尾社区警长、海尾民警",
    ):
        assert fact in told


def test_printed_again_it_says_the_same_though_the_matter_went_on(place: SmallStation):
    matter = act(place, found(place), "haiwei", "notify", 10)
    before = words(place, matter, "notice")
    place.station.public_phone = "0757-00000000"
    place.station.save()
    matter = walk(
        place,
        matter,
        ("haiwei", "serve", 20, SERVED),
        ("chief", "extend", DAY, {"until": "2022-06-10", "reason": "等待定制防火门"}),
    )

    assert words(place, matter, "notice", at=NOW + timedelta(days=30)) == before


def test_the_receipt_tells_how_it_was_served_and_is_written_once(place: SmallStation):
    matter = walk(place, found(place), ("haiwei", "notify", 10, {}), ("haiwei", "serve", 20, SERVED))

    told = words(place, matter, "notice", receipt=True, who="haiwei")

    for fact in ("送达回证", "容桂隐告〔2022〕1号", "直接送达", "王某", "经营者", "场所门口"):
        assert fact in told
    assert "王某" not in words(place, matter, "notice", receipt=True, who="chief"), "not the chief's task"
    assert list(Look.objects.order_by("pk").values_list("task", flat=True)) == [True, False]
    row = ServiceReceipt.objects.values().get()
    assert "王某" not in str(row)
    with pytest.raises(OutOfTurn):
        act(place, matter, "haiwei", "serve", 30, **SERVED)


def test_reinspection_handoff_and_serious_report_carry_their_facts(place: SmallStation):
    verified = walk(place, found(place), *VERIFIED)
    handed = walk(place, found(place, severity="serious"), *HANDED_OFF)
    given = {"danger": "住三十余人，唯一出口被堵", "ordered": "已责令立即清空"}
    marked = act(place, handed, "haiwei", "mark_major", 17 * DAY + 4, why="唯一安全出口被封堵")
    serious = act(place, marked, "haiwei", "report_serious", 17 * DAY + 5, **given)

    for fact in ("容桂隐告〔2022〕1号", "整改到位", "已清空，已设室外充电", "1 张"):
        assert fact in words(place, verified, "reinspection")
    for fact in ("消防救援机构", "拒不整改", "两次告知均未整改", "回  执", "拟采取的措施", "严重隐患"):
        assert fact in words(place, handed, "handoff")
    for fact in ("街道办事处、消防救援机构", "唯一出口被堵", "唯一安全出口被封堵", "已责令立即清空", ADDRESS):
        assert fact in words(place, serious, "serious")


def test_papers_say_the_item_in_words_and_never_give_110_as_the_stations_number(place: SmallStation):
    matter = walk(place, found(place), *VERIFIED)

    for paper in ("notice", "reinspection"):
        told = words(place, matter, paper)
        assert "电动自行车在门厅、楼梯间、走道、安全出口或室内停放" in told
        assert "ebike_indoors" not in told
    assert "联系电话110" not in words(place, matter, "notice").replace("：", "").replace(":", "")


def test_an_order_by_a_day_says_the_day_and_its_re_inspection_names_both(place: SmallStation):
    given = {"second_officer": str(second(place).pk)}
    matter = act(place, found(place), "haiwei", "order", 5, **given, immediate=False)
    told = words(place, matter, "order")
    assert "于2022年5月25日前改正" in told
    assert "立即改正" not in told

    chief = {"second_officer": str(place.people["chief"].pk)}
    seen = {"result": "fixed", "seen": "已清空", "photos": PHOTO}
    matter = walk(place, matter, ("haiwei", "serve", 20, SERVED), ("second", "reinspect", DAY, seen | chief))
    assert "海尾民警、所长" in words(place, matter, "reinspection")


def test_where_the_place_is_in_no_register_the_address_says_whom_and_where(place: SmallStation):
    where = {"premises": None, "address": "滘口东路 9 号", "community": place.haiwei.code}
    say(station=place.station.pk)
    raised = raise_matter(
        kind_slug="hazard",
        given=sent(place, "haiwei", HAZARD | where),
        by=place.actor("haiwei"),
        at=NOON,
    )
    matter = Matter.objects.select_related("vault").get(pk=raised.matter.pk)
    matter = walk(place, matter, ("haiwei", "notify", 10, {}), ("haiwei", "serve", 20, SERVED))

    assert "滘口东路 9 号的所有人、使用人" in words(place, matter, "notice", receipt=True, who="haiwei")
    token = make_link(matter_id=matter.pk, by=place.actor("haiwei"), at=NOON)
    with followed(token=token, asking="here", at=NOON) as found_by_link:
        assert found_by_link is not None
        assert ("地址", "滘口东路 9 号") in party_view(found_by_link, at=NOON).facts


def test_the_papers_end_with_the_words_of_the_matter(place: SmallStation):
    matter = walk(
        place, found(place), ("haiwei", "notify", 10, {}), ("desk", "void", 20, {"reason": "测试录入"})
    )
    later = matter.raised_at + timedelta(days=1096)

    say(station=place.station.pk)
    assert destroy_words(later, 10)[0].count == 1

    with pytest.raises(WordsDestroyed):
        words(place, Matter.objects.select_related("vault").get(pk=matter.pk), "notice", at=later)


def test_each_print_is_written_down_and_only_who_may_gets_one(place: SmallStation):
    matter = act(place, found(place), "haiwei", "notify", 10)
    one = Issued.objects.get(matter=matter)
    path = f"/matters/{matter.pk}/issued/{one.pk}"

    answer = client_of(place, "haiwei").get(f"{path}.pdf")

    assert answer.content.startswith(b"%PDF")
    assert client_of(place, "dongfeng").get(f"{path}.pdf").status_code == 404
    assert client_of(place, "haiwei").get(f"{path}/receipt.pdf").status_code == 404
    say(station=place.station.pk)
    assert "容桂隐告〔2022〕1号" in Export.objects.get().what
    assert [given.served for given in issued_of(matter, place.actor("grid"))] == [""]
    page = client_of(place, "haiwei").get(f"/matters/{matter.pk}").content.decode()
    assert "安全隐患告知单" in page
    assert "送达未登记" in page


def test_the_application_may_not_change_what_was_issued(place: SmallStation):
    act(place, found(place), "haiwei", "notify", 10)

    for rows in (Issued.objects.all(), ServiceReceipt.objects.all()):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            rows.delete()
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        Issued.objects.update(number="容桂隐告〔2022〕99号")
