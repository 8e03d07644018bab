"""A resident checks who stands at the door; guessing, ended and other stations' codes get one answer."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from fengqiao.matters.commands import perform, raise_matter
from fengqiao.matters.commands.visit_codes import show_code
from fengqiao.matters.models import Event, Matter, VisitCode
from fengqiao.store.scope import say
from tests.doors import client_of
from tests.station import SmallStation, small_station

pytestmark = pytest.mark.django_db

VALID, INVALID = "此码有效", "此码无效"


@pytest.fixture
def place() -> SmallStation:
    return small_station()


def now() -> datetime:
    return datetime.now(UTC)


def on_the_way(place: SmallStation, reference: str = "HY-1") -> Matter:
    """An alert whose officer has set out."""
    say(station=place.station.pk)
    given: dict[str, Any] = {
        "reference": reference,
        "level": "high",
        "fraud_type": "冒充客服",
        "received_at": now(),
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "海尾社区海尾大道 12 号",
        "community": place.haiwei.code,
    }
    matter = raise_matter(kind_slug="fraud_alert", given=given, by=place.actor("desk"), at=now()).matter
    do(place, matter, "desk", "sign")
    do(place, matter, "haiwei", "go")
    return matter


def do(place: SmallStation, matter: Matter, who: str, act: str, **given: Any) -> None:
    say(station=place.station.pk)
    key = f"{act}-{matter.pk}"
    perform(matter_id=matter.pk, act=act, given=given, by=place.actor(who), at=now(), key=key)


def shown(place: SmallStation, matter: Matter, who: str = "haiwei") -> str:
    say(station=place.station.pk)
    return show_code(matter_id=matter.pk, by=place.actor(who), at=now()).code


def asked(code: str, address: str = "10.0.0.1") -> Any:
    return Client(REMOTE_ADDR=address).post("/check", {"code": code})


def other_than(*codes: str) -> list[str]:
    return [f"{number:06}" for number in range(40) if f"{number:06}" not in codes]


def test_the_officer_shows_a_code_the_resident_checks_it_and_the_officer_sees_that(place: SmallStation):
    matter, officer = on_the_way(place), client_of(place, "haiwei")
    page = f"/matters/{matter.pk}"
    assert "出示核验码" in officer.get(page).content.decode()

    officer.post(f"{page}/door-code")
    say(station=place.station.pk)
    code = VisitCode.objects.get(matter=matter).code
    before = officer.get(page).content.decode()
    answer = asked(f" {code[:3]} {code[3:]} ").content.decode()
    after = officer.get(page).content.decode()

    assert code[:3] in before
    assert "事主已核验" not in before
    assert VALID in answer
    assert "容桂派出所" in answer
    assert "海尾社区警长" in answer
    assert "反诈劝阻" in answer
    assert "民警不会让您转账" in answer
    assert "事主已核验" in after
    assert "群众核验" in after


def test_the_answer_names_neither_person_nor_alert(place: SmallStation):
    matter = on_the_way(place, reference="HY-机密")

    answer = asked(shown(place, matter)).content.decode()

    assert VALID in answer
    for secret in ("事主甲", "13900000001", "海尾大道", "HY-机密", str(matter.pk), "冒充客服"):
        assert secret not in answer


def test_full_width_digits_are_read_and_letters_are_no_guess(place: SmallStation):
    code = shown(place, on_the_way(place))
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)

    short = [asked("12345") for _ in range(12)]

    assert {answer.status_code for answer in short} == {422}
    assert VALID in asked(wide).content.decode()


def test_asked_twice_in_a_minute_the_timeline_holds_one_check(place: SmallStation):
    matter = on_the_way(place)
    code = shown(place, matter)

    answers = [asked(code).content.decode() for _ in range(3)]

    say(station=place.station.pk)
    checks = Event.objects.filter(matter=matter, act="code_checked")
    assert all(VALID in answer for answer in answers)
    assert 1 <= checks.count() <= 2
    assert set(checks.values_list("by", "role", "stage_to")) == {(None, "machine", "dispatched")}


def test_a_wrong_an_ended_and_a_finished_visits_code_get_the_same_page(place: SmallStation):
    ended, finished = on_the_way(place, "HY-1"), on_the_way(place, "HY-2")
    late, over = shown(place, ended), shown(place, finished)
    VisitCode.objects.filter(matter=ended).update(ends_at=now() - timedelta(seconds=1))
    do(place, finished, "haiwei", "meet", identity_checked=True)
    assert VALID in asked(over).content.decode(), "the talk at the door is part of the visit"
    do(place, finished, "haiwei", "dissuade", result="dissuaded", contact_cut=True)
    wrong = other_than(late, over)[0]

    pages = [asked(code).content for code in (wrong, late, over)]

    assert INVALID in pages[0].decode()
    assert "拨打 110" in pages[0].decode()
    assert pages[0] == pages[1] == pages[2]


def test_wrong_ended_and_finished_run_the_same_statements(place: SmallStation):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ended, finished = on_the_way(place, "HY-1"), on_the_way(place, "HY-2")
    late, over = shown(place, ended), shown(place, finished)
    VisitCode.objects.filter(matter=ended).update(ends_at=now() - timedelta(seconds=1))
    do(place, finished, "haiwei", "meet", identity_checked=True)
    do(place, finished, "haiwei", "dissuade", result="dissuaded", contact_cut=True)

    counted = []
    for code in (other_than(late, over)[0], late, over):
        with CaptureQueriesContext(connection) as queries:
            asked(code)
        counted.append(len(queries))

    assert len(set(counted)) == 1


def test_ten_wrong_codes_from_one_address_have_to_wait_and_others_do_not(place: SmallStation):
    code = shown(place, on_the_way(place))

    tried = [asked(wrong).status_code for wrong in other_than(code)[:10]]
    waits = asked(code)
    elsewhere = asked(code, address="10.0.0.2")

    assert tried == [200] * 10
    assert waits.status_code == 429
    assert "10 分钟" in waits.content.decode()
    assert VALID not in waits.content.decode()
    assert VALID in elsewhere.content.decode()


def test_one_page_answers_for_every_station_of_the_house():
    here, there = small_station("甲所"), small_station("乙所")
    mine, theirs = shown(here, on_the_way(here)), shown(there, on_the_way(there))

    assert "甲所" in asked(mine).content.decode()
    assert "乙所" in asked(theirs).content.decode()
    assert mine != theirs


def test_two_stations_never_hold_the_same_live_code(monkeypatch: pytest.MonkeyPatch):
    """Drawn alike, the second draws anew, though it cannot see whose row stands in the way."""
    here, there = small_station("甲所"), small_station("乙所")
    first, second = on_the_way(here), on_the_way(there)
    mine = shown(here, first)
    draws = iter([VisitCode.code.fget, VisitCode.code.fget])
    seen: dict[Any, str] = {}

    def drawn(row: VisitCode) -> str:
        if row.pk not in seen:
            seen[row.pk] = mine if not seen else next(draws)(row)
        return seen[row.pk]

    monkeypatch.setattr(VisitCode, "code", property(drawn))

    assert shown(there, second) != mine
    assert len(seen) == 2


def test_asked_again_the_same_code_stays_and_each_companion_has_an_own(place: SmallStation):
    matter = on_the_way(place)

    first, again = shown(place, matter), shown(place, matter)
    companion = shown(place, matter, "auxiliary")

    assert first == again
    assert companion != first
    assert "海尾社区辅警" in asked(companion).content.decode()


def test_a_code_is_shown_only_by_who_goes_and_only_on_a_visit(place: SmallStation):
    matter = on_the_way(place)
    page = f"/matters/{matter.pk}"

    desk = client_of(place, "desk")
    assert desk.post(f"{page}/door-code").status_code == 403
    assert client_of(place, "dongfeng").post(f"{page}/door-code").status_code == 404
    do(place, matter, "haiwei", "meet", identity_checked=True)
    do(place, matter, "haiwei", "dissuade", result="dissuaded", contact_cut=True)
    officer = client_of(place, "haiwei")
    assert officer.post(f"{page}/door-code").status_code == 409
    assert "出示核验码" not in officer.get(page).content.decode()
    assert VisitCode.objects.count() == 0


def test_the_desk_checks_a_code_read_out_on_the_telephone(place: SmallStation):
    code, desk = shown(place, on_the_way(place)), client_of(place, "desk")

    good = desk.post("/door-check", {"code": code}).content.decode()
    bad = desk.post("/door-check", {"code": other_than(code)[0]}).content.decode()

    assert VALID in good
    assert "海尾社区警长" in good
    assert INVALID in bad
    assert desk.get("/").status_code == 200


def test_the_page_is_small_needs_no_script_and_sets_no_cookie():
    answer = Client().get("/check")

    assert b"<script" not in answer.content
    assert not answer.cookies
    loaded = re.findall(r'(?:href|src)="/static/([^"]+)"', answer.content.decode())
    files = [path for name in loaded if (path := finders.find(name))]
    if len(files) < len(loaded):
        pytest.skip("not built: run `make setup`")
    assert len(answer.content) + sum(Path(path).stat().st_size for path in files) <= 30 * 1024


def test_the_database_holds_no_code(place: SmallStation):
    code = shown(place, on_the_way(place))

    row = VisitCode.objects.values().get()

    held = {"id", "station_id", "matter_id", "person_id", "post", "digest", "issued_at", "ends_at"}
    assert set(row) == held
    assert row["digest"] not in (code, sha256(code.encode()).hexdigest())
