"""A checklist comes from a file as a whole: our table, plain lists as stations have them, or an XLSForm."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import Workbook

from fengqiao.checks.exporting import own_xlsx, xlsform
from fengqiao.checks.models import Checklist
from fengqiao.checks.queries import current
from fengqiao.checks.starting import defaults
from fengqiao.ground.importing import Standing
from fengqiao.kit.problems import BadInput
from fengqiao.kit.sheets import Sheet, judge
from fengqiao.kit.sheets.xlsform import read_xlsform
from fengqiao.kit.tests.shared_data import shared

pytestmark = pytest.mark.django_db
PLAIN = (
    "field,item,type\nnoBikes,张贴禁止入内标识,yes_no\nquantity,ABC干粉灭火器数量,integer\n"
    "licence,营业执照,text\ndoorPic,门头照,image\n"
)
HAZARDS = "no,hazard\n1,锁闭安全出口\n2,违规用火用电用气\n"


def published(slug: str) -> Sheet:
    return Sheet.from_json(current(Checklist.objects.get(slug=slug)).items)


def form(*rows: tuple[str, ...], choices: tuple[tuple[str, str, str], ...] = ()) -> bytes:
    book = Workbook()
    book.active.title = "survey"
    for row in (("type", "name", "label", "relevant", "constraint", "required"), *rows):
        book.active.append(row)
    page = book.create_sheet("choices")
    for row in (("list_name", "name", "label"), ("yn", "yes", "有"), ("yn", "no", "无"), *choices):
        page.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_plain_list_of_items_becomes_a_checklist_named_by_its_file(brought):
    run = brought(PLAIN.encode(), "rental_fire.csv")

    sheet = published("rental_fire")
    assert (run.ok, run.failed) == (4, 0)
    assert [(one.code, one.type.value, one.good) for one in sheet] == [
        ("noBikes", "yes_no_na", ("yes",)),
        ("quantity", "number", ()),
        ("licence", "text", ()),
        ("doorPic", "photo", ()),
    ]


def test_a_list_of_hazards_is_fine_where_the_answer_is_no(brought):
    brought(HAZARDS.encode(), "shops.csv")

    assert [(one.code, one.says, one.good) for one in published("shops")] == [
        ("item_1", "锁闭安全出口", ("no",)),
        ("item_2", "违规用火用电用气", ("no",)),
    ]


def test_the_same_file_again_makes_no_version(brought):
    brought(PLAIN.encode())
    again = brought(PLAIN.encode(), "list-v1 (2).csv")

    assert (again.ok, again.skipped) == (0, 4)
    assert current(Checklist.objects.get()).number == 1


def test_a_changed_file_is_the_next_version_and_says_what_changes(brought, tried):
    brought(PLAIN.encode())
    changed = PLAIN.replace("张贴禁止入内标识", "张贴标识").replace("licence,营业执照,text\n", "")

    notes = [verdict.note for verdict in tried(changed.encode()).verdicts]
    brought(changed.encode(), note="去掉营业执照")

    assert notes == ["修改：检查内容", "无变化", "无变化；这一版删去：营业执照"]
    version = current(Checklist.objects.get())
    assert (version.number, version.note, version.published_by.name) == (2, "去掉营业执照", "所长")


@pytest.mark.parametrize(
    ("name", "count"), [("rental_house_fire_checklist_zh", 20), ("sanxiao_small_shop_hazards_zh", 14)]
)
def test_the_lists_of_public_notices_are_taken_whole(brought, name: str, count: int):
    data = shared(f"checklists/{name}.csv").read_bytes()

    run = brought(data, f"{name}.csv")

    assert (run.ok, run.failed, run.skipped) == (count, 0, 0)
    assert len(published(name)) == count


WRONG = [
    ("代码,检查内容,题型\na,甲,日期", "题型", "“日期”不在可选范围内"),
    ("代码,检查内容,题型,选项\na,甲,单选,一个", "选项", "至少要有两个选项"),
    ("代码,检查内容,显示条件\na,甲,${b} = 1", "显示条件", "没有“b”"),
    ("代码,检查内容,显示条件\na,甲,1 + 1", "显示条件", "第 3 个字符处：不认识“+”"),
    ("代码,检查内容,合格答案\na,甲,也许", "合格答案", "“也许”不在选项内"),
    ("代码,检查内容,整改期限\na,甲,过几天", "整改期限", "不认识“过几天”"),
    ("代码,检查内容\na,甲\na,乙", "代码", "“a”重复"),
    ("代码,检查内容,隐患表述\na,甲,乙", "隐患表述", "只填一个"),
    ("代码,检查内容,程度\na,甲,很重", "程度", "可选范围"),
]


@pytest.mark.parametrize(("text", "header", "says"), WRONG)
def test_a_wrong_row_is_named_with_its_column(tried, text: str, header: str, says: str):
    found = tried(text.encode())

    failed = [verdict for verdict in found.verdicts if verdict.standing is Standing.FAILED]
    headers = {
        "type": "题型",
        "choices": "选项",
        "relevant": "显示条件",
        "good": "合格答案",
        "span": "整改期限",
    }
    headers |= {"code": "代码", "fault": "隐患表述", "severity": "程度"}
    assert len(failed) == 1
    assert says in failed[0].reason(headers)
    assert failed[0].reason(headers).startswith(header)


def test_one_wrong_row_and_nothing_is_published(brought):
    run = brought("代码,检查内容,题型\na,甲,是否\nb,乙,日期".encode())

    assert (run.ok, run.failed, run.skipped) == (0, 1, 1)
    assert not Checklist.objects.exists()


def test_a_list_in_words_people_write_is_understood(brought):
    head = "代码,分组,检查内容,题型,单位,选项,合格答案,程度,整改期限,隐患须拍照"
    brought(
        f"{head}\ngas,气,用什么气,单选,,管道气;瓶装气,管道气,严重,立即,是\nn,器材,灭火器,整数,具,,≥2,,15日内,".encode()
    )

    gas, extinguishers = published("list")
    assert (gas.choices, gas.good, gas.severity.value, gas.span, gas.photo_needed) == (
        (("管道气", "管道气"), ("瓶装气", "瓶装气")),
        ("管道气",),
        "serious",
        "0d",
        True,
    )
    assert (extinguishers.good, extinguishers.span, extinguishers.unit) == ((">=2",), "15d", "具")


@pytest.mark.parametrize("slug", [one.slug for one in defaults()])
@pytest.mark.parametrize("write", [own_xlsx, xlsform])
def test_every_starting_list_survives_the_way_out_and_in(brought, slug: str, write):
    sheet = next(one.sheet for one in defaults() if one.slug == slug)

    run = brought(write(sheet, name="试", slug="again", number=1), "again.xlsx")

    assert (run.failed, run.ok) == (0, len(sheet))
    assert published("again") == sheet


def test_a_form_drawn_elsewhere_is_read_with_its_groups_and_conditions(brought):
    data = form(
        ("start", "started", ""),
        ("begin_group", "g", "电动车", "", "", ""),
        ("select_one yn", "ebike", "有没有电动车", "", "", "yes"),
        ("end_group",),
        ("note", "hint", "请仔细看"),
        ("select_multiple gas", "gas", "用什么气", "${ebike} = 'yes'", "", ""),
        ("integer", "count", "灭火器", "", ". >= 0 and . < 100", "yes"),
        ("image", "front", "门头"),
        choices=(("gas", "pipe", "管道"), ("gas", "bottle", "瓶装")),
    )

    run = brought(data, "form.xlsx")

    sheet = published("form")
    assert (run.ok, run.skipped) == (4, 2)
    assert [(one.code, one.type.value, one.group, one.required) for one in sheet] == [
        ("ebike", "yes_no_na", "电动车", True),
        ("gas", "choices", "", False),
        ("count", "number", "", True),
        ("front", "photo", "", False),
    ]
    assert judge(sheet, {"ebike": {"value": "no"}, "count": {"value": 100}})[0].field == "count"


REFUSED = [
    ((("text", "a", "甲", "${zz} = 1"),), "第 2 行：条件引用了没有的题目“zz”"),
    ((("select_one nolist", "a", "甲"),), "第 2 行：choices 表里没有选项组“nolist”"),
    ((("blob", "a", "甲"),), "不认识的题型“blob”"),
    ((("text", "", "甲"),), "第 2 行：题目没有名称"),
    ((("text", "a", "甲"), ("text", "a", "乙")), "第 3 行：名称“a”重复"),
    ((("begin_group", "g", "组"), ("text", "a", "甲")), "第 2 行：begin_group 没有对应的 end_group"),
]


@pytest.mark.parametrize(("rows", "says"), REFUSED)
def test_a_wrong_form_is_refused_in_chinese_with_the_original_beneath(rows, says: str):
    with pytest.raises(BadInput) as refused:
        read_xlsform(form(*rows))

    told, original = str(refused.value).split("\n原文：")
    assert told.startswith(says)
    assert original.isascii() or "name" in original


def test_what_stations_do_not_ask_is_refused_by_its_row(tried):
    found = tried(
        form(("text", "a", "甲"), ("geopoint", "where", "在哪里"), ("text", "b", "乙", "count(${a}) > 1")),
        "form.xlsx",
    )

    told = [(verdict.number, verdict.standing.value) for verdict in found.verdicts]
    reasons = [fault.says for verdict in found.verdicts for fault in verdict.faults]
    assert told == [(2, "skipped"), (3, "failed"), (4, "failed")]
    assert ["geopoint" in reasons[0], "不认识“count”" in reasons[1]] == [True, True]


def test_a_broken_workbook_is_refused_not_a_crash(tried):
    data = form(("text", "a", "甲"))

    with pytest.raises(Exception, match=r"损坏|表格"):
        tried(data[: len(data) // 2], "form.xlsx")
