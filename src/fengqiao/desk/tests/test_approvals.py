"""Two named persons: what would leave as a large file, and how long words are kept, is no one's to decide alone."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from fengqiao.matters import keeping
from fengqiao.matters.commands import raise_matter
from fengqiao.people.commands.approving import LASTS
from fengqiao.people.models import Approval, ApprovalAnswer, Export
from fengqiao.store.scope import say
from tests.doors import client_of
from tests.station import NOON, SmallStation, small_station

pytestmark = pytest.mark.django_db
FILE = "/matters/?format=xlsx"
PURPOSE = {"purpose": "报分局五月劝阻台账"}


@pytest.fixture
def place() -> SmallStation:
    found = small_station()
    say(station=found.station.pk)
    return found


def alerts(place: SmallStation, count: int, begins: int = 0) -> None:
    say(station=place.station.pk)
    for number in range(begins, begins + count):
        given = {
            "reference": f"R-{number}",
            "level": "high",
            "fraud_type": "虚假投资",
            "received_at": NOON,
            "target": {"name": "事主甲", "phone": "13900000001"},
            "address": "海尾大道 12 号",
            "community": place.haiwei.code,
        }
        raise_matter(kind_slug="fraud_alert", given=given, by=place.actor("desk"), at=NOON)


def alone_up_to(place: SmallStation, rows: int) -> None:
    """A small number, so that a story needs few rows."""
    place.station.settings = {"exports_alone": rows}
    place.station.save(update_fields=["settings"])


def answer(place: SmallStation, who: str, granted: bool = True) -> Any:
    say(station=place.station.pk)
    asked = Approval.objects.latest("pk")
    return client_of(place, who).post(
        f"/approvals/{asked.pk}", {"granted": "1" if granted else "0"}, follow=True
    )


def is_file(reply: Any) -> bool:
    return bool(reply.headers["Content-Type"].startswith("application/vnd"))


def test_a_large_file_is_made_only_after_a_second_person_said_yes(place: SmallStation):
    alone_up_to(place, 2)
    alerts(place, 3)
    officer = client_of(place, "haiwei")

    asked = officer.post(FILE, PURPOSE)
    early = officer.get(FILE)
    say(station=place.station.pk)
    assert (is_file(asked), is_file(early), Export.objects.count()) == (False, False, 0)
    page = client_of(place, "chief").get("/approvals/").content.decode()
    answer(place, "chief")
    given = officer.get(FILE)
    say(station=place.station.pk)

    assert "事项登记簿，3 行" in page
    assert PURPOSE["purpose"] in page
    assert load_workbook(BytesIO(given.content)).active.max_row == 4
    assert list(Export.objects.values_list("rows", "purpose")) == [(3, "报分局五月劝阻台账(批准人：所长)")]


def test_nobody_grants_their_own_and_an_officer_grants_none(place: SmallStation):
    alone_up_to(place, 0)
    alerts(place, 1)
    client_of(place, "desk").post(FILE, PURPOSE)

    own = answer(place, "desk").content.decode()
    officer = answer(place, "haiwei").status_code
    say(station=place.station.pk)

    assert "自己申请的，请由另一个人批准" in own
    assert officer == 403
    assert not ApprovalAnswer.objects.exists()


def test_a_yes_holds_for_that_selection_that_person_so_many_rows_and_a_day(place: SmallStation):
    alone_up_to(place, 0)
    alerts(place, 1)
    desk = client_of(place, "desk")
    desk.post(FILE, PURPOSE)
    answer(place, "chief")

    others: dict[str, tuple[Client, str]] = {
        "another selection": (desk, f"{FILE}&kind=fraud_alert"),
        "another person": (client_of(place, "haiwei"), FILE),
    }
    given = {name: is_file(client.get(url)) for name, (client, url) in others.items()}
    the_same = is_file(desk.get(FILE))
    alerts(place, 1, begins=1)
    more_rows = is_file(desk.get(FILE))

    assert given == {"another selection": False, "another person": False}
    assert (the_same, more_rows) == (True, False)


def test_a_no_or_a_yes_of_yesterday_gives_nothing(place: SmallStation):
    alone_up_to(place, 0)
    alerts(place, 1)
    desk = client_of(place, "desk")
    desk.post(FILE, PURPOSE)
    answer(place, "chief", granted=False)
    refused = is_file(desk.get(FILE))
    say(station=place.station.pk)
    row = Approval.objects.get()
    old = Approval.objects.create(
        station=place.station,
        by=row.by,
        about=row.about,
        says=row.says,
        rows=row.rows,
        purpose=row.purpose,
        digest=row.digest,
        at=timezone.now() - LASTS,
    )
    ApprovalAnswer.objects.create(
        station=place.station, approval=old, by=place.people["chief"], granted=True, at=old.at
    )

    assert (refused, is_file(desk.get(FILE))) == (False, False)


def test_without_a_purpose_nothing_is_asked(place: SmallStation):
    alone_up_to(place, 0)
    alerts(place, 1)

    reply = client_of(place, "desk").post(FILE, {"purpose": "工作需要"})
    say(station=place.station.pk)

    assert reply.status_code == 422
    assert not Approval.objects.exists()


def test_retention_changes_when_a_second_person_grants_it(place: SmallStation):
    chief = client_of(place, "chief")

    chief.post("/settings/keep", {"fraud_alert": "90", "purpose": "与法制员商定延长"})
    say(station=place.station.pk)
    before = keeping.own_days()
    waiting = client_of(place, "security").get("/approvals/").content.decode()
    answer(place, "security")
    say(station=place.station.pk)

    assert before == {}
    assert "反诈预警 30 天改为 90 天" in waiting
    assert keeping.own_days() == {"fraud_alert": 90}


def test_the_audit_administrator_reads_who_asked_and_who_granted(place: SmallStation):
    client_of(place, "chief").post("/settings/keep", {"fraud_alert": "90", "purpose": "与法制员商定延长"})
    answer(place, "desk")

    page = client_of(place, "audit").get("/approvals/").content.decode()

    assert ["所长" in page, "值班员" in page, "与法制员商定延长" in page] == [True] * 3
    assert client_of(place, "haiwei").get("/approvals/").status_code == 403
