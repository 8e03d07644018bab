"""Photos of a hazard: when one is needed, before beside after, and on the papers as long as they live."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from docx import Document as read_docx

from fengqiao.evidence.commands import forget
from fengqiao.evidence.models import Photo
from fengqiao.ground import importing
from fengqiao.ground.importing import Context
from fengqiao.kinds.hazard.models import Hazard
from fengqiao.kinds.hazard.tests.road import (
    DAY,
    PHOTO,
    REPORTED,
    TOLD,
    VERIFIED,
    act,
    found,
    walk,
    with_place,
)
from fengqiao.kinds.hazard.tests.test_hazard_papers import NOW, words_of
from fengqiao.kit.problems import BadInput
from fengqiao.kit.tables import write_xlsx
from fengqiao.matters.issued_papers import print_issued
from fengqiao.matters.models import Issued, Matter
from fengqiao.people.models import Look
from fengqiao.store.scope import say
from tests.answering import a_photo
from tests.doors import client_of
from tests.station import NOON, SmallStation

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> SmallStation:
    return with_place()


def wrong_field(place: SmallStation, **more: Any) -> str:
    with pytest.raises(BadInput) as wrong:
        found(place, **more)
    return wrong.value.errors[0].field


@pytest.mark.parametrize("source", ["round", "campaign", "after_fire"])
def test_what_our_own_rounds_find_needs_a_photo(place: SmallStation, source: str):
    assert wrong_field(place, source=source, photos=[]) == "photos"
    assert Matter.objects.count() == 0


@pytest.mark.parametrize("source", ["complaint", "imported", "self_report"])
def test_what_others_tell_of_may_come_without(place: SmallStation, source: str):
    assert found(place, source=source, photos=[], who="desk").stage == "found"


def test_put_right_on_the_spot_needs_one_of_after(place: SmallStation):
    assert wrong_field(place, fixed_on_spot=True, deadline="0d") == "after_photos"


@pytest.mark.parametrize(
    ("road", "who", "name", "given"),
    [
        ((), "haiwei", "fix_on_spot", {"done": "已推出楼道"}),
        (TOLD, "haiwei", "report_fixed", {}),
        (REPORTED, "second", "reinspect", {"result": "fixed", "seen": "已清空"}),
        (VERIFIED, "auxiliary", "revisit", {"result": "again", "seen": "又停了三辆"}),
    ],
)
def test_an_act_that_says_how_it_looks_now_needs_a_photo(
    place: SmallStation, road: Any, who: str, name: str, given: dict[str, Any]
):
    matter = walk(place, found(place), *road)

    with pytest.raises(BadInput) as wrong:
        act(place, matter, who, name, 30 * DAY, **given)

    assert [error.field for error in wrong.value.errors] == ["given.photos"]
    assert Matter.objects.get(pk=matter.pk).stage == matter.stage


def test_a_photo_of_another_hazard_is_none(place: SmallStation):
    first = Hazard.objects.get(pk=found(place).pk)

    with pytest.raises(BadInput, match="已用于另一件事"):
        found(place, photos=first.photos)


def test_before_and_after_stand_side_by_side(place: SmallStation):
    matter = found(place)
    officer = client_of(place, "second")
    page = officer.get(f"/matters/{matter.pk}").content.decode()
    assert "还没有" in page.partition('id="compared"')[2].partition("</div>")[0]

    matter = walk(place, matter, *REPORTED)
    card = (
        officer.get(f"/matters/{matter.pk}")
        .content.decode()
        .partition('id="compared"')[2]
        .partition("过程")[0]
    )

    detail = Hazard.objects.get(pk=matter.pk)
    assert card.index(f"/photos/{detail.photos[-1]}/thumb") < card.index(
        f"/photos/{detail.after_photos[-1]}/thumb"
    )
    assert card.index("整改前照片") < card.index("整改后照片")
    assert "还没有" not in card


def test_a_hazard_nobody_photographed_has_nothing_to_compare(place: SmallStation):
    matter = found(place, source="complaint", photos=[], who="desk")

    assert "照片对比" not in client_of(place, "haiwei").get(f"/matters/{matter.pk}").content.decode()


def test_the_finding_is_shown_beside_the_camera_of_the_reinspection(place: SmallStation):
    matter = walk(place, found(place), *REPORTED)
    page = client_of(place, "second").get(f"/matters/{matter.pk}").content.decode()

    form = page.partition('id="act-reinspect"')[2].partition("</dialog>")[0]

    before = Hazard.objects.get(pk=matter.pk).photos[-1]
    assert f'class="ghost"><img src="/photos/{before}/thumb"' in form
    assert form.index('class="ghost"') < form.index('type="file"')


def printed(place: SmallStation, matter: Matter, paper: str, as_: str = "docx") -> bytes:
    say(station=place.station.pk)
    one = Issued.objects.filter(matter=matter, paper=paper).latest("id")
    return print_issued(matter=matter, issued_id=one.pk, as_=as_, by=place.actor("chief"), at=NOW).content


def pictures_in(content: bytes) -> int:
    """Photos alone are JPEG; the code to scan is not one of them."""
    paper = read_docx(BytesIO(content))
    drawn = [shape._inline.graphic.graphicData.pic.blipFill.blip.embed for shape in paper.inline_shapes]
    return sum(paper.part.related_parts[one].content_type == "image/jpeg" for one in drawn)


def test_notice_and_reinspection_print_the_photos_with_their_dates(place: SmallStation):
    many = [a_photo(place) for _photo in range(5)]
    Photo.objects.filter(pk__in=many).update(taken_at=NOON)
    matter = walk(place, found(place, photos=many), *VERIFIED)

    notice, record = printed(place, matter, "notice"), printed(place, matter, "reinspection")

    assert (pictures_in(notice), pictures_in(record)) == (4, 4)
    assert words_of(notice).count("整改前 2022-05-10 12:00") == 4
    assert words_of(record).count("整改前 ") == words_of(record).count("整改后 ") == 2
    assert len(printed(place, matter, "notice", "pdf")) > 20_000
    assert Look.objects.filter(subject=matter.pk, columns="photos").count() == 1


def test_a_paper_keeps_its_words_when_its_pictures_have_ended(place: SmallStation):
    matter = act(place, found(place), "haiwei", "notify", 10)
    before = words_of(printed(place, matter, "notice"))
    assert "按期销毁" not in before

    forget([matter.pk], at=NOW)
    after = printed(place, matter, "notice")

    assert pictures_in(after) == 0
    assert words_of(after).replace("照片已按期销毁", "") == before
    assert printed(place, matter, "notice", "pdf").startswith(b"%PDF")


def test_later_photos_are_not_on_a_paper_that_was_issued_before(place: SmallStation):
    matter = walk(place, found(place), *TOLD)
    before = printed(place, matter, "notice")

    act(place, matter, "haiwei", "report_fixed", DAY, photos=PHOTO)

    assert printed(place, matter, "notice") == before


def test_a_file_cannot_bring_our_own_findings_and_names_what_is_missing(place: SmallStation):
    head = ["隐患项目代码", "发现的问题", "具体部位", "隐患等级", "来源", "整改期限", "地址", "社区"]
    row = [
        "exits_free",
        "后门上锁",
        "一层后门",
        "重大",
        "自查巡查",
        "立即(当天)",
        "海尾大道 1 号",
        place.haiwei.code,
    ]
    context = Context(station=place.station, at=NOON, filename="hazards.xlsx", by=place.actor("desk"))

    run = importing.preview(what="hazards", data=write_xlsx({"隐患": [head, row]}), context=context)

    (verdict,) = importing.report(run).verdicts
    assert [(fault.field, "须拍现场照片" in fault.says) for fault in verdict.faults] == [("photos", True)]
