"""The letter a landlord signs, and the notice left at a door where nobody was in."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils.timezone import localdate
from docx import Document as read_docx

from fengqiao.checks.starting import ensure_lists
from fengqiao.ground.models import Premises
from fengqiao.ground.tags import tag_code
from fengqiao.kinds.inspection.letter import a_year_after
from fengqiao.kinds.inspection.models import Inspection
from fengqiao.kit.ids import uuid7
from fengqiao.kit.problems import BadInput, NotFound, OutOfTurn
from fengqiao.matters.commands import perform, raise_matter
from fengqiao.matters.issued_papers import issued_of, print_issued
from fengqiao.matters.models import Matter
from fengqiao.matters.photos import of_events
from fengqiao.matters.printing import available, print_paper
from fengqiao.matters.queries import allowed_acts, timeline
from fengqiao.people.roles import Role
from tests.answering import a_photo
from tests.doors import client_of
from tests.station import NOON, SmallStation, person, small_station

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LANDLORD = {"contact_name": "房东乙", "contact_phone": "13900000002"}


@pytest.fixture
def place() -> SmallStation:
    held = small_station()
    ensure_lists(station_id=held.station.pk, at=NOON)
    held.people["grid"] = person(held.station, "海尾网格员", Role.GRID_MEMBER, held.haiwei)
    return held


def check(place: SmallStation, kind: str = "rental_house", **more: Any) -> Matter:
    where = Premises.objects.create(
        id=uuid7(),
        station=place.station,
        number=f"P-{Premises.objects.count()}",
        kind=kind,
        name="海尾滘口公寓",
        community=place.haiwei,
        address="滘口东路 128 号",
        updated_at=NOON,
        **more,
    )
    given = {"premises": where.pk, "source": "round", "due_on": localdate(NOON) + 5 * DAY}
    return raise_matter(kind_slug="inspection", given=given, by=place.actor("haiwei"), at=NOON).matter


def do(place: SmallStation, matter: Matter, act: str, /, *, days: int = 0, who: str = "haiwei", **given: Any):
    perform(
        matter_id=matter.pk,
        act=act,
        given=given,
        by=place.actor(who),
        at=NOON + days * DAY,
        key=f"{act}-{days}",
    )
    matter.refresh_from_db()


def words_of(content: bytes) -> str:
    body = read_docx(BytesIO(content)).element.body
    return "".join(node.text or "" for node in body.iter() if node.tag.endswith("}t"))


def letter_of(place: SmallStation, matter: Matter) -> str:
    (given,) = issued_of(matter, place.actor("haiwei"))
    printed = print_issued(
        matter=matter, issued_id=given.issued.pk, as_="docx", by=place.actor("haiwei"), at=NOON
    )
    return words_of(printed.content)


def names(place: SmallStation, matter: Matter, who: str = "haiwei") -> set[str]:
    return {act.name for act in allowed_acts(matter, place.actor(who))} & {"issue_letter", "letter_signed"}


def test_a_letter_is_issued_under_a_number_for_a_year_and_says_the_same_for_ever(place: SmallStation):
    matter = check(place, **LANDLORD, rooms=12)
    do(place, matter, "issue_letter")
    first = letter_of(place, matter)

    for words in (
        "容桂责保〔2022〕1号",
        "滘口东路 128 号",
        "房东乙",
        "13900000002",
        "12 间",
        "2022年5月10日至2023年5月10日",
        "(7)委托他人管理",
        "(6)承租人入住时",
    ):
        assert words in first
    Premises.objects.filter(pk=matter.premises_id).update(contact_name="别人", rooms=3)
    matter.refresh_from_db()
    assert letter_of(place, matter) == first


def test_what_the_register_does_not_know_is_left_to_the_hand_and_no_more_is_asked(place: SmallStation):
    matter = check(place)
    do(place, matter, "issue_letter")
    words = letter_of(place, matter)
    assert "出租人(代理人)联系电话" in words, "their cells are empty"
    for outdated in ("性别", "年龄", "常住户口", "暂住证"):
        assert outdated not in words


def test_only_houses_that_are_let_have_one_and_only_one_a_check(place: SmallStation):
    shop, house = check(place, "shop"), check(place)
    assert names(place, shop) == set()
    with pytest.raises(OutOfTurn):
        do(place, shop, "issue_letter")
    assert names(place, house) == {"issue_letter"}
    assert names(place, house, "grid") == set()
    do(place, house, "issue_letter")
    assert names(place, house) == {"letter_signed"}
    with pytest.raises(OutOfTurn):
        do(place, house, "issue_letter", days=1)


def test_it_is_recorded_as_signed_with_a_photo_of_the_page_also_after_the_check(place: SmallStation):
    matter = check(place)
    do(place, matter, "issue_letter")
    signed = {"signed_on": localdate(NOON) + DAY, "photos": [a_photo(place)]}
    with pytest.raises(BadInput) as early:
        do(place, matter, "letter_signed", **signed)
    assert early.value.errors[0].field == "given.signed_on"
    with pytest.raises(BadInput) as bare:
        do(place, matter, "letter_signed", days=1, **signed | {"photos": []})
    assert bare.value.errors[0].field == "given.photos"

    do(place, matter, "letter_signed", days=1, **signed)
    assert Inspection.objects.get(pk=matter.pk).letter_signed_on == localdate(NOON) + DAY
    events = timeline(matter)
    assert [len(photos) for photos in of_events(events, matter).values()][-1] == 1
    assert names(place, matter) == set()


def test_a_year_ends_on_the_same_day_and_on_the_28th_after_a_leap_day():
    assert a_year_after(date(2023, 3, 1)) == date(2024, 3, 1)
    assert a_year_after(date(2024, 2, 29)) == date(2025, 2, 28)


def test_the_notice_is_for_a_door_where_nobody_was_in_and_tells_nothing_of_the_place(place: SmallStation):
    matter = check(place, **LANDLORD, grade="red")
    with pytest.raises(NotFound):
        print_paper(matter=matter, slug="door_notice", as_="docx", by=place.actor("grid"), at=NOON)
    do(place, matter, "nobody_in", left_notice=True)
    printed = print_paper(matter=matter, slug="door_notice", as_="docx", by=place.actor("grid"), at=NOON)

    words = words_of(printed.content)
    assert matter.premises is not None
    for said in ("滘口东路 128 号", "2022-05-10 12:00", "2022-05-15", tag_code(matter.premises)):
        assert said in words
    for secret in ("房东乙", "13900000002", "红", "海尾社区警长"):
        assert secret not in words
    assert {paper.slug for paper in available(matter, place.actor("haiwei"))} == {"door_notice"}


def test_the_matters_page_offers_the_letter_and_lists_it_without_asking_for_its_service(place: SmallStation):
    matter = check(place)
    page = client_of(place, "haiwei").get(f"/matters/{matter.pk}").content.decode()
    assert "出具责任保证书" in page
    do(place, matter, "issue_letter")
    page = client_of(place, "haiwei").get(f"/matters/{matter.pk}").content.decode()
    assert "容桂责保〔2022〕1号" in page
    assert "送达未登记" not in page
