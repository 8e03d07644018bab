"""The official table of divisions: 12-digit codes of one system and edition, checked as a tree."""

from __future__ import annotations

import re
from typing import Any

from fengqiao.ground.gazetteer import forget
from fengqiao.ground.importing.shape import Column, Context, Given, Importer, Verdict
from fengqiao.ground.models import Division, Station
from fengqiao.kit.codes import code_fault, full_code, level_of, parent_code
from fengqiao.kit.inputs import Choice, Input, asks

COMPARED = ("name", "full_name", "level", "parent_code", "urban_rural")


class System(Choice):
    """Who numbers: one code means different places in different systems."""

    NBS = "NBS", "统计用区划代码(国家统计局)"
    MCA = "MCA", "行政区划代码(民政部)"


class EditionInput(Input):
    system: System = asks("代码体系", default=System.NBS)
    edition: str = asks(
        "版本",
        default="2022",
        hint="年份，如 2022；同一体系的不同版本并存",
        pattern=r"^\d{4}(-\d{2}-\d{2})?$",
    )


def answers(filename: str) -> dict[str, Any]:
    """System and edition as the file's name says (…_nbs2022.csv)."""
    named = re.search(r"(nbs|mca)[_-]?(\d{4})", filename.lower())
    return {"system": named[1].upper(), "edition": named[2]} if named else {}


def judge(rows: list[Given], context: Context) -> list[Verdict]:
    system, edition = context.options.system.value, context.options.edition
    known = {d.code: d for d in Division.objects.filter(system=system, edition=edition)}
    tree = _Tree(known)
    for given in rows:
        tree.read(given)
    return [_verdict(given, tree, system, edition) for given in sorted(rows, key=tree.depth)]


class _Tree:
    """The codes of file and register together; a row whose parent is in neither, or failed, hangs in the air."""

    def __init__(self, known: dict[str, Division]) -> None:
        self.known = known
        self.names = {code: division.full_name for code, division in known.items()}
        self.in_file: dict[str, int] = {}
        self.top = 9

    def read(self, given: Given) -> None:
        """Faults of the row by itself."""
        code = given.cells["code"] = full_code(given.text("code"))
        first = self.in_file.setdefault(code, given.number) if code else given.number
        if code and (fault := code_fault(code)):
            given.fault("code", fault)
        elif first != given.number:
            given.fault("code", f"代码 {code} 与第 {first} 行重复")
        if len(given.text("name")) > 80:
            given.fault("name", "不能超过 80 个字")
        if not given.faults:
            self._read_level(given, code)

    def _read_level(self, given: Given, code: str) -> None:
        level = int(level_of(code))
        said = given.text("level")
        if said and said != str(level):
            given.fault("level", f"代码 {code} 是第 {level} 级，表中写的是 {said}")
        if given.text("parent_code") not in ("", parent_code(code) or ""):
            given.fault("parent_code", f"代码 {code} 的上级应为 {parent_code(code)}")
        self.top = min(self.top, level)

    def depth(self, given: Given) -> tuple[int, int]:
        """Parents before children."""
        code = given.text("code")
        return (0 if code_fault(code) else int(level_of(code)), given.number)

    def full_name(self, given: Given, parent: str) -> str:
        name = given.text("name")
        return (given.text("full_name") or self.names.get(parent, "") + name)[:200]


def _verdict(given: Given, tree: _Tree, system: str, edition: str) -> Verdict:
    code = given.text("code")
    summary = f"{code} {given.text('name')}"
    if given.faults:
        return given.failed(summary)
    level, parent = int(level_of(code)), parent_code(code) or ""
    if level > tree.top and parent not in tree.names:
        given.fault("parent_code", f"上级 {parent} 不在表中，也未导入过")
        return given.failed(summary)
    wanted = Division(
        system=system,
        edition=edition,
        code=code,
        name=given.text("name"),
        full_name=tree.full_name(given, parent),
        level=level,
        parent_code=parent,
        urban_rural=given.text("urban_rural")[:4],
    )
    tree.names[code] = wanted.full_name
    before = tree.known.get(code)
    if before is None:
        return given.ok(summary, wanted, "新增")
    changed = [name for name in COMPARED if getattr(before, name) != getattr(wanted, name)]
    return given.ok(summary, wanted, "更新") if changed else given.skipped(summary)


def write(found: list[Verdict], context: Context) -> None:
    Division.objects.bulk_create(
        [verdict.value for verdict in found],
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["system", "edition", "code"],
        update_fields=[*COMPARED, "updated_at"],
    )
    for pk in Station.objects.values_list("pk", flat=True):
        forget(pk)


DIVISIONS = Importer(
    what="divisions",
    says="行政区划",
    columns=(
        Column(
            "code",
            "代码",
            required=True,
            aliases=("区划代码", "统计用区划代码"),
            hint="12 位",
            example="440606006016",
        ),
        Column("name", "名称", required=True, aliases=("区划名称",), example="海尾社区居委会"),
        Column("level", "级别", hint="1 省 2 市 3 县区 4 镇街 5 村居；可由代码推出", example="5"),
        Column("parent_code", "上级代码", aliases=("父级代码",), example="440606006000"),
        Column("urban_rural", "城乡分类", aliases=("城乡分类代码", "urban_rural_class"), example="112"),
        Column("full_name", "全称", example="广东省佛山市顺德区容桂街道海尾社区居委会"),
    ),
    judge=judge,
    write=write,
    asks=EditionInput,
    answers=answers,
    about="全库共用。同一代码在不同体系、不同版本中可能指不同的地方，因此体系和版本一并登记。",
)
