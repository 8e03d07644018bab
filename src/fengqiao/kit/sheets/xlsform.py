"""XLSForm in and out, by pyxform: what a station drew for ODK or Kobo becomes a checklist, and back.

pyxform judges the form as a whole (its Java half is never called and nothing is fetched); what it read is
then told as the rows of our own table, so that both ways in are judged alike. What only we know of an item
stands in columns of our own (`fengqiao_good`), which other programs pass by.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

from fengqiao.kit.problems import BadInput
from fengqiao.kit.sheets.shape import YES_NO_NA, Item, ItemType, Sheet
from fengqiao.kit.sheets.table import cells_of
from fengqiao.kit.tables import Sheet as Page
from fengqiao.kit.tables import write_xlsx
from fengqiao.kit.tables.archive import check_archive

Rows = list[tuple[int, dict[str, str]]]

OWN = ("good", "severity", "basis", "span", "photo_needed", "advice", "unit", "fact", "finding", "violation")
# What a form notes by itself or merely shows: no question, so no item.
PASSED_BY = frozenset(
    {
        "note",
        "start",
        "end",
        "today",
        "deviceid",
        "phonenumber",
        "username",
        "email",
        "audit",
        "start-geopoint",
    }
)
_TYPES = {
    "integer": ItemType.NUMBER,
    "decimal": ItemType.MEASURE,
    "text": ItemType.TEXT,
    "photo": ItemType.PHOTO,
    "image": ItemType.PHOTO,
    "select one": ItemType.CHOICE,
    "select all that apply": ItemType.CHOICES,
}
_TRUE, _FALSE = {"yes", "true", "true()", "1"}, {"", "no", "false", "false()", "0"}
_REASONS = (
    (r"Could not find the name '(.+?)'", "条件引用了没有的题目“{0}”"),
    (r"List name not in choices sheet: (.+)", "choices 表里没有选项组“{0}”"),
    (r"Unknown question type '(.+?)'", "不认识的题型“{0}”"),
    (r"with no name", "题目没有名称(name)"),
    (r"Names must begin with a letter", "名称(name)须以字母开头，只含字母、数字、_ - ."),
    (r"'name' value '(.+?)' is invalid.*must be unique", "名称“{0}”重复"),
    (r"No matching 'end_group'", "begin_group 没有对应的 end_group"),
    (r"No matching 'begin_group'", "end_group 没有对应的 begin_group"),
    (r"named '(.+?)' has no label", "题目“{0}”没有文字(label)"),
    (r"headers were not found: (.+?)\.", "缺少列：{0}"),
    (r"Missing calculation", "calculate 题没有算式"),
    (r"should be a choices sheet", "缺少 choices 表"),
    (r"Choice names must be unique", "同一选项组里的选项重复"),
    (r"Reference variables must start with", "引用须写作 ${{题目名}}"),
)


def is_xlsform(data: bytes) -> bool:
    """A workbook with a sheet named survey. Raises TableError for what is no workbook at all."""
    return data.startswith(b"PK") and "survey" in _sheet_names(data)


def read_xlsform(data: bytes) -> Rows:
    """(row of the survey sheet, cells of our own table) of each question. Raises BadInput with pyxform's reason."""
    form, rows = _converted(data), _rows_by_name(data)
    found: Rows = []
    for question, group, relevant in _questions(form.get("children", ()), "", ""):
        number = rows.get(str(question["name"]), max([1, *(row for row, _cells in found)]) + 1)
        found.append((number, _cells(question, group, relevant)))
    return found


def write_xlsform(sheet: Sheet, *, title: str, form_id: str, version: str) -> bytes:
    """The same checklist as a form that other programs can ask."""
    headers = ["type", "name", "label", "required", "relevant", "constraint", "constraint_message"]
    survey = [line for group, items in sheet.groups for line in _lines(group, items, sheet)]
    choices = [["yes_no_na", value, says] for value, says in YES_NO_NA]
    choices += [[_list_name(item), value, says] for item in sheet for value, says in item.choices]
    return write_xlsx(
        [
            Page("survey", [*headers, *(f"fengqiao_{name}" for name in OWN)], survey),
            Page("choices", ["list_name", "name", "label"], choices),
            Page("settings", ["form_title", "form_id", "version"], [[title, form_id, version]]),
        ]
    )


def _sheet_names(data: bytes) -> list[str]:
    check_archive(data)
    with _book(data) as book:
        return [str(name).strip().lower() for name in book.sheet_names]


def _book(data: bytes) -> Any:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 slow import

    try:
        return CalamineWorkbook.from_filelike(BytesIO(data))
    except CalamineError:
        raise BadInput("文件不是表格，或已损坏；请用 Excel 或 WPS 另存为 .xlsx 再试") from None


def _rows_by_name(data: bytes) -> dict[str, int]:
    """Where each question stands: pyxform forgets its row."""
    with _book(data) as book:
        name = next(name for name in book.sheet_names if name.strip().lower() == "survey")
        page = book.get_sheet_by_name(name)
        lines, top = page.to_python(), page.start[0] if page.start else 0
    heads = [str(cell).strip().lower() for cell in lines[0]] if lines else []
    if "name" not in heads:
        return {}
    at = heads.index("name")
    return {str(line[at]).strip(): top + number for number, line in enumerate(lines, 1)}


def _converted(data: bytes) -> Mapping[str, Any]:
    from pyxform.xls2xform import convert  # noqa: PLC0415 slow import

    try:
        found: Mapping[str, Any] = convert(data, validate=False, file_type=".xlsx")._pyxform  # noqa: SLF001
    except Exception as error:  # a strange file makes the library stumble in ways it does not list
        raise BadInput(_refusal(str(error))) from None
    return found


def _refusal(original: str) -> str:
    """The reason in Chinese with its row, and the original beneath."""
    row = re.search(r"\[row : (\d+)\]", original)
    says = "这份 XLSForm 不合规则"
    for pattern, words in _REASONS:
        if match := re.search(pattern, original, re.DOTALL):
            says = words.format(*match.groups())
            break
    where = f"第 {row[1]} 行：" if row else ""
    return f"{where}{says}。\n原文：{original[:300]}"


def _questions(
    children: Sequence[Mapping[str, Any]], group: str, relevant: str
) -> Iterator[tuple[Mapping[str, Any], str, str]]:
    """Every question with the words of its group, and the conditions of all groups around it."""
    for one in children:
        own = _both(relevant, str(one.get("bind", {}).get("relevant", "")))
        if one.get("type") == "group" and one.get("name") != "meta":
            yield from _questions(one.get("children", ()), _words(one.get("label")) or group, own)
        elif one.get("type") != "group":
            yield one, group, own


def _both(left: str, right: str) -> str:
    return f"({left}) and ({right})" if left and right else left or right


def _words(label: Any) -> str:
    """The Chinese words where a form speaks several languages, else the first there are."""
    if isinstance(label, Mapping):
        chinese = [words for language, words in label.items() if re.search("zh|中文|Chinese", language)]
        label = (chinese or list(label.values()) or [""])[0]
    return re.sub(r"\s+", " ", str(label or "")).strip()


def _cells(question: Mapping[str, Any], group: str, relevant: str) -> dict[str, str]:
    bind, kind = question.get("bind", {}), str(question["type"])
    told = {
        "code": str(question["name"]),
        "says": _words(question.get("label")) or str(question["name"]),
        "group": group,
        "relevant": relevant,
        "constraint": str(bind.get("constraint", "")),
        "constraint_says": _words(bind.get("jr:constraintMsg")),
        "required": _required(str(bind.get("required", ""))),
        **{name: str(question.get(f"fengqiao_{name}", "")) for name in OWN},
    }
    pairs = [(str(one["name"]), _words(one.get("label"))) for one in question.get("choices", ())]
    if kind == "select one" and [value for value, _says in pairs] in (["yes", "no"], ["yes", "no", "na"]):
        return told | {"type": ItemType.YES_NO_NA.value}
    told["choices"] = "\n".join(f"{value}={re.sub('[;；]', ',', says)}" for value, says in pairs)
    return told | {"type": _TYPES.get(kind, kind)}


def _required(text: str) -> str:
    """Yes or no; a condition stays as it is, for the row to be refused."""
    return "否" if text.lower() in _FALSE else "是" if text.lower() in _TRUE else text


def _lines(group: str, items: list[Item], sheet: Sheet) -> Iterator[list[str]]:
    """The rows of one group; a group's name must be no item's."""
    if not group:
        yield from map(_line, items)
        return
    name = f"group_{items[0].code}"
    while name in sheet.by_code:
        name += "_"
    yield ["begin_group", name, group]
    yield from map(_line, items)
    yield ["end_group"]


def _line(item: Item) -> list[str]:
    cells = cells_of(item)
    plain = [_TYPE_OUT.get(item.type, ""), item.code, item.says, "yes" if item.required else "no"]
    if item.choices:
        plain[0] = (
            f"{'select_multiple' if item.type is ItemType.CHOICES else 'select_one'} {_list_name(item)}"
        )
    expressions = [item.relevant, item.constraint, item.constraint_says if item.constraint else ""]
    return [*plain, *expressions, *(cells[name] for name in OWN)]


_TYPE_OUT = {
    ItemType.YES_NO_NA: "select_one yes_no_na",
    ItemType.NUMBER: "integer",
    ItemType.MEASURE: "decimal",
    ItemType.TEXT: "text",
    ItemType.PHOTO: "image",
}


def _list_name(item: Item) -> str:
    return f"{item.code}_choices"
