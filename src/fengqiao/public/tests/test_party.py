"""A party to a matter follows a link: sees the place and the defect, does the little that is theirs, no more."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from fengqiao.ground.models import Premises
from fengqiao.kit.ids import uuid7
from fengqiao.matters.commands import perform, raise_matter
from fengqiao.matters.models import Event, Matter, PartyLink
from fengqiao.store.scope import say
from tests.answering import a_photo
from tests.doors import client_of
from tests.station import SmallStation, small_station

pytestmark = pytest.mark.django_db
SERVED = {"method": "direct", "place": "场所门口", "receiver": "王小二", "relation": "经营者"}
GONE = "链接不可用"


@pytest.fixture
def place() -> SmallStation:
    return small_station()


def now() -> datetime:
    return datetime.now(UTC)


def told(place: SmallStation, number: str = "P-1") -> Matter:
    """A hazard at a rented house, told and served."""
    say(station=place.station.pk)
    home = Premises.objects.create(
        id=uuid7(),
        station=place.station,
        number=number,
        kind="rental_house",
        name="海尾滘口公寓",
        community=place.haiwei,
        address="滘口东路 128 号",
        contact_name="房东乙",
        contact_phone="13900000002",
        updated_at=now(),
    )
    given: dict[str, Any] = {
        "premises": home.pk,
        "item": "ebike_indoors",
        "finding": "电动自行车停在楼梯间充电",
        "spot": "首层楼梯间",
        "severity": "general",
        "source": "round",
        "deadline": "15d",
        "photos": [a_photo(place)],
    }
    matter = raise_matter(kind_slug="hazard", given=given, by=place.actor("haiwei"), at=now()).matter
    do(place, matter, "haiwei", "notify")
    do(place, matter, "haiwei", "serve", **SERVED)
    return matter


def do(place: SmallStation, matter: Matter, who: str, act: str, /, **given: Any) -> None:
    say(station=place.station.pk)
    key = f"{act}-{matter.pk}"
    perform(matter_id=matter.pk, act=act, given=given, by=place.actor(who), at=now(), key=key)


def link(place: SmallStation, matter: Matter, who: str = "haiwei") -> str:
    """The path of a new link, as the officer's page shows it once."""
    page = client_of(place, who).post(f"/matters/{matter.pk}/links").content.decode()
    found = re.search(r"http://testserver(/l/[\w-]{32})", page)
    assert found
    return found[1]


def reader(address: str = "10.0.0.1") -> Client:
    return Client(REMOTE_ADDR=address)


def hidden(page: str, act: str) -> dict[str, str]:
    """The unseen fields of one act's form."""
    form = next(part for part in page.split("<form")[1:] if f'value="{act}"' in part)
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


def stage(place: SmallStation, matter: Matter) -> str:
    say(station=place.station.pk)
    return Matter.objects.get(pk=matter.pk).stage


def test_the_link_tells_what_where_what_to_do_and_whom_to_call(place: SmallStation):
    page = reader().get(link(place, told(place))).content.decode()

    for words in (
        "海尾滘口公寓",
        "首层楼梯间",
        "电动自行车停在楼梯间充电",
        "整改中",
        "物理隔离",
        "119",
        "110",
        "120",
    ):
        assert words in page
    assert re.search(r"整改期限截止</dt><dd>\d{4}-\d\d-\d\d</dd>", page)


def test_no_persons_words_stand_on_the_page(place: SmallStation):
    matter = told(place)
    do(place, matter, "haiwei", "note", note="房东乙说租客叫李四")

    page = reader().get(link(place, matter)).content.decode()

    for secret in ("房东乙", "13900000002", "王小二", "李四", "海尾社区警长", str(matter.pk)):
        assert secret not in page


def test_the_party_says_it_is_fixed_and_a_repeat_does_nothing_twice(place: SmallStation):
    matter = told(place)
    address, client = link(place, matter), reader()
    form = hidden(client.get(address).content.decode(), "report_fixed")
    post = form | {"report_fixed-note": "已移到室外"}

    answers = [client.post(address, post).content.decode() for _ in range(2)]

    assert stage(place, matter) == "reinspect_due"
    assert all("已收到" in answer and "待复查" in answer for answer in answers)
    assert all('value="report_fixed"' not in answer for answer in answers), (
        "there is nothing to report any more"
    )
    event = Event.objects.get(matter=matter, act="report_fixed")
    assert (event.by_id, event.role) == (None, "party")
    assert "已移到室外" not in str(event.given)
    assert "当事人" in client_of(place, "haiwei").get(f"/matters/{matter.pk}").content.decode()


def test_an_objection_too_short_is_told_beside_its_field(place: SmallStation):
    matter = told(place)
    address, client = link(place, matter), reader()
    form = hidden(client.get(address).content.decode(), "object")

    answer = client.post(address, form | {"object-words": "不"})

    assert answer.status_code == 422
    assert "至少 4 个字" in answer.content.decode()
    assert client.post(address, form | {"object-words": "那里是车库"}).status_code == 200
    assert Event.objects.filter(matter=matter, act="object").count() == 1


@pytest.mark.parametrize("act", ["void", "reinspect", "extend", "answer", "assign", "no_such_act", ""])
def test_acts_that_are_not_a_partys_are_refused_and_change_nothing(place: SmallStation, act: str):
    matter = told(place)
    address = link(place, matter)
    say(station=place.station.pk)
    before = Event.objects.filter(matter=matter).count()

    answer = reader().post(address, {"act": act, "key": "k", f"{act}-reason": "想作废这件事"})

    assert answer.status_code in (403, 404)
    say(station=place.station.pk)
    assert Event.objects.filter(matter=matter).count() == before
    assert stage(place, matter) == "fixing"


def test_a_wrong_an_ended_a_revoked_link_and_one_of_a_closed_matter_get_the_same_page(place: SmallStation):
    ended, revoked, closed = (told(place, f"P-{number}") for number in range(3))
    late, withdrawn, over = link(place, ended), link(place, revoked), link(place, closed)
    say(station=place.station.pk)
    PartyLink.objects.filter(matter=ended).update(ends_at=now() - timedelta(seconds=1))
    row = PartyLink.objects.get(matter=revoked)
    client_of(place, "haiwei").post(f"/matters/{revoked.pk}/links/{row.pk}/revoke")
    do(place, closed, "desk", "void", reason="测试录入")

    answers = [reader().get(path) for path in ("/l/" + "x" * 32, late, withdrawn, over)]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert GONE in answers[0].content.decode()
    assert len({answer.content for answer in answers}) == 1
    assert reader().post(late, {"act": "report_fixed", "key": "k"}).status_code == 404
    assert stage(place, ended) == "fixing"


def test_ten_wrong_links_from_one_address_have_to_wait_and_others_do_not(place: SmallStation):
    good = link(place, told(place))

    tried = [reader().get(f"/l/{number:032}").status_code for number in range(10)]

    assert tried == [404] * 10
    assert reader().get(good).status_code == 429
    assert reader("10.0.0.2").get(good).status_code == 200


def test_a_link_opens_one_matter_and_no_other_stations(place: SmallStation):
    other = small_station("乙所")
    mine, theirs = link(place, told(place)), link(other, told(other))

    assert "容桂派出所" in reader().get(mine).content.decode()
    assert "乙所" in reader().get(theirs).content.decode()


def test_a_member_of_staff_who_follows_a_link_stays_in_their_own_station(place: SmallStation):
    other = small_station("乙所")
    theirs = link(other, told(other))
    officer = client_of(place, "haiwei")

    assert officer.get(theirs).status_code == 200
    assert officer.get("/").status_code == 200


def test_a_link_is_made_by_who_may_see_the_matter_and_not_before_anything_was_told(place: SmallStation):
    matter = told(place)

    assert client_of(place, "dongfeng").post(f"/matters/{matter.pk}/links").status_code == 404
    assert client_of(place, "audit").post(f"/matters/{matter.pk}/links").status_code == 403
    assert Client().post(f"/matters/{matter.pk}/links").status_code in (302, 401, 403)
    say(station=place.station.pk)
    assert PartyLink.objects.count() == 0


def test_the_database_holds_no_token_and_counts_the_openings(place: SmallStation):
    path = link(place, told(place))
    for _time in range(3):
        reader().get(path)

    say(station=place.station.pk)
    row = PartyLink.objects.values().get()
    assert path.removeprefix("/l/") not in str(row)
    assert row["used"] == 3


def test_the_page_is_small_needs_no_script_and_sets_no_cookie(place: SmallStation):
    answer = reader().get(link(place, told(place)))

    assert b"<script" not in answer.content
    assert not answer.cookies
    assert answer["Referrer-Policy"] == "no-referrer"
    loaded = re.findall(r'(?:href|src)="/static/([^"#]+)', answer.content.decode())
    files = [path for name in loaded if (path := finders.find(name))]
    if len(files) < len(loaded):
        pytest.skip("not built: run `make setup`")
    assert len(answer.content) + sum(Path(path).stat().st_size for path in files) <= 30 * 1024
