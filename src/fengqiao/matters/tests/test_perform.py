"""The one writer: repeats, refusals, the timeline nobody may change, and what a write costs."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from fengqiao.kit.problems import BadInput, Forbidden, KeyReused, NotFound
from fengqiao.matters import clocks
from fengqiao.matters.commands import perform, raise_matter
from fengqiao.matters.models import Event, Matter
from fengqiao.store.secrets import GONE
from tests.station import NOON, SmallStation, small_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> SmallStation:
    clocks.forget_rules()
    return small_station()


def alert(place: SmallStation, **changes: Any) -> Matter:
    given = {
        "reference": "R-1",
        "level": "high",
        "fraud_type": "虚假投资",
        "received_at": NOON,
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "海尾大道 12 号",
        "community": place.haiwei.code,
    }
    return raise_matter(
        kind_slug="fraud_alert", given=given | changes, by=place.actor("desk"), at=NOON
    ).matter


def do(place: SmallStation, matter: Matter, who: str, act: str, key: str = "k", **given: Any) -> Any:
    return perform(matter_id=matter.pk, act=act, given=given, by=place.actor(who), at=NOON, key=key)


def test_a_repeated_key_gives_the_first_result_and_writes_nothing(place: SmallStation):
    matter = alert(place)
    first = do(place, matter, "desk", "sign")

    again = do(place, matter, "desk", "sign")

    assert (again.event, again.repeated) == (first.event, True)
    assert Event.objects.filter(matter=matter).count() == 2


def test_a_key_with_other_content_is_refused(place: SmallStation):
    matter = alert(place)
    do(place, matter, "desk", "sign")

    with pytest.raises(KeyReused):
        do(place, matter, "desk", "note", note="另一件事")


def test_an_officer_does_not_find_another_communitys_matter(place: SmallStation):
    matter = alert(place)

    with pytest.raises(NotFound):
        do(place, matter, "dongfeng", "sign")
    with pytest.raises(NotFound):
        do(place, matter, "security", "sign")


def test_who_may_see_but_not_act_is_told_who_may(place: SmallStation):
    matter = alert(place)

    with pytest.raises(Forbidden, match="“作废”由值班室、所长办理"):
        do(place, matter, "haiwei", "void", reason="重复录入了")


def test_whoever_was_put_in_charge_acts_outside_the_own_community(place: SmallStation):
    matter = alert(place)
    do(place, matter, "desk", "assign", key="a", holder=str(place.people["dongfeng"].pk))

    done = do(place, matter, "dongfeng", "sign", key="s")

    assert done.matter.stage == "signed"


def test_every_wrong_field_is_named(place: SmallStation):
    matter = alert(place)
    do(place, matter, "desk", "sign")

    with pytest.raises(BadInput) as refused:
        do(place, matter, "desk", "call", key="c", result="shouted", loud=True)

    assert {error.field for error in refused.value.errors} == {"given.result", "given.loud"}


def test_an_act_costs_at_most_eight_round_trips(place: SmallStation):
    matter = alert(place)
    by = place.actor("desk")

    with CaptureQueriesContext(
        connection,
    ) as spent:
        perform(matter_id=matter.pk, act="sign", given={}, by=by, at=NOON, key="sign")

    assert len(spent) <= 8, "\n".join(query["sql"][:120] for query in spent)


def test_events_cannot_be_changed_or_deleted_by_the_application(place: SmallStation):
    matter = alert(place)

    for statement in ("UPDATE matters_event SET act = 'x'", "DELETE FROM matters_event"):
        refused = pytest.raises(DatabaseError, match="permission denied")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    assert Event.objects.get(matter=matter).act == "raise"


def test_words_about_a_person_never_stand_in_plain_columns(place: SmallStation):
    matter = alert(place)
    do(place, matter, "desk", "note", note="事主甲说在东莞上班")

    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(e)::text FROM matters_event e")
        stored = "".join(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT row_to_json(d)::text FROM fraud_alert_fraudalert d")
        stored += cursor.fetchone()[0]

    assert "事主甲" not in stored
    assert "13900000001" not in stored
    assert "东莞" not in stored


def test_a_destroyed_key_leaves_nothing_to_read(place: SmallStation):
    matter = alert(place)
    do(place, matter, "desk", "note", note="约好晚上见")
    event = Event.objects.get(act="note")
    key = Matter.objects.select_related("vault").get(pk=matter.pk).vault
    assert json.loads(event.words.open(key, "words")) == {"note": "约好晚上见"}

    key.wrapped = None

    assert event.words.glimpse(key, "words") == GONE


def test_void_takes_a_matter_out_without_deleting_it(place: SmallStation):
    matter = alert(place)

    do(place, matter, "desk", "void", reason="重复录入")

    kept = Matter.objects.get(pk=matter.pk)
    assert (kept.state, kept.outcome, kept.burns_at) == ("closed", "voided", None)


def test_an_unplaced_matter_waits_for_the_desk_and_then_has_an_officer(place: SmallStation):
    matter = alert(place, community=None, address="不知道哪里")
    assert matter.community is None

    do(place, matter, "desk", "place", community=place.dongfeng.code)

    placed = Matter.objects.get(pk=matter.pk)
    assert (placed.community, placed.holder) == (place.dongfeng, place.people["dongfeng"])


def test_a_time_to_come_is_refused_and_a_skewed_clock_is_not(place: SmallStation):
    matter = alert(place)
    by = place.actor("desk")

    with pytest.raises(BadInput, match="不能晚于现在"):
        perform(
            matter_id=matter.pk,
            act="sign",
            given={},
            by=by,
            at=NOON,
            observed_at=NOON + timedelta(minutes=6),
            key=str(uuid4()),
        )
    done = perform(
        matter_id=matter.pk,
        act="sign",
        given={},
        by=by,
        at=NOON,
        observed_at=NOON + timedelta(minutes=4),
        key=str(uuid4()),
    )

    assert done.event.observed_at == NOON
