"""A person sees who looked at what is held of them, asks to have it corrected or deleted, and is answered in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils.timezone import localdate
from docx import Document as read_docx

from fengqiao.ground.models import Premises
from fengqiao.kit.ids import uuid7
from fengqiao.matters import clocks
from fengqiao.matters.commands import perform, raise_matter
from fengqiao.matters.commands.knocking import WRONG_ONES
from fengqiao.matters.commands.subject_codes import MOST_OPEN, code_for, opened_by
from fengqiao.matters.looks import glimpses, reveal
from fengqiao.matters.models import Matter, SubjectCode
from fengqiao.matters.registry import kind
from fengqiao.matters.subject_page import subject_page
from fengqiao.people.break_glass import open_glass
from fengqiao.people.models import Approval, ApprovalAnswer, Look
from fengqiao.store.models import Destruction
from fengqiao.store.scope import say
from fengqiao.store.secrets import GONE
from tests.answering import a_photo
from tests.doors import client_of
from tests.station import SmallStation, small_station

pytestmark = pytest.mark.django_db
REASON = "事主来所咨询，核对预警内容"
WRONG = "查询码不对"
ASK = {"raise": "data_request", "data_request-wanted": "delete", "data_request-words": "请删除我的电话和地址"}


@pytest.fixture
def place() -> SmallStation:
    clocks.forget_rules()
    return small_station()


def now() -> datetime:
    return datetime.now(UTC)


def alert(place: SmallStation, reference: str = "R-1") -> Matter:
    say(station=place.station.pk)
    given = {
        "reference": reference,
        "level": "high",
        "fraud_type": "虚假投资",
        "received_at": now(),
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "海尾大道 12 号",
        "community": place.haiwei.code,
    }
    made = raise_matter(kind_slug="fraud_alert", given=given, by=place.actor("desk"), at=now()).matter
    return again(made)


def again(matter: Matter) -> Matter:
    return Matter.objects.select_related("vault").get(pk=matter.pk)


def closed(place: SmallStation) -> Matter:
    matter = alert(place)
    do(place, matter, "desk", "false_alarm", reason="来文更正")
    return again(matter)


def do(place: SmallStation, matter: Matter, who: str, act: str, /, **given: Any) -> None:
    say(station=place.station.pk)
    by = place.actor(who)
    perform(matter_id=matter.pk, act=act, given=given, by=by, at=now(), key=f"{matter.pk}:{act}")


def code_of(place: SmallStation, matter: Matter) -> str:
    say(station=place.station.pk)
    return code_for(matter, at=now()).code


def typed(code: str, address: str = "10.0.0.1", /, **more: str) -> Any:
    return Client(REMOTE_ADDR=address).post("/looked", {"code": code, **more})


def page(code: str) -> str:
    return str(typed(code).content.decode())


def asked(place: SmallStation, code: str, /, **more: str) -> Matter:
    """A request, sent from the person's own page."""
    answer = typed(code, **{**ASK, "key": str(uuid7()), **more})
    assert "已收到" in answer.content.decode()
    say(station=place.station.pk)
    return Matter.objects.filter(kind="data_request").latest("raised_at")


def answered(place: SmallStation, who: str, *, granted: bool = True) -> str:
    """A second person's word on what was asked last; what the page then says."""
    say(station=place.station.pk)
    waiting = Approval.objects.latest("pk").pk
    reply = client_of(place, who).post(
        f"/approvals/{waiting}", {"granted": "1" if granted else "0"}, follow=True
    )
    say(station=place.station.pk)
    return str(reply.content.decode())


def test_every_look_is_there_by_day_post_purpose_and_kind_of_data_and_no_name(place: SmallStation):
    matter = alert(place)
    for _twice in range(2):
        reveal(matter=matter, by=place.actor("haiwei"), reason="", at=now())
    reveal(matter=matter, by=place.actor("chief"), reason=REASON, at=now())
    open_glass(by=place.actor("dongfeng"), subject=matter.pk, reference="J-0012", reason=REASON, at=now())

    told = page(code_of(place, matter))

    day = f"{localdate():%Y-%m-%d}"
    for words in (
        f"{day} · 容桂派出所 社区警长",
        "2 次",
        "办理“反诈预警”",
        "事主姓名 · 事主电话 · 地址",
        f"{day} · 容桂派出所 所长",
        "写明原因的查看",
        "紧急查看",
    ):
        assert words in told
    for secret in (
        "海尾社区警长",
        "东风社区警长",
        REASON,
        "J-0012",
        "事主甲",
        "13900000001",
        "海尾大道",
        "R-1",
    ):
        assert secret not in told


def test_looks_at_a_duplicate_are_looks_at_the_same_person(place: SmallStation):
    kept, twice = alert(place, "R-1"), alert(place, "R-2")
    reveal(matter=twice, by=place.actor("haiwei"), reason="", at=now())
    do(place, twice, "desk", "merge", into=f"YJ2022-{kept.serial:06}")

    assert "社区警长" in page(code_of(place, kept))


def test_a_wrong_code_is_one_page_whatever_it_is_and_ten_have_to_wait(place: SmallStation):
    code = code_of(place, alert(place))
    wrong = [str(int(code) + step).zfill(16)[-16:] for step in range(1, WRONG_ONES + 1)]

    malformed = [typed("1234 5678") for _ in range(WRONG_ONES)]
    answers = [typed(one) for one in wrong]
    waiting, elsewhere = typed(code), typed(code, "10.0.0.2")

    assert {answer.status_code for answer in malformed} == {422}
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}
    assert WRONG in answers[0].content.decode()
    assert (waiting.status_code, elsewhere.status_code) == (429, 200)


def test_the_code_is_stored_nowhere_and_opens_its_own_row_through_the_wall(place: SmallStation):
    mine = code_of(place, alert(place))
    other = small_station("乙派出所")
    theirs = code_of(other, alert(other))

    with transaction.atomic(), connection.cursor() as cursor:
        say(station="")
        cursor.execute("SELECT count(*) FROM matters_subjectcode")
        (unseen,) = cursor.fetchone()
    say(station=other.station.pk)
    row = SubjectCode.objects.get()

    assert unseen == 0
    assert theirs not in f"{row.pk}{row.digest}"
    assert ("乙派出所" in page(theirs), "乙派出所" in page(mine)) == (True, False)


def test_deleted_by_two_persons_answered_and_told_on_the_page(place: SmallStation):
    matter = closed(place)
    code = code_of(place, matter)
    request = asked(place, code)
    chief = client_of(place, "chief")

    reply = {"grant-reply": "已删除您的信息"}
    early = chief.post(f"/matters/{request.pk}/acts/grant", reply, follow=True).content.decode()
    chief.post(f"/matters/{matter.pk}/delete", {"delete-reason": "依请求 XX 删除"})
    say(station=place.station.pk)
    waiting = again(matter).vault.destroyed_at
    done = answered(place, "security")
    chief.post(f"/matters/{request.pk}/acts/grant", reply)
    say(station=place.station.pk)

    assert "销毁后再答复" in early
    assert (waiting, "已批准" in done) == (None, True)
    assert {
        words.words for words in glimpses(again(matter), kind(matter.kind).detail._default_manager.get())
    } <= {GONE}
    record = Destruction.objects.get()
    assert (record.by_name, record.second_name, record.life) == ("所长", "安全管理员", "依本人请求")
    told = page(code)
    for words in ("销毁，任何人都不能再看", "已答复", "已删除您的信息"):
        assert words in told
    assert (again(request).outcome, again(request).is_open) == ("granted", False)


def test_one_person_alone_deletes_nothing_and_a_no_leaves_it(place: SmallStation):
    matter = closed(place)
    client_of(place, "chief").post(f"/matters/{matter.pk}/delete", {"delete-reason": "依请求 XX 删除"})

    own = answered(place, "chief")
    answered(place, "security", granted=False)

    assert "请由另一个人批准" in own
    assert again(matter).vault.destroyed_at is None
    assert list(ApprovalAnswer.objects.values_list("granted", flat=True)) == [False]


def test_what_is_open_or_held_by_law_is_not_deleted_even_after_a_yes(place: SmallStation):
    chief = client_of(place, "chief")
    open_one, matter = alert(place, "R-open"), closed(place)

    refused = chief.post(f"/matters/{open_one.pk}/delete", {"delete-reason": "依请求删除"}, follow=True)
    chief.post(f"/matters/{matter.pk}/delete", {"delete-reason": "依请求 XX 删除"})
    chief.post(f"/matters/{matter.pk}/hold", {"hold-reason": "调取证据通知书〔2022〕12号"})
    late = answered(place, "security")

    assert "办理还没有结束" in refused.content.decode()
    assert "依法保全" in late
    assert again(matter).vault.destroyed_at is None
    assert not ApprovalAnswer.objects.exists()


def test_a_refusal_needs_its_ground_and_stands_on_the_page(place: SmallStation):
    code = code_of(place, alert(place))
    request = asked(place, code, **{"data_request-wanted": "correct"})
    chief = client_of(place, "chief")

    without = chief.post(f"/matters/{request.pk}/acts/refuse", {"refuse-reply": "经核实无误，可申请复议"})
    chief.post(
        f"/matters/{request.pk}/acts/refuse",
        {"refuse-ground": "right", "refuse-reply": "经核实无误，可申请复议"},
    )
    told = page(code)

    assert without.status_code == 422
    for words in ("更正", "经核实，原记录无误或查看正当", "经核实无误，可申请复议"):
        assert words in told


def test_a_request_races_fifteen_working_days_or_the_stations_own_and_stays_sealed(place: SmallStation):
    code = code_of(place, alert(place))
    request = asked(place, code)
    (clock,) = request.clocks.all()
    detail: Any = kind(request.kind).detail._default_manager.get(pk=request.pk)

    assert (clock.name, clock.span) == ("answer", "15wd")
    assert clock.due_at > now() + timedelta(days=20)
    assert request.parent.kind == "fraud_alert"
    assert detail.words.open(again(request).vault, "words") == "请删除我的电话和地址"
    assert "请删除我的电话和地址" not in page(code)
    assert client_of(place, "haiwei").get(f"/matters/{request.pk}").status_code == 404
    client_of(place, "chief").post("/settings/clocks", {"data_request|answer|": "10wd"})
    clocks.forget_rules()
    assert asked(place, code).clocks.get().span == "10wd"


def test_sent_twice_it_is_one_request_and_five_may_wait(place: SmallStation):
    code = code_of(place, alert(place))
    for _twice in range(2):
        typed(code, **ASK, key="k-1")
    say(station=place.station.pk)
    once = Matter.objects.filter(kind="data_request").count()
    answers = [typed(code, **ASK, key=f"k-{n}").status_code for n in range(2, MOST_OPEN + 2)]

    assert once == 1
    assert answers == [*[200] * (MOST_OPEN - 1), 409]
    assert typed(code, **{**ASK, "raise": "fraud_alert"}).status_code == 403


def test_what_two_persons_delay_is_told_on_its_day_and_nothing_else_is_hidden(place: SmallStation):
    matter = alert(place)
    code = code_of(place, matter)
    reveal(matter=matter, by=place.actor("haiwei"), reason="", at=now())
    until = localdate() + timedelta(days=10)

    asks = {"delay-basis": "impede", "delay-until": f"{until}", "delay-reason": "侦查期间不宜告知"}
    client_of(place, "chief").post(f"/matters/{matter.pk}/delay", asks)
    say(station=place.station.pk)
    reveal(matter=matter, by=place.actor("desk"), reason=REASON, at=now())
    before_the_yes = page(code)
    answered(place, "audit")
    Look.objects.create(
        station=place.station,
        person=place.people["chief"],
        role="chief",
        subject=matter.pk,
        columns="address",
        reason=REASON,
        task=False,
        at=now() + timedelta(seconds=1),
    )
    held_back = page(code)
    with opened_by(typed=code, asking="x", at=now()) as found:
        on_its_day = subject_page(found, at=now() + timedelta(days=10))

    assert "值班室" in before_the_yes
    assert ("社区警长" in held_back, "值班室" in held_back, "所长" in held_back) == (True, True, False)
    assert [seen.role for seen, _count in on_its_day.seen].count("所长") == 1


def words_of(content: bytes) -> str:
    body = read_docx(BytesIO(content)).element.body
    return "".join(node.text or "" for node in body.iter() if node.tag.endswith("}t"))


def test_the_note_left_at_a_visit_prints_the_code_and_its_address(place: SmallStation, settings: Any):
    settings.CSRF_TRUSTED_ORIGINS = ["https://example.gov.cn"]
    matter = alert(place)

    note = client_of(place, "haiwei").post(f"/matters/{matter.pk}/papers/visit-note.docx")
    say(station=place.station.pk)
    told = words_of(note.content)

    assert SubjectCode.objects.get(matter=matter).printed in told
    assert "https://example.gov.cn/looked" in told
    assert "办结后 30 天自动删除" in told
    assert "事主甲" not in told


def test_a_landlord_comes_to_the_page_from_the_link_and_by_the_notice(place: SmallStation):
    say(station=place.station.pk)
    home = Premises.objects.create(
        id=uuid7(),
        station=place.station,
        number="P-1",
        kind="rental_house",
        name="海尾滘口公寓",
        community=place.haiwei,
        address="滘口东路 128 号",
        updated_at=now(),
    )
    given: dict[str, Any] = {
        "premises": home.pk,
        "item": "ebike_indoors",
        "finding": "电动自行车停在楼梯间充电",
        "spot": "首层楼梯间",
        "severity": "general",
        "source": "round",
        "deadline": "15d",
        "photos": [a_photo(place)],
    }
    hazard = raise_matter(kind_slug="hazard", given=given, by=place.actor("haiwei"), at=now()).matter
    do(place, hazard, "haiwei", "notify")
    notice = SubjectCode.objects.get(matter=hazard).code
    made = client_of(place, "haiwei").post(f"/matters/{hazard.pk}/links").content.decode()
    link = made.split("http://testserver")[1][:35]

    shown = Client().get(link).content.decode()

    assert f'name="code" value="{notice}"' in shown
    assert "谁看过我的信息" in page(notice)
