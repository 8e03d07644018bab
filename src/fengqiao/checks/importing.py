"""A checklist from a file: our own table, the plain lists stations have, or an XLSForm.

A file is a whole version: one wrong row and nothing is published, as a version without it would be
another list. Every way in ends in the same cells, so that all are judged alike.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Any

from fengqiao.checks.commands import create_list, publish
from fengqiao.checks.inputs import FileInput
from fengqiao.checks.models import Checklist
from fengqiao.checks.queries import current
from fengqiao.ground.importing import Column, Context, Given, Importer, Verdict
from fengqiao.ground.importing.reading import rows_of
from fengqiao.ground.importing.shape import UNCHANGED
from fengqiao.kit.problems import BadInput
from fengqiao.kit.sheets import Change, Item, ItemType, Severity, Sheet, differences, faults
from fengqiao.kit.sheets.table import item_of
from fengqiao.kit.sheets.xlsform import PASSED_BY, is_xlsform, read_xlsform

NOT_ALL = "整份清单一起发布：请先改好未通过的行"
_YES_NO = ("是", "否")


def read(data: bytes, context: Context) -> list[Given]:
    """The rows of the file, their cells named alike whatever the shape. Raises a Problem."""
    if is_xlsform(data):
        found = [Given(number, dict(cells)) for number, cells in read_xlsform(data)]
    else:
        found = [_plain(given, at) for at, given in enumerate(rows_of(data, COLUMNS, context), 1)]
    if len(found) > faults.MOST_ITEMS:
        raise BadInput(f"一份清单最多 {faults.MOST_ITEMS} 项，文件里有 {len(found)} 项")
    return found


def _plain(given: Given, at: int) -> Given:
    """What a plain list leaves out: a code by its number, and which answer is fine.

    A row under 隐患表述 is fine when the answer is no; elsewhere a list that has no such column means yes.
    """
    cells, hazard = given.cells, given.text("fault")
    if not cells.get("code"):
        cells["code"] = f"item_{given.text('no') or at}"
    if hazard and cells.get("says"):
        given.fault("fault", "“检查内容”和“隐患表述”只填一个")
    elif hazard:
        cells["says"], cells["good"] = hazard, cells.get("good") or "否"
    elif not cells.get("says"):
        given.fault("says", "必填")
    if "good" not in cells and _is_yes_no(given.text("type")):
        cells["good"] = "是"
    return given


def _is_yes_no(text: str) -> bool:
    return text.lower() in ("", "yes_no", "yes_no_na", "是否", "是否题")


def judge(rows: list[Given], context: Context) -> list[Verdict]:
    """Raises BadInput for a list that is retired."""
    passed, asked, items = items_of(rows)
    skipped = [given.skipped(_summary(given), "不是检查项，不导入") for given in passed]
    return skipped + _verdicts(asked, items, context)


def items_of(rows: list[Given]) -> tuple[list[Given], list[Given], list[Item]]:
    """Rows that ask nothing, rows that do, and the items of those without a fault."""
    passed, asked, items = list[Given](), list[Given](), list[Item]()
    for given in rows:
        if given.text("type") in PASSED_BY:
            passed.append(given)
            continue
        asked.append(given)
        if item := _item(given, {one.code for one in items}):
            items.append(item)
    return passed, asked, items


def _verdicts(asked: list[Given], items: list[Item], context: Context) -> list[Verdict]:
    if any(given.faults for given in asked):
        return [
            given.failed(_summary(given)) if given.faults else given.skipped(_summary(given), NOT_ALL)
            for given in asked
        ]
    sheet, before = Sheet(tuple(items)), before_of(context.options.slug)
    if before is not None and before.digest == sheet.digest:
        return [given.skipped(_summary(given)) for given in asked]
    return _told(asked, items, differences(before, sheet))


def _told(asked: list[Given], items: list[Item], changes: list[Change]) -> list[Verdict]:
    """Every row is part of the version; each says what it changes, the last one also what is gone."""
    how = {"added": "新增", "changed": "修改"}
    notes = {
        one.item.code: f"{how[one.how]}：{one.words}".rstrip("：") for one in changes if one.how != "removed"
    }
    gone = "、".join(one.item.says for one in changes if one.how == "removed")
    found = [
        given.ok(_summary(given), item, notes.get(item.code, UNCHANGED))
        for given, item in zip(asked, items, strict=True)
    ]
    if gone and found:
        last = found.pop()
        found.append(Given(last.number, {}).ok(last.summary, last.value, f"{last.note}；这一版删去：{gone}"))
    return found


def _item(given: Given, earlier: set[str]) -> Item | None:
    """The item of a row; None with its faults noted."""
    told, wrong = item_of({name: given.text(name) for name in given.cells})
    for fault in wrong:
        given.fault(fault.field, fault.says)
    if given.faults:
        return None
    item = Item.from_json(told)
    for fault in faults.in_order(item, earlier):
        given.fault(fault.field, fault.says)
    return None if given.faults else item


def _summary(given: Given) -> str:
    return given.text("says")[:60]


def before_of(slug: str) -> Sheet | None:
    """What is in force of the list a file is for. Raises BadInput for one that is retired."""
    known = Checklist.objects.filter(slug=slug).first()
    if known is not None and known.retired_at is not None:
        raise BadInput("这份清单已停用，请先恢复使用")
    version = current(known) if known else None
    return Sheet.from_json(version.items) if version else None


def write(found: list[Verdict], context: Context) -> None:
    if not found:
        return
    asked: FileInput = context.options
    slug = asked.slug or "checklist"
    known = Checklist.objects.filter(slug=slug).first() or create_list(
        station_id=context.station.pk,
        slug=slug,
        name=asked.name or slug,
        kinds=[str(kind) for kind in asked.kinds],
    )
    publish(
        checklist=known,
        sheet=Sheet(tuple(verdict.value for verdict in found)),
        note=asked.note,
        at=context.at,
        by=context.by.person_id if context.by else None,
    )


def answers(filename: str) -> dict[str, Any]:
    """The slug a file's name says, without the version and the copy marks programs add to it."""
    stem = re.sub(r"(?:\s*\(\d+\)|-v\d+|-xlsform)+$", "", PurePath(filename).stem)
    return {"slug": re.sub(r"[^\w-]+", "_", stem).strip("_")[:60] or None}


COLUMNS = (
    Column(
        "code",
        "代码",
        aliases=("field", "字段"),
        hint="英文字母开头，改版时不要变；不填则按序号",
        example="exit_free",
    ),
    Column("group", "分组", aliases=("类别",), example="疏散逃生"),
    Column(
        "says",
        "检查内容",
        aliases=("item", "检查项", "检查项目"),
        hint="与“隐患表述”填一个",
        example="安全出口畅通，未上锁",
    ),
    Column(
        "fault",
        "隐患表述",
        aliases=("Hazard",),
        hint="存在即为隐患的说法，答“否”为合格",
        example="锁闭安全出口",
    ),
    Column("type", "题型", aliases=("type",), choices=tuple(one.says for one in ItemType), example="是否"),
    Column("required", "必答", hint="不填为是", choices=_YES_NO),
    Column("unit", "单位", example="具"),
    Column(
        "choices", "选项", hint="单选、多选用，分号隔开；可写 值=文字", example="pipe=管道气；bottle=瓶装气"
    ),
    Column(
        "good", "合格答案", hint="其他答案即为隐患；数字写范围；留空则这一项不产生隐患", example="是，或 >=2"
    ),
    Column("relevant", "显示条件", hint="XLSForm 写法，只能引用前面的项", example="${ebike} = 'yes'"),
    Column("constraint", "填写限制", hint="XLSForm 写法，“.”是本项答案", example=". >= 0"),
    Column("constraint_says", "限制提示", example="数量不能为负"),
    Column("severity", "程度", hint="不填为一般", choices=tuple(one.says for one in Severity)),
    Column("basis", "依据", hint="违反的条文，不清楚就空着", example="消防法第28条"),
    Column("span", "整改期限", hint="0d 为立即；d 自然日，wd 工作日", example="15d"),
    Column("photo_needed", "隐患须拍照", hint="不填为否", choices=_YES_NO),
    Column("advice", "整改建议", example="立即清理杂物"),
    Column(
        "fact",
        "写入登记簿",
        hint="答案(是、否)记到场所的这一项：e_bikes 停放电动自行车，separated 人车分离",
        choices=("e_bikes", "separated"),
    ),
    Column(
        "finding",
        "问题写作",
        hint="不合格时怎样写进文书；不填则按检查内容和答案写",
        example="安全出口锁闭",
    ),
    Column(
        "violation",
        "违法行为代码",
        hint="责令改正清单上的代码，填了才能责令改正；unapproved 为未经消防许可",
        example="exits_free",
    ),
    Column("no", "序号", hint="只用来排代码"),
)

CHECKLISTS = Importer(
    what="checklists",
    says="检查清单",
    columns=COLUMNS,
    judge=judge,
    write=write,
    read=read,
    asks=FileInput,
    answers=answers,
    about="一个文件是一份清单的一版，也可以是 XLSForm；内容没变就不会有新版本，已发布的版本不会被改动。",
)
