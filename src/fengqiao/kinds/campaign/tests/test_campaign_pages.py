"""A campaign as it is seen: on its page, on the map, by the joining departments' link, and in its report."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from docx import Document as read_docx

from fengqiao.ground.models import Community, Premises
from fengqiao.kinds.campaign.tests.running import (
    DAY,
    FINISH,
    act,
    check_of,
    checked,
    houses,
    owed,
    planned,
    running,
    with_lists,
)
from fengqiao.kit.ids import uuid7
from fengqiao.kit.problems import NotFound, OutOfTurn
from fengqiao.matters.commands.links import make_link
from fengqiao.matters.issued_papers import issued_of, print_issued
from fengqiao.matters.models import Matter
from fengqiao.matters.printing import available, print_paper
from fengqiao.store.scope import say
from tests.doors import client_of
from tests.station import NOON, SmallStation

pytestmark = pytest.mark.django_db
HERE = {"lon": 113.27, "lat": 22.77}
CONTACT = {"contact_name": "房东乙", "contact_phone": "13900000002"}


@pytest.fixture
def place() -> SmallStation:
    return with_lists()


@pytest.fixture
def half(place: SmallStation) -> Matter:
    """Two houses, one of them checked, with one hazard."""
    one, _other = houses(place, 2, **HERE, **CONTACT)
    matter = running(place)
    owed(place)
    checked(place, one, wiring="no")
    return matter


def page(place: SmallStation, address: str, who: str = "desk") -> str:
    return client_of(place, who).get(address).content.decode()


def link(place: SmallStation, matter: Matter) -> str:
    say(station=place.station.pk)
    return f"/l/{make_link(matter_id=matter.pk, by=place.actor('desk'), at=timezone.now())}"


def words_of(content: bytes) -> str:
    body = read_docx(BytesIO(content)).element.body
    return "".join(node.text or "" for node in body.iter() if node.tag.endswith("}t"))


def test_its_page_tells_the_progress_in_all_and_by_community_and_renews_it(place: SmallStation, half: Matter):
    shown = page(place, f"/matters/{half.pk}")
    for words in ("已查场所 1/2", "1/2", "100.0", "海尾社区居委会", "在地图上看"):
        assert words in shown
    assert re.search(r"hx-select-oob=\"[^\"]*#board", shown)
    assert f"/map/?matter={half.pk}" in shown


def test_each_number_of_a_running_round_opens_to_its_rows(place: SmallStation, half: Matter):
    shown, rows = page(place, f"/matters/{half.pk}"), f"/matters/{half.pk}/rows?of="
    assert "%" not in re.sub(r"<(style|script|a|meter)[^>]*>", "", shown.partition('id="board"')[2][:3000]), (
        "too few"
    )
    for name, said, other in (
        ("places", "P-0002", None),
        ("checked", "P-0001", "P-0002"),
        ("found:440606006016", "电线", None),
    ):
        assert f'href="{rows}{name.replace(":", "%3A")}"' in shown
        listed = page(place, rows + name)
        assert said in listed
        assert other is None or other not in listed
    assert "没有事项" in page(place, f"{rows}mended")
    for address, who in ((f"{rows}nonsense", "desk"), (f"{rows}places", "haiwei")):
        assert client_of(place, who).get(address).status_code == 404


def test_a_round_that_is_over_tells_its_numbers_as_they_stood_and_opens_nothing(
    place: SmallStation, half: Matter
):
    act(place, half, "desk", "finish", **FINISH)
    assert "/rows?of=" not in page(place, f"/matters/{half.pk}")


def test_before_it_starts_there_is_nothing_to_tell(place: SmallStation):
    assert "进展" not in page(place, f"/matters/{planned(place).pk}")


def test_the_map_shows_its_places_as_done_and_to_do_and_no_others(place: SmallStation, half: Matter):
    houses(place, 3, kind="shop", **HERE)
    client = client_of(place, "desk")
    answer = client.get(f"/map/places?matter={half.pk}")
    told = answer.json()
    assert sorted(told["grades"][mark] for mark in told["grade"]) == ["done", "todo"]
    assert (
        client.get(f"/map/places?matter={half.pk}", headers={"If-None-Match": answer["ETag"]}).status_code
        == 304
    )

    say(station=place.station.pk)
    checked(place, Premises.objects.get(number="P-0002"), at=NOON + timedelta(hours=1))
    again = client.get(f"/map/places?matter={half.pk}", headers={"If-None-Match": answer["ETag"]})
    assert [again.json()["grades"][mark] for mark in again.json()["grade"]] == ["done", "done"]
    assert len(client.get("/map/places").json()["tag"]) == 5


def test_the_map_of_a_matter_is_for_whom_the_matter_is_for(place: SmallStation, half: Matter):
    for address in ("/map/", "/map/places", "/map/data"):
        assert client_of(place, "desk").get(f"{address}?matter={half.pk}").status_code == 200
        assert client_of(place, "haiwei").get(f"{address}?matter={half.pk}").status_code == 404
        assert client_of(place, "desk").get(f"{address}?matter=nonsense").status_code == 404
    say(station=place.station.pk)
    check = Matter.objects.filter(kind="inspection").first()
    assert check is not None
    assert client_of(place, "desk").get(f"/map/?matter={check.pk}").status_code == 404


def test_an_officer_reads_where_a_check_comes_from_without_a_link_that_leads_nowhere(
    place: SmallStation, half: Matter
):
    say(station=place.station.pk)
    check = check_of(Premises.objects.get(number="P-0002"))
    assert f'href="/matters/{half.pk}"' not in page(place, f"/matters/{check.pk}", "haiwei")
    assert "出租屋电动自行车专项整治" in page(place, f"/matters/{check.pk}", "haiwei")
    assert f'href="/matters/{half.pk}"' in page(place, f"/matters/{check.pk}", "desk")


def test_departments_read_the_progress_by_link_and_nobodys_name_and_can_do_nothing(
    place: SmallStation, half: Matter
):
    address = link(place, half)
    answer = Client(headers={"accept-language": "zh-hans"}).get(address)
    shown = answer.content.decode()

    for words in ("专项整治进度", "消防救援、供电", "已查场所 1/2", "海尾社区居委会", "119"):
        assert words in shown
    for name in ("房东乙", "13900000002", "出租屋1", "值班员", "海尾社区警长", "所长"):
        assert name not in shown
    assert "<form" not in shown
    assert Client().post(address, {"act": "finish", "finish-summary": "完成了全部"}).status_code == 403
    say(station=place.station.pk)
    assert Matter.objects.get(pk=half.pk).stage == "running"


def test_the_link_ends_with_the_campaign_and_begins_with_its_start(place: SmallStation, half: Matter):
    address = link(place, half)
    act(place, half, "desk", "finish", **FINISH)
    assert Client().get(address).status_code == 200
    act(place, half, "chief", "close")
    assert Client().get(address).status_code == 404
    with pytest.raises(OutOfTurn):
        link(place, planned(place))


def test_the_report_is_a_draft_until_the_chief_closes_then_issued_as_it_stands(
    place: SmallStation, half: Matter
):
    desk, chief = place.actor("desk"), place.actor("chief")
    act(place, half, "desk", "finish", **FINISH)
    matter = Matter.objects.select_related("vault").get(pk=half.pk)
    draft = words_of(print_paper(matter=matter, slug="draft", as_="docx", by=desk, at=NOON).content)
    for words in ("已查场所 1/2", "尚未整改 1 处", "电线", "出租屋1", FINISH["summary"]):
        assert words in draft
    assert "房东乙" not in draft

    act(place, half, "chief", "close")
    matter = Matter.objects.select_related("vault").get(pk=half.pk)
    (report,) = issued_of(matter, chief)
    assert report.issued.number == "容桂专治〔2022〕1号"
    assert available(matter, desk) == []
    Matter.objects.filter(kind="hazard").update(state="verified", stage="verified")
    printed = print_issued(matter=matter, issued_id=report.issued.pk, as_="docx", by=chief, at=NOON + DAY)
    assert "尚未整改 1 处" in words_of(printed.content)
    with pytest.raises(NotFound):
        print_issued(matter=matter, issued_id=report.issued.pk, as_="pdf", by=place.actor("haiwei"), at=NOON)


@pytest.mark.parametrize("as_", ["pdf", "docx"])
def test_a_long_report_repeats_the_heads_of_its_tables(place: SmallStation, as_: str):
    """26 communities and 80 hazards still open."""
    communities = [
        Community.objects.create(station=place.station, code=f"44060600{n:04}", name=f"第{n}社区居委会")
        for n in range(26)
    ]
    matter = running(place)
    for community in communities:
        houses(place, 4, community=community)
    for number, house in enumerate(Premises.objects.all()[:80]):
        Matter.objects.create(
            id=uuid7(),
            station=place.station,
            kind="hazard",
            state="assigned",
            stage="fixing",
            title="首层楼梯间：电动自行车停放在楼梯间并充电",
            premises=house,
            raised_at=NOON,
            raised_day=NOON.date(),
            reference=f"r{number}",
        )
    matter = Matter.objects.select_related("vault").get(pk=matter.pk)
    file = print_paper(matter=matter, slug="draft", as_=as_, by=place.actor("chief"), at=NOON).content

    if as_ == "pdf":
        assert file.count(b"/Type/Page") - file.count(b"/Type/Pages") >= 4
        return
    words = words_of(file)
    assert "尚未整改 80 处" in words
    assert "第25社区居委会" in words
    tables = read_docx(BytesIO(file)).tables
    heads = [table.rows[0]._tr.xml for table in tables if len(table.rows) > 20]
    assert len(heads) == 2
    assert all("tblHeader" in head for head in heads)
