"""The data dictionary, read off the declarations: what is held where, why, on which basis, until when.

The register of processing, the public notices and the impact assessment are made from the same rows, so
they cannot say anything else than the program does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import BinaryField, Field, Model, Q

from fengqiao.store.declare import Data, DataClass, declaration
from fengqiao.store.secrets import SecretField

CLASS_SAYS = {
    DataClass.PUBLIC: "公开",
    DataClass.PLACE: "场所与工作",
    DataClass.CONTACT: "联系人",
    DataClass.IN_NEED: "当事人",
    DataClass.STAFF: "勤务人员",
    DataClass.LOG: "日志",
}
HEADERS = ("房间", "表", "列", "分级", "目的", "依据", "保存期限", "存放")


@dataclass(frozen=True, slots=True)
class Row:
    """One column. `life` is in words; `sealed` under a key of its own subject."""

    room: str
    table: str
    column: str
    cls: str
    purpose: str
    basis: str
    life: str
    sealed: bool
    personal: bool

    @property
    def kept(self) -> str:
        return "加密，按期销毁密钥" if self.sealed else "明文"

    @property
    def class_says(self) -> str:
        return f"{self.cls} {CLASS_SAYS[DataClass(self.cls)]}"

    def cells(self) -> tuple[str, ...]:
        place = (self.room, self.table, self.column, self.class_says)
        return (*place, self.purpose, self.basis, self.life, self.kept)


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose personal data is held for: what the impact assessment judges and a notice tells."""

    says: str
    basis: str
    cls: str
    life: str
    columns: tuple[str, ...]
    sealed: bool
    held: int | None = None

    @property
    def class_says(self) -> str:
        return f"{self.cls} {CLASS_SAYS[DataClass(self.cls)]}"

    @property
    def of_staff(self) -> bool:
        """Of those who serve, whose data ends with their leaving."""
        return self.cls == DataClass.STAFF or self.life.startswith("离任")


Said = Mapping[str, str]  # model label -> how long its words live, where only a room above can say


def rows(lives: Said | None = None) -> list[Row]:
    """Every declared column of the house, by room and table."""
    return [_row(model, field, said, lives or {}) for model, field, said in _columns()]


def purposes(lives: Said | None = None, *, count: bool = False) -> list[Purpose]:
    """What personal data (C2, C3, C5) is held for. With `count`, how many values this station holds now."""
    found: dict[tuple[str, str, str, str], list[tuple[type[Model], Field[Any, Any]]]] = {}
    for model, field, said in _columns():
        if said.personal or (said.cls == DataClass.STAFF and getattr(field, "data", None) is not None):
            key = (said.purpose, said.basis, said.cls, _life(model, said, lives or {}))
            found.setdefault(key, []).append((model, field))
    return [
        Purpose(
            *key,
            columns=tuple(dict.fromkeys(_says(field) for _, field in columns)),
            sealed=all(isinstance(field, SecretField) for _, field in columns),
            held=sum(_held(model, field) for model, field in columns) if count else None,
        )
        for key, columns in sorted(found.items(), key=lambda item: item[0][2])
    ]


def notice(purpose: Purpose, *, station: str, phone: str) -> str:
    """The words a person is told before data is taken down (PIPL arts. 17, 35)."""
    what = "、".join(purpose.columns)
    ask = f"查阅、更正、删除、投诉：{phone}" if phone else "查阅、更正、删除、投诉请到派出所或拨打公开电话"
    return (
        f"我们是{station}。为{purpose.says}，需要登记您的{what}。依据：{purpose.basis}。"
        f"只用于这件事，保存期限：{purpose.life}，到期自动销毁。谁查看过您的信息，都有记录。{ask}。"
        "不提供也不影响您求助。"
    )


def plain(lives: Said | None = None) -> str:
    return "\n".join("\t".join(row.cells()) for row in rows(lives))


def markdown(lives: Said | None = None) -> str:
    """One table a room, as `docs/data-dictionary.md` holds it."""
    parts = [
        "# Data dictionary",
        "Generated from the declarations by `fengqiao dictionary --markdown`; a test fails when it is stale.\n"
        "Classes are explained in [privacy.md](privacy.md).",
    ]
    told = rows(lives)
    for room in dict.fromkeys(row.room for row in told):
        lines = [_line(HEADERS[1:]), _line(["---"] * len(HEADERS[1:]))]
        lines += [_line(row.cells()[1:]) for row in told if row.room == room]
        parts += [f"## {room}", "\n".join(lines)]
    return "\n\n".join(parts)


def _line(cells: Any) -> str:
    return f"| {' | '.join(cells)} |"


def _columns() -> Iterator[tuple[type[Model], Field[Any, Any], Data]]:
    for model in sorted(apps.get_models(), key=lambda model: model._meta.db_table):
        if model.__module__.startswith("fengqiao."):
            for field in model._meta.concrete_fields:
                said = declaration(field)
                if said is not None:
                    yield model, field, said


def _row(model: type[Model], field: Field[Any, Any], said: Data, lives: Said) -> Row:
    return Row(
        room=model._meta.app_label,
        table=model._meta.db_table,
        column=field.attname,
        cls=said.cls.value,
        purpose=said.purpose,
        basis=said.basis,
        life=_life(model, said, lives),
        sealed=isinstance(field, SecretField),
        personal=said.personal,
    )


def _life(model: type[Model], said: Data, lives: Said) -> str:
    return lives.get(model._meta.label, str(said.life)) if said.life.days is None else str(said.life)


def _says(field: Field[Any, Any]) -> str:
    """The column's Chinese name where it has one."""
    return SAYS.get(field.attname) or str(field.verbose_name)


SAYS = {
    "words": "办理过程中说到的情况",
    "content": "导入文件中的行",
    "contact_name": "姓名或称呼",
    "contact_phone": "联系电话",
    "phone": "联系电话",
    "name": "姓名",
    "username": "账号",
    "title": "岗位名称",
    "password": "口令(散列)",
    "totp_secret": "验证器密钥(加密)",
    "digest": "令牌摘要",
    "public_key": "手机公钥",
}


def _held(model: type[Model], field: Field[Any, Any]) -> int:
    """How many values there are; a number, never a value."""
    filled = Q(**{f"{field.attname}__isnull": False}) if field.null else Q()
    found = model._default_manager.filter(filled)
    if isinstance(field, SecretField | BinaryField):
        return found.count()
    return found.exclude(**{field.attname: ""}).count()
