"""Staff and posts from a table: one row is one post of one account.

Rows are judged by doing them in a savepoint that is rolled back, so that a preview and the commit can
never differ in what they allow. An imported account has no password: the security administrator hands
out one-time passwords on the accounts' screen.
"""

from __future__ import annotations

import re
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from fengqiao.ground.gazetteer import gazetteer
from fengqiao.ground.importers.grids import community_names
from fengqiao.ground.importers.naming import meant
from fengqiao.ground.importing import Column, Context, Given, Importer, Verdict
from fengqiao.kit.ids import uuid7
from fengqiao.kit.problems import BadInput, FieldError, Problem
from fengqiao.people.actors import posts_on
from fengqiao.people.commands.powers import appoint_by_operator
from fengqiao.people.models import Person
from fengqiao.people.names import as_username
from fengqiao.people.roles import FIELD, POWERFUL, Role

# The words of the template, always Chinese, whatever language the page is read in.
ROLES = {
    "社区警长": Role.OFFICER,
    "辅警": Role.AUXILIARY,
    "网格员": Role.GRID_MEMBER,
    "值班室": Role.DESK,
    "所长": Role.CHIEF,
    "系统管理员": Role.SYSTEM_ADMIN,
    "安全管理员": Role.SECURITY_ADMIN,
    "审计管理员": Role.AUDIT_ADMIN,
}
YES_NO = {"是": True, "否": False}
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00(?::00)?)?")
LIMITS = {"name": 60, "phone": 30, "title": 60}


class _Rehearsal(Exception):
    """Carries nothing; leaving the block by it undoes what was tried."""


def judge(rows: list[Given], context: Context) -> list[Verdict]:
    found: list[Verdict] = []
    try:
        with transaction.atomic():
            found = [_tried(given, context) for given in rows]
            raise _Rehearsal
    except _Rehearsal:
        return found


def write(found: list[Verdict], context: Context) -> None:
    for verdict in found:
        _do(Given(verdict.number, verdict.value), context)


def _tried(given: Given, context: Context) -> Verdict:
    summary = f"{given.text('username')} {given.text('name')} {given.text('role')}".strip()
    for name, most in LIMITS.items():
        if len(given.text(name)) > most:
            given.fault(name, f"不能超过 {most} 个字")
    if given.faults:
        return given.failed(summary)
    try:
        with transaction.atomic():
            done = _do(given, context)
    except Problem as problem:
        given.faults.extend(problem.errors or (FieldError("", str(problem)),))
        return given.failed(summary)
    return given.ok(summary, given.cells, done) if done else given.skipped(summary)


def _do(given: Given, context: Context) -> str:
    """What this row changed, in words; empty when all of it is there already. Raises a Problem."""
    today = localdate(context.at)
    role, community = ROLES[given.text("role")], _community(given, context)
    starts, ends = _day(given, "starts_on") or today, _day(given, "ends_on")
    person, done = _person(given, context)
    held = posts_on(max(starts, today)).filter(person=person, role=role, community__code=community or None)
    if held.exists():
        return "、".join(done)
    if role in POWERFUL and context.by is not None:
        raise BadInput.at("role", "所长和三员由两个人决定，请在“账号与岗位”里申请")
    appoint_by_operator(
        person_id=person.pk,
        role=role,
        at=context.at,
        starts_on=starts,
        ends_on=ends,
        community_code=community,
        title=given.text("title"),
        lead=YES_NO.get(given.text("lead"), False),
    )
    return "、".join([*done, "任命岗位"])


def _person(given: Given, context: Context) -> tuple[Person, list[str]]:
    """The account, made or brought up to date. Raises BadInput for a username that cannot be used."""
    username = as_username(given.text("username"))
    name, phone = given.text("name"), given.text("phone")
    person = Person.objects.filter(username=username).first()
    if person is None:
        return _new_person(username, name, phone, context), ["新建账号"]
    if person.name != name:
        raise BadInput.at("name", f"登录名 {username} 已是“{person.name}”的账号")
    if phone and person.phone != phone:
        person.phone = phone
        person.save(update_fields=["phone"])
        return person, ["更新电话"]
    return person, []


def _new_person(username: str, name: str, phone: str, context: Context) -> Person:
    made = Person(id=uuid7(), station=context.station, username=username, name=name, phone=phone)
    made.created_at, made.must_change_password = context.at, True
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        # Another station's accounts are not seen; the unique index knows them.
        raise BadInput.at("username", "这个登录名已被使用") from None
    return made


def _community(given: Given, context: Context) -> str:
    """The code of the community where the post has one; raises BadInput."""
    if not given.text("community"):
        if ROLES[given.text("role")] in FIELD:
            raise BadInput.at("community", "这个岗位须填社区")
        return ""
    found = meant(given, gazetteer(context.station.pk))
    if found is None:
        raise BadInput("", errors=(given.faults.pop(),))
    return str(found.code)


def _day(given: Given, name: str) -> date | None:
    text = given.text(name)
    match = DAY.fullmatch(text)
    if not text:
        return None
    try:
        return date(*map(int, match.groups())) if match else _refuse_day(name)
    except ValueError:
        return _refuse_day(name)


def _refuse_day(name: str) -> date:
    raise BadInput.at(name, "日期格式不对，如 2022-05-10")


PEOPLE = Importer(
    what="people",
    says="人员与岗位",
    columns=(
        Column(
            "username",
            "登录名",
            required=True,
            aliases=("账号", "用户名", "警号"),
            hint="字母、数字或汉字",
            example="officer-016",
        ),
        Column("name", "显示名称", required=True, aliases=("称呼", "姓名", "名称"), example="海尾社区警长"),
        Column(
            "role",
            "岗位",
            required=True,
            aliases=("角色",),
            choices=tuple(ROLES),
            strict=True,
            example="社区警长",
        ),
        Column(
            "community",
            "社区",
            aliases=("所属社区",),
            hint="警长、辅警、网格员须填，其他岗位不填",
            choices=community_names,
            example="海尾社区居委会",
        ),
        Column("lead", "责任警长", hint="该社区由谁负责", choices=tuple(YES_NO), strict=True, example="是"),
        Column("title", "岗位名称", example="海尾社区警长"),
        Column("phone", "值勤电话", aliases=("电话", "联系电话"), example="13900000000"),
        Column("starts_on", "开始日期", hint="不填为导入当天", example="2022-05-10", day=True),
        Column("ends_on", "最后一天", aliases=("结束日期",), hint="不填为长期", day=True),
    ),
    judge=judge,
    write=write,
    about="一行一个岗位；同一登录名可有几行。导入的账号没有口令，请在“账号与岗位”页逐个发一次性口令。",
    roles=frozenset({Role.SECURITY_ADMIN.value}),
)
