"""A machine whose clock jumped writes nothing, fires nothing early, and is taken out of service."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from fengqiao.matters.models import Clock, Event, Matter
from fengqiao.matters.scanning import database_time, fire_due
from fengqiao.server import right_time
from fengqiao.store.heartbeat import SCANNER, beat
from tests.doors import token_of
from tests.station import SmallStation, small_station

pytestmark = pytest.mark.django_db
JUMPS = [timedelta(days=3), timedelta(hours=-1)]


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallStation]:
    monkeypatch.setattr(right_time, "skew", right_time.Skew())
    monkeypatch.setattr("fengqiao.server.health.skew", right_time.skew)
    beat(SCANNER)
    return small_station()


def raised(token: str, reference: str) -> Any:
    body = {
        "reference": reference,
        "level": "high",
        "fraud_type": "冒充客服",
        "received_at": datetime.now(UTC).isoformat(),
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "海尾社区海尾大道 12 号",
        "community": "440606006016",
    }
    headers = {"Authorization": f"Bearer {token}"}
    return Client().post("/api/v1/fraud-alerts", body, content_type="application/json", headers=headers)


@pytest.mark.parametrize("jump", JUMPS, ids=["three days ahead", "an hour behind"])
def test_after_a_jump_nothing_is_taken_and_after_it_is_mended_all_is(place: SmallStation, jump: timedelta):
    token = token_of(place, "desk")
    before = raised(token, "before")

    with time_machine.travel(datetime.now(UTC) + jump, tick=True):
        during = raised(token, "during")
        page = Client().get("/sign-in")
        ready = Client().get("/readyz")
        alive = Client().get("/healthz")
    after = raised(token, "after")

    assert [answer.status_code for answer in (before, during, after)] == [201, 503, 201]
    assert during.json()["code"] == "clock_wrong"
    assert "没有记录任何内容" in during.json()["detail"]
    assert (page.status_code, ready.status_code, alive.status_code) == (503, 503, 200)
    assert abs(ready.json()["clock_seconds_ahead"] - jump.total_seconds()) < 60
    assert sorted(Matter.objects.values_list("reference", flat=True)) == ["after", "before"]


def test_a_few_minutes_apart_are_no_reason_to_stop(place: SmallStation):
    token = token_of(place, "desk")

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=4), tick=True):
        assert raised(token, "nearly").status_code == 201


def test_a_scanner_whose_machine_jumped_fires_nothing_early(place: SmallStation):
    token = token_of(place, "desk")
    raised(token, "R")

    with time_machine.travel(datetime.now(UTC) + timedelta(days=3), tick=True):
        fired = fire_due(at=database_time())

    assert fired == 0
    assert Event.objects.filter(role="clock").count() == 0
    assert Clock.objects.get().rung == 0
