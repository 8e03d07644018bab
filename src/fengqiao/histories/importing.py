"""One row, one finding: its place, the visit it was made at, its due day, and what became of it.

A row whose reference is known is compared with what is held: what changed is written, what did not is
passed by. Parts of a file are judged and written on their own, so a hundred thousand rows are no ordeal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from fengqiao.ground.commands import add_premises
from fengqiao.ground.gazetteer import forget
from fengqiao.ground.importers.grids import community_names
from fengqiao.ground.importers.premises import KINDS
from fengqiao.ground.importing import Column, Context, Given, Importer, Verdict
from fengqiao.histories.dues import due_in_force, is_late
from fengqiao.histories.models import PastFinding, PastRectification, PastVisit
from fengqiao.histories.placing import Placed, Places, placed, places_of

LIMITS = {"by": 80, "sheet": 120, "source": 60, "reference": 60, "item": 120, "severity": 40, "state": 60}
LIMITS |= {"spot": 120}
# A telephone or an identity number: somebody, where only a defect belongs.
PERSONAL = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")
SAYS = {
    "item": "检查项",
    "severity": "等级",
    "says": "隐患",
    "spot": "部位",
    "state": "状态",
    "found_on": "检查日期",
    "notified_on": "通知日期",
    "due_on": "报告期限",
    "due_source": "期限来源",
    "fix_on": "整改期限",
    "fix_source": "期限来源",
    "certified_on": "报告整改日期",
    "verified_on": "复查日期",
    "late": "是否逾期",
    "place": "场所",
}
FINDING = tuple(name for name in SAYS if name in {field.name for field in PastFinding._meta.fields})
RECTIFIED = ("certified_on", "verified_on", "late")


class Visited(NamedTuple):
    """What tells one visit from another."""

    premises_id: UUID
    day: date
    source: str
    by: str
    sheet: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row writes. `before` is the finding as held, None for a new one."""

    place: Placed
    visit: Visited
    finding: PastFinding
    rectification: PastRectification | None
    before: PastFinding | None


def judge(rows: list[Given], context: Context) -> list[Verdict]:
    places = places_of(rows, context)
    held = PastFinding.objects.filter(reference__in={given.text("reference") for given in rows})
    known = {(one.source, one.reference): one for one in held.select_related("rectification", "visit")}
    return [_verdict(given, places, known) for given in rows]


def _verdict(given: Given, places: Places, known: dict[tuple[str, str], PastFinding]) -> Verdict:
    summary = f"{given.text('reference')} {given.text('found_on')} {given.text('item')}".strip()
    mark = (given.text("source"), given.text("reference"))
    for name, most in LIMITS.items():
        if len(given.text(name)) > most:
            given.fault(name, f"不能超过 {most} 个字")
    if PERSONAL.search(given.text("says")):
        given.fault("says", "含有电话或证件号码，请删去：这里只写隐患")
    span = given.text("due_days")
    if span and not (span.isdecimal() and len(span) <= 4):
        given.fault("due_days", f"“{span[:20]}”不是天数")
    days = {column.name: _day(given, column.name) for column in COLUMNS if column.day}
    place = placed(given, places) if not given.faults else None
    if place is None or given.faults:
        return given.failed(summary)
    entry = _entry(given, days, place, known.get(mark), places.context)
    if entry.before is None:
        return given.ok(summary, entry, "新增，新建场所" if place.new else "新增")
    words = "、".join(dict.fromkeys(SAYS[name] for name in _changed(entry)))
    return given.ok(summary, entry, f"更新：{words}") if words else given.skipped(summary)


def _entry(
    given: Given, days: dict[str, date | None], place: Placed, before: PastFinding | None, context: Context
) -> Entry:
    found_on = days["found_on"]
    assert found_on is not None
    premises_id = place.premises.pk
    visit = Visited(premises_id, found_on, given.text("source"), given.text("by"), given.text("sheet"))
    span = int(given.text("due_days")) if given.text("due_days") else None
    due, due_source = due_in_force(
        original=days["due_original"],
        new=days["due_new"],
        start=days["notified_on"] or found_on,
        days=span,
    )
    fix, fix_source = due_in_force(original=days["fix_original"], new=days["fix_new"])
    finding = PastFinding(
        pk=before.pk if before else None,
        station_id=context.station.pk,
        premises_id=premises_id,
        found_on=found_on,
        notified_on=days["notified_on"],
        due_on=due,
        due_source=due_source,
        fix_on=fix,
        fix_source=fix_source,
        **{
            name: given.text(name)
            for name in ("source", "reference", "item", "severity", "says", "spot", "state")
        },
    )
    return Entry(place, visit, finding, _rectified(days, due, context), before)


def _rectified(days: dict[str, date | None], due: date | None, context: Context) -> PastRectification | None:
    certified, verified = days["certified_on"], days["verified_on"]
    if certified is None and verified is None:
        return None
    late = is_late(due=due, certified=certified, verified=verified)
    return PastRectification(
        station_id=context.station.pk, certified_on=certified, verified_on=verified, late=late
    )


def _changed(entry: Entry) -> list[str]:
    before = entry.before
    assert before is not None
    held, now = getattr(before, "rectification", None), entry.rectification
    changed = [name for name in FINDING if getattr(before, name) != getattr(entry.finding, name)]
    changed += [name for name in RECTIFIED if getattr(held, name, None) != getattr(now, name, None)]
    if before.premises_id != entry.finding.premises_id or _visited(before.visit) != entry.visit:
        changed.append("place")
    return changed


def _day(given: Given, name: str) -> date | None:
    text = given.text(name)
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        given.fault(name, f"“{text[:20]}”不是日期，如 2022-05-10；别的写法请用对应关系导入")
        return None


def _visited(visit: PastVisit) -> Visited:
    return Visited(visit.premises_id, visit.day, visit.source, visit.by, visit.sheet)


def write(found: list[Verdict], context: Context) -> None:
    """Places, visits, findings and what became of them: a statement a table."""
    entries: list[Entry] = [verdict.value for verdict in found]
    new = {entry.place.premises.pk: entry.place.premises for entry in entries if entry.place.new}
    add_premises(list(new.values()), station_id=context.station.pk, at=context.at)
    visits = _visits(entries, context)
    for entry in entries:
        entry.finding.visit_id = visits[entry.visit]
    fresh = [entry.finding for entry in entries if entry.before is None]
    old = [entry.finding for entry in entries if entry.before is not None]
    PastFinding.objects.bulk_create(fresh)
    PastFinding.objects.bulk_update(old, [*FINDING, "visit", "premises"], batch_size=500)
    _write_rectifications(entries)
    if new:
        forget(context.station.pk)


def _visits(entries: list[Entry], context: Context) -> dict[Visited, int]:
    """The ids of those of these rows, made where they are new. A new place has had none."""
    places = {entry.visit.premises_id for entry in entries if not entry.place.new}
    held = PastVisit.objects.filter(premises_id__in=places, day__in={entry.visit.day for entry in entries})
    found = {_visited(visit): visit.pk for visit in held}
    new = sorted({entry.visit for entry in entries} - found.keys())
    made = PastVisit.objects.bulk_create(_visit(one, context) for one in new)
    return found | {_visited(visit): visit.pk for visit in made}


def _visit(one: Visited, context: Context) -> PastVisit:
    return PastVisit(
        station_id=context.station.pk,
        premises_id=one.premises_id,
        day=one.day,
        source=one.source,
        by=one.by,
        sheet=one.sheet,
        file=context.filename[-120:],
    )


def _write_rectifications(entries: list[Entry]) -> None:
    wanted = []
    for entry in entries:
        if entry.rectification is not None:
            entry.rectification.finding_id = entry.finding.pk
            wanted.append(entry.rectification)
    gone = [entry.finding.pk for entry in entries if entry.before is not None and entry.rectification is None]
    PastRectification.objects.filter(finding_id__in=gone).delete()
    PastRectification.objects.bulk_create(
        wanted, update_conflicts=True, unique_fields=["finding"], update_fields=list(RECTIFIED)
    )


COLUMNS = (
    Column(
        "source",
        "来源",
        required=True,
        aliases=("来源系统", "source system"),
        hint="哪个单位或系统的记录，多为固定值",
        example="消防监督检查",
    ),
    Column(
        "reference",
        "隐患编号",
        required=True,
        aliases=("编号", "violation id", "finding id", "case number"),
        hint="在来源里唯一",
    ),
    Column(
        "found_on",
        "检查日期",
        required=True,
        aliases=("发现日期", "inspection date"),
        day=True,
        example="2022-05-10",
    ),
    Column("by", "检查单位", aliases=("检查人员", "inspected by", "agency"), hint="单位或岗位，不填姓名"),
    Column("sheet", "检查表", aliases=("检查类型", "inspection type", "checklist")),
    Column("item", "检查项", aliases=("条款", "order number", "item code")),
    Column("severity", "等级", aliases=("类别", "严重程度", "class", "severity level")),
    Column(
        "says",
        "隐患描述",
        aliases=("问题描述", "description", "nov description", "violation description"),
        hint="只写隐患，不写人",
    ),
    Column("spot", "部位", aliases=("房间", "apartment", "location")),
    Column("state", "状态", aliases=("当前状态", "current status", "status")),
    Column("notified_on", "通知日期", aliases=("通知书日期", "nov issued date", "notice date"), day=True),
    Column("fix_original", "原整改期限", aliases=("整改期限", "original correct by date"), day=True),
    Column("fix_new", "新整改期限", aliases=("延期后整改期限", "new correct by date"), day=True),
    Column(
        "due_original",
        "原报告期限",
        aliases=("到期日", "original certify by date", "due date"),
        hint="报告已整改的最后一天",
        day=True,
    ),
    Column(
        "due_new",
        "新报告期限",
        aliases=("延期后到期日", "new certify by date"),
        hint="填了即以它为准",
        day=True,
    ),
    Column("due_days", "期限天数", hint="没有到期日时，从通知(或检查)之日推算", example="30"),
    Column("certified_on", "报告整改日期", aliases=("整改日期", "certified date"), day=True),
    Column("verified_on", "复查日期", aliases=("复查合格日期", "verified date"), day=True),
    Column(
        "number",
        "场所编号",
        aliases=("building id", "premises number"),
        hint="登记簿里的编号；新建时用它作编号",
    ),
    Column("door_plate", "门牌编码", aliases=("门牌",)),
    Column("address", "地址", aliases=("场所地址", "street address")),
    Column("name", "场所名称", aliases=("单位名称", "premises name"), hint="只在新建时用，不填则用地址"),
    Column("create", "新建场所", hint="登记簿里没有时是否新建", choices=("是", "否"), strict=True),
    Column("kind", "场所类型", hint="只在新建时用，不填为其他", choices=tuple(KINDS), strict=True),
    Column(
        "community", "社区", aliases=("所属社区",), hint="新建时必填，多为固定值", choices=community_names
    ),
    Column("lon", "经度", aliases=("lng", "longitude"), hint="WGS-84，只在新建时用"),
    Column("lat", "纬度", aliases=("latitude",), hint="WGS-84，只在新建时用"),
)

HISTORIES = Importer(
    what="histories",
    says="以往检查",
    columns=COLUMNS,
    judge=judge,
    write=write,
    part=2000,
    unique=(("source", "reference"),),
    about="别的单位或旧系统的检查记录，一行一条隐患。只作历史留存，不生成本所的事项和时限。",
)
