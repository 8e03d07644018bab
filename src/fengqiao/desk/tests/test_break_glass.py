"""Break-glass: a quarter of an hour of reading, seen at once, reviewed in three days or paid for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fengqiao.kit.problems import BadInput, Forbidden, NotFound
from fengqiao.matters import queries
from fengqiao.matters.commands import perform, raise_matter
from fengqiao.matters.models import Matter
from fengqiao.people.actors import actor_of
from fengqiao.people.break_glass import (
    OPEN_FOR,
    REVIEW_WITHIN,
    OpenedEnough,
    ReviewedAlready,
    freeze_unreviewed,
    open_glass,
    review,
)
from fengqiao.people.commands import reactivate
from fengqiao.people.models import Opening, Person
from fengqiao.store.scope import say
from tests.doors import client_of
from tests.station import NOON, TODAY, SmallStation, small_station

pytestmark = pytest.mark.django_db
REASON = "事主在东风社区求助，需核对预警"
GIVEN = {"reference": "J4406062022051000012", "reason": REASON}


@pytest.fixture
def place() -> SmallStation:
    return small_station()


@pytest.fixture
def alert(place: SmallStation) -> Matter:
    given = {
        "reference": "R-1",
        "level": "high",
        "fraud_type": "虚假投资",
        "received_at": NOON,
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "海尾大道 12 号",
        "community": place.haiwei.code,
    }
    return raise_matter(kind_slug="fraud_alert", given=given, by=place.actor("desk"), at=NOON).matter


def opened(place: SmallStation, alert: Matter, *, at: datetime = NOON) -> Opening:
    return open_glass(by=place.actor("dongfeng"), subject=alert.pk, at=at, **GIVEN)


def sees(place: SmallStation, alert: Matter, at: datetime) -> bool:
    caller = actor_of(person=place.people["dongfeng"], day=TODAY, at=at)
    return Matter.objects.seen_by(caller).filter(pk=alert.pk).exists()


def test_it_opens_one_matter_for_a_quarter_of_an_hour(place: SmallStation, alert: Matter):
    assert not sees(place, alert, NOON)

    opened(place, alert)

    assert sees(place, alert, NOON)
    assert sees(place, alert, NOON + OPEN_FOR - timedelta(seconds=1))
    assert not sees(place, alert, NOON + OPEN_FOR)


def test_it_opens_for_reading_and_never_for_acting(place: SmallStation, alert: Matter):
    opened(place, alert)
    caller = actor_of(person=place.people["dongfeng"], day=TODAY, at=NOON)

    assert queries.one(caller, alert.pk).pk == alert.pk
    assert queries.allowed_acts(alert, caller) == []
    with pytest.raises(Forbidden):
        perform(matter_id=alert.pk, act="sign", given={}, by=caller, at=NOON, key="k-1")


@pytest.mark.parametrize(
    "wrong", [{"reason": "工作需要"}, {"reason": ""}, {"reference": ""}, {"reference": "1"}], ids=str
)
def test_it_wants_a_reason_and_a_case_number(place: SmallStation, alert: Matter, wrong: dict[str, str]):
    with pytest.raises(BadInput):
        open_glass(by=place.actor("dongfeng"), subject=alert.pk, at=NOON, **{**GIVEN, **wrong})


def test_twice_a_day_and_no_more(place: SmallStation, alert: Matter):
    opened(place, alert)
    opened(place, alert, at=NOON + timedelta(hours=1))

    with pytest.raises(OpenedEnough):
        opened(place, alert, at=NOON + timedelta(hours=2))
    assert opened(place, alert, at=NOON + timedelta(days=1))


@pytest.mark.parametrize("who", ["auxiliary", "desk", "chief", "audit", "security", "system"])
def test_only_an_officer_breaks_the_glass(place: SmallStation, alert: Matter, who: str):
    with pytest.raises(Forbidden):
        open_glass(by=place.actor(who), subject=alert.pk, at=NOON, **GIVEN)


def test_the_chief_and_the_auditor_see_it_at_once(place: SmallStation, alert: Matter):
    """The whole way through the doors: opened by its number, shown, told, reviewed."""
    officer, chief, auditor = (client_of(place, who) for who in ("dongfeng", "chief", "audit"))
    number = queries.number(alert)
    before = officer.get(f"/matters/{alert.pk}").status_code

    shown = officer.post("/break-glass", {"number": number, **GIVEN}, follow=True)
    board, told = chief.get("/").content.decode(), chief.get("/audit/openings").content.decode()
    audited = auditor.get("/audit/openings").content.decode()

    assert before == 404
    assert "虚假投资" in shown.content.decode()
    assert "有紧急查看等您复核" in board
    assert REASON in told
    assert "东风社区警长" in audited
    assert "虚假投资" not in audited

    say(station=place.station.pk)
    opening = Opening.objects.get()
    chief.post(
        f"/audit/openings/{opening.pk}/review", {"verdict": "justified", "reason": "已向本人核实，确有求助"}
    )
    assert "有紧急查看等您复核" not in chief.get("/").content.decode()
    assert "已向本人核实" in auditor.get("/audit/openings").content.decode()


def test_a_number_that_is_not_there_opens_nothing(place: SmallStation, alert: Matter):
    for typed in ("YJ2022-999999", "XX2022-1", "", "YJ2022-", "1' OR 1=1"):
        with pytest.raises(NotFound):
            queries.numbered(typed)
    assert queries.numbered(queries.number(alert).lower()) == alert.pk


def test_one_review_counts_and_not_ones_own(place: SmallStation, alert: Matter):
    opening = opened(place, alert)
    said = {"opening_id": opening.pk, "verdict": "justified", "reason": "已向本人核实", "at": NOON}
    with pytest.raises(Forbidden):
        review(by=place.actor("dongfeng"), **said)

    review(by=place.actor("chief"), **said)

    with pytest.raises(ReviewedAlready):
        review(by=place.actor("chief"), **said)


def test_without_a_review_in_72_hours_the_account_is_frozen_once(place: SmallStation, alert: Matter):
    opened(place, alert)
    due = NOON + REVIEW_WITHIN
    client = client_of(place, "dongfeng")

    assert freeze_unreviewed(at=due - timedelta(minutes=1)) == []
    assert [person.pk for person in freeze_unreviewed(at=due)] == [place.people["dongfeng"].pk]

    assert client.get("/").status_code == 302
    say(station=place.station.pk)
    reactivate(person_id=place.people["dongfeng"].pk, at=due)
    assert freeze_unreviewed(at=due + timedelta(hours=1)) == []
    assert Person.objects.get(pk=place.people["dongfeng"].pk).is_active


def test_a_reviewed_opening_freezes_nobody(place: SmallStation, alert: Matter):
    opening = opened(place, alert)
    review(
        opening_id=opening.pk,
        by=place.actor("chief"),
        verdict="unjustified",
        reason="与警情无关，已谈话",
        at=NOON,
    )

    assert freeze_unreviewed(at=datetime.now(UTC)) == []
