"""The chief sets lengths and waits on one page, which says who set them."""

from __future__ import annotations

import pytest

from fengqiao.matters.settings import own_spans
from fengqiao.store.scope import say
from tests.doors import client_of
from tests.station import SmallStation, small_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> SmallStation:
    found = small_station()
    say(station=found.station.pk)
    return found


def test_a_wait_may_be_none_and_the_page_says_who_said_so(place: SmallStation):
    chief = client_of(place, "chief")

    saved = chief.post(
        "/settings/clocks", {"fraud_alert|confirm_from|": "0", "fraud_alert|sign|high": "10min"}
    )

    page = chief.get("/settings/clocks").content.decode()
    say(station=place.station.pk)
    assert saved.status_code == 302
    assert own_spans() == {
        ("fraud_alert", "confirm_from", ""): "0",
        ("fraud_alert", "sign", "high"): "10min",
    }
    assert page.count(f"{place.people['chief'].name} 20") == 2


def test_a_clock_of_no_length_is_refused(place: SmallStation):
    refused = client_of(place, "chief").post("/settings/clocks", {"fraud_alert|sign|high": "0"})

    say(station=place.station.pk)
    assert refused.status_code == 422
    assert own_spans() == {}
