"""A checklist in a form: drawn, answered, posted and read back the same; what is known is shown, not asked."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string

from fengqiao.kit.inputs import Input, asks, json_schema, questions, validate
from fengqiao.kit.problems import BadInput
from fengqiao.kit.sheets import Sheet, judge
from fengqiao.pages.forms import BoundForm


class Inspect(Input):
    checks: dict[str, Any] = asks("检查项", sheet=True)
    talk: str = asks("情况", default="", max_length=100)


SHEET = Sheet.from_json(
    [
        {"code": "ebike", "says": "有没有电动自行车", "group": "电动车"},
        {
            "code": "indoors",
            "says": "楼道无电动自行车充电",
            "group": "电动车",
            "good": ["yes"],
            "relevant": "${ebike} = 'yes'",
            "severity": "serious",
            "basis": "第25条",
            "photo_needed": True,
        },
        {"code": "count", "says": "灭火器", "type": "number", "unit": "具", "good": [">=2"], "group": "器材"},
        {
            "code": "gas",
            "says": "燃气",
            "type": "choices",
            "choices": [["pipe", "管道气"], ["bottle", "瓶装气"]],
            "required": False,
        },
        {"code": "front.door", "says": "门头照", "type": "photo", "required": False},
    ]
)
PHOTO = str(uuid4())


def posted(**more: object) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in more.items():
        data.setlist(f"inspect-{name.replace('__', '.')}", value if isinstance(value, list) else [value])
    return data


def form(data: QueryDict | None = None, **more: Any) -> BoundForm:
    return BoundForm(Inspect, data=data, prefix="inspect", sheets={"checks": SHEET}, **more)


def drawn(bound: BoundForm) -> str:
    return render_to_string("pages/fields.html", {"form": bound})


def test_what_is_posted_is_read_back_as_answers():
    data = posted(
        checks__ebike__value="yes",
        checks__indoors__value="no",
        checks__indoors__spot=" 二楼 ",
        checks__indoors__note="",
        checks__indoors__photos=[PHOTO],
        checks__count__value="２",
        checks__gas__value=["pipe", "bottle"],
        talk="好",
    )
    data["inspect-checks.front.door.photos"] = PHOTO

    asked = validate(Inspect, form(data).given())

    assert asked.checks == {
        "ebike": {"value": "yes"},
        "indoors": {"value": "no", "spot": "二楼", "photos": [PHOTO]},
        "count": {"value": 2},
        "gas": {"value": ["pipe", "bottle"]},
        "front.door": {"photos": [PHOTO]},
    }
    assert judge(SHEET, asked.checks) == ()


def test_an_unanswered_sheet_is_empty_answers_for_the_judge_to_name():
    asked = validate(Inspect, form(posted()).given())

    assert [(fault.field, fault.says) for fault in judge(SHEET, asked.checks)] == [
        ("ebike", "必填"),
        ("count", "必填"),
    ]


def test_what_is_no_number_is_kept_for_the_judge_to_refuse():
    data = posted(checks__ebike__value="no", checks__count__value="两具")

    page = drawn(form(data))

    assert judge(SHEET, form(data).given()["checks"])[0].says == "应为数字"
    assert 'value="两具"' in page


def test_each_wrong_item_is_named_beside_itself_and_linked_from_the_summary():
    answers = {"ebike": {"value": "yes"}, "indoors": {"value": "no"}}
    errors = BadInput("", errors=judge(SHEET, answers)).errors
    bound = form(posted(checks__ebike__value="yes", checks__indoors__value="no"), errors=_within(errors))

    page = drawn(bound)

    assert [(item.says, item.error) for item in bound.wrong_fields] == [
        ("楼道无电动自行车充电", "发现隐患须拍照"),
        ("灭火器", "必填"),
    ]
    assert page.count("发现隐患须拍照</p>") == 1
    assert 'href="#f-inspect-checks.indoors-yes"' in page
    assert 'id="f-inspect-checks.indoors-yes"' in page


def test_progress_counts_what_must_be_answered_here():
    untouched, begun = form(), form(posted(checks__ebike__value="yes", checks__count__value="2"))

    told = [(one.fields[0].sheet.answered, one.fields[0].sheet.total) for one in (untouched, begun)]

    assert told == [(0, 2), (2, 3)]


def test_what_is_known_is_shown_with_a_way_to_change_it_and_posted_along():
    known = {"count": {"value": 3, "note": "上次查过"}}

    page = drawn(form(initial={"checks": known}))

    assert "<b>3 具</b>" in page
    assert page.count('class="sheet-known"') == 1
    assert 'name="inspect-checks.count.value" value="3"' in page


def test_a_form_without_a_sheet_says_so_and_gives_no_answers():
    bound = BoundForm(Inspect, data=posted(talk="好"), prefix="inspect")

    assert bound.given()["checks"] == {}
    assert "没有可用的检查清单" in drawn(bound)


def test_the_api_is_told_that_these_are_answers_to_a_checklist():
    assert json_schema(Inspect)["properties"]["checks"]["x-sheet"] is True
    assert questions(Inspect)[0].widget == "sheet"


@pytest.mark.parametrize("text", ["<script>", '"><img src=x onerror=alert(1)>'])
def test_what_was_typed_is_shown_as_text(text: str):
    data = posted(checks__indoors__note=text, checks__indoors__spot=text, checks__indoors__photos=text)

    assert text not in drawn(form(data))


def _within(errors: Any) -> Any:
    return tuple(type(one)(f"payload.checks.{one.field}", one.says) for one in errors)
