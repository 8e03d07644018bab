import pytest
from django.db import transaction

from fengqiao.ground.models import Community, Station
from fengqiao.store.scope import acting_for


@pytest.mark.django_db
def test_a_station_never_sees_another_stations_rows():
    mine = Station.objects.create(name="甲所", short_name="甲", division_code="1")
    theirs = Station.objects.create(name="乙所", short_name="乙", division_code="2")

    with acting_for(theirs.pk):
        Community.objects.create(station=theirs, code="440606006016", name="海尾社区")

    with acting_for(mine.pk):
        assert Community.objects.count() == 0
    with acting_for(theirs.pk):
        assert Community.objects.count() == 1
    with transaction.atomic():
        pass
