"""A checklist is read, told and judged; whatever is posted, judging answers in words."""

from __future__ import annotations

import json
from contextlib import suppress
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fengqiao.kit.expressions import ExpressionError, parse
from fengqiao.kit.problems import BadInput
from fengqiao.kit.sheets import Sheet, differences, findings, judge, relevant_codes

ITEMS = [
    {"code": "ebike", "says": "有没有电动自行车", "good": []},
    {
        "code": "indoors",
        "says": "楼道、室内无电动自行车停放充电",
        "good": ["yes"],
        "relevant": "${ebike} = 'yes'",
        "photo_needed": True,
        "span": "0d",
    },
    {"code": "extinguishers", "says": "灭火器", "type": "number", "unit": "具", "good": [">=2"]},
    {
        "code": "area",
        "says": "面积",
        "type": "measure",
        "required": False,
        "constraint": ". > 0 and . < 100000",
        "constraint_says": "面积应大于 0",
    },
    {
        "code": "gas",
        "says": "用什么气",
        "type": "choices",
        "choices": [["pipe", "管道气"], ["bottle", "瓶装气"], ["none", "不用气"]],
        "good": ["pipe", "none"],
        "required": False,
    },
    {"code": "bottle_at", "says": "气瓶放在哪里", "type": "text", "relevant": "selected(${gas}, 'bottle')"},
    {"code": "front", "says": "门头照", "type": "photo", "required": False},
]
SHEET = Sheet.from_json(ITEMS)
PHOTO = str(uuid4())


def answers(**more: object) -> dict[str, object]:
    plain = {"ebike": {"value": "no"}, "extinguishers": {"value": 2}}
    return {**plain, **more}


def faults(**more: object) -> dict[str, str]:
    return {fault.field: fault.says for fault in judge(SHEET, answers(**more))}


def test_a_full_set_of_answers_has_nothing_wrong_and_no_finding():
    assert judge(SHEET, answers()) == ()
    assert findings(SHEET, answers()) == ()


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"swimming": {"value": "yes"}}, {"swimming": "清单里没有这一项"}),
        ({"extinguishers": {}}, {"extinguishers": "必填"}),
        ({"extinguishers": {"value": "2"}}, {"extinguishers": "应为数字"}),
        ({"extinguishers": {"value": 1.5}}, {"extinguishers": "应为整数"}),
        ({"ebike": {"value": "perhaps"}}, {"ebike": "不在可选范围内"}),
        ({"area": {"value": 0}}, {"area": "面积应大于 0"}),
        ({"indoors": {"value": "yes"}}, {"indoors": "按前面的答案不用答这一项，请清空"}),
        ({"ebike": {"value": "yes"}}, {"indoors": "必填"}),
        ({"ebike": {"value": "yes"}, "indoors": {"value": "no"}}, {"indoors.photos": "发现隐患须拍照"}),
        ({"gas": {"value": ["bottle"]}}, {"bottle_at": "必填"}),
        ({"gas": {"value": "bottle"}}, {"gas": "不在可选范围内"}),
        ({"front": {"value": "x"}}, {"front": "这一项只要照片"}),
        ({"ebike": {"value": "no", "who": "张三"}}, {"ebike": "答案应只含 value、note、spot、photos"}),
        ({"ebike": {"value": "no", "photos": ["a.jpg"]}}, {"ebike.photos": "照片应为编号，最多 9 张"}),
    ],
)
def test_each_wrong_answer_is_named(more: dict[str, object], expected: dict[str, str]):
    assert faults(**more) == expected


def test_what_is_not_good_is_a_finding_and_not_applicable_never_is():
    given_answers = answers(
        ebike={"value": "yes"},
        indoors={"value": "no", "photos": [PHOTO], "spot": "二楼楼梯间"},
        extinguishers={"value": 1},
        gas={"value": ["pipe", "bottle"]},
        bottle_at={"value": "厨房"},
    )

    found = findings(SHEET, given_answers)

    assert [one.item.code for one in found] == ["indoors", "extinguishers", "gas"]
    assert (found[0].answer.spot, found[0].answer.photos) == ("二楼楼梯间", (PHOTO,))
    assert judge(SHEET, given_answers) == ()
    assert findings(SHEET, answers(ebike={"value": "yes"}, indoors={"value": "na"})) == ()


def test_relevance_follows_the_answers():
    assert "indoors" not in relevant_codes(SHEET, answers())
    assert "indoors" in relevant_codes(SHEET, answers(ebike={"value": "yes"}))


@pytest.mark.parametrize(
    ("item", "says"),
    [
        ({"code": "1a", "says": "x"}, "第 1 项(1a)代码：须以英文字母开头"),
        ({"code": "a", "says": " "}, "第 1 项(a)检查内容：必填"),
        ({"code": "a", "says": "x", "type": "date"}, "第 1 项(a)题型：“date”不在可选范围内"),
        ({"code": "a", "says": "x", "points": 3}, "第 1 项(a)：没有“points”这一栏"),
        ({"code": "a", "says": "x", "good": ["maybe"]}, "第 1 项(a)合格答案：“maybe”不在选项内"),
        ({"code": "a", "says": "x", "type": "number", "good": ["2个"]}, "第 1 项(a)合格答案：范围写作 >=2"),
        ({"code": "a", "says": "x", "type": "choice"}, "第 1 项(a)选项：单选、多选至少要有两个选项"),
        ({"code": "a", "says": "x", "span": "soon"}, "第 1 项(a)整改期限：写作 0d、3d"),
        (
            {"code": "a", "says": "x", "relevant": "${b} = 1"},
            "第 1 项(a)显示条件：只能引用前面的检查项，没有“b”",
        ),
        ({"code": "a", "says": "x", "relevant": "1 +"}, "第 1 项(a)显示条件：第 3 个字符处：不认识“+”"),
    ],
)
def test_a_wrong_item_is_named_with_its_place(item: dict[str, object], says: str):
    with pytest.raises(BadInput) as refused:
        Sheet.from_json([item])

    assert str(refused.value).startswith(says)


def test_two_items_of_one_code_are_refused():
    with pytest.raises(BadInput, match=r"第 2 项\(a\)代码：“a”重复"):
        Sheet.from_json([{"code": "a", "says": "x"}, {"code": "a", "says": "y"}])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("${a} + 1", "第 6 个字符处：不认识“+”"),
        ("(${a}", "第 6 个字符处：这里应是“)”"),
        ("count(${a}) > 1", "第 1 个字符处：不认识“count”"),
        ("${a} =", "第 7 个字符处：条件没有写完"),
        ("${a} ${a}", "第 6 个字符处：这里不应是“${a}”"),
        ("(" * 200 + "1" + ")" * 200, "第 32 个字符处：括号套得太深"),
    ],
)
def test_what_is_no_expression_is_refused_at_its_place(text: str, says: str):
    with pytest.raises(ExpressionError) as refused:
        parse(text)

    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("${a} = 'yes' and ${n} >= 2", True),
        ("${a} = 'no' or not(${n} < 2)", True),
        ("${a} = 'no' or ${n} < 2 and ${n} > 0", False),
        ("selected(${many}, 'x') and not(selected(${many}, 'xy'))", True),
        ("${n} = '3'", True),
        ("${absent} = ''", True),
        ("${absent} > 0", False),
        (". != -2.5", False),
        ("not(${absent})", True),
    ],
)
def test_expressions_mean_what_xlsform_means(text: str, holds: bool):
    values = {"a": "yes", "n": 3, "many": ("x", "y")}

    assert parse(text).holds(values, -2.5) is holds


def test_the_differences_of_two_versions_are_told_item_by_item():
    after = Sheet.from_json(
        [{**ITEMS[0], "says": "有无电动自行车"}, ITEMS[2], {"code": "exit", "says": "出口畅通"}]
    )

    told = [(one.how, one.item.code, one.words) for one in differences(SHEET, after)]

    assert told == [
        ("changed", "ebike", "检查内容"),
        ("added", "exit", ""),
        ("removed", "indoors", ""),
        ("removed", "area", ""),
        ("removed", "gas", ""),
        ("removed", "bottle_at", ""),
        ("removed", "front", ""),
    ]
    assert differences(SHEET, Sheet.from_json(ITEMS)) == []


def test_another_content_has_another_digest():
    assert SHEET.digest == Sheet.from_json(SHEET.to_json()).digest
    assert SHEET.digest != Sheet.from_json(ITEMS[:1]).digest


words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=20).filter(
    str.strip
)
plain_items = st.fixed_dictionaries(
    {"says": words},
    optional={
        "type": st.sampled_from(["yes_no_na", "number", "measure", "text", "photo"]),
        "group": words,
        "required": st.booleans(),
        "severity": st.sampled_from(["minor", "general", "serious"]),
        "span": st.sampled_from(["0d", "3d", "15d", "3wd"]),
        "constraint": st.sampled_from([". > 1", "not(. = '')"]),
        "photo_needed": st.booleans(),
    },
)


@given(st.lists(plain_items, min_size=1, max_size=8))
def test_any_sheet_is_read_back_as_it_was_told(items: list[dict[str, object]]):
    sheet = Sheet.from_json([{**item, "code": f"q{at}"} for at, item in enumerate(items)])

    assert Sheet.from_json(json.loads(json.dumps(sheet.to_json()))) == sheet


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
likely = st.dictionaries(
    st.sampled_from([item["code"] for item in ITEMS]) | st.text(max_size=5),
    st.fixed_dictionaries(
        {}, optional={"value": anything, "note": anything, "spot": anything, "photos": anything}
    )
    | anything,
    max_size=7,
)


@settings(max_examples=300)
@given(likely | anything)
def test_judging_never_raises_and_what_is_no_answer_is_no_finding(posted: object):
    judge(SHEET, posted)
    relevant_codes(SHEET, posted)

    assert {one.item.code for one in findings(SHEET, posted)} <= {item["code"] for item in ITEMS}


@given(st.text(alphabet="${}ab.()=<>!'\" 0123andornotselected,-+", max_size=30))
def test_any_text_is_an_expression_or_refused(text: str):
    try:
        found = parse(text)
    except ExpressionError:
        return
    assert found.holds({"a": "x", "b": 10**400, "c": ("y",)}, float("inf")) in (True, False)


@given(anything)
def test_whatever_is_no_sheet_is_refused_in_words(posted: object):
    with suppress(BadInput):
        assert Sheet.from_json(posted).items
