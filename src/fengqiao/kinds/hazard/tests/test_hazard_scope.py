"""Where a station may order: a default its lawyer can see otherwise, told by a file."""

from __future__ import annotations

import pytest

from fengqiao.ground import importing
from fengqiao.ground.importing import Context
from fengqiao.kinds.hazard.closed_list import in_scope
from fengqiao.kinds.hazard.tests.road import house, with_place
from fengqiao.kit.tables import write_xlsx
from tests.station import NOON

pytestmark = pytest.mark.django_db


def test_a_station_sets_in_which_places_it_orders_by_a_file_and_the_rest_stays():
    place = with_place()
    school, shop = house(place, "S-1", kind="school"), house(place, "C-1", kind="shop")
    rows = [
        ["场所类型", "可以责令改正"],
        ["学校/幼儿园", "是"],
        ["三小场所", "否"],
        ["出租屋", "是"],
        ["塔楼", "是"],
    ]
    context = Context(station=place.station, at=NOON, filename="scope.xlsx", by=place.actor("chief"))

    run = importing.preview(what="hazard-scope", data=write_xlsx({"范围": rows}), context=context)
    importing.commit(run_id=run.pk, context=context)

    report = importing.report(run)
    assert (report.ok, report.skipped, report.failed) == (2, 1, 1)
    assert [in_scope(one) for one in (school, shop, house(place, "R-2"))] == [True, False, True]
