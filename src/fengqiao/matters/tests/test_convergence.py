"""Whatever order visits arrive in, and however often: the same matter, and nothing lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from fengqiao.kit.ids import uuid7
from fengqiao.kit.inputs import Input, questions, validate
from fengqiao.matters import queries
from fengqiao.matters.commands import hand_in, raise_matter
from fengqiao.matters.commands.handing_in import Carried
from fengqiao.matters.models import Clock, Event, Matter
from fengqiao.people.actors import Actor
from tests.station import NOON, SmallStation, small_station

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
EASY = settings(
    max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)
# What an officer out there may answer, by question; anything else takes the first choice.
ANSWERS: dict[str, Any] = {
    "contact_cut": True,
    "identity_checked": True,
    "second_officer": True,
    "reached": True,
}
MINUTE = timedelta(minutes=1)
Carrying = dict[str, Any]


def alert(place: SmallStation) -> Matter:
    content = {
        "reference": "R-1",
        "level": "high",
        "fraud_type": "虚假贷款",
        "received_at": NOON - timedelta(hours=4),
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "海尾大道 12 号",
        "community": place.haiwei.code,
    }
    return raise_matter(
        kind_slug="fraud_alert", given=content, by=place.actor("desk"), at=NOON - timedelta(hours=4)
    ).matter


def answered(asks: type[Input], draw: Any) -> dict[str, Any]:
    """Answers a form accepts, drawn where there is a choice."""
    found: dict[str, Any] = {}
    for question in questions(asks):
        if question.name in ANSWERS:
            found[question.name] = ANSWERS[question.name]
        elif question.required:
            values = [value for value, _says in question.choices]
            if question.widget == "choices":
                found[question.name] = values[:2]
            elif values:
                found[question.name] = draw(st.sampled_from(values))
            else:
                found[question.name] = {"yes_no": True, "money": "100"}.get(question.widget, "四个字够长")
    return found


def history(
    place: SmallStation, matter: Matter, who: str, draw: Any, length: int, mark: str
) -> list[Carrying]:
    """What one phone did while away, each act upon the version it then saw: played on the real matter and undone."""
    made: list[Carrying] = []
    with transaction.atomic():
        for step in range(length):
            seen = Matter.objects.get(pk=matter.pk)
            acts = [act for act in queries.allowed_acts(seen, place.actor(who)) if act.name != "assign"]
            if not acts:
                break
            act = draw(st.sampled_from(acts))
            carried = {
                "id": uuid7(),
                "observed_at": NOON - timedelta(hours=3) + step * MINUTE,
                "acts": [
                    {
                        "key": f"{mark}{step}",
                        "matter": matter.pk,
                        "act": act.name,
                        "given": answered(act.asks, draw),
                        "base": seen.version,
                    }
                ],
            }
            result = deliver(carried, place.actor(who))
            if result == "done":
                made.append(carried)
        transaction.set_rollback(True)
    return made


def deliver(carried: Carrying, by: Actor) -> str:
    return hand_in(carried=validate(Carried, carried), by=by, at=NOON).acts[0].result


def standing(matter_id: UUID) -> dict[str, Any]:
    """All that a matter is: its row, its detail, its clocks, and the acts that count."""
    matter = Matter.objects.select_related("fraudalert").get(pk=matter_id)
    detail = {
        field.attname: getattr(matter.fraudalert, field.attname)
        for field in matter.fraudalert._meta.concrete_fields
        if field.attname not in ("target_name", "target_phone", "address")
    }
    clocks = Clock.objects.filter(matter=matter).values_list("name", "starts_at", "due_at", "stopped_at")
    done = Event.objects.filter(matter=matter, standing="done").values_list("act", "observed_at")
    row = (matter.stage, matter.outcome, matter.version, matter.closed_at, matter.burns_at)
    return {"row": row, "detail": detail, "clocks": sorted(clocks), "done": sorted(done)}


class Arriving(TestCase):
    @EASY
    @given(data=st.data())
    def test_any_order_and_repetition_of_one_phones_visits_gives_the_same_matter(self, data: Any) -> None:
        place = small_station()
        matter = alert(place)
        visits = history(place, matter, "haiwei", data.draw, 7, "a")
        order = data.draw(st.permutations(visits + data.draw(st.lists(st.sampled_from(visits), max_size=4))))
        by = place.actor("haiwei")

        with transaction.atomic():
            for visit in visits:
                deliver(visit, by)
            expected = standing(matter.pk)
            transaction.set_rollback(True)
        for visit in order:
            deliver(visit, by)

        assert standing(matter.pk) == expected
        assert list(queries.questions(place.actor("desk"))) == []

    @EASY
    @given(data=st.data())
    def test_two_phones_that_did_not_know_of_each_other_lose_nothing(self, data: Any) -> None:
        place = small_station()
        matter = alert(place)
        mine = history(place, matter, "haiwei", data.draw, 4, "a")
        theirs = history(place, matter, "auxiliary", data.draw, 4, "b")
        sent = [("haiwei", visit) for visit in mine] + [("auxiliary", visit) for visit in theirs]

        for who, visit in data.draw(st.permutations(sent * 2)):
            assert deliver(visit, place.actor(who)) in ("done", "question", "repeated")

        keys = Event.objects.filter(key__in=[v["acts"][0]["key"] for _who, v in sent])
        assert keys.count() == len(sent)
        for event in keys:
            stands = next(e.stands for e in queries.timeline(matter) if e.pk == event.pk)
            assert stands in ("done", "question", "settled")
