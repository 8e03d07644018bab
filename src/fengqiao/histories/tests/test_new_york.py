"""A hundred real housing violations of another city, read by a mapping alone."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from fengqiao.ground.commandline import run_import
from fengqiao.ground.models import Premises
from fengqiao.histories.models import DueSource, PastFinding, PastRectification, PastVisit
from tests.station import SmallStation, small_station

ROOT = Path(__file__).parents[4]
MAPPING = ROOT / "docs/examples/mappings/new-york-housing.json"
SAMPLE = ROOT.parent / "shared/data/inspections/hpd_violations.csv"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not SAMPLE.exists(), reason="../shared/data/inspections is absent"),
]


@pytest.fixture
def place() -> SmallStation:
    return small_station()


def read(place: SmallStation) -> dict[str, int]:
    told, _code = run_import("histories", SAMPLE, station=place.station, json=True, mapping=str(MAPPING))
    found = json.loads(told)
    return {name: found[name] for name in ("ok", "failed", "skipped")}


def source_rows() -> list[dict[str, str]]:
    with SAMPLE.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def day(text: str) -> tuple[str, ...]:
    month, of_month, year = text.split("/")
    return year, month, of_month


def test_every_row_comes_in_with_its_place_and_a_second_time_changes_nothing(place: SmallStation):
    first, again = read(place), read(place)

    assert first == {"ok": 100, "failed": 0, "skipped": 0}
    assert again == {"ok": 0, "failed": 0, "skipped": 100}
    rows = source_rows()
    assert PastFinding.objects.count() == 100
    assert Premises.objects.exclude(grade="").count() == len({row["BuildingID"] for row in rows})
    assert PastVisit.objects.count() == len({(row["BuildingID"], row["InspectionDate"]) for row in rows})


def test_late_certifications_are_those_the_source_shows(place: SmallStation):
    read(place)

    late = {
        row["ViolationID"]
        for row in source_rows()
        if row["CertifiedDate"]
        and day(row["CertifiedDate"]) > day(row["NewCertifyByDate"] or row["OriginalCertifyByDate"])
    }
    certified = sum(1 for row in source_rows() if row["CertifiedDate"])
    held = PastRectification.objects.filter(late=True).values_list("finding__reference", flat=True)
    assert set(held) == late
    assert late
    assert PastRectification.objects.filter(late=False).count() == certified - len(late)


def test_the_due_day_is_kept_with_where_it_comes_from(place: SmallStation):
    read(place)

    one = PastFinding.objects.get(reference="10000000")
    assert (str(one.due_on), one.due_source) == ("2013-11-29", DueSource.ORIGINAL)
    assert (str(one.fix_on), one.fix_source) == ("2013-11-15", DueSource.ORIGINAL)
    assert (str(one.found_on), str(one.notified_on)) == ("2013-10-09", "2013-10-11")
    assert (one.severity, one.state) == ("乙类(危险)", "已撤销")
    assert (one.premises.lon, one.premises.kind) == (-73.924317, "other")
    assert set(PastFinding.objects.values_list("due_source", flat=True)) == {"original"}
