"""The papers of a check. D02 is its record: every item as it was answered, what was found, who was there as a role."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from django.utils.timezone import localtime

from fengqiao.checks.queries import sheet_of
from fengqiao.kinds.inspection.commands import DEFAULT_SPAN
from fengqiao.kinds.inspection.door_notice import door_notice, nobody_seen
from fengqiao.kinds.inspection.inputs import Accompanied
from fengqiao.kinds.inspection.letter import for_letter, letter
from fengqiao.kinds.inspection.models import Inspection
from fengqiao.kit.documents import Block, Field, Fields, Grid, Head, Para, Pictures, Signatures
from fengqiao.kit.sheets import Answer, Finding, Item, answered, findings
from fengqiao.kit.sheets.faults import AT_ONCE
from fengqiao.matters.models import Issued, Matter
from fengqiao.matters.paper import Paper
from fengqiao.matters.paper_content import Printing, pictures, signatories
from fengqiao.matters.span_words import span_told
from fengqiao.people.roles import Role

CheckPrinting: TypeAlias = Printing[Inspection]
STAFF = (Role.DESK, Role.CHIEF, Role.OFFICER, Role.AUXILIARY)
NOTHING = "无"
HEADS = ("检查项", "结果", "部位、说明")
WIDTHS = (86, 26, 44)


def done(matter: Matter) -> bool:
    return matter.stage in ("clean", "found")


def record(printing: CheckPrinting) -> tuple[Block, ...]:
    """D02: place, who accompanied, every item and its answer, the violations, what was ordered, as it was signed."""
    detail = printing.detail
    assert detail.version_id is not None
    sheet = sheet_of(detail.version_id)
    found = findings(sheet, detail.answers)
    return (
        Fields(tuple(_place(printing))),
        Head("一、检查项目"),
        Grid(HEADS, tuple(_row(item, answer) for item, answer in answered(sheet, detail.answers)), WIDTHS),
        Head("二、发现的问题和处理"),
        *[Para(_violation(finding, count)) for count, finding in enumerate(found, 1)],
        Para(_conclusion(detail, found)),
        *_signature(printing),
        Signatures(("检查人：", "检查人：", "陪同人：", "时间：")),
    )


def _place(printing: CheckPrinting) -> Iterator[Field]:
    matter, detail = printing.matter, printing.detail
    place = matter.premises
    yield Field("单位(场所)", place.name if place else NOTHING, wide=True)
    yield Field("地址", place.address if place else NOTHING, wide=True)
    yield Field("负责人", (place.contact_name if place else "") or NOTHING)
    yield Field("电话", place.contact_phone if place and place.contact_phone else None)
    yield Field(
        "检查时间", f"{localtime(detail.inspected_at):%Y-%m-%d %H:%M}" if detail.inspected_at else NOTHING
    )
    yield Field("检查来由", detail.get_source_display())
    yield Field("陪同检查", dict(Accompanied.pairs()).get(detail.accompanied, NOTHING))
    yield Field(
        "检查清单", str(detail.version and f"{detail.version.checklist.name} 第 {detail.version.number} 版")
    )
    yield Field("检查人", signatories(printing, "inspect"), wide=True)
    yield Field("警察证号", None, wide=True)
    if detail.witness:
        yield Field("拒绝签名，见证人", detail.witness, wide=True)


def _row(item: Item, answer: Answer) -> tuple[str, ...]:
    said = dict(item.options)
    values = answer.value if isinstance(answer.value, tuple) else (answer.value,)
    words = "、".join(said.get(str(one), str(one)) for one in values if one is not None)
    photos = f"照片 {len(answer.photos)} 张" if answer.photos else ""
    return (
        item.says,
        f"{words}{item.unit if words else ''}" or "—",
        "；".join(filter(None, [answer.spot, answer.note, photos])),
    )


def _violation(finding: Finding, count: int) -> str:
    item, answer = finding.item, finding.answer
    until = span_told(item.span or DEFAULT_SPAN) if item.span != AT_ONCE else ""
    asked = f"要求 {until}内整改" if until else "要求立即整改"
    parts = [f"{count}. {finding.says}", answer.spot, answer.note, item.basis, asked, item.advice]
    return "；".join(filter(None, parts)) + "。"


def _conclusion(detail: Inspection, found: tuple[Finding, ...]) -> str:
    if not found:
        return "检查清单所列项目均符合要求，未发现隐患。"
    return f"发现 {len(found)} 处，其中新登记隐患 {detail.found} 处，原有正在整改的 {detail.known} 处；整改要求见告知单或责令改正通知书。"


def _signature(printing: CheckPrinting) -> Iterator[Block]:
    """What whoever came along signed on the glass."""
    event = printing.event("inspect")
    signed = pictures("陪同人签名", event.given.get("signature") or ()) if event else ()
    if signed:
        yield Pictures(signed)


def before_issue(matter: Matter) -> bool:
    """Checked before records were issued: its record is drawn anew each time."""
    return done(matter) and not Issued.objects.filter(matter=matter, paper="record").exists()


PAPERS = (
    Paper("record", "日常消防监督检查记录", "D02", STAFF, record, when=done, mark="检记"),
    Paper("record_drawn", "日常消防监督检查记录", "D02", STAFF, record, when=before_issue),
    Paper("letter", "出租房屋治安(消防)责任保证书", "D07", STAFF, letter, when=for_letter, mark="责保"),
    Paper(
        "door_notice",
        "消防安全检查预约告知单",
        "TZ",
        (*STAFF, Role.GRID_MEMBER),
        door_notice,
        when=nobody_seen,
    ),
)
