"""The API as outsiders rely on it: the addresses and shapes of the contract, and what bad input gets."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from fengqiao.kit.ids import uuid7
from fengqiao.matters.models import Event, Matter
from fengqiao.matters.settings import set_spans
from fengqiao.server.demonstration import no_waits
from tests.doors import token_of
from tests.station import SmallStation, small_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> SmallStation:
    return small_station()


def caller(place: SmallStation, who: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {token_of(place, who)}"})


def alert(place: SmallStation, **changes: Any) -> dict[str, Any]:
    return {
        "reference": "FZ-001",
        "level": "high",
        "fraud_type": "冒充客服",
        "received_at": timezone.localtime().isoformat(),
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "海尾大道 12 号",
        "community": place.haiwei.code,
    } | changes


def post(client: Client, url: str, body: Any) -> Any:
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(f"/api/v1{url}", text, content_type="application/json")


def test_an_alert_from_intake_to_the_figure(place: SmallStation):
    desk, officer, chief = caller(place, "desk"), caller(place, "haiwei"), caller(place, "chief")
    set_spans(station_id=place.station.pk, spans=no_waits(), at=timezone.now())
    made = post(desk, "/fraud-alerts", alert(place))
    matter = made.json()
    acts: list[tuple[Client, str, dict[str, Any]]] = [
        (desk, "sign", {}),
        (officer, "go", {}),
        (officer, "not_home", {"told_by": "邻居"}),
        (officer, "meet", {"identity_checked": True}),
        (officer, "dissuade", {"result": "dissuaded", "contact_cut": True, "amount_intended": "50000.00"}),
        (desk, "confirm", {"no_transfer": True}),
        (officer, "visit_again", {"reached": True}),
        (chief, "close", {}),
    ]

    for number, (client, act, given) in enumerate(acts):
        done = post(client, f"/matters/{matter['id']}/acts/{act}", {"key": f"k{number}", "given": given})
        assert done.status_code == 200, done.content.decode()
    told = desk.get(f"/api/v1/matters/{matter['id']}").json()
    today = timezone.localdate().isoformat()
    figures = {f["slug"]: f for f in desk.get(f"/api/v1/figures?from={today}&to={today}").json()}
    rows = desk.get(
        f"/api/v1/figures/dissuade_success_strict/matters?which=numerator&from={today}&to={today}"
    )

    assert made.status_code == 201
    assert (matter["state"], matter["stage"], matter["holder"]["name"]) == (
        "raised",
        "received",
        "海尾社区警长",
    )
    assert matter["clocks"][0]["name"] == "sign"
    assert (told["state"], told["outcome"], told["closed_at"] is not None) == ("closed", "dissuaded", True)
    assert [event["act"] for event in told["events"]] == ["raise", *(act for _, act, _ in acts)]
    strict = figures["dissuade_success_strict"]
    assert (strict["numerator"], strict["denominator"], strict["value"]) == (1, 1, None)
    assert strict["reason"]
    assert [row["id"] for row in rows.json()["items"]] == [matter["id"]]


def test_the_same_alert_twice_is_one_matter(place: SmallStation):
    desk, sent = caller(place, "desk"), alert(place)

    first, again, other = (
        post(desk, "/fraud-alerts", sent),
        post(desk, "/fraud-alerts", sent),
        post(desk, "/fraud-alerts", sent | {"level": "low"}),
    )

    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert first.json()["id"] == again.json()["id"]
    assert other.json()["code"] == "reference_reused"
    assert Matter.objects.count() == 1


BAD = {
    "unknown community": ({"community": "440606009999"}, "community"),
    "wrong datum": ({"lon": 113.2, "lat": 22.7, "datum": "mars"}, "datum"),
    "wrong level": ({"level": "very high"}, "level"),
    "a future time": ({"received_at": "2099-01-01T00:00:00+08:00"}, "received_at"),
    "a time without offset": ({"received_at": "2022-01-01T00:00:00"}, "received_at"),
    "half a coordinate": ({"lon": 113.2}, "lat"),
    "no name": ({"target": {"phone": "13900000001"}}, "target.name"),
    "an unknown field": ({"colour": "red"}, "colour"),
    "a NUL": ({"fraud_type": "a\x00b"}, ""),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_names_its_field_and_writes_nothing(place: SmallStation, case: str):
    changes, field = BAD[case]

    answer = post(caller(place, "desk"), "/fraud-alerts", alert(place, **changes))

    assert answer.status_code == 422
    assert answer["Content-Type"].startswith("application/problem+json")
    problem = answer.json()
    assert problem["code"] == "bad_input"
    assert field in {error["field"] for error in problem["errors"]}
    assert Matter.objects.count() == 0


def test_a_broken_or_huge_body_is_said_so(place: SmallStation):
    desk = caller(place, "desk")

    broken = post(desk, "/fraud-alerts", '{"reference": ')
    huge = post(desk, "/fraud-alerts", b'{"reference": "' + b"x" * (10 * 1024 * 1024) + b'"}')

    assert (broken.status_code, broken.json()["code"]) == (400, "broken_request")
    assert (huge.status_code, huge.json()["code"]) == (413, "too_large")


def test_refusals_have_their_own_status(place: SmallStation):
    desk, officer, other = (caller(place, who) for who in ("desk", "haiwei", "dongfeng"))
    matter = post(desk, "/fraud-alerts", alert(place)).json()
    acts = f"/matters/{matter['id']}/acts"
    post(desk, f"{acts}/sign", {"key": "s"})

    statuses = {
        "nobody": post(Client(), f"{acts}/go", {"key": "1"}).status_code,
        "not mine": post(other, f"{acts}/go", {"key": "2"}).status_code,
        "not my role": post(
            officer, f"{acts}/void", {"key": "3", "given": {"reason": "重复录入"}}
        ).status_code,
        "no such act": post(desk, f"{acts}/dance", {"key": "4"}).status_code,
        "out of turn": post(
            desk, f"{acts}/confirm", {"key": "5", "given": {"no_transfer": True}}
        ).status_code,
        "repeated": post(desk, f"{acts}/sign", {"key": "s"}).status_code,
        "key reused": post(desk, f"{acts}/go", {"key": "s"}).status_code,
        "bad input": post(desk, f"{acts}/call", {"key": "6", "given": {"result": "?"}}).status_code,
    }

    assert statuses == {
        "nobody": 401,
        "not mine": 404,
        "not my role": 403,
        "no such act": 404,
        "out of turn": 409,
        "repeated": 200,
        "key reused": 409,
        "bad input": 422,
    }
    assert Event.objects.filter(matter_id=matter["id"]).count() == 2


def test_an_address_that_fits_several_communities_is_asked_not_guessed(place: SmallStation):
    desk = caller(place, "desk")

    made = post(desk, "/fraud-alerts", alert(place, community=None, address="不知名的路 1 号")).json()
    placed = post(
        desk, f"/matters/{made['id']}/acts/place", {"key": "p", "given": {"community": place.dongfeng.code}}
    )

    assert (made["community"], made["holder"]) == (None, None)
    assert placed.json()["holder"]["name"] == "东风社区警长"


def test_lists_page_by_cursor_without_loss(place: SmallStation):
    desk = caller(place, "desk")
    made = {post(desk, "/fraud-alerts", alert(place, reference=f"R{i}")).json()["id"] for i in range(5)}
    seen, cursor = [], ""

    while cursor is not None:
        page = desk.get(f"/api/v1/matters?kind=fraud_alert&limit=2&cursor={cursor}").json()
        seen += [row["id"] for row in page["items"]]
        cursor = page["next"]

    assert (len(seen), set(seen)) == (5, made)


def test_overdue_and_mine_are_filters(place: SmallStation):
    desk, officer = caller(place, "desk"), caller(place, "haiwei")
    old = (timezone.now() - timedelta(hours=2)).isoformat()
    late = post(desk, "/fraud-alerts", alert(place, received_at=old)).json()
    post(desk, "/fraud-alerts", alert(place, reference="R2", community=place.dongfeng.code))

    overdue = desk.get("/api/v1/matters?overdue=true").json()["items"]
    mine = officer.get("/api/v1/matters?holder=me").json()["items"]

    assert [row["id"] for row in overdue] == [late["id"]]
    assert [row["id"] for row in mine] == [late["id"]]


def test_an_act_that_has_to_wait_says_until_when(place: SmallStation):
    desk, officer = caller(place, "desk"), caller(place, "haiwei")
    matter = post(desk, "/fraud-alerts", alert(place)).json()["id"]
    dissuaded = {"result": "dissuaded", "contact_cut": True, "identity_checked": True}
    for act, given in (("sign", {}), ("call", {"result": "reached"}), ("dissuade", dissuaded)):
        told = post(officer, f"/matters/{matter}/acts/{act}", {"key": act, "given": given}).json()

    early = post(desk, f"/matters/{matter}/acts/confirm", {"key": "c", "given": {"no_transfer": True}})

    listed = {act["name"]: act["not_before"] for act in desk.get(f"/api/v1/matters/{matter}").json()["acts"]}
    since = datetime.fromisoformat(told["events"][-1]["observed_at"])
    assert (early.status_code, early.json()["code"]) == (409, "out_of_turn")
    assert datetime.fromisoformat(listed["confirm"]) - since == timedelta(hours=72)
    assert listed["call_back"] is None


def test_a_visit_answers_act_by_act(place: SmallStation):
    desk, officer = caller(place, "desk"), caller(place, "haiwei")
    matter = post(desk, "/fraud-alerts", alert(place)).json()["id"]
    visit = {
        "id": str(uuid7()),
        "place": None,
        "observed_at": timezone.now().isoformat(),
        "with": [str(place.people["auxiliary"].pk)],
        "acts": [
            {"key": "v1", "matter": matter, "act": "sign", "given": {}},
            {"key": "v2", "matter": matter, "act": "confirm", "given": {"no_transfer": True}},
            {"key": "v3", "raise": {"kind": "fraud_alert"}, "act": "", "given": {}},
        ],
    }

    first, again = post(officer, "/visits", visit), post(officer, "/visits", visit)

    assert [act["result"] for act in first.json()["acts"]] == ["done", "question", "refused"]
    assert first.json()["acts"][2]["problem"]["code"] == "forbidden"
    assert [act["result"] for act in again.json()["acts"]] == ["repeated", "repeated", "refused"]


def test_the_phones_slice_holds_the_beat_and_then_only_changes(place: SmallStation):
    desk, officer = caller(place, "desk"), caller(place, "haiwei")
    mine = post(desk, "/fraud-alerts", alert(place)).json()["id"]
    post(desk, "/fraud-alerts", alert(place, reference="R2", community=place.dongfeng.code))

    whole = officer.get("/api/v1/field/slice").json()

    assert [row["id"] for row in whole["matters"]] == [mine]
    catalogue = {kind["kind"]: {act["name"] for act in kind["acts"]} for kind in whole["catalogue"]}
    assert list(catalogue) == ["campaign", "data_request", "fraud_alert", "hazard", "inspection"]
    assert catalogue["fraud_alert"] >= {"sign", "meet", "note"}
    delta = officer.get(f"/api/v1/field/slice?cursor={whole['cursor']}").json()
    assert (delta["whole"], delta["catalogue"]) == (False, [])


def test_lists_cost_the_same_queries_for_one_row_and_three(
    place: SmallStation, django_assert_num_queries: Any
):
    desk = caller(place, "desk")
    post(desk, "/fraud-alerts", alert(place))
    desk.get("/api/v1/matters")
    with django_assert_num_queries(8):
        desk.get("/api/v1/matters")
    for number in range(2):
        post(desk, "/fraud-alerts", alert(place, reference=f"more{number}"))

    with django_assert_num_queries(8):
        page = desk.get("/api/v1/matters").json()

    assert len(page["items"]) == 3


def test_the_description_is_openapi_3_1(place: SmallStation):
    description = Client().get("/api/v1/openapi.json").json()

    assert description["openapi"].startswith("3.1")
    assert {"/api/v1/fraud-alerts", "/api/v1/visits", "/api/v1/figures"} <= set(description["paths"])
