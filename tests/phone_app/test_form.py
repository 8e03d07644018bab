"""Every kind of question as a thumb answers it on the phone, from a declaration no kind has: the app knows none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.phone_app.camera import DRAWN
from tests.phone_app.phone import READ, Phone, phone, sign_in, take_in
from tests.phone_app.reading import OPENED
from tests.program import Running

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]

ITEMS = [
    {
        "code": "exit",
        "says": "疏散通道畅通",
        "good": ["yes"],
        "photo_needed": True,
        "advice": "当场清理",
        "group": "通道",
    },
    {"code": "rooms", "says": "房间数", "type": "number", "good": ["<=10"], "group": "通道"},
    {
        "code": "lock",
        "says": "通道上锁",
        "type": "choice",
        "choices": [["open", "没锁"], ["shut", "锁着"]],
        "good": ["open"],
        "tree": ["=", ["code", "exit"], ["value", "no"]],
    },
]
ASKS = {
    "$defs": {
        "Result": {"enum": ["good", "bad"], "x-says": {"good": "合格", "bad": "不合格"}, "type": "string"},
        "Person": {
            "type": "object",
            "properties": {"name": {"title": "姓名", "type": "string", "minLength": 2}},
            "required": ["name"],
        },
    },
    "properties": {
        "result": {"$ref": "#/$defs/Result", "title": "结果"},
        "parts": {"items": {"$ref": "#/$defs/Result"}, "title": "各处", "type": "array", "minItems": 2},
        "told": {"anyOf": [{"type": "boolean"}, {"type": "null"}], "title": "已告知"},
        "count": {"title": "人数", "type": "integer", "minimum": 1},
        "sum": {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string"}], "title": "金额"},
        "day": {"title": "日期", "type": "string", "format": "date"},
        "at": {"title": "时间", "type": "string", "format": "date-time"},
        "person": {"$ref": "#/$defs/Person", "title": "在场人"},
        "words": {"title": "情况", "type": "string", "x-long": True, "maxLength": 50},
        "who": {"title": "同行", "type": "string", "format": "uuid", "x-source": "people"},
        "photos": {
            "title": "照片",
            "type": "array",
            "items": {"type": "string"},
            "x-photos": True,
            "maxItems": 3,
        },
        "sign": {"title": "签名", "type": "array", "items": {"type": "string"}, "x-signature": True},
        "answers": {"title": "检查项", "type": "object", "x-sheet": True},
    },
    "required": ["result", "parts", "count", "person", "answers"],
    "x-rules": [
        {
            "field": "sign",
            "says": "已告知的，须签名",
            "tree": ["and", ["code", "told"], ["not", ["code", "sign"]]],
        }
    ],
}
# The catalogue of this phone alone gets an act of its own; nothing of it ever reaches the server.
DECLARE = (
    "async ([asks, items, matter]) => {"
    + OPENED
    + """
  const [slice, held] = [await shown(await rows('meta', 'slice')), await shown(await rows('matters', matter))];
  slice.sheets = {s1: items};
  for (const act of slice.catalogue.flatMap(kind => kind.acts)) if (act.name === 'note') Object.assign(act, {asks, says: '什么都问'});
  const [meta, row] = [await hidden(slice), {id: matter, ...await hidden({...held, sheets: {note: {sheet: 's1', known: {}}}})}];
  const work = base.transaction(['meta', 'matters'], 'readwrite');
  work.objectStore('meta').put(meta, 'slice');
  work.objectStore('matters').put(row);
  await new Promise(done => (work.oncomplete = done));
  base.close();
}"""
)


@pytest.fixture(scope="module")
def pocket(playwright: Any, running: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phone]:
    """A phone of its own: these stories change what it was told."""
    with phone(playwright, tmp_path_factory.mktemp("form") / "p", running.url) as found:
        sign_in(found)
        yield found
        assert found.complaints == []


@pytest.fixture
def form(pocket: Phone, running: Running, desk: str, request: pytest.FixtureRequest) -> Phone:
    (matter,) = take_in(running, desk, 1, request.node.name[:30])
    pocket.offline(False)
    pocket.know(matter)
    pocket.offline()
    pocket.page.evaluate(DECLARE, [ASKS, ITEMS, matter])
    pocket.reload()
    pocket.begin(matter, "什么都问")
    return pocket


def given(found: Phone) -> dict[str, Any]:
    found.page.wait_for_selector(".saved:has-text('已存在手机')")
    answers: dict[str, Any] = found.visits()[-1]["acts"][-1]["given"]
    return answers


def test_every_question_is_answered_and_kept(form: Phone):
    page = form.page
    for name, value in (("result", "bad"), ("told", "false")):
        form.answer(name, value)
    for value in ("good", "bad"):
        form.answer("parts", value)
    for name, value in {
        "count": "3",
        "sum": "12.50",
        "day": "2022-05-10",
        "at": "2022-05-10T10:02",
        "person.name": "事主甲",
        "words": "楼道堆物",
    }.items():
        form.answer(name, value)
    page.select_option("[id='f-who']", index=1)
    page.evaluate(DRAWN, 2)
    form.until("document.querySelectorAll('#f-photos .photo img').length === 2")
    page.locator(".signature canvas").scroll_into_view_if_needed()
    box = page.locator(".signature canvas").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=4)
    page.mouse.up()
    page.click("button:has-text('用这个签名')")
    page.wait_for_selector("#f-sign .photo img")
    page.locator(".item", has_text="疏散通道").locator("label", has_text="否").click()
    page.wait_for_selector("legend:has-text('通道上锁')")

    form.reload()
    page.wait_for_selector("form.form")
    answers = given(form)
    photos = {photo["id"]: photo for photo in page.evaluate(READ, "photos")}

    assert {
        name: answers[name] for name in ("result", "parts", "told", "count", "sum", "day", "person", "words")
    } == {
        "result": "bad",
        "parts": ["good", "bad"],
        "told": False,
        "count": 3,
        "sum": "12.50",
        "day": "2022-05-10",
        "person": {"name": "事主甲"},
        "words": "楼道堆物",
    }
    # Of the station's clock, whatever zone the phone is set to.
    assert answers["at"] == "2022-05-10T02:02:00.000Z"
    assert answers["answers"] == {"exit": {"value": "no"}}
    assert [photos[one]["kind"] for one in (*answers["photos"], *answers["sign"])] == [
        "photo",
        "photo",
        "signature",
    ]
    assert all(0 < photos[one]["bytes"] < 1_500_000 for one in answers["photos"])
    assert max(page.evaluate(SIZES)) == 1600


SIZES = """() => Promise.all([...document.querySelectorAll('#f-photos img')].map(async one => { await one.decode(); return Math.max(one.naturalWidth, one.naturalHeight); }))"""


def test_what_is_missing_or_wrong_is_said_before_it_leaves(form: Phone):
    form.answer("count", "0")
    form.answer("parts", "good")
    form.answer("person.name", "甲")
    form.page.locator(".item", has_text="疏散通道").locator("label", has_text="否").click()

    form.page.click("button:has-text('办完，送出')")
    errors = form.page.locator(".field .field-error").all_inner_texts()

    assert errors == ["必填", "至少选 2 项", "不能小于 1", "至少 2 个字", "还有 2 项没查：房间数"]
    assert form.visits()[-1]["state"] == "draft"


def test_a_checklist_points_at_its_first_open_item_and_reddens_no_other(form: Phone):
    for name, value in (("result", "good"), ("count", "3"), ("person.name", "事主甲")):
        form.answer(name, value)
    for value in ("good", "bad"):
        form.answer("parts", value)
    form.page.locator(".item", has_text="疏散通道").locator("label", has_text="是").click()

    form.page.click("button:has-text('办完，送出')")
    form.page.wait_for_selector(".item[aria-invalid=true]")
    form.page.wait_for_timeout(200)
    wrong = form.page.locator(".item[aria-invalid=true] legend").all_inner_texts()
    seen = form.page.evaluate(
        "document.querySelector('.item[aria-invalid=true]').getBoundingClientRect().top"
    )
    colours = "one => getComputedStyle(one).borderTopColor"
    answered = form.page.locator(".item:not([aria-invalid]) .option").first.evaluate(colours)
    calm = form.page.locator("#f-told .option").first.evaluate(colours)

    assert wrong == ["房间数"]
    assert 0 < seen < form.page.viewport_size["height"]
    assert answered in (calm, form.page.locator(".option:has(:checked)").first.evaluate(colours))


def test_a_rule_between_two_answers_is_kept_on_the_phone(form: Phone):
    for name, value in (("result", "good"), ("told", "true"), ("count", "3"), ("person.name", "事主甲")):
        form.answer(name, value)

    form.page.click("button:has-text('办完，送出')")
    told = form.page.locator("#f-sign .field-error").all_inner_texts()
    form.answer("told", "false")

    assert told == ["已告知的，须签名"]
    assert form.page.locator("#f-sign .field-error").count() == 0


def test_a_checklist_asks_only_what_is_relevant_and_calls_the_rest_fine(form: Phone):
    page = form.page
    before = page.locator(".item").count()

    page.click("button:has-text('其余 1 项都合格')")
    page.fill("[aria-label='房间数']", "12")
    page.wait_for_selector(".item.bad:has-text('房间数')")

    assert before == 2
    assert given(form)["answers"] == {"exit": {"value": "yes"}, "rooms": {"value": 12}}
    assert "已查 2 / 2" in page.inner_text(".sheet")
