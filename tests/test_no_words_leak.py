"""No words about a person in logs, addresses, titles, error answers or streams (P1)."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from fengqiao.matters.queries import Cursor, tail
from fengqiao.matters.teller import _line
from fengqiao.server.logs import set_up_logs
from fengqiao.store.scope import say
from tests.doors import client_of, token_of
from tests.station import SmallStation, small_station

pytestmark = pytest.mark.django_db

CANARIES = ("金丝雀姓名", "13912345678", "金丝雀路 7 号", "金丝雀备注")


@pytest.fixture
def place() -> SmallStation:
    return small_station()


def leaks(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary in text]


def taken(place: SmallStation, **changes: Any) -> Any:
    desk = Client(headers={"Authorization": f"Bearer {token_of(place, 'desk')}"})
    given = {
        "reference": "P1",
        "level": "high",
        "fraud_type": "虚假贷款",
        "received_at": timezone.localtime().isoformat(),
        "target": {"name": CANARIES[0], "phone": CANARIES[1]},
        "address": CANARIES[2],
        "community": place.haiwei.code,
    } | changes
    return desk.post("/api/v1/fraud-alerts", json.dumps(given), content_type="application/json")


def test_the_log_of_a_journey_and_of_its_failures_names_nobody(
    place: SmallStation, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
):
    set_up_logs()
    caplog.set_level(logging.DEBUG)
    matter = taken(place).json()
    desk = client_of(place, "desk")

    desk.post(f"/matters/{matter['id']}/acts/sign", {"key": "1"})
    desk.post(f"/matters/{matter['id']}/acts/note", {"note-note": CANARIES[3], "key": "2"})
    desk.post(f"/matters/{matter['id']}/look", {"reason": "核对事主去向"})
    taken(place, level="shouted")
    taken(place, target={"name": CANARIES[0] * 30, "phone": CANARIES[1]})
    taken(place, address=CANARIES[2] + "乙")

    captured = capfd.readouterr()
    said = (
        captured.out
        + captured.err
        + "\n".join(str(r.__dict__) for r in caplog.records if "sql" not in r.__dict__)
    )
    assert leaks(said) == []


def test_a_refusal_repeats_no_words_it_was_given(place: SmallStation):
    taken(place)

    answers = [
        taken(place, level="shouted"),
        taken(place, target={"name": CANARIES[0] * 30, "phone": CANARIES[1]}),
        taken(place, target={"name": CANARIES[0], "phone": f"{CANARIES[1]}x!"}),
        taken(place, address=CANARIES[2] + "乙"),
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 422, 409]
    assert [leaks(answer.content.decode()) for answer in answers] == [[], [], [], []]


def test_lists_titles_streams_and_the_api_show_no_words(place: SmallStation):
    matter = taken(place).json()
    chief = client_of(place, "chief")
    chief.post(f"/matters/{matter['id']}/acts/note", {"note-note": CANARIES[3], "key": "2"})
    say(station=place.station.pk)

    api = Client(headers={"Authorization": f"Bearer {token_of(place, 'chief')}"})
    pages = [
        chief.get(path) for path in ("/", "/matters/", f"/matters/{matter['id']}", "/matters/?format=xlsx")
    ]
    told = [
        api.get(f"/api/v1/matters/{matter['id']}"),
        api.get("/api/v1/matters"),
        api.get("/api/v1/field/slice"),
    ]
    rows, _reached = tail(Cursor())
    streamed = b"".join(_line(row) for row in rows).decode()

    assert [leaks(answer.content.decode(errors="replace")) for answer in (*pages, *told)] == [[]] * 7
    assert leaks(streamed) == []
