"""A checklist in a browser asks what `kit.sheets` would ask, counts, and posts what is shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string

from fengqiao.kit.inputs import Input, asks
from fengqiao.kit.sheets import Sheet, judge, relevant_codes
from fengqiao.pages.forms import BoundForm
from tests.browser import PHONE, browser

pytestmark = pytest.mark.browser
SCRIPT = Path(__file__).parent.parent / "src/fengqiao/pages/static/fengqiao/dist/desk.js"


class Inspect(Input):
    checks: dict[str, Any] = asks("检查项", sheet=True)


def depends(code: str, on: str) -> dict[str, Any]:
    return {"code": code, "says": code, "good": ["yes"], "relevant": on}


SHEET = Sheet.from_json(
    [
        {"code": "a", "says": "a"},
        {"code": "n", "says": "n", "type": "number", "good": [">=2"]},
        {
            "code": "m",
            "says": "m",
            "type": "choices",
            "required": False,
            "choices": [["x", "甲"], ["y", "乙"]],
        },
        depends("yes", "${a} = 'yes'"),
        depends("other", "${a} != 'yes' and not(${a} = '')"),
        depends("many", "${n} >= 10 or ${n} = '3'"),
        depends("few", "${n} < 10"),
        depends("chosen", "selected(${m}, 'y')"),
        depends("chained", "${chosen} = 'yes' and ${n}"),
    ]
)


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    if not SCRIPT.exists():
        pytest.skip("not built: run `make setup`")
    with browser() as opened:
        yield opened.new_context(viewport=PHONE).new_page()


@pytest.fixture
def form(page: Any) -> Any:
    fields = render_to_string("pages/fields.html", {"form": BoundForm(Inspect, sheets={"checks": SHEET})})
    page.set_content(f'<body data-words="{{}}"><form method="post">{fields}</form></body>')
    page.add_script_tag(content=SCRIPT.read_text(encoding="utf-8"))
    return page


def answer(page: Any, answers: dict[str, Any]) -> None:
    for code, value in answers.items():
        item = page.locator(f"[data-item={code}]")
        for one in value if isinstance(value, list) else [value]:
            if code == "n":
                item.locator("input[name$='.value']").fill(str(one))
            else:
                item.locator(f"input[value={one}]").check()


def posted(page: Any) -> dict[str, Any]:
    # An address holds no files: what is looked at here are the answers in words.
    read = "new URLSearchParams([...new FormData(document.querySelector('form'))].filter(([, v]) => typeof v == 'string'))"
    text = page.evaluate(f"{read}.toString()")
    given: dict[str, Any] = BoundForm(Inspect, data=QueryDict(text), sheets={"checks": SHEET}).given()
    return given["checks"]


def shown(page: Any) -> set[str]:
    return set(page.eval_on_selector_all("[data-item]:not([hidden])", "all => all.map(i => i.dataset.item)"))


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"a": "yes"},
        {"a": "na", "n": 3},
        {"a": "no", "n": 12},
        {"n": 0, "m": ["x"]},
        {"n": 5, "m": ["x", "y"], "chosen": "yes"},
        {"n": 0, "m": ["y"], "chosen": "yes"},
    ],
)
def test_the_browser_asks_what_the_server_would_ask(form: Any, answers: dict[str, Any]):
    answer(form, answers)

    assert shown(form) == relevant_codes(SHEET, posted(form))


def test_the_rest_is_called_fine_at_one_press_and_all_is_counted(form: Any):
    answer(form, {"a": "yes", "n": 3})
    assert form.inner_text("[data-answered]") + "/" + form.inner_text("[data-total]") == "2/5"

    form.click("[data-rest-fine]")

    assert form.inner_text("[data-answered]") + "/" + form.inner_text("[data-total]") == "5/5"
    assert form.is_disabled("[data-rest-fine]")
    assert judge(SHEET, posted(form)) == ()


def test_what_is_hidden_again_is_not_posted(form: Any):
    answer(form, {"a": "yes", "n": 20, "yes": "no"})

    answer(form, {"a": "no"})

    assert set(posted(form)) == {"a", "n"}


def test_a_bad_answer_opens_its_place_and_note(form: Any):
    answer(form, {"a": "yes", "yes": "no"})

    assert form.is_visible("[data-item=yes] [name$='.spot']")
    assert not form.is_visible("[data-item=a] [name$='.spot']")
