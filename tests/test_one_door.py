"""One door, all duties: what is owed at a place is answered in one visit, whatever kinds it is of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fengqiao.checks.queries import sheet_of
from fengqiao.checks.starting import ensure_lists
from fengqiao.ground.commands import create_premises
from fengqiao.ground.models import Premises
from fengqiao.kinds.inspection.models import Inspection
from fengqiao.matters.commands import perform, raise_matter, raise_owed
from fengqiao.matters.models import Event, Matter, Visit
from tests import pictures
from tests.answering import a_photo, answers_of
from tests.doors import client_of
from tests.station import SmallStation, small_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> SmallStation:
    held = small_station()
    ensure_lists(station_id=held.station.pk, at=timezone.now())
    return held


@pytest.fixture
def house(place: SmallStation) -> Premises:
    """A rental house with a check due and a hazard that is being mended."""
    now = timezone.now()
    given = {"number": "A-1", "kind": "rental_house", "name": "福安公寓", "address": "海尾社区海尾路1号"}
    made = create_premises(station_id=place.station.pk, given=given, at=now)
    Premises.objects.filter(pk=made.pk).update(check_due=timezone.localdate(now))
    raise_owed(station_id=place.station.pk, at=now)
    hazard = {
        "premises": made.pk,
        "item": "wiring",
        "finding": "电线没有穿管",
        "spot": "二楼走道",
        "severity": "general",
        "source": "round",
        "deadline": "15d",
        "photos": [a_photo(place)],
    }
    found = now - timedelta(days=2)
    raise_matter(kind_slug="hazard", given=hazard, by=place.actor("haiwei"), at=found, key="h")
    return made


def the(kind: str) -> Matter:
    return Matter.objects.get(kind=kind)


def posted(matter: Matter, act: str, given: dict[str, Any]) -> dict[str, Any]:
    """An act's answers as the page posts them."""
    name = f"{matter.serial}-{act}"
    found: dict[str, Any] = {"do": name}
    for question, value in given.items():
        if question == "answers":
            found |= {
                f"{name}-answers.{code}.{part}": said
                for code, one in value.items()
                for part, said in one.items()
            }
        else:
            found[f"{name}-{question}"] = value
    return found


def together(*parts: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "do": [part["do"] for part in parts],
        "visit": "0197a3a0-0000-7000-8000-000000000001",
    }
    for part in parts:
        found |= {name: value for name, value in part.items() if name != "do"}
    return found


def a_check(**said: Any) -> dict[str, Any]:
    check = the("inspection")
    version = Inspection.objects.get(pk=check.pk).version_id
    assert version is not None
    given = {
        "answers": answers_of(sheet_of(version), said=said),
        "accompanied": "landlord",
        "refused_signature": "true",
        "witness": "居委会干部",
    }
    return posted(check, "inspect", given)


def a_notice(**more: Any) -> dict[str, Any]:
    return posted(the("hazard"), "notify", {"advice": "请电工把电线穿管"} | more)


def test_two_duties_of_two_kinds_are_one_visit(place: SmallStation, house: Premises):
    officer = client_of(place, "haiwei")
    page = officer.get(f"/premises/{house.pk}/visit").content.decode()
    assert "检查" in page
    assert "签发告知单" in page

    answer = officer.post(f"/premises/{house.pk}/visit", together(a_check(), a_notice()))
    assert answer.status_code == 302, answer.content.decode()[:3000]

    visit = Visit.objects.get()
    acts = set(Event.objects.filter(visit=visit).values_list("matter__kind", "act"))
    assert acts == {("inspection", "inspect"), ("hazard", "notify")}
    assert (the("inspection").stage, the("hazard").stage) == ("clean", "notified")


def test_what_is_wrong_with_one_duty_keeps_all_back_and_nothing_typed_is_lost(
    place: SmallStation, house: Premises
):
    officer = client_of(place, "haiwei")
    wrong = a_check(residents="许多")
    answer = officer.post(f"/premises/{house.pk}/visit", together(wrong, a_notice()))
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "应为数字" in page
    assert "请电工把电线穿管" in page
    assert not Visit.objects.exists()
    assert the("hazard").stage == "found"


def test_a_photo_of_a_finding_comes_with_the_form_and_belongs_to_the_check(
    place: SmallStation, house: Premises
):
    from django.core.files.uploadedfile import SimpleUploadedFile

    officer = client_of(place, "haiwei")
    form = a_check(exits_free="no")
    name = form["do"]
    files = {f"{name}-answers.exits_free.photos": SimpleUploadedFile("a.jpg", pictures.jpeg(), "image/jpeg")}
    answer = officer.post(f"/premises/{house.pk}/visit", together(form) | files)
    assert answer.status_code == 302, answer.content.decode()[:3000]

    new = Matter.objects.get(kind="hazard", parent=the("inspection"))
    assert new.hazard.item == "exits_free"
    assert officer.get(f"/matters/{new.pk}").content.decode().count("/thumb") >= 1


def test_what_may_be_done_here_is_asked_once_however_the_visit_ends(place: SmallStation, house: Premises):
    officer, held = client_of(place, "haiwei"), house.community
    registers = f'FROM "{held._meta.db_table}"'
    told = []
    for form in (a_check(residents="许多"), a_check()):
        with CaptureQueriesContext(connection) as asked:
            told.append(officer.post(f"/premises/{house.pk}/visit", together(form, a_notice())).status_code)
        choices = [one["sql"] for one in asked if registers in one["sql"] and "ORDER BY" in one["sql"]]
        assert len(choices) == 1

    assert told == [422, 302]


def test_nobody_is_asked_who_ticked_nothing(place: SmallStation, house: Premises):
    answer = client_of(place, "haiwei").post(f"/premises/{house.pk}/visit", {"visit": ""})
    assert answer.status_code == 200
    assert "请先勾选这次办了哪些" in answer.content.decode()
    assert not Visit.objects.exists()


def test_sent_twice_it_is_one_visit(place: SmallStation, house: Premises):
    officer = client_of(place, "haiwei")
    form = together(a_check())
    assert officer.post(f"/premises/{house.pk}/visit", form).status_code == 302
    officer.post(f"/premises/{house.pk}/visit", form)
    assert Event.objects.filter(act="inspect").count() == 1
    assert Visit.objects.count() == 1


def test_another_beats_officer_finds_nothing_here(place: SmallStation, house: Premises):
    assert client_of(place, "dongfeng").get(f"/premises/{house.pk}/visit").status_code == 404


def test_the_desk_reads_the_month_on_the_place(place: SmallStation, house: Premises):
    check = the("inspection")
    given = {"left_notice": True}
    now = timezone.now()
    perform(matter_id=check.pk, act="nobody_in", given=given, by=place.actor("haiwei"), at=now, key="n")
    page = client_of(place, "haiwei").get(f"/premises/{house.pk}/visit").content.decode()
    assert "近 30 天上门 1 次，上限 4 次" in page


def test_the_check_and_its_hazard_both_show_the_photo(place: SmallStation, house: Premises):
    from fengqiao.kinds.hazard.models import Hazard

    officer, photo = client_of(place, "haiwei"), a_photo(place)
    form = a_check(exits_free="no")
    form[f"{form['do']}-answers.exits_free.photos"] = photo
    assert officer.post(f"/premises/{house.pk}/visit", form).status_code == 302

    new = Matter.objects.get(kind="hazard", parent=the("inspection"))
    assert Hazard.objects.get(pk=new.pk).photos == [photo]
    for matter in (new, the("inspection")):
        assert f"/photos/{photo}/thumb" in officer.get(f"/matters/{matter.pk}").content.decode()
