"""Past checks: due days with their source, late or not, places found or refused, and who sees them."""

from __future__ import annotations

from datetime import date

import pytest

from fengqiao.ground import importing
from fengqiao.ground.importing import Context, Standing
from fengqiao.ground.models import ImportRun, Premises
from fengqiao.histories.dues import is_late
from fengqiao.histories.importing import HISTORIES
from fengqiao.histories.models import PastFinding, PastRectification, PastVisit
from fengqiao.kit.ids import uuid7
from fengqiao.kit.tables import read_table
from tests.doors import client_of
from tests.station import NOON, SmallStation, small_station

pytestmark = pytest.mark.django_db

HEADERS = "来源,隐患编号,检查日期,检查项,等级,隐患描述,通知日期,原报告期限,新报告期限,期限天数,报告整改日期,场所编号,地址"
FIRST = "消防,F-1,2022-03-01,疏散通道,一般,通道堆物,2022-03-02,2022-03-20,,,2022-03-20,S-1,"


@pytest.fixture
def place() -> SmallStation:
    made = small_station()
    for number, community, address in (
        ("S-1", made.haiwei, "海尾路1号"),
        ("S-2", made.dongfeng, "东风路2号"),
        ("S-3", made.haiwei, "海尾路3号"),
        ("S-4", made.haiwei, "海尾路3号"),
    ):
        Premises.objects.create(
            id=uuid7(), station=made.station, number=number, kind="shop", name=f"{number} 店",
            community=community, address=address, updated_at=NOON,
        )  # fmt: skip
    return made


def took(place: SmallStation, *rows: str) -> tuple[ImportRun, list[tuple[Standing, str]]]:
    context = Context(place.station, NOON, "checks.csv", by_name="值班员")
    data = "\n".join([HEADERS, *rows]).encode()
    run = importing.preview(what="histories", data=data, context=context)
    run = importing.commit(run_id=run.pk, context=context)
    return run, [(v.standing, v.reason(HISTORIES.headers)) for v in importing.report(run).verdicts]


@pytest.mark.parametrize(
    ("original", "new", "days", "due", "source"),
    [
        ("2022-03-20", "", "", "2022-03-20", "original"),
        ("2022-03-20", "2022-04-01", "", "2022-04-01", "new"),
        ("", "", "15", "2022-03-17", "derived"),
        ("", "", "", None, ""),
        ("2022-03-20", "", "15", "2022-03-20", "original"),
    ],
)
def test_the_due_day_in_force_says_where_it_comes_from(
    place: SmallStation, original: str, new: str, days: str, due: str | None, source: str
):
    took(place, f"消防,F-1,2022-03-01,通道,一般,堆物,2022-03-02,{original},{new},{days},,S-1,")

    one = PastFinding.objects.get()
    assert (one.due_on and str(one.due_on), one.due_source) == (due, source)


@pytest.mark.parametrize(
    ("due", "certified", "verified", "late"),
    [
        (date(2022, 3, 20), date(2022, 3, 20), None, False),
        (date(2022, 3, 20), date(2022, 3, 21), None, True),
        (date(2022, 3, 20), None, date(2022, 3, 21), True),
        (date(2022, 3, 20), date(2022, 3, 19), date(2022, 4, 1), False),
        (None, date(2022, 3, 21), None, None),
    ],
)
def test_late_is_after_the_due_day(
    due: date | None, certified: date | None, verified: date | None, late: bool | None
):
    assert is_late(due=due, certified=certified, verified=verified) is late


def test_what_cannot_be_taken_in_says_why(place: SmallStation):
    _, found = took(
        place,
        FIRST,
        FIRST,
        "消防,F-2,2022-03-01,通道,,堆物,,,,,,S-9,",
        "消防,F-3,2022-03-01,通道,,堆物,,,,,,,海尾路3号",
        "消防,F-4,2022-03-01,通道,,店主电话13900001234,,,,,,S-1,",
        "消防,F-5,03/01/2022,通道,,堆物,,,,,,S-1,",
        "消防,F-6,2022-03-01,通道,,堆物,,,,半月,,S-1,",
        "消防,F-7,2022-03-01,通道,,堆物,,,,,,,东风路2号",
    )

    says = [reason for _, reason in found]
    assert [standing for standing, _ in found] == [Standing.OK, *[Standing.FAILED] * 6, Standing.OK]
    assert "编号 F-1 与第 2 行重复" in says[1]
    assert "登记簿里没有这处场所(S-9)" in says[2]
    assert "登记簿里有 2 处这个地址" in says[3]
    assert "含有电话或证件号码" in says[4]
    assert "请用对应关系导入" not in says[4]
    assert "不是日期" in says[5]
    assert "“半月”不是天数" in says[6]
    assert PastFinding.objects.get(reference="F-7").premises.number == "S-2"


def test_a_later_export_of_the_source_brings_what_changed_and_no_second_row(place: SmallStation):
    took(place, FIRST.replace(",2022-03-20,S-1,", ",,S-1,"))
    assert not PastRectification.objects.exists()

    run, found = took(place, FIRST.replace(",2022-03-20,S-1,", ",2022-03-25,S-1,"))

    assert run.ok == 1
    assert found[0][1] == "更新：报告整改日期、是否逾期"
    assert PastRectification.objects.get().late is True
    assert (PastFinding.objects.count(), PastVisit.objects.count()) == (1, 1)
    assert took(place, FIRST.replace(",2022-03-20,S-1,", ",2022-03-25,S-1,"))[0].skipped == 1


def test_findings_of_one_check_are_one_visit(place: SmallStation):
    took(place, FIRST, FIRST.replace("F-1", "F-2"), FIRST.replace("F-1", "F-3").replace("03-01", "03-05"))

    assert sorted(PastVisit.objects.values_list("day", flat=True)) == [date(2022, 3, 1), date(2022, 3, 5)]


def test_an_officer_sees_the_history_of_the_own_community_only(place: SmallStation):
    took(place, FIRST, FIRST.replace("F-1", "G-1").replace("S-1", "S-2").replace("通道堆物", "电线乱拉"))
    other = Premises.objects.get(number="S-2")

    own = client_of(place, "haiwei").get("/past-checks/").content.decode()
    assert ("通道堆物" in own, "电线乱拉" in own) == (True, False)
    assert client_of(place, "haiwei").get(f"/premises/{other.pk}/past").status_code == 404
    desk = client_of(place, "desk")
    assert "电线乱拉" in desk.get(f"/premises/{other.pk}/past").content.decode()
    assert f"/premises/{other.pk}/past" in desk.get(f"/premises/{other.pk}/").content.decode()


def test_the_register_narrows_and_leaves_as_a_file(place: SmallStation):
    late = FIRST.replace("F-1", "F-2").replace(",2022-03-20,S-1,", ",2022-03-25,S-1,")
    undone = FIRST.replace("F-1", "F-3").replace(",2022-03-20,S-1,", ",,S-1,").replace("一般", "严重")
    took(place, FIRST, late, undone)
    desk = client_of(place, "desk")

    def references(query: str) -> list[str]:
        answer = desk.get(f"/past-checks/?{query}&format=xlsx")
        return sorted(row.cells["隐患编号"] for row in read_table(answer.content, "x.xlsx").rows)

    assert references("") == ["F-1", "F-2", "F-3"]
    assert references("outcome=late") == ["F-2"]
    assert references("outcome=in_time") == ["F-1"]
    assert references("outcome=open") == ["F-3"]
    assert references("severity=严重") == ["F-3"]
    assert references("q=通道 F-2") == ["F-2"]
    assert references("from=2022-03-01&to=2022-03-01&outcome=nonsense") == ["F-1", "F-2", "F-3"]
    assert "没有符合条件的记录" in desk.get("/past-checks/?from=2022-04-01").content.decode()
