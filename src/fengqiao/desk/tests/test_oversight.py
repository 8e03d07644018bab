"""The administrators' pages: who looked, what left, what was unusual, whether the program runs; no business data."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from fengqiao.kit.ids import uuid7
from fengqiao.matters.commands import raise_matter
from fengqiao.people.models import Approval, Export, FindingReview, Look, SignIn
from fengqiao.store.heartbeat import SCANNER, beat
from fengqiao.store.scope import say
from tests.doors import client_of
from tests.station import NOON, SmallStation, small_station

pytestmark = pytest.mark.django_db
PAGES = ("looks", "exports", "openings", "findings", "seals")


@pytest.fixture
def place() -> SmallStation:
    return small_station()


def alerts(place: SmallStation, count: int) -> None:
    for number in range(count):
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


def came_back(place: SmallStation, who: str, times: int) -> Look:
    """One person at one record, day after day, without a task."""
    say(station=place.station.pk)
    subject = uuid7()
    for day in range(times):
        row = Look.objects.create(
            station=place.station,
            person=place.people[who],
            role="officer",
            subject=subject,
            columns="phone",
            reason="核对住址门牌",
            task=False,
            at=timezone.now() - timedelta(days=day + 1),
        )
    return row


def exports(place: SmallStation) -> list[tuple[str, int, str]]:
    say(station=place.station.pk)
    return list(Export.objects.values_list("what", "rows", "purpose"))


def test_a_small_export_is_written_down_and_given(place: SmallStation):
    alerts(place, 3)

    answer = client_of(place, "desk").get("/matters/?format=xlsx")

    assert load_workbook(BytesIO(answer.content)).active.max_row == 4
    assert exports(place) == [("事项登记簿", 3, "")]


def test_more_than_fifty_rows_leave_for_a_purpose_and_with_a_second_persons_word(place: SmallStation):
    alerts(place, 51)
    client = client_of(place, "desk")

    asked = client.get("/matters/?format=xlsx")
    refused = client.post("/matters/?format=xlsx", {"purpose": "工作需要"})
    assert "用途" in asked.content.decode()
    assert refused.status_code == 422
    assert exports(place) == []

    waits = client.post("/matters/?format=xlsx", {"purpose": "报分局五月劝阻台账"})
    assert "已申请" in waits.content.decode()
    assert exports(place) == []
    client_of(place, "chief").post(f"/approvals/{Approval.objects.get().pk}", {"granted": "1"})
    given = client.get("/matters/?format=xlsx")
    assert load_workbook(BytesIO(given.content)).active.max_row == 52
    assert exports(place) == [("事项登记簿", 51, "报分局五月劝阻台账(批准人：所长)")]


def test_the_register_of_places_is_counted_too(place: SmallStation):
    client_of(place, "desk").get("/premises/?format=xlsx")

    assert exports(place) == [("场所登记簿", 0, "")]


@pytest.mark.parametrize("page", PAGES)
def test_the_audit_administrator_reads_every_log(place: SmallStation, page: str):
    assert client_of(place, "audit").get(f"/audit/{page}").status_code == 200


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["haiwei", "auxiliary", "desk", "security", "system"])
def test_nobody_else_does(place: SmallStation, page: str, who: str):
    assert client_of(place, who).get(f"/audit/{page}").status_code == 403


def test_looks_are_found_by_person_day_and_record(place: SmallStation):
    row = came_back(place, "dongfeng", 3)
    came_back(place, "haiwei", 2)
    client = client_of(place, "audit")

    def shown(query: str) -> int:
        return client.get(f"/audit/looks?{query}").content.decode().count("核对住址门牌")

    assert shown("") == 5
    assert shown(f"person={place.people['haiwei'].pk}") == 2
    assert shown(f"subject={row.subject}") == 3
    assert shown(f"day={timezone.localdate(row.at)}&subject={row.subject}") == 1
    assert shown("person=nonsense&day=2022-99-99&subject=x") == 5


def test_who_came_back_again_and_again_is_told_to_chief_and_auditor_until_reviewed(place: SmallStation):
    came_back(place, "dongfeng", 3)
    chief, auditor = client_of(place, "chief"), client_of(place, "audit")

    told = chief.get("/audit/findings").content.decode()
    assert "反复查看同一事项" in told
    assert "东风社区警长" in told
    assert "东风社区警长" in auditor.get("/audit/findings").content.decode()

    key = told.split('name="finding" value="')[1].split('"')[0]
    assert (
        auditor.post("/audit/findings/review", {"finding": key, "reason": "事主系其片区"}).status_code == 403
    )
    chief.post("/audit/findings/review", {"finding": key, "reason": "工作需要"})
    say(station=place.station.pk)
    assert not FindingReview.objects.exists()
    chief.post("/audit/findings/review", {"finding": key, "reason": "协助海尾社区上门，属实"})

    assert "反复查看同一事项" not in chief.get("/audit/findings").content.decode()
    assert "协助海尾社区上门" in auditor.get("/audit/findings?standing=all").content.decode()
    assert (
        chief.post("/audit/findings/review", {"finding": key, "reason": "再写一次看看结果"}).status_code
        == 409
    )
    assert (
        chief.post("/audit/findings/review", {"finding": "made up", "reason": "没有这一条吧"}).status_code
        == 404
    )


def test_signing_in_is_kept_with_device_and_address_as_digests(place: SmallStation):
    desk = place.people["desk"]
    desk.set_password("a long enough word")
    desk.save()

    Client(REMOTE_ADDR="10.9.8.7").post(
        "/sign-in", {"username": desk.username, "password": "a long enough word"}
    )

    say(station=place.station.pk)
    kept = SignIn.objects.get(person=desk)
    assert len(kept.device) == len(kept.address) == 64
    assert "10.9.8.7" not in kept.address


def test_the_system_administrator_sees_whether_it_runs_and_no_secret(
    place: SmallStation, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FENGQIAO_MASTER_KEY", "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U=")
    monkeypatch.setenv("FENGQIAO_PROXIES", "3")
    beat(SCANNER)

    page = client_of(place, "system").get("/system/health").content.decode()

    assert "时限扫描" in page
    assert "正常" in page
    assert "从未运行" in page
    assert "PostgreSQL" in page
    assert "FENGQIAO_PROXIES" in page
    assert "c2VjcmV0" not in page
    assert client_of(place, "desk").get("/system/health").status_code == 403


def test_each_administrator_lands_on_their_own_page(place: SmallStation):
    homes = {
        who: client_of(place, who).get("/").headers["Location"] for who in ("system", "security", "audit")
    }

    assert homes == {"system": "/system/health", "security": "/accounts/", "audit": "/audit/looks"}
