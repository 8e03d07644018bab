"""What went wrong elsewhere, as it would happen here: each story names the thread that tells it.

All come in by the doors a phone and a desk use, on the real database. The browser's own case (storage closed behind
the app's back) is in phone_app/test_keeping.py; whole fleets of such phones are in test_fleet.py.
"""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from fengqiao.kit.ids import uuid7
from fengqiao.people.commands import appoint, end_post
from fengqiao.people.models import Post
from fengqiao.people.roles import Role
from fengqiao.store.scope import acting_for
from tests.doors import client_of, token_of
from tests.station import SmallStation, small_station

pytestmark = pytest.mark.usefixtures("committed")
MEET = {"identity_checked": True}
CALL = {"result": "no_answer"}
# What was taken over counts at the time it was done, in the name of who did it; the question stays to be read.
SIGNED_AFTER_ALL = [("海尾社区警长", "sign", "settled"), ("海尾社区警长", "sign", "done")]
HANDED_ON = "办理时还在其辖区，送达时辖区或岗位已变动，由现责任人核实"


@pytest.fixture
def place() -> SmallStation:
    with transaction.atomic():
        return small_station()


def phone(place: SmallStation, who: str = "haiwei") -> Client:
    """Signed in anew: a token dies with the posts it was given for."""
    with acting_for(place.station.pk):
        place.people[who].refresh_from_db()
        return Client(headers={"Authorization": f"Bearer {token_of(place, who)}"})


def post(client: Client, path: str, body: Any) -> Any:
    answer = client.post(path, json.dumps(body, default=str), content_type="application/json")
    assert answer.status_code in (200, 201), answer.content.decode()
    return answer.json()


def alert(place: SmallStation) -> str:
    given = {
        "reference": "R-1",
        "level": "high",
        "fraud_type": "虚假贷款",
        "received_at": timezone.now() - timedelta(hours=3),
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "海尾大道 12 号",
        "community": place.haiwei.code,
    }
    return str(post(phone(place, "desk"), "/api/v1/fraud-alerts", given)["id"])


def at_the_desk(place: SmallStation, matter: str, act: str, **given: Any) -> None:
    post(phone(place, "desk"), f"/api/v1/matters/{matter}/acts/{act}", {"key": str(uuid7()), "given": given})


def visit(matter: str, act: str, base: int, *, ago: int, **given: Any) -> dict[str, Any]:
    """One act at the door, so many minutes ago, upon the version the phone then knew; still in its outbox."""
    done = {"key": str(uuid7()), "matter": matter, "act": act, "given": given, "base": base}
    return {"id": str(uuid7()), "observed_at": timezone.now() - timedelta(minutes=ago), "acts": [done]}


def sent(client: Client, *visits: dict[str, Any]) -> list[str]:
    """What became of each, in the order they arrive."""
    return [post(client, "/api/v1/visits", one)["acts"][0]["result"] for one in visits]


def told(place: SmallStation, matter: str) -> dict[str, Any]:
    answer: dict[str, Any] = phone(place, "desk").get(f"/api/v1/matters/{matter}").json()
    return answer


def history(place: SmallStation, matter: str) -> list[tuple[str, str, str]]:
    """By whom, what, and whether it counts, as it happened out there."""
    events = sorted(
        told(place, matter)["events"], key=lambda event: datetime.fromisoformat(event["observed_at"])
    )
    return [(event["by"], event["act"], event["standing"]) for event in events if event["act"] != "raise"]


def settle(place: SmallStation, who: str) -> str:
    """The one open question, taken over on its page by this person; gives the page as it was before."""
    desk = client_of(place, who)
    page = desk.get("/questions/").content.decode()
    (number,) = set(re.findall(r"/questions/(\d+)/settle", page))
    given = {f"q{number}-decision": "apply", f"q{number}-reason": "与原警长电话核对过", "key": str(uuid7())}
    assert desk.post(f"/questions/{number}/settle", given).status_code == 302
    return page


def test_two_offline_words_on_the_same_question_both_stand_and_a_person_decides(place: SmallStation):
    """primeroIMS/primero#508: two devices edited one field while offline, and whichever came last won unseen."""
    matter = alert(place)
    officer, auxiliary = phone(place), phone(place, "auxiliary")
    sent(officer, visit(matter, "sign", 1, ago=60), visit(matter, "meet", 2, ago=50, **MEET))
    dissuaded = visit(matter, "dissuade", 3, ago=20, result="dissuaded", contact_cut=True)
    refused = visit(matter, "refuse", 3, ago=10, warned=True)

    results = sent(officer, dissuaded) + sent(auxiliary, refused)

    assert results == ["done", "question"]
    assert history(place, matter)[2:] == [
        ("海尾社区警长", "dissuade", "done"),
        ("海尾辅警", "refuse", "question"),
    ]
    assert (told(place, matter)["stage"], told(place, matter)["version"]) == ("revisit", 4)
    (asked,) = auxiliary.get("/api/v1/field/slice").json()["questions"]
    assert asked["reason"] == "当前环节是“待回访”，不能“不听劝阻”"


def test_a_place_leaves_the_beat_and_what_was_done_there_arrives_all_the_same(place: SmallStation):
    """medic/cht-core#5701: after a place moved, edits of whoever had it failed to sync in silence.
    SORMAS-Foundation/SORMAS-Project#403: "changes dropped because officer has no longer access"."""
    matter, officer = alert(place), phone(place)
    before = officer.get("/api/v1/field/slice").json()
    waiting = visit(matter, "sign", before["matters"][0]["version"], ago=30)
    at_the_desk(place, matter, "place", community=place.dongfeng.code)

    after = officer.get("/api/v1/field/slice").json()
    result = sent(officer, waiting)
    asked = officer.get("/api/v1/field/slice").json()["questions"]
    page = settle(place, "dongfeng")

    assert (after["matters"], result) == ([], ["question"])
    assert [(one["matter"], one["reason"]) for one in asked] == [(matter, HANDED_ON)]
    assert "海尾社区警长" in page
    assert history(place, matter)[:2] == SIGNED_AFTER_ALL
    assert told(place, matter)["stage"] == "signed"
    assert officer.get("/api/v1/field/slice").json()["questions"] == []


def test_an_officer_leaves_the_beat_and_what_was_done_there_arrives_all_the_same(place: SmallStation):
    """The same threads, the other way round: not the place moves, the person does, with visits unsent."""
    matter = alert(place)
    waiting = visit(matter, "sign", 1, ago=30)
    at_the_desk(place, matter, "assign", holder=str(place.people["auxiliary"].pk))
    now = timezone.now()
    with acting_for(place.station.pk):
        old = Post.objects.get(person=place.people["haiwei"])
        today = timezone.localdate(now)
        appoint(
            person_id=place.people["haiwei"].pk,
            role=Role.OFFICER,
            starts_on=today,
            community_code=place.dongfeng.code,
        )
        end_post(post_id=old.pk, last_day=today - timedelta(days=1), at=now)

    officer = phone(place)
    after = officer.get("/api/v1/field/slice").json()
    result = sent(officer, waiting)
    settle(place, "desk")

    assert (after["matters"], result) == ([], ["question"])
    assert history(place, matter)[:2] == SIGNED_AFTER_ALL
    assert told(place, matter)["stage"] == "signed"


def test_a_run_of_visits_that_arrives_backwards_ends_as_it_was_made(place: SmallStation):
    """getodk/central#669 and getodk/collect#6392: an offline run sent out of order broke the entity, or its last
    steps never counted."""
    matter, officer = alert(place), phone(place)
    run = [
        visit(matter, "sign", 1, ago=60),
        visit(matter, "go", 2, ago=50),
        visit(matter, "not_home", 3, ago=40, told_by="邻居"),
    ]

    backwards = sent(officer, *reversed(run))
    again = sent(officer, *run)

    assert backwards == ["question", "question", "done"]
    assert again == ["repeated"] * 3
    counted = [act for _by, act, standing in history(place, matter) if standing == "done"]
    assert counted == ["sign", "go", "not_home"]
    assert (told(place, matter)["stage"], told(place, matter)["version"]) == ("not_at_residence", 4)
    assert officer.get("/api/v1/field/slice").json()["questions"] == []


def test_a_later_step_that_cannot_be_done_does_not_pull_the_earlier_one_down(place: SmallStation):
    """getodk/central#808: the steps of an offline run arrived last first, and processing the held-back one failed
    the one that had just come."""
    matter, officer = alert(place), phone(place)
    run = [visit(matter, "sign", 1, ago=60), visit(matter, "meet", 2, ago=50, identity_checked=False)]

    backwards = sent(officer, *reversed(run))
    again = sent(officer, *run)

    assert (backwards, again) == (["question", "done"], ["repeated", "repeated"])
    assert history(place, matter) == [
        ("海尾社区警长", "sign", "done"),
        ("海尾社区警长", "meet", "question"),
    ]
    assert (told(place, matter)["stage"], told(place, matter)["version"]) == ("signed", 2)


def test_what_the_desk_did_between_two_steps_of_an_offline_run_stands_between_them(place: SmallStation):
    """getodk/central#698 and #805: an update from outside came between the steps of a branch, and nobody was told
    that the author of the later step had not seen it."""
    matter, officer = alert(place), phone(place)
    sent(officer, visit(matter, "sign", 1, ago=90))
    run = [visit(matter, "call", 2, ago=60, **CALL), visit(matter, "meet", 3, ago=30, **MEET)]
    at_the_desk(place, matter, "false_alarm", reason="中心来电撤销预警")

    results = sent(officer, *run)

    assert results == ["question", "question"]
    assert told(place, matter)["stage"] == "false_alarm"
    assert sorted(history(place, matter)[1:]) == [
        ("值班员", "false_alarm", "done"),
        ("海尾社区警长", "call", "question"),
        ("海尾社区警长", "meet", "question"),
    ]
    reasons = [one["reason"] for one in officer.get("/api/v1/field/slice").json()["questions"]]
    assert reasons == ["当前环节是“误报”，不能“记一次电话”", "当前环节是“误报”，不能“已见面”"]
