"""A hazard's road: told, put right, looked at again by somebody else, and seen to have stayed fixed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from fengqiao.ground import importing
from fengqiao.ground.importing import Context
from fengqiao.ground.models import Premises
from fengqiao.kinds.hazard.models import Hazard
from fengqiao.kinds.hazard.tests.road import (
    CLOSED,
    DAY,
    HANDED_OFF,
    NOT_FIXED,
    PHOTO,
    RECEIPTED,
    REPORTED,
    STILL,
    TOLD,
    VERIFIED,
    act,
    found,
    house,
    running,
    walk,
    with_place,
)
from fengqiao.kit.problems import BadInput, Forbidden, OutOfTurn
from fengqiao.kit.tables import write_xlsx
from fengqiao.matters.models import Clock, Matter
from tests.station import SmallStation

pytestmark = pytest.mark.django_db
FIXED = {"result": "fixed", "seen": "已清空", "photos": PHOTO}


@pytest.fixture
def place() -> SmallStation:
    return with_place()


def test_from_the_finding_to_the_second_surprise_check(place: SmallStation):
    matter = found(place)
    assert (matter.stage, matter.community, matter.holder) == (
        "found",
        place.haiwei,
        place.people["haiwei"],
    )
    # 10 May and 15 days; looked at again within three working days of that.
    assert running(matter) == {
        "serve": date(2022, 5, 13),
        "fix": date(2022, 5, 25),
        "reinspect": date(2022, 5, 30),
    }

    stages = []
    for step in CLOSED:
        matter = walk(place, matter, step)
        stages.append(matter.stage)

    assert stages == ["notified", "fixing", "reinspect_due", "verified", "verified", "closed"]
    assert (matter.outcome, matter.is_open) == ("fixed", False)


def test_the_finder_may_not_verify_nor_may_who_reported_it_fixed(place: SmallStation):
    matter = walk(
        place, found(place), *REPORTED[:2], ("auxiliary", "report_fixed", 3 * DAY, {"photos": PHOTO})
    )

    with pytest.raises(Forbidden, match="发现人"):
        act(place, matter, "haiwei", "reinspect", 4 * DAY, **FIXED)
    with pytest.raises(Forbidden, match="经办人"):
        act(place, matter, "auxiliary", "reinspect", 4 * DAY + 1, **FIXED)
    assert act(place, matter, "second", "reinspect", 4 * DAY + 2, **FIXED).stage == "verified"


def test_a_report_moves_the_reinspection_forward(place: SmallStation):
    matter = walk(place, found(place), *REPORTED)

    assert running(matter) == {"reinspect": date(2022, 5, 18)}


def test_found_not_fixed_the_second_deadline_is_half_the_first(place: SmallStation):
    matter = walk(place, found(place), *NOT_FIXED)
    assert matter.stage == "not_fixed"
    assert set(running(matter)) == {"decide"}

    matter = act(place, matter, "haiwei", "notify", 17 * DAY)

    # 27 May and 7 days.
    assert matter.stage == "notified"
    assert running(matter)["fix"] == date(2022, 6, 6)  # 3 June was a holiday, 4 and 5 too
    detail = Hazard.objects.get(pk=matter.pk)
    assert detail.second_due_at is not None
    assert detail.due_at is not None
    assert detail.due_at < detail.second_due_at


def test_an_extension_needs_the_chief_a_reason_and_time_left(place: SmallStation):
    matter = walk(place, found(place), *TOLD)
    asked = {"until": "2022-06-10", "reason": "等待定制防火门"}

    with pytest.raises(Forbidden):
        act(place, matter, "haiwei", "extend", 2 * DAY, **asked)
    with pytest.raises(BadInput, match="30 日"):
        act(place, matter, "chief", "extend", 2 * DAY, until="2022-06-26", reason="等待定制防火门")
    extended = act(place, matter, "chief", "extend", 2 * DAY, **asked)
    assert running(extended) == {"fix": date(2022, 6, 10), "reinspect": date(2022, 6, 15)}
    with pytest.raises(BadInput, match="已过"):
        act(place, matter, "chief", "extend", 40 * DAY, until="2022-06-30", reason="又要等一等")


def test_put_right_on_the_spot_still_waits_for_another_pair_of_eyes(place: SmallStation):
    matter = found(place, fixed_on_spot=True, after_photos=PHOTO, deadline="0d")

    assert (matter.stage, set(running(matter))) == ("fixed_on_spot", {"reinspect"})
    with pytest.raises(Forbidden):
        act(place, matter, "haiwei", "reinspect", DAY, **FIXED)
    assert act(place, matter, "second", "reinspect", DAY, **FIXED).stage == "verified"


def test_at_once_means_today(place: SmallStation):
    assert running(found(place, deadline="0d"))["fix"] == date(2022, 5, 10)


@pytest.mark.parametrize(("item", "by"), [("exits_free", "24h"), ("extinguishers", "3wd")])
def test_a_complaint_races_the_check_on_the_spot_and_has_no_deadline_before(
    place: SmallStation, item: str, by: str
):
    matter = found(place, item=item, source="complaint", who="desk")
    assert [(c.name, c.span) for c in Clock.objects.filter(matter=matter)] == [("on_site", by)]

    matter = act(place, matter, "haiwei", "notify", 60)
    assert running(matter)["fix"] == date(2022, 5, 25)


def test_a_complaint_without_ground_ends_and_counts_for_nothing(place: SmallStation):
    matter = act(
        place,
        found(place, source="complaint", who="desk"),
        "haiwei",
        "unfounded",
        60,
        seen="现场畅通，没有停放",
    )

    assert (matter.stage, matter.outcome) == ("unfounded", "unfounded")


@pytest.mark.parametrize(
    ("missing", "fields"),
    [
        ({"method": "direct"}, ["receiver"]),
        ({"method": "received_for", "receiver": "物业前台"}, ["relation"]),
        ({"method": "left"}, ["refusal", "witness"]),
        ({"method": "left", "refusal": "称与己无关"}, ["witness"]),
        ({"method": "electronic"}, ["consent"]),
    ],
)
def test_each_way_of_service_needs_its_own_proof(place: SmallStation, missing: dict, fields: list[str]):
    matter = act(place, found(place), "haiwei", "notify", 10)

    with pytest.raises(BadInput) as wrong:
        act(place, matter, "haiwei", "serve", 20, place="门口", **missing)

    assert [error.field for error in wrong.value.errors] == [f"given.{field}" for field in fields]
    assert Matter.objects.get(pk=matter.pk).stage == "notified"


def test_refused_and_left_before_a_camera_is_served_and_remembered(place: SmallStation):
    matter = act(place, found(place), "haiwei", "notify", 10)

    left = {"method": "left", "place": "门口", "refusal": "称与己无关", "recorded": True}
    matter = act(place, matter, "haiwei", "serve", 20, **left)

    assert matter.stage == "fixing"
    assert Hazard.objects.get(pk=matter.pk).refused_at is not None


def test_handed_off_is_not_over_until_the_receipt_is_in(place: SmallStation):
    matter = walk(place, found(place), *HANDED_OFF)
    assert (matter.stage, set(running(matter))) == ("handed_off", {"receipt"})
    close = {"why": "handed_off", "reason": "消防大队已立案"}

    with pytest.raises(BadInput, match="回执"):
        act(place, matter, "chief", "close", 18 * DAY, **close)
    matter = walk(place, matter, RECEIPTED[-1])
    matter = act(place, matter, "chief", "close", 21 * DAY, **close)

    assert (matter.stage, matter.outcome) == ("closed", "handed_off")


def test_taken_back_it_is_told_anew_with_half_the_time(place: SmallStation):
    matter = walk(place, found(place), *HANDED_OFF)

    matter = act(place, matter, "haiwei", "take_back", 18 * DAY, reason="对方退回，属本所")
    matter = act(place, matter, "haiwei", "notify", 18 * DAY + 1)

    assert running(matter)["fix"] == date(2022, 6, 6)


def test_the_same_thing_at_the_same_place_within_half_a_year_is_linked(place: SmallStation):
    home, other = house(place), house(place, "P-2")
    first = walk(place, found(place, home), *VERIFIED)

    def earlier(where: Premises, days: int, **more: str) -> object:
        again = found(place, where, at=first.raised_at + timedelta(days=days), **more)
        return Hazard.objects.get(pk=again.pk).earlier_id

    assert earlier(home, 100) == first.pk
    assert earlier(home, 100, item="exits_free") is None
    assert earlier(other, 100) is None
    assert earlier(home, 190) is None


def test_found_again_by_the_surprise_check_a_new_hazard_begins(place: SmallStation):
    first = walk(place, found(place), *VERIFIED)

    ended = act(
        place, first, "auxiliary", "revisit", 30 * DAY, result="again", seen="又停了三辆电动车", photos=PHOTO
    )

    new = Matter.objects.get(parent=first)
    assert (ended.stage, ended.outcome) == ("recurred", "recurred")
    assert (new.stage, new.kind, new.premises_id) == ("found", "hazard", first.premises_id)
    assert new.hazard.earlier_id == first.pk
    assert new.hazard.finding == "又停了三辆电动车"


def test_a_minor_one_that_stayed_fixed_needs_one_check(place: SmallStation):
    matter = walk(place, found(place, severity="minor", deadline="3d"), *VERIFIED)

    assert act(place, matter, "auxiliary", "revisit", 30 * DAY, **STILL).stage == "closed"


def test_an_objection_is_answered_by_the_chief_and_may_take_the_notice_back(place: SmallStation):
    matter = walk(place, found(place), *TOLD, ("haiwei", "object", 60, {"words": "那里不是楼梯间，是车库"}))
    with pytest.raises(OutOfTurn, match="等待答复"):
        act(place, matter, "haiwei", "object", 61, words="再说一次不是楼梯间")
    with pytest.raises(Forbidden):
        act(place, matter, "haiwei", "answer", 70, answer="kept", reason="现场照片清楚")

    kept = act(place, matter, "chief", "answer", 80, answer="kept", reason="现场照片清楚")
    assert (kept.stage, "answer" in running(kept)) == ("fixing", False)

    matter = act(place, kept, "haiwei", "object", 90, words="附上车库的图纸")
    matter = act(place, matter, "chief", "answer", 100, answer="withdrawn", reason="图纸证明为独立车库")
    assert (matter.stage, matter.outcome) == ("withdrawn", "withdrawn")


def test_a_place_of_another_community_is_not_an_officers_to_write_up(place: SmallStation):
    away = house(place, "P-9", community=place.dongfeng)

    with pytest.raises(BadInput, match="辖区"):
        found(place, away)


def test_without_a_place_the_address_says_where(place: SmallStation):
    with pytest.raises(BadInput) as wrong:
        found(place, premises=None)
    assert wrong.value.errors[0].field == "address"


def test_a_file_of_hazards_is_taken_in_once(place: SmallStation):
    head = [
        "隐患项目代码",
        "发现的问题",
        "具体部位",
        "隐患等级",
        "来源",
        "整改期限",
        "地址",
        "社区",
        "来文编号",
        "发现时间",
    ]
    row = [
        "exits_free",
        "后门上锁",
        "一层后门",
        "重大",
        "外部移送导入",
        "立即(当天)",
        "海尾大道 1 号",
        place.haiwei.code,
    ]
    now = datetime(2022, 5, 10, 4, 0, tzinfo=UTC)
    context = Context(station=place.station, at=now, filename="hazards.xlsx", by=place.actor("desk"))

    for _again in range(2):
        data = write_xlsx({"隐患": [head, [*row, "YS-1", "2022-05-09 10:00"]]})
        run = importing.preview(what="hazards", data=data, context=context)
        importing.commit(run_id=run.pk, context=context)

    assert list(Matter.objects.values_list("kind", "level", "reference")) == [("hazard", "serious", "YS-1")]
