"""The chief sets how long, holds by law, and sees what was destroyed; administrators read the dictionary."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from fengqiao.matters import clocks, keeping
from fengqiao.matters.commands import perform, raise_matter
from fengqiao.matters.models import LegalHold, Matter
from fengqiao.people.models import Approval
from fengqiao.server.keeping import keep
from fengqiao.store.scope import say
from tests.doors import client_of
from tests.station import SmallStation, small_station

pytestmark = pytest.mark.django_db
WHY = {"purpose": "与法制员商定"}


@pytest.fixture
def place() -> SmallStation:
    clocks.forget_rules()
    return small_station()


def closed_long_ago(place: SmallStation) -> Matter:
    then = timezone.now() - timedelta(days=40)
    given = {
        "reference": "R-1",
        "level": "high",
        "fraud_type": "虚假投资",
        "received_at": then,
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "海尾大道 12 号",
        "community": place.haiwei.code,
    }
    by = place.actor("desk")
    matter = raise_matter(kind_slug="fraud_alert", given=given, by=by, at=then).matter
    perform(matter_id=matter.pk, act="false_alarm", given={"reason": "来文更正"}, by=by, at=then, key="f")
    return matter


def granted(place: SmallStation) -> None:
    """The second person's word on what was asked last."""
    say(station=place.station.pk)
    client_of(place, "desk").post(f"/approvals/{Approval.objects.latest('pk').pk}", {"granted": "1"})
    say(station=place.station.pk)


def test_the_chief_sets_the_days_and_a_wrong_number_writes_nothing(place: SmallStation):
    chief = client_of(place, "chief")

    for wrong in ("abc", "0", "99999", "-3", "٣"):
        answer = chief.post("/settings/keep", {"fraud_alert": wrong})
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.content.decode()
    say(station=place.station.pk)
    assert keeping.own_days() == {}
    assert chief.post("/settings/keep", {"fraud_alert": "90", **WHY}).status_code == 302
    granted(place)
    assert keeping.own_days() == {"fraud_alert": 90}
    assert 'value="90"' in chief.get("/settings/keep").content.decode()
    chief.post("/settings/keep", {"fraud_alert": "", **WHY})
    granted(place)
    assert keeping.own_days() == {}


def test_the_chief_holds_a_matter_on_its_page_and_lifts_it(place: SmallStation):
    matter, chief = closed_long_ago(place), client_of(place, "chief")
    page = f"/matters/{matter.pk}"

    refused = chief.post(f"{page}/hold", {"hold-reason": "短"}, follow=True)
    assert "已依法保全" not in refused.content.decode()
    held = chief.post(f"{page}/hold", {"hold-reason": "调取证据通知书〔2022〕12号"}, follow=True)

    assert "调取证据通知书〔2022〕12号" in held.content.decode()
    settings = chief.get("/settings/keep").content.decode()
    assert "调取证据通知书〔2022〕12号" in settings
    lifted = chief.post(f"{page}/hold/lift", follow=True)
    assert "已解除保全" in lifted.content.decode()
    say(station=place.station.pk)
    assert LegalHold.objects.get().lifted_by == place.people["chief"]


@pytest.mark.parametrize("who", ["desk", "haiwei", "security"])
def test_nobody_else_holds_or_sets(place: SmallStation, who: str):
    matter, other = closed_long_ago(place), client_of(place, who)

    assert other.get("/settings/keep").status_code == 403
    assert other.post(f"/matters/{matter.pk}/hold", {"hold-reason": "调取证据通知书"}).status_code == 403
    assert other.post(f"/matters/{matter.pk}/hold/lift").status_code == 403
    assert not LegalHold.objects.exists()


def test_a_destroyed_matters_page_says_so_and_stands(place: SmallStation):
    matter = closed_long_ago(place)
    keep(station_id=place.station.pk, at=timezone.now())

    page = client_of(place, "desk").get(f"/matters/{matter.pk}").content.decode()
    settings = client_of(place, "chief").get("/settings/keep").content.decode()

    assert "销毁，办理经过和数据不受影响" in page
    assert "查看完整信息" not in page
    assert "销毁密钥" in settings
    assert "办结后 30 日" in settings


def test_the_dictionary_tells_counts_and_no_value(place: SmallStation):
    closed_long_ago(place)
    security = client_of(place, "security")

    page = security.get("/data/").content.decode()
    personal = security.get("/data/?personal=1").content.decode()
    impact = security.get("/data/impact").content.decode()

    for text in (page, personal, impact):
        assert "13900000001" not in text
        assert "找到并劝阻可能被骗的人" in text
    assert "fraud_alert_fraudalert.target_phone" in personal
    assert "matters_clock.why" in page
    assert "matters_clock.why" not in personal
    assert "我们是容桂派出所。为找到并劝阻可能被骗的人，需要登记您的事主姓名、事主电话、地址。" in impact
    assert "保存期限：办结后 30 日" in impact


def test_the_workbook_holds_every_column_and_the_notices(place: SmallStation):
    keeping.set_days(station_id=place.station.pk, days={"fraud_alert": 60}, at=timezone.now())

    answer = client_of(place, "chief").get("/data/dictionary.xlsx")

    book = load_workbook(BytesIO(answer.content))
    columns = list(book["数据字典"].values)
    assert ("store", "store_key", "wrapped") in {row[:3] for row in columns}
    assert {row[6] for row in columns if row[2] == "target_name"} == {"办结后 60 日"}
    assert any("我们是容桂派出所" in (row[6] or "") for row in book["处理目的"].values)


@pytest.mark.parametrize("who", ["desk", "haiwei", "auxiliary"])
def test_those_who_serve_do_not_need_it(place: SmallStation, who: str):
    served = client_of(place, who)

    assert {served.get(f"/data/{part}").status_code for part in ("", "dictionary.xlsx", "impact")} == {403}
