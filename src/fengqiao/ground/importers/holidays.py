"""Published holidays and make-up working days, as the station's own day rules."""

from __future__ import annotations

from datetime import date

from fengqiao.ground.importing.shape import Column, Context, Given, Importer, Verdict
from fengqiao.ground.models import DayRule
from fengqiao.kit.holidays import read_holiday_file


def read(data: bytes, context: Context) -> list[Given]:
    """One row for each day of the notice. Raises BadInput naming what is wrong with it."""
    return [
        Given(number, {"day": day.isoformat(), "works": works, "name": name})
        for number, (day, works, name) in enumerate(read_holiday_file(data), 1)
    ]


def judge(rows: list[Given], context: Context) -> list[Verdict]:
    known = {rule.day: rule for rule in DayRule.objects.filter(station=context.station)}
    return [_verdict(given, known, context) for given in rows]


def _verdict(given: Given, known: dict[date, DayRule], context: Context) -> Verdict:
    day, works, name = date.fromisoformat(given.text("day")), bool(given.cells["works"]), given.text("name")
    summary = f"{day} {name} {'上班' if works else '放假'}"
    before = known.get(day)
    if before and (before.works, before.name) == (works, name):
        return given.skipped(summary)
    rule = DayRule(station=context.station, day=day, works=works, name=name)
    return given.ok(summary, rule, "更新" if before else "新增")


def write(found: list[Verdict], context: Context) -> None:
    DayRule.objects.bulk_create(
        [verdict.value for verdict in found],
        update_conflicts=True,
        unique_fields=["station", "day"],
        update_fields=["works", "name"],
    )


HOLIDAYS = Importer(
    what="holidays",
    says="节假日",
    columns=(Column("day", "日期"), Column("works", "上班"), Column("name", "名称")),
    judge=judge,
    write=write,
    read=read,
    accept=".json",
    about="国务院办公厅每年公布的放假调休安排，JSON 格式(holiday-cn)。工作日时限按它计算。",
)
