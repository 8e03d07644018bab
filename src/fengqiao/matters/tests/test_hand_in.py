"""A visit is handed in whole: what can be kept is kept, a repeat changes nothing, late acts wait."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from fengqiao.kit.ids import uuid7
from fengqiao.kit.inputs import validate
from fengqiao.kit.problems import KeyReused
from fengqiao.matters.commands import HandedIn, hand_in, perform, raise_matter
from fengqiao.matters.commands.handing_in import Carried
from fengqiao.matters.models import Event, Matter, Visit
from tests.station import NOON, SmallStation, small_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> SmallStation:
    return small_station()


def alert(place: SmallStation) -> Matter:
    given = {
        "reference": "R-1",
        "level": "high",
        "fraud_type": "虚假贷款",
        "received_at": NOON - timedelta(hours=1),
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "海尾大道 12 号",
        "community": place.haiwei.code,
    }
    return raise_matter(kind_slug="fraud_alert", given=given, by=place.actor("desk"), at=NOON).matter


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
