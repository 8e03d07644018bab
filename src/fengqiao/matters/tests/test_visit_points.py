"""One point a visit: it says how far from the place somebody stood, is sealed, and ends on its day."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from fengqiao.ground.models import Premises
from fengqiao.kit.ids import uuid7
from fengqiao.kit.inputs import validate
from fengqiao.kit.problems import BadInput, KeyReused
from fengqiao.matters.commands import hand_in, perform, place_hold, raise_matter
from fengqiao.matters.commands.handing_in import Carried
from fengqiao.matters.models import Matter, Visit
from fengqiao.server.keeping import keep
from fengqiao.store.scope import say
from fengqiao.store.vault import Key
from tests.doors import client_of
from tests.phones import phone_of
from tests.station import NOON, SmallStation, small_station

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
POINT = {"lon": 113.262351, "lat": 22.751234, "accuracy": 12.4}
POINTS = "matters_visit(point)"


@pytest.fixture
def place() -> SmallStation:
    found = small_station()
    say(station=found.station.pk)
    return found


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


def shop(place: SmallStation, **rest: Any) -> Premises:
    """35 m north of the point."""
    return Premises.objects.create(
        id=uuid7(),
        station=place.station,
        number="C-1",
        kind="shop",
        name="海尾便利店",
        community=place.haiwei,
        address="海尾大道 1 号",
        updated_at=NOON,
        **rest,
    )


def carried(matter: Matter, **rest: Any) -> dict[str, Any]:
    return {
        "id": str(uuid7()),
        "observed_at": (NOON - timedelta(minutes=30)).isoformat(),
        "acts": [{"key": str(uuid7()), "matter": str(matter.pk), "act": "sign"}],
        "point": POINT,
        **rest,
    }


def visited(station: SmallStation, matter: Matter, **rest: Any) -> Visit:
    given = validate(Carried, carried(matter, **rest))
    return hand_in(carried=given, by=station.actor("haiwei"), at=NOON).visit


def page_of(place: SmallStation, matter: Matter) -> str:
    return client_of(place, "desk").get(f"/matters/{matter.pk}").content.decode()


def run(place: SmallStation, at: Any) -> dict[str, int]:
    return {gone.what: gone.count for gone in keep(station_id=place.station.pk, at=at)}


def test_the_timeline_says_how_far_from_the_place_and_never_where(place: SmallStation):
    matter = alert(place)
    there = shop(place, lon=113.262351, lat=22.751549)

    visited(place, matter, place=str(there.pk))
    page = page_of(place, matter)

    assert page.count("离场所 35 米，误差 12 米") == 1
    assert "113.262" not in page
    assert "22.751" not in page


def test_without_a_place_to_measure_from_it_says_that_there_was_a_point(place: SmallStation):
    matter = alert(place)

    visited(place, matter, point={"lon": 113.2, "lat": 22.7})

    assert page_of(place, matter).count("到场时已定位<") == 1


def test_a_visit_without_a_point_says_nothing_of_it(place: SmallStation):
    matter = alert(place)

    visit = visited(place, matter, point=None)

    assert (visit.vault, bool(visit.point)) == (None, False)
    assert "米" not in page_of(place, matter)


def test_no_row_holds_the_point_readable(place: SmallStation):
    visited(place, alert(place))

    with connection.cursor() as cursor:
        cursor.execute("SELECT v::text FROM matters_visit v")
        (told,) = cursor.fetchone()
    needles = [spelling for part in ("113.26", "22.75") for spelling in (part, part.encode().hex())]
    assert [needle for needle in needles if needle in told] == []


def test_the_same_visit_with_another_point_is_another_visit(place: SmallStation):
    matter = alert(place)
    given = carried(matter)
    first, again = (
        hand_in(carried=validate(Carried, given), by=place.actor("haiwei"), at=NOON) for _ in range(2)
    )

    assert (first.repeated, again.repeated) == (False, True)
    moved = given | {"point": POINT | {"lon": 113.3}}
    with pytest.raises(KeyReused):
        hand_in(carried=validate(Carried, moved), by=place.actor("haiwei"), at=NOON)


@pytest.mark.parametrize(
    ("point", "field"), [({"lon": 113.2}, "point.lat"), (POINT | {"lat": 95.0}, "point.lat")]
)
def test_half_a_point_or_one_beyond_the_pole_is_refused_by_its_field(
    place: SmallStation, point: dict[str, Any], field: str
):
    with pytest.raises(BadInput) as refused:
        visited(place, alert(place), point=point)

    assert [error.field for error in refused.value.errors] == [field]


def test_it_ends_half_a_year_after_the_visit_though_the_matter_is_open(place: SmallStation):
    visit = visited(place, alert(place))
    last = visit.observed_at + 180 * DAY

    assert run(place, last - DAY) == {}
    assert run(place, last) == {POINTS: 1}
    assert run(place, last) == {}

    held = Visit.objects.get(pk=visit.pk)
    assert (bool(held.point), Key.objects.get(pk=held.vault_id).wrapped) == (False, None)


def test_it_ends_with_the_words_of_the_matter_it_was_made_for(place: SmallStation):
    matter = alert(place)
    visit = visited(place, matter)
    given = {"reason": "来文更正"}
    perform(
        matter_id=matter.pk, act="false_alarm", given=given, by=place.actor("desk"), at=NOON, key="closed"
    )

    run(place, NOON + 30 * DAY)

    assert Key.objects.get(pk=visit.vault_id).wrapped is None
    assert "已定位" not in page_of(place, matter)


def test_a_legal_hold_keeps_it_and_the_run_says_so(place: SmallStation):
    matter = alert(place)
    visit = visited(place, matter)
    later = visit.observed_at + 200 * DAY
    place_hold(
        matter_id=matter.pk, given={"reason": "调取证据通知书〔2022〕12号"}, by=place.actor("chief"), at=NOON
    )

    told = [(gone.what, gone.count, gone.held) for gone in keep(station_id=place.station.pk, at=later)]

    assert told == [(POINTS, 0, 1)]
    assert Key.objects.get(pk=visit.vault_id).wrapped is not None


def test_the_phone_says_it_in_the_open_or_sealed(place: SmallStation):
    matter, phone = alert(place), phone_of(place, "haiwei")
    now = {"observed_at": timezone.now().isoformat()}
    plain, sealed = carried(matter, **now), carried(matter, **now)

    told = [
        phone.post("/visits", plain).status_code,
        phone.carry("visit", phone.sealed("visit", sealed["id"], json.dumps(sealed).encode())).status_code,
    ]
    say(station=place.station.pk)

    assert told == [200, 200]
    assert Visit.objects.filter(pk__in=[plain["id"], sealed["id"]], point__isnull=False).count() == 2
