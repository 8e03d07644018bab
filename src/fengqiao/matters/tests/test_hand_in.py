"""A visit is handed in whole: what can be kept is kept, a repeat changes nothing, late acts wait."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from fengqiao.kit.ids import uuid7
from fengqiao.kit.inputs import validate
from fengqiao.kit.problems import KeyReused
from fengqiao.matters.commands import HandedIn, hand_in, perform, raise_matter
from fengqiao.matters.commands.handing_in import Carried, _content
from fengqiao.matters.commands.performing import vault_of
from fengqiao.matters.models import Event, Matter, Visit
from tests.station import NOON, SmallStation, small_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> SmallStation:
    return small_station()


def alert(place: SmallStation) -> Matter:
    return alert_of(place, "R-1")


def alert_of(place: SmallStation, reference: str) -> Matter:
    given = {
        "reference": reference,
        "level": "high",
        "fraud_type": "虚假贷款",
        "received_at": NOON - timedelta(hours=1),
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "海尾大道 12 号",
        "community": place.haiwei.code,
    }
    return raise_matter(kind_slug="fraud_alert", given=given, by=place.actor("desk"), at=NOON).matter


def told(event: Event) -> str:
    words: str = json.loads(event.words.open(vault_of(event.matter), "words"))["note"]
    return words


def visit(place: SmallStation, *acts: dict[str, Any], visit_id: UUID | None = None) -> HandedIn:
    carried = validate(
        Carried,
        {
            "id": visit_id or uuid7(),
            "observed_at": NOON - timedelta(minutes=30),
            "team": [],
            "acts": list(acts),
        },
    )
    return hand_in(carried=carried, by=place.actor("haiwei"), at=NOON)


def test_one_visit_carries_several_acts_in_their_order(place: SmallStation):
    matter = alert(place)

    handed = visit(
        place,
        {"key": "1", "matter": str(matter.pk), "act": "sign"},
        {"key": "2", "matter": str(matter.pk), "act": "meet", "given": {"identity_checked": True}},
    )

    assert [act.result for act in handed.acts] == ["done", "done"]
    assert Matter.objects.get(pk=matter.pk).stage == "persuading"
    assert Event.objects.filter(visit=handed.visit).count() == 2


def test_what_comes_out_of_turn_is_kept_as_a_question_and_moves_nothing(place: SmallStation):
    matter = alert(place)

    handed = visit(
        place,
        {"key": "1", "matter": str(matter.pk), "act": "meet", "given": {"identity_checked": True}},
        {"key": "2", "matter": str(matter.pk), "act": "dance"},
        {"key": "3", "matter": str(matter.pk), "act": "sign"},
    )

    assert [act.result for act in handed.acts] == ["question", "refused", "done"]
    kept = Event.objects.get(key="1")
    assert (kept.standing, kept.reason) == ("question", "当前环节是“待签收”，不能“已见面”")
    assert Matter.objects.get(pk=matter.pk).stage == "signed"


def test_a_repeat_changes_nothing_and_other_content_is_refused(place: SmallStation):
    matter = alert(place)
    visit_id = uuid7()
    act = {"key": "1", "matter": str(matter.pk), "act": "sign"}
    visit(place, act, visit_id=visit_id)

    again = visit(place, act, visit_id=visit_id)
    with pytest.raises(KeyReused):
        visit(place, act, {"key": "2", "matter": str(matter.pk), "act": "go"}, visit_id=visit_id)

    assert (again.repeated, [a.result for a in again.acts]) == (True, ["repeated"])
    assert Visit.objects.count() == 1


def test_what_was_done_before_the_matter_left_the_beat_waits_for_its_new_owner(place: SmallStation):
    matter = alert(place)
    act = {"key": "1", "matter": str(matter.pk), "act": "sign", "base": 1}
    perform(
        matter_id=matter.pk,
        act="place",
        given={"community": place.dongfeng.code},
        by=place.actor("desk"),
        at=NOON - timedelta(minutes=10),
        key="moved",
    )

    without_base = visit(place, {"key": "2", "matter": str(matter.pk), "act": "sign"})
    handed = visit(place, act)

    assert [one.acts[0].result for one in (without_base, handed)] == ["refused", "question"]
    assert Matter.objects.get(pk=matter.pk).stage == "received"
    assert Event.objects.get(key="1").reason.startswith("办理时还在其辖区")


NOTE = "补报，实际时间早于填报：楼道没有信号"


def test_why_it_is_told_late_stands_on_each_of_its_matters_new_and_closed_ones_too(place: SmallStation):
    matter, other = alert(place), alert_of(place, "R-2")
    version = other.version
    hazard = {
        "item": "exits_free", "finding": "楼梯间堆放纸箱", "spot": "首层楼梯间", "severity": "minor", "source": "complaint",
        "deadline": "3d", "address": "海尾大道 12 号", "community": place.haiwei.code,
    }  # fmt: skip
    late = {
        "id": uuid7(),
        "observed_at": NOON - timedelta(minutes=30),
        "late_because": "楼道没有信号",
        "acts": [
            {"key": "1", "matter": str(matter.pk), "act": "sign"},
            {"key": "2", "matter": str(matter.pk), "act": "go"},
            {"key": "3", "raise_kind": "hazard", "raise_given": hazard},
            {"key": "4", "matter": str(other.pk), "act": "dance"},
        ],
    }
    carried = validate(Carried, late)

    handed = hand_in(carried=carried, by=place.actor("haiwei"), at=NOON)
    again = hand_in(carried=carried, by=place.actor("haiwei"), at=NOON)

    assert [act.result for act in handed.acts] == ["done", "done", "done", "refused"]
    assert again.repeated
    raised = handed.acts[2].matter_id
    for found, acts in ((matter.pk, ["sign", "go", "note"]), (raised, ["raise", "note"]), (other.pk, [])):
        events = Event.objects.filter(matter=found, visit=handed.visit).order_by("id")
        assert [event.act for event in events] == acts
    reasons = Event.objects.filter(visit=handed.visit, act="note")
    assert {told(event) for event in reasons} == {NOTE}
    assert (Matter.objects.get(pk=other.pk).version, Matter.objects.get(pk=matter.pk).version) == (version, 3)


def test_the_reason_stands_where_the_visit_closed_its_matter(place: SmallStation):
    matter = alert(place)
    Matter.objects.filter(pk=matter.pk).update(closed_at=NOON, stage="voided", state="closed")
    carried = {
        "id": uuid7(),
        "observed_at": NOON - timedelta(minutes=30),
        "late_because": "楼道没有信号",
        "acts": [{"key": "1", "matter": str(matter.pk), "act": "sign"}],
    }

    handed = hand_in(carried=validate(Carried, carried), by=place.actor("haiwei"), at=NOON)

    assert [act.result for act in handed.acts] == ["question"]
    assert Matter.objects.get(pk=matter.pk).stage == "voided"
    assert [event.standing for event in Event.objects.filter(act="note")] == ["done"]


def test_what_an_older_phone_sent_is_known_again(place: SmallStation):
    """Its body had neither point nor reason: the digest of a visit without them is what it was."""
    content = validate(Carried, {"id": uuid7(), "observed_at": NOON, "acts": []})

    assert "late_because" not in _content(content)
    assert "late_because" in _content(content.model_copy(update={"late_because": "电梯里"}))
