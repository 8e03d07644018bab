"""Looking at words about a person: with a task at once, without one for a reason, and never unwritten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pyotp
import pytest
from django.core import signing
from django.db import transaction
from django.test import Client
from django.utils import timezone

from fengqiao.desk import looking
from fengqiao.kit.ids import uuid7
from fengqiao.kit.problems import BadInput
from fengqiao.matters.commands import perform, raise_matter
from fengqiao.matters.looks import reveal
from fengqiao.matters.models import Matter
from fengqiao.people.devices import COOKIE, device_digest
from fengqiao.people.looking import A_DAY, StepUpNeeded
from fengqiao.people.models import Look
from fengqiao.people.second_factor import new_secret, words_of
from fengqiao.store.scope import say
from tests.doors import client_of
from tests.station import NOON, SmallStation, small_station

pytestmark = pytest.mark.django_db
PHONE = "13900000001"
REASON = "家属来电核对住址"
LONG = "家属来电，核对事主现住址和联系电话后转告社区警长"


@pytest.fixture
def place() -> SmallStation:
    return small_station()


@pytest.fixture
def alert(place: SmallStation) -> Matter:
    given = {
        "reference": "R-1",
        "level": "high",
        "fraud_type": "虚假投资",
        "received_at": NOON,
        "target": {"name": "事主甲", "phone": PHONE},
        "address": "海尾大道 12 号",
        "community": place.haiwei.code,
    }
    return raise_matter(kind_slug="fraud_alert", given=given, by=place.actor("desk"), at=NOON).matter


def looked(place: SmallStation, who: str, times: int, *, at: datetime | None = None) -> None:
    """As many looks without a task, in the log."""
    say(station=place.station.pk)
    for _time in range(times):
        Look.objects.create(
            station=place.station,
            person=place.people[who],
            role="desk",
            subject=uuid7(),
            columns="phone",
            reason=REASON,
            task=False,
            at=at or timezone.now(),
        )


def look(place: SmallStation, alert: Matter, who: str, **given: str) -> Any:
    return client_of(place, who).post(f"/matters/{alert.pk}/look", given)


def with_authenticator(place: SmallStation, who: str) -> str:
    """Gives the digits their authenticator shows now."""
    person = place.people[who]
    person.totp_secret, person.totp_confirmed_at = new_secret(person.pk), NOON
    person.save()
    return pyotp.TOTP(words_of(person.totp_secret, person.pk)).now()


def looks(place: SmallStation) -> int:
    say(station=place.station.pk)
    return Look.objects.count()


def test_the_officer_of_the_community_looks_with_the_matter_as_task(place: SmallStation, alert: Matter):
    answer = look(place, alert, "haiwei")

    assert PHONE in answer.content.decode()
    say(station=place.station.pk)
    assert Look.objects.get().task


@pytest.mark.parametrize("reason", ["", "核实", "1111", "测试一下", "工作需要", "啊啊啊啊啊"])
def test_without_a_task_filler_opens_nothing_and_writes_nothing(
    place: SmallStation, alert: Matter, reason: str
):
    answer = look(place, alert, "desk", reason=reason)

    assert answer.status_code == 422
    assert PHONE not in answer.content.decode()
    assert looks(place) == 0


def test_every_tenth_look_without_a_task_asks_for_more_words(place: SmallStation, alert: Matter):
    """Counted over all days: who looks once a day is asked as well."""
    looked(place, "desk", 9, at=timezone.now() - timedelta(days=3))

    short, long = look(place, alert, "desk", reason=REASON), look(place, alert, "desk", reason=LONG)
    after = look(place, alert, "desk", reason=REASON)

    assert (short.status_code, long.status_code, after.status_code) == (422, 200, 200)
    assert "15" in short.content.decode()


def test_after_twenty_a_day_the_second_factor_is_asked_and_opens_twenty_more(
    place: SmallStation, alert: Matter
):
    digits = with_authenticator(place, "desk")
    looked(place, "desk", A_DAY + 1)
    client = client_of(place, "desk")

    def asked(**given: str) -> int:
        return client.post(f"/matters/{alert.pk}/look", given).status_code

    assert asked(reason=REASON) == 403
    assert asked(reason=REASON, code="000000" if digits != "000000" else "000001") == 422
    assert asked(reason=REASON, code=digits) == 200
    assert asked(reason=REASON) == 200


def test_the_page_asks_for_digits_only_once_twenty_looks_are_used_up(place: SmallStation, alert: Matter):
    digits = with_authenticator(place, "desk")
    client = client_of(place, "desk")

    def shown() -> str:
        say(station=place.station.pk)
        return client.get(f"/matters/{alert.pk}").content.decode()

    looked(place, "desk", A_DAY - 1)
    before = shown()
    looked(place, "desk", 1)
    used_up = shown()
    opened = client.post(f"/matters/{alert.pk}/look", {"reason": LONG, "code": digits})

    assert 'name="reason"' in before
    assert 'name="code"' not in before
    assert 'name="reason"' in used_up
    assert 'name="code"' in used_up
    assert "已满 20 次" in used_up
    assert opened.status_code == 200
    assert 'name="code"' not in shown()


def test_who_is_on_the_task_is_asked_nothing_however_often_they_looked(place: SmallStation, alert: Matter):
    looked(place, "haiwei", A_DAY)

    shown = client_of(place, "haiwei").get(f"/matters/{alert.pk}").content.decode()

    assert "查看完整信息" in shown
    assert 'name="code"' not in shown
    assert "已满 20 次" not in shown


def test_without_an_authenticator_the_page_says_so_and_offers_no_look(place: SmallStation, alert: Matter):
    looked(place, "desk", A_DAY)

    shown = client_of(place, "desk").get(f"/matters/{alert.pk}").content.decode()

    assert "您没有启用两步验证" in shown
    assert 'href="/me"' in shown
    assert "查看完整信息" not in shown
    assert 'name="code"' not in shown


def test_a_refused_look_gives_the_form_back_with_what_was_typed(place: SmallStation, alert: Matter):
    digits = with_authenticator(place, "desk")
    client, fragment = client_of(place, "desk"), {"HX-Request": "true"}
    address = f"/matters/{alert.pk}/look"
    filler = client.post(address, {"reason": "工作需要"}, headers=fragment)
    looked(place, "desk", A_DAY)
    # The page was open since before the twentieth look.
    late = client.post(address, {"reason": LONG}, headers=fragment)
    wrong = "000000" if digits != "000000" else "000001"
    mistyped = client.post(address, {"reason": LONG, "code": wrong}, headers=fragment)

    assert (filler.status_code, late.status_code, mistyped.status_code) == (422, 403, 422)
    assert 'value="工作需要"' in filler.content.decode()
    assert 'id="reason-error"' in filler.content.decode()
    for answer in (late, mistyped):
        assert f'value="{LONG}"' in answer.content.decode()
        assert 'name="code"' in answer.content.decode()
    assert 'id="code-error"' not in late.content.decode()
    assert 'id="code-error"' in mistyped.content.decode()
    assert looks(place) == A_DAY


def test_digits_open_a_print_too_once_the_looks_are_used_up(place: SmallStation, alert: Matter):
    digits = with_authenticator(place, "desk")
    looked(place, "desk", A_DAY)
    client = client_of(place, "desk")
    paper = f"/matters/{alert.pk}/papers/worksheet.docx"
    assert 'id="code-worksheet"' in client.get(f"/matters/{alert.pk}").content.decode()

    answers = [
        client.post(paper, {"reason": REASON} | code)
        for code in ({}, {"code": "000000" if digits != "000000" else "000001"}, {"code": digits}, {})
    ]

    assert [answer.status_code for answer in answers] == [403, 422, 200, 200]
    assert looks(place) == A_DAY + 2
    assert 'id="code-worksheet"' not in client.get(f"/matters/{alert.pk}").content.decode()


def test_without_a_second_factor_the_day_is_over(place: SmallStation, alert: Matter):
    looked(place, "desk", A_DAY)

    answer = look(place, alert, "desk", reason=REASON)

    assert answer.status_code == 403
    assert "两步验证" in answer.content.decode()
    assert PHONE not in answer.content.decode()


def test_yesterdays_looks_do_not_count_today(place: SmallStation, alert: Matter):
    noon = datetime(2022, 5, 10, 4, tzinfo=UTC)
    looked(place, "desk", A_DAY, at=noon - timedelta(days=1))
    with pytest.raises(StepUpNeeded):
        reveal(matter=alert, by=place.actor("desk"), reason=REASON, at=noon - timedelta(hours=13))

    assert reveal(matter=alert, by=place.actor("desk"), reason=REASON, at=noon)


def test_an_error_after_the_look_takes_the_answer_back_with_it(
    place: SmallStation, alert: Matter, monkeypatch: pytest.MonkeyPatch
):
    """Whatever breaks between the log and the reveal: nothing is read that is not written down."""

    def breaks(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("between the log and the reveal")

    monkeypatch.setattr(looking, "render", breaks)
    client = client_of(place, "haiwei")
    client.raise_request_exception = False

    answer = client.post(f"/matters/{alert.pk}/look")

    assert answer.status_code == 500
    assert PHONE not in answer.content.decode()
    assert looks(place) == 0


def test_a_look_whose_commit_fails_is_not_answered(
    place: SmallStation, alert: Matter, monkeypatch: pytest.MonkeyPatch
):
    """The answer is made, the commit is lost: the body must not leave."""

    class Lost(transaction.Atomic):
        def __exit__(self, *args: Any) -> None:
            super().__exit__(RuntimeError, RuntimeError(), None)
            raise RuntimeError("the database went away at commit")

    lossy = SimpleNamespace(atomic=lambda: Lost(None, True, False), set_rollback=transaction.set_rollback)
    monkeypatch.setattr("fengqiao.people.middleware.transaction", lossy)
    client = client_of(place, "haiwei")
    client.raise_request_exception = False

    answer = client.post(f"/matters/{alert.pk}/look")

    assert PHONE not in answer.content.decode()
    assert looks(place) == 0


def test_a_look_names_its_request_and_its_device_as_a_digest(place: SmallStation, alert: Matter):
    clients = [client_of(place, "haiwei") for _ in range(2)]
    for client, device in zip(clients, ("d1", "d2"), strict=True):
        client.cookies[COOKIE] = signing.dumps({"id": device, "accounts": []}, salt="fengqiao.device")

    answers = [client.post(f"/matters/{alert.pk}/look") for client in (*clients, clients[0])]

    say(station=place.station.pk)
    rows = list(Look.objects.order_by("pk"))
    assert [row.request_id for row in rows] == [answer.headers["X-Request-Id"] for answer in answers]
    assert len({row.request_id for row in rows}) == 3
    assert [row.device for row in rows] == [device_digest(device) for device in ("d1", "d2", "d1")]
    assert rows[0].device[:8] in client_of(place, "audit").get("/audit/looks").content.decode()


@pytest.mark.parametrize(("proxies", "believed"), [(0, False), (1, True)])
def test_an_id_is_taken_from_a_trusted_proxy_only(settings: Any, proxies: int, believed: bool):
    settings.TRUSTED_PROXIES = proxies

    answer = Client().get("/sign-in", headers={"X-Request-Id": "proxy-0123456789"})

    assert (answer.headers["X-Request-Id"] == "proxy-0123456789") is believed


def test_words_about_a_person_never_stream(place: SmallStation, alert: Matter):
    """A stream's body is made after the commit; a look's is whole before it."""
    assert not look(place, alert, "haiwei").streaming


def test_a_reason_is_wanted_of_the_chief_too(place: SmallStation, alert: Matter):
    with pytest.raises(BadInput):
        reveal(matter=alert, by=place.actor("chief"), reason="工作需要", at=NOON)


def test_the_look_page_is_for_those_who_serve(place: SmallStation, alert: Matter):
    assert look(place, alert, "audit", reason=REASON).status_code == 403
    assert Client().post(f"/matters/{alert.pk}/look").status_code in (302, 403)


def test_the_desk_that_signed_for_it_looks_with_the_matter_as_the_task(place: SmallStation, alert: Matter):
    by, at = place.actor("desk"), NOON
    with pytest.raises(BadInput):
        reveal(matter=alert, by=by, reason="", at=at)
    perform(matter_id=alert.pk, act="sign", given={}, by=by, at=at, key="sign")

    opened = reveal(matter=Matter.objects.select_related("vault").get(pk=alert.pk), by=by, reason="", at=at)

    assert PHONE in [item.words for item in opened]
    assert Look.objects.get().task is True
