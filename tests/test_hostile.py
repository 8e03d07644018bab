"""Hostile words in every field, and every output they come out of: nothing runs, nothing breaks (S4, S8)."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from fengqiao.kit.inputs import Input, questions
from fengqiao.matters.models import Matter
from fengqiao.matters.queries import allowed_acts
from fengqiao.matters.registry import kind
from fengqiao.store.scope import say
from tests.doors import client_of, token_of
from tests.station import SmallStation, small_station

pytestmark = pytest.mark.django_db

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% include 'x' %}",
    '=HYPERLINK("http://x","y")',
    "'; DROP TABLE matters_event; --",
    "\u202egnp.exe\u2066",
    '#let x = read("/etc/passwd")',
    "${jndi:ldap://x}",
)
MARK = re.compile(r"<script>alert|<img src=x|onerror=alert\(1\)>")
YES = {"contact_cut", "identity_checked", "second_officer", "no_transfer", "reached"}


@pytest.fixture
def place() -> SmallStation:
    return small_station()


def content(asks: type[Input], words: str, place: SmallStation) -> dict[str, Any]:
    """Every free field says the hostile words; the others answer as their form allows."""
    found: dict[str, Any] = {}
    for question in questions(asks):
        if question.source:
            people = str(place.people["haiwei"].pk)
            found[question.name] = people if question.source == "people" else place.haiwei.code
        elif question.widget in ("text", "long"):
            found[question.name] = words[: question.max_length or 200]
        elif question.choices:
            values = [value for value, _says in question.choices]
            found[question.name] = values[:1] if question.widget == "choices" else values[0]
        elif question.widget == "yes_no":
            found[question.name] = question.name in YES or True
        elif question.widget == "money":
            found[question.name] = "1.00"
        elif question.required:
            found[question.name] = timezone.localtime().isoformat()
    return found


def raised(place: SmallStation, words: str, mark: int) -> str:
    desk = Client(headers={"Authorization": f"Bearer {token_of(place, 'desk')}"})
    given = {
        "reference": f"{words[:60]}{mark}",
        "level": "critical",
        "fraud_type": words[:40],
        "received_at": timezone.localtime().isoformat(),
        "target": {"name": words[:60], "phone": "13900000001"},
        "address": words,
        "community": place.haiwei.code,
    }
    made = desk.post("/api/v1/fraud-alerts", json.dumps(given), content_type="application/json")
    assert made.status_code == 201, made.content.decode()
    return str(made.json()["id"])


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_come_out_of_every_page_as_words(place: SmallStation, words: str):
    matter_id = raised(place, words, 1)
    chief = client_of(place, "chief")

    pages = ["/", "/matters/", f"/matters/{matter_id}", "/figures/", "/questions/", f"/matters/?q={words}"]
    answers = [chief.get(page) for page in pages]
    answers.append(chief.post(f"/matters/{matter_id}/look", {"reason": "核对事主去向"}))

    assert [answer.status_code for answer in answers] == [200] * len(answers)
    assert [
        page for page, answer in zip(pages, answers, strict=False) if MARK.search(answer.content.decode())
    ] == []


@pytest.mark.parametrize("words", HOSTILE)
def test_every_act_takes_hostile_words_and_none_of_them_breaks(place: SmallStation, words: str):
    """Each act that can be done now is done on a matter of its own, from the stages a road passes."""
    page = kind("fraud_alert")
    matter_id = raised(place, words, 2)
    officer = Client(headers={"Authorization": f"Bearer {token_of(place, 'chief')}"})
    field = Client(headers={"Authorization": f"Bearer {token_of(place, 'haiwei')}"})
    done = set()

    for step in range(30):
        say(station=place.station.pk)
        matter = Matter.objects.get(pk=matter_id)
        for client, who in ((officer, "chief"), (field, "haiwei")):  # noqa: B007 the client of the break
            fresh = [act for act in allowed_acts(matter, place.actor(who)) if act.name not in done]
            fresh.sort(key=lambda act: (act.grave, act.anywhere))
            if fresh:
                break
        if not fresh:
            break
        act = fresh[0]
        done.add(act.name)
        body = {"key": f"k{step}", "given": content(page.act(act.name).asks, words, place)}
        answer = client.post(
            f"/api/v1/matters/{matter_id}/acts/{act.name}", json.dumps(body), content_type="application/json"
        )
        assert answer.status_code < 500, (act.name, answer.content.decode())
        shown = client_of(place, "chief").get(f"/matters/{matter_id}")
        assert shown.status_code == 200
        assert MARK.search(shown.content.decode()) is None

    assert {"sign", "note", "void", "restore"} <= done


def test_an_exported_sheet_holds_words_and_no_formula(place: SmallStation):
    raised(place, "=1+1", 3)
    raised(place, "@SUM(A1)", 4)

    answer = client_of(place, "chief").get("/matters/?format=xlsx")

    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert {row[2] for row in rows[1:]} == {"=1+1", "@SUM(A1)"}
    assert b"<f>" not in answer.content
