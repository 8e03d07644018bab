"""What went up to the chief: a tile and its rows, a reason that is asked for, and the notices that come by themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from fengqiao.matters.commands import perform, raise_matter
from fengqiao.matters.models import Matter
from fengqiao.matters.scanning import fire_due
from fengqiao.people.models import Opening, Person
from fengqiao.store.scope import say
from tests.doors import client_of
from tests.station import NOON, SmallStation, small_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> SmallStation:
    return small_station()


def alert(place: SmallStation, reference: str) -> Matter:
    given = {
        "reference": reference,
        "level": "high",
        "fraud_type": f"冒充客服 {reference}",
        "received_at": NOON,
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "海尾大道 12 号",
        "community": place.haiwei.code,
    }
    return raise_matter(kind_slug="fraud_alert", given=given, by=place.actor("desk"), at=NOON).matter


@pytest.fixture
def late(place: SmallStation) -> Matter:
    """Signed for by nobody until the chief was told; another one has time."""
    found = alert(place, "R-1")
    fire_due(at=NOON + timedelta(minutes=10))
    alert(place, "R-2")
    return found


def page(place: SmallStation, who: str, address: str = "/", **headers: str) -> str:
    return client_of(place, who).get(address, headers=headers).content.decode()


def test_the_chief_sees_first_what_was_escalated_and_opens_it(place: SmallStation, late: Matter):
    board = page(place, "chief")
    rows = page(place, "chief", "/?show=escalated")

    assert board.index("已升级") < board.index("未办结")
    assert "1 件待补写超时原因" in board
    assert "R-1" in rows
    assert "R-2" not in rows
    assert "件待补写超时原因" not in page(place, "desk")


def test_a_reason_is_offered_where_it_is_missing_and_only_there(place: SmallStation, late: Matter):
    other = Matter.objects.exclude(pk=late.pk).get()
    assert 'id="do-explain_overdue"' in page(place, "haiwei", f"/matters/{late.pk}")
    assert 'id="do-explain_overdue"' not in page(place, "haiwei", f"/matters/{other.pk}")
    given = {"explain_overdue-delay": "busy", "explain_overdue-words": ""}

    client_of(place, "haiwei").post(f"/matters/{late.pk}/acts/explain_overdue", given)

    assert "人手被其他警情占用" in page(place, "chief", f"/matters/{late.pk}")
    board = page(place, "chief")
    assert "件待补写超时原因" not in board
    assert "?show=escalated" in board


def test_a_closed_one_without_a_reason_stays_in_the_register(place: SmallStation, late: Matter):
    given = {"reason": "重复录入，以另一件为准"}
    perform(
        matter_id=late.pk,
        act="void",
        given=given,
        by=place.actor("desk"),
        at=NOON + timedelta(hours=1),
        key="v",
    )

    rows = page(place, "chief", "/matters/?show=unexplained")

    assert "R-1" in rows
    assert "R-2" not in rows
    assert 'id="do-explain_overdue"' in page(place, "desk", f"/matters/{late.pk}")


def test_an_emergency_opening_shows_without_loading_the_page_anew(place: SmallStation, late: Matter):
    moved = {"HX-Request": "true"}
    assert "有紧急查看等您复核" not in page(place, "chief", **moved)
    now = timezone.now()
    say(station=place.station.pk)
    Opening.objects.create(
        station=place.station,
        person=place.people["dongfeng"],
        subject=late.pk,
        reference="J440606",
        reason="核对事主身份",
        at=now,
        until=now + timedelta(minutes=15),
    )

    board = page(place, "chief", **moved)

    assert "有紧急查看等您复核" in board
    assert 'hx-swap-oob="true"' in board
    for who in ("chief", "audit"):
        assert "<em>1</em>" in page(place, who, "/audit/openings")
    assert "<em>1</em>" not in page(place, "desk")


def test_a_board_of_more_than_a_page_says_so(
    place: SmallStation, late: Matter, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("fengqiao.desk.board.ON_BOARD", 1)

    first, second = page(place, "desk"), page(place, "desk", "/?page=2")

    assert "第 1 至 1 件，共 2 件" in first
    assert ("R-1" in first) is not ("R-1" in second)


def test_the_board_says_its_order_in_the_readers_language(place: SmallStation, late: Matter):
    assert "其余按到期先后" in page(place, "desk")
    Person.objects.filter(pk=place.people["desk"].pk).update(language="en")

    board = page(place, "desk")

    assert "First what runs out within the hour" in board
    assert "from 05-10 12:00" in board
    assert "自 05-10" not in board
