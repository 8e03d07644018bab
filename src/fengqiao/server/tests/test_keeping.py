"""Who left is forgotten after a year beside what was done; looks are kept three years and no longer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from fengqiao.ground.models import Premises
from fengqiao.kit.ids import uuid7
from fengqiao.people.commands import issue_token
from fengqiao.people.keeping import NAMELESS
from fengqiao.people.models import ApiToken, Look, Person, Post
from fengqiao.server.keeping import keep
from fengqiao.store.models import Destruction
from tests.station import NOON, SmallStation, small_station

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


@pytest.fixture
def place() -> SmallStation:
    return small_station()


def test_a_leavers_name_account_and_token_go_after_a_year_and_the_row_stays(place: SmallStation):
    leaver = place.people["auxiliary"]
    issue_token(person=leaver, name="手机", at=NOON)
    Person.objects.filter(pk=leaver.pk).update(left_at=NOON, is_active=False, phone="13900000009")

    keep(station_id=place.station.pk, at=NOON + YEAR - timedelta(days=1))
    assert Person.objects.get(pk=leaver.pk).phone == "13900000009"
    keep(station_id=place.station.pk, at=NOON + YEAR)

    gone = Person.objects.get(pk=leaver.pk)
    assert (gone.name, gone.username, gone.phone) == (NAMELESS, None, "")
    assert Post.objects.get(person=leaver).title == ""
    assert not ApiToken.objects.exists()
    before = Destruction.objects.count()
    assert before
    keep(station_id=place.station.pk, at=NOON + YEAR)
    assert Destruction.objects.count() == before


def test_who_still_serves_keeps_the_name(place: SmallStation):
    keep(station_id=place.station.pk, at=NOON + 20 * YEAR)

    assert not Person.objects.filter(name=NAMELESS).exists()


def test_a_voided_places_contact_goes_after_thirty_days(place: SmallStation):
    shop = Premises.objects.create(
        id=uuid7(),
        station=place.station,
        number="S-1",
        kind="shop",
        name="小店",
        community=place.haiwei,
        address="海尾大道 2 号",
        contact_name="店长",
        contact_phone="13900000002",
        voided_at=NOON,
        updated_at=NOON,
    )

    keep(station_id=place.station.pk, at=NOON + timedelta(days=29))
    shop.refresh_from_db()
    assert shop.contact_phone
    keep(station_id=place.station.pk, at=NOON + timedelta(days=30))

    shop.refresh_from_db()
    assert (shop.contact_name, shop.contact_phone, shop.name) == ("", "", "小店")


def test_looks_older_than_three_years_go_and_younger_ones_cannot_be_made_to(place: SmallStation):
    now = timezone.now()
    for age in (timedelta(days=1090), timedelta(days=1100)):
        Look.objects.create(
            station=place.station,
            person=place.people["desk"],
            role="desk",
            subject=uuid7(),
            columns="phone",
            reason="核对",
            task=False,
            at=now - age,
        )

    keep(station_id=place.station.pk, at=now + 10 * YEAR)

    assert Look.objects.count() == 1
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Look.objects.all().delete()
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="permission denied"):
        cursor.execute("DELETE FROM store_destruction")
