"""The phone's slice: all of the beat, then what changed; what is no longer one's own is dropped; and it is small."""

from __future__ import annotations

import json
import time
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from fengqiao.checks.starting import ensure_lists
from fengqiao.evidence.commands import PhotoGiven, keep_photo
from fengqiao.ground.models import Community, Premises
from fengqiao.kit.ids import uuid7
from fengqiao.matters.commands import perform, raise_matter, raise_owed
from fengqiao.matters.models import Matter
from fengqiao.people.models import Person, Post
from fengqiao.store.scope import acting_for
from tests import pictures
from tests.doors import token_of
from tests.phones import phone_of
from tests.station import SmallStation, small_station

# Each step commits, as a request does: a delta never tells of a transaction that is still running.
pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def place() -> SmallStation:
    with transaction.atomic():
        return small_station()


def caller(place: SmallStation, who: str = "haiwei", **headers: str) -> Client:
    with acting_for(place.station.pk):
        return Client(headers={"Authorization": f"Bearer {token_of(place, who)}", **headers})


def settled() -> None:
    """Until the tail has reached the present: on a shared server another database's transactions hold it up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (now,) = cursor.fetchone()
        for _ in range(300):
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint > %s", [now])
            if cursor.fetchone() == (True,):
                return
            time.sleep(0.1)


def slice_of(place: SmallStation, who: str = "haiwei", cursor: str = "") -> Any:
    settled()
    return caller(place, who).get("/api/v1/field/slice", {"cursor": cursor}).json()


def acts_of(told: Any, kind: str = "fraud_alert") -> Any:
    acts = next(page for page in told["catalogue"] if page["kind"] == kind)["acts"]
    return {act["name"]: act for act in acts}


def save(place: SmallStation, *houses: Premises) -> None:
    with acting_for(place.station.pk):
        Premises.objects.bulk_create(houses, batch_size=500)


def change(place: SmallStation, house: Premises, **columns: Any) -> None:
    with acting_for(place.station.pk):
        Premises.objects.filter(pk=house.pk).update(updated_at=timezone.now(), **columns)


def premises(place: SmallStation, community: Community, number: int, **changes: Any) -> Premises:
    return Premises(
        id=uuid7(),
        station=place.station,
        community=community,
        number=f"CZ-{number:06}",
        kind="rental_house",
        name=f"{community.name[:2]}大道{number // 50 + 1}巷{number % 50 + 1}号",
        address=f"佛山市顺德区容桂街道{community.name[:4]}{number // 50 + 1}巷{number % 50 + 1}号",
        lon=113.25 + number * 7919 % 100000 / 1e6,
        lat=22.76 + number * 104729 % 100000 / 1e6,
        rooms=number % 12 + 1,
        updated_at=changes.pop("updated_at", timezone.now() - timedelta(days=1)),
        **changes,
    )


def alert(place: SmallStation, reference: str = "R-1", community: Community | None = None) -> Matter:
    given = {
        "reference": reference,
        "level": "high",
        "fraud_type": "虚假贷款",
        "received_at": timezone.now() - timedelta(minutes=1),
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "海尾大道 12 号",
        "community": (community or place.haiwei).code,
    }
    now = timezone.now()
    with acting_for(place.station.pk):
        return raise_matter(kind_slug="fraud_alert", given=given, by=place.actor("desk"), at=now).matter


def do(place: SmallStation, matter: Matter, who: str, act: str, **given: Any) -> None:
    now = timezone.now()
    with acting_for(place.station.pk):
        perform(matter_id=matter.pk, act=act, given=given, by=place.actor(who), at=now, key=str(uuid7()))


def test_a_whole_slice_holds_what_the_door_needs(place: SmallStation):
    save(place, premises(place, place.haiwei, 1), premises(place, place.dongfeng, 2))
    alert(place)

    whole = slice_of(place)

    assert [one["number"] for one in whole["places"]] == ["CZ-000001"]
    assert [one["title"] for one in whole["matters"]] == ["虚假贷款"]
    assert whole["frame"]["me"]["name"] == "海尾社区警长"
    assert [one["name"] for one in whole["frame"]["communities"]] == ["海尾社区居委会"]
    assert {card["slug"] for card in whole["frame"]["cards"]} == {
        "gas",
        "fire",
        "crowd",
        "child",
        "self-harm",
        "lift",
        "flood",
        "crash",
        "fight",
        "school",
        "dog",
    }
    meet = acts_of(whole)["meet"]
    assert (meet["to"], "dispatched" in meet["from_stages"]) == (["persuading"], True)


def test_the_outline_of_the_beat_comes_rough_enough_for_a_phone(place: SmallStation):
    bent = [[113.2 + step / 1e6, 22.7 + step % 2 / 1e6] for step in range(1000)]
    drawn = {"type": "Polygon", "coordinates": [[*bent, [113.2, 22.8], bent[0]]]}
    with acting_for(place.station.pk):
        Community.objects.filter(pk=place.haiwei.pk).update(boundary=drawn)

    (beat,) = slice_of(place)["frame"]["communities"]

    assert beat["outline"] == [[[113.2, 22.7], [113.201, 22.7], [113.2, 22.8], [113.2, 22.7]]]


def test_choices_come_with_their_words(place: SmallStation):
    acts = acts_of(slice_of(place))

    assert acts["dissuade"]["asks"]["$defs"]["Dissuasion"]["x-says"]["aware"] == "自主防范(本人已识破)"


def test_the_lists_one_may_choose_from_come_along(place: SmallStation):
    before = slice_of(place)
    with acting_for(place.station.pk):
        ensure_lists(station_id=place.station.pk, at=timezone.now())

    after = slice_of(place, cursor=before["cursor"])

    assert before["frame"]["checklists"] == []
    assert "出租屋消防安全检查表" in [one["name"] for one in after["frame"]["checklists"]]


def test_then_only_what_changed_is_told(place: SmallStation):
    kept, other = alert(place), alert(place, "R-2")
    house = premises(place, place.haiwei, 1)
    save(place, house)
    before = slice_of(place)

    do(place, other, "haiwei", "sign")
    change(place, house, name="新名字")
    delta = slice_of(place, cursor=before["cursor"])

    assert (delta["whole"], delta["frame"], delta["catalogue"]) == (False, None, [])
    assert [(one["id"], one["version"]) for one in delta["matters"]] == [(str(other.pk), 2)]
    assert [one["name"] for one in delta["places"]] == ["新名字"]
    assert str(kept.pk) not in json.dumps(delta)


def test_what_left_the_beat_is_named_so_that_the_phone_drops_it(place: SmallStation):
    moved, house = alert(place), premises(place, place.haiwei, 1)
    save(place, house)
    before = slice_of(place)

    do(place, moved, "desk", "place", community=place.dongfeng.code)
    foreign = alert(place, "R-2", place.dongfeng)
    change(place, house, community=place.dongfeng)
    delta = slice_of(place, cursor=before["cursor"])

    assert (delta["matters"], delta["gone"]) == ([], [str(moved.pk)])
    assert (delta["places"], delta["gone_places"]) == ([], [str(house.pk)])
    assert str(foreign.pk) not in json.dumps(delta)


def test_whoever_gets_another_post_gets_everything_anew(place: SmallStation):
    save(place, premises(place, place.dongfeng, 2))
    before = slice_of(place)

    with acting_for(place.station.pk):
        Post.objects.create(
            station=place.station,
            person=place.people["haiwei"],
            role="officer",
            community=place.dongfeng,
            starts_on=date(2020, 1, 1),
        )
    after = slice_of(place, cursor=before["cursor"])

    assert (before["places"], after["whole"]) == ([], True)
    assert [one["number"] for one in after["places"]] == ["CZ-000002"]


def test_who_did_the_work_is_told_that_another_confirms_it(place: SmallStation):
    matter = alert(place)
    for act, given in (("sign", {}), ("meet", {"identity_checked": True})):
        do(place, matter, "haiwei", act, **given)
    do(place, matter, "haiwei", "dissuade", result="dissuaded", contact_cut=True)

    mine, others = slice_of(place)["matters"][0], slice_of(place, "auxiliary")["matters"][0]

    assert ("confirm" in mine["may_not"], "confirm" in others["may_not"]) == (True, False)


def test_an_open_question_is_told_to_whoever_handed_it_in(place: SmallStation):
    matter = alert(place)
    client = caller(place)
    late = {"key": "k-late", "matter": str(matter.pk), "act": "meet", "given": {"identity_checked": True}}
    visit = {"id": str(uuid7()), "observed_at": timezone.now().isoformat(), "acts": [late]}

    answer = client.post("/api/v1/visits", json.dumps(visit), content_type="application/json").json()
    again = client.post("/api/v1/visits", json.dumps(visit), content_type="application/json").json()

    assert answer["acts"][0]["result"] == "question"
    assert (answer["receipt"], answer["received_at"]) == (again["receipt"], again["received_at"])
    assert [one["key"] for one in slice_of(place)["questions"]] == ["k-late"]
    assert slice_of(place, "auxiliary")["questions"] == []


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "1.2",
        "1.2.x.a.b",
        "1.2.3.4.5.6",
        "9" * 300,
        "1.2.99999999999999999.a.b",
        f"1.2.3.a.b.{'z' * 32}-1",
        f"1.2.3.a.b.{'0' * 32}-x",
    ],
)
def test_a_cursor_nobody_gave_is_refused_or_starts_anew(place: SmallStation, cursor: str):
    found = slice_of(place, cursor=cursor)

    assert found.get("code") == "bad_input" or found["whole"]


def test_a_phone_reads_with_its_session_and_writes_only_with_the_form_token(place: SmallStation):
    matter = alert(place)
    with acting_for(place.station.pk):
        phone = phone_of(place, "haiwei")
    client = phone.client
    client.handler.enforce_csrf_checks = True
    client.get("/field")
    act = {"key": "1", "matter": str(matter.pk), "act": "sign"}
    visit = json.dumps({"id": str(uuid7()), "observed_at": timezone.now().isoformat(), "acts": [act]})
    own, form = phone.headers("POST", "/api/v1/visits", visit), client.cookies["fengqiao_csrf"].value

    read = phone.get("/field/slice")
    bare = client.post("/api/v1/visits", visit, content_type="application/json", headers=own)
    sent = {**own, "X-CSRFToken": form}
    with_token = client.post("/api/v1/visits", visit, content_type="application/json", headers=sent)
    nobody = Client().get("/api/v1/field/slice")

    assert (read.status_code, bare.status_code, nobody.status_code) == (200, 403, 401)
    assert with_token.json()["acts"][0]["result"] == "done"


def test_an_inspection_comes_with_its_place_its_list_and_what_it_asks(place: SmallStation):
    with acting_for(place.station.pk):
        ensure_lists(station_id=place.station.pk, at=timezone.now())
    today = timezone.localdate()
    save(place, premises(place, place.haiwei, 1, check_due=today, registered_on=today))
    with acting_for(place.station.pk):
        raise_owed(station_id=place.station.pk, at=timezone.now())

    whole = slice_of(place)
    (matter,) = whole["matters"]
    sheet = whole["sheets"][matter["sheets"]["inspect"]["sheet"]]

    assert matter["place"]["id"] == whole["places"][0]["id"]
    assert len(sheet) > 10
    assert any("tree" in item for item in sheet)
    assert acts_of(whole, matter["kind"])["inspect"]["asks"]["properties"]["answers"]["x-sheet"]


def test_the_earlier_photo_is_named_where_a_new_one_is_taken_over_it(place: SmallStation):
    with acting_for(place.station.pk):
        before = str(
            keep_photo(
                given=PhotoGiven(id=uuid7()), content=pictures.jpeg(), by=place.actor("haiwei")
            ).photo.pk
        )
        given = {
            "item": "exits_free", "finding": "楼梯间堆放纸箱", "spot": "首层楼梯间", "severity": "minor", "source": "round",
            "deadline": "3d", "address": "海尾大道 12 号", "community": place.haiwei.code, "photos": [before],
        }  # fmt: skip
        raise_matter(kind_slug="hazard", given=given, by=place.actor("haiwei"), at=timezone.now())
    alert(place)

    told = {one["kind"]: one["ghosts"] for one in slice_of(place)["matters"]}

    assert told == {"hazard": {"photos": before}, "fraud_alert": {}}


def test_what_only_the_desk_is_asked_is_not_asked_at_the_door(place: SmallStation):
    hazard = next(page for page in slice_of(place)["catalogue"] if page["kind"] == "hazard")
    asked = hazard["intake"]["properties"]

    assert {"finding", "photos"} <= set(asked)
    assert {"found_at", "checklist_version", "reference"} & set(asked) == set()


def chinese(told: Any) -> list[str]:
    """The Chinese words a form or a card would show: not what it would write down."""
    if isinstance(told, dict):
        shown = {name: part for name, part in told.items() if name not in ("description", "name", "record")}
        return [words for part in shown.values() for words in chinese(part)]
    if isinstance(told, list):
        return [words for part in told for words in chinese(part)]
    return [told] if isinstance(told, str) and any("\u4e00" <= char <= "\u9fff" for char in told) else []


def test_whoever_reads_english_gets_everything_anew_in_english(place: SmallStation):
    with acting_for(place.station.pk):
        phone = phone_of(place, "haiwei")
    alert(place)
    before = phone.get("/field/slice").json()

    with acting_for(place.station.pk):
        Person.objects.filter(pk=place.people["haiwei"].pk).update(language="en")
    after = phone.get(f"/field/slice?cursor={before['cursor']}").json()
    (matter,) = after["matters"]

    assert (before["frame"]["language"], after["frame"]["language"], after["whole"]) == (
        "zh-hans",
        "en",
        True,
    )
    assert acts_of(after)["meet"]["says"] == "Met"
    assert chinese([after["catalogue"], after["frame"]["cards"], after["frame"]["place_kinds"]]) == []
    assert chinese([matter["stage_says"], [clock["says"] for clock in matter["clocks"]]]) == []
