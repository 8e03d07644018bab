"""The page of open questions: two stories side by side, offered to whoever may settle them, and kept after."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from fengqiao.desk import questions as page_module
from fengqiao.kit.ids import uuid7
from fengqiao.kit.inputs import validate
from fengqiao.matters.commands import hand_in, perform, raise_matter
from fengqiao.matters.commands.handing_in import Carried
from fengqiao.matters.models import Event, Matter
from fengqiao.store.scope import say
from tests.doors import client_of
from tests.station import SmallStation, small_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> SmallStation:
    return small_station()


def alert(place: SmallStation, reference: str = "R-1") -> Matter:
    say(station=place.station.pk)
    given = {
        "reference": reference,
        "level": "high",
        "fraud_type": "虚假贷款",
        "received_at": timezone.now() - timedelta(hours=3),
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "海尾大道 12 号",
        "community": place.haiwei.code,
    }
    return raise_matter(
        kind_slug="fraud_alert", given=given, by=place.actor("desk"), at=timezone.now() - timedelta(hours=3)
    ).matter


def late(place: SmallStation, matter: Matter, act: str = "meet", **given: Any) -> Event:
    """Done two hours ago on the officer's phone, arrived now, out of its turn."""
    say(station=place.station.pk)
    key = str(uuid7())
    carried = {
        "id": uuid7(),
        "observed_at": timezone.now() - timedelta(hours=2),
        "acts": [{"key": key, "matter": matter.pk, "act": act, "base": 1, "given": given}],
    }
    hand_in(carried=validate(Carried, carried), by=place.actor("haiwei"), at=timezone.now())
    return Event.objects.get(key=key)


def page_of(place: SmallStation, who: str, query: str = "") -> str:
    return client_of(place, who).get(f"/questions/{query}").content.decode()


def decide(place: SmallStation, who: str, question: Event, **answers: str) -> Any:
    data = {f"q{question.pk}-{name}": value for name, value in answers.items()}
    return client_of(place, who).post(f"/questions/{question.pk}/settle", data, follow=True)


def test_both_stories_stand_side_by_side_with_their_times_and_what_differs(place: SmallStation):
    matter = alert(place)
    perform(
        matter_id=matter.pk, act="note", given={"note": "已通知"}, by=place.actor("desk"), at=timezone.now(), key="n"
    )  # fmt: skip
    late(place, matter, identity_checked=True, where="楼下")

    told = page_of(place, "desk")

    assert "当前环节是“待签收”，不能“已见面”" in told
    assert "晚到 2 小时" in told
    assert told.count("手机上办理") == told.count("送达") == 1
    rows = [row for row in told.split("<tr") if 'class="differs"' in row]
    assert [row.split('scope="row">')[1].split(" ")[0] for row in rows] == ["环节", "所依据的版本"]
    assert "待签收" in rows[0]
    assert "楼下" not in told  # words about a person: opened on the matter's page, and written down
    assert "还有关于当事人的文字" in told


def test_who_may_not_settle_is_told_who_does_and_offered_nothing(place: SmallStation):
    question = late(place, alert(place), identity_checked=True)

    offered = {who: page_of(place, who) for who in ("desk", "chief", "haiwei", "auxiliary", "dongfeng")}
    forms = {who for who, told in offered.items() if f"/questions/{question.pk}/settle" in told}

    assert forms == {"desk", "chief"}
    assert "自己补报的记录，请由他人核实" in offered["haiwei"]
    assert "待核实的记录由值班室、所长或责任警长核实" in offered["auxiliary"]
    assert "没有待核实的记录" in offered["dongfeng"]


def test_accepting_is_offered_only_where_it_would_be_taken(place: SmallStation):
    matter = alert(place)
    late(place, matter, identity_checked=True)
    too_early = page_of(place, "desk")
    say(station=place.station.pk)
    perform(matter_id=matter.pk, act="sign", given={}, by=place.actor("desk"), at=timezone.now(), key="s")

    in_turn = page_of(place, "desk")

    assert ["采纳并补办" in told for told in (too_early, in_turn)] == [False, True]
    assert "现在不能采纳：当前环节是“待签收”" in too_early


def test_a_reason_too_short_comes_back_beside_its_field_with_what_was_chosen(place: SmallStation):
    question = late(place, alert(place), identity_checked=True)

    answer = decide(place, "desk", question, decision="note", reason="好")

    assert answer.status_code == 422
    told = answer.content.decode()
    assert 'value="note" checked' in " ".join(told.split())
    assert "好</textarea>" in told


def test_what_was_settled_stays_with_its_decision_and_by_whom(place: SmallStation):
    question = late(place, alert(place), identity_checked=True)

    answer = decide(place, "desk", question, decision="reject", reason="与警长电话核对过")

    assert "没有待核实的记录" in answer.content.decode()
    kept = page_of(place, "chief", "?settled=1")
    assert f'id="question-{question.pk}"' in kept
    assert "不予采信" in kept
    assert "值班员" in kept


def test_it_is_filtered_and_paged_and_says_when_nothing_fits(
    place: SmallStation, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(page_module, "A_PAGE", 2)
    for number in range(3):
        late(place, alert(place, f"R-{number}"), identity_checked=True)

    pages = [page_of(place, "desk", f"?page={number}") for number in (1, 2)]
    elsewhere = page_of(place, "desk", f"?community={place.dongfeng.code}")

    assert [told.count('id="question-') for told in pages] == [2, 1]
    assert "没有符合条件的记录" in elsewhere
