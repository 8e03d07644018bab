"""A kind's intake as a file: the columns are its questions, a row is judged and taken in like any other.

No kind writes an importer of its own; one that says `file="alerts"` on its page can be imported.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.timezone import is_naive, localtime, make_aware

from fengqiao.ground.importing import Column, Context, Given, Importer, Verdict
from fengqiao.ground.locating import locate
from fengqiao.kit.inputs import Input, Question, nested, questions, validate
from fengqiao.kit.problems import BadInput, FieldError, KeyReused, Problem
from fengqiao.matters.commands import raise_matter
from fengqiao.matters.commands.raising import intake_call
from fengqiao.matters.commands.recording import known
from fengqiao.matters.registry import Kind, Taking
from fengqiao.matters.rules import keep_rules
from fengqiao.people.actors import Actor, machine

TAKEN = "已登记，内容相同"
NOT_IN_CELLS = ("photos", "signature", "sheet")


def importer_of(page: Kind) -> Importer:
    """The importer of a kind's intake, under the name its page gives."""
    asked = [question for question in questions(page.intake) if question.widget not in NOT_IN_CELLS]

    def judge(rows: list[Given], context: Context) -> list[Verdict]:
        seen: dict[str, tuple[int, Input]] = {}
        return [_judge(page, asked, given, context, seen) for given in rows]

    def write(found: list[Verdict], context: Context) -> None:
        for verdict in found:
            raise_matter(kind_slug=page.slug, given=verdict.value, by=_actor(context), at=context.at)

    return Importer(
        what=page.file,
        says=page.says,
        columns=tuple(_column(question) for question in asked),
        judge=judge,
        write=write,
    )


def _column(question: Question) -> Column:
    return Column(
        question.name,
        question.says,
        required=question.required,
        # A register's rows stand in a file by their codes.
        aliases=(f"{question.says}代码",) if question.source else (),
        hint=question.hint or ("格式：2022-05-10 10:02" if question.widget == "time" else ""),
        choices=[says for _, says in question.choices],
        day=question.widget in ("date", "time"),
    )


def _actor(context: Context) -> Actor:
    return context.by if isinstance(context.by, Actor) else machine(context.station.pk, "文件导入")


def _judge(
    page: Kind, asked: list[Question], given: Given, context: Context, seen: dict[str, tuple[int, Input]]
) -> Verdict:
    """The same gate a form passes; what another row or an earlier file brought is skipped or refused."""
    summary = given.text("reference")
    if given.faults:
        return given.failed(summary)
    flat = {q.name: _value(q, given.text(q.name)) for q in asked if given.text(q.name)}
    try:
        content = validate(page.intake, nested(flat))
        reference, taken = _taken(page, content, context)
    except Problem as problem:
        given.faults.extend(problem.errors or (FieldError("", str(problem)),))
        return given.failed(summary)
    first, before = (
        seen.setdefault(reference, (given.number, content)) if reference else (given.number, content)
    )
    if first == given.number:
        return given.skipped(summary, TAKEN) if taken else given.ok(summary, content, "新增")
    if before == content:
        return given.skipped(summary, f"与第 {first} 行相同")
    given.fault("reference", f"与第 {first} 行编号相同，内容不同")
    return given.failed(summary)


def _taken(page: Kind, content: Input, context: Context) -> tuple[str, bool]:
    """The row's reference, and whether the very same was taken in before. Raises what taking it in would."""
    taking = Taking(station_id=context.station.pk, by=_actor(context), at=context.at)
    keep_rules(content, by=taking.by)
    page.takes(taking, content)
    locate(
        station_id=context.station.pk,
        address=taking.address,
        lon=taking.lon,
        lat=taking.lat,
        code=taking.community_code,
    )
    try:
        return taking.reference, known(intake_call(page, taking, content, key="-")) is not None
    except KeyReused:
        raise BadInput.at("reference", f"{taking.reference} 已登记，内容不同") from None


def _value(question: Question, text: str) -> Any:
    """A cell as the input wants it: words of a choice become its value, local times become aware."""
    if question.choices:
        return next((value for value, says in question.choices if text in (value, says)), text)
    if question.widget == "yes_no":
        return {"是": True, "否": False}.get(text, text)
    return _moment(text) if question.widget == "time" else text


def _moment(text: str) -> datetime | str:
    try:
        moment = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return text
    return make_aware(moment) if is_naive(moment) else localtime(moment)
