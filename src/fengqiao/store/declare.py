"""Every column says what it is for: class, purpose, legal basis, end of life.

Classes (see docs/privacy.md): C0 public, C1 place, C2 contact, C3 person in need, C4 barred, C5 staff,
C6 log. The data dictionary, the impact assessment and the retention run are generated from these
declarations; a column that holds words and says nothing fails the test suite.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import models


class DataClass(StrEnum):
    PUBLIC = "C0"
    PLACE = "C1"
    CONTACT = "C2"
    IN_NEED = "C3"
    STAFF = "C5"
    LOG = "C6"


@dataclass(frozen=True, slots=True)
class Life:
    """How long a value lives: `days` after `event`; days None means as long as its row's subject."""

    event: str
    days: int | None = None

    def __str__(self) -> str:
        return f"{self.event}后 {self.days} 日" if self.days is not None else f"与{self.event}同期"


@dataclass(frozen=True, slots=True)
class Data:
    """One declaration; `basis` names the article of law or the duty the processing rests on."""

    cls: DataClass
    purpose: str
    basis: str
    life: Life

    @property
    def personal(self) -> bool:
        return self.cls in (DataClass.CONTACT, DataClass.IN_NEED)


# The declarations most columns share. A kind states its own for what it alone holds.
PLACE_LIFE = Life("场所存续", None)
ALWAYS = Life("系统运行", None)
# A matter's words live as long as its kind's page (Kind.keep) or the station says: see matters.keeping.
KIND_LIFE = Life("事项保存期", None)
PUBLIC = Data(DataClass.PUBLIC, "公开信息", "政府信息公开条例", ALWAYS)
PLACE = Data(DataClass.PLACE, "场所与区域管理", "消防法第53条；人民警察法第6条", PLACE_LIFE)
STAFF = Data(DataClass.STAFF, "勤务组织", "人民警察法第6条", Life("离任", 365))
LOG = Data(DataClass.LOG, "责任可追溯", "网络安全法第21条；个人信息保护法第51条", Life("记录", 1095))
WORK = Data(DataClass.PLACE, "事项办理", "人民警察法第6条", Life("办结", 1095))


class _Declared:
    """A Django field that carries its declaration; migrations see the plain field beneath it."""

    data: Data | None

    def __init__(self, *args: Any, data: Data | None = None, **kwargs: Any) -> None:
        self.data = data
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[Any, Any, Any, Any]:
        name, _path, args, kwargs = super().deconstruct()  # type: ignore[misc]
        plain = next(base for base in type(self).__mro__ if base.__module__.startswith("django.db.models"))
        return name, f"django.db.models.{plain.__name__}", args, kwargs


class Char(_Declared, models.CharField):  # type: ignore[type-arg]
    """Short words."""


class Text(_Declared, models.TextField):  # type: ignore[type-arg]
    """Words of any length."""


class Json(_Declared, models.JSONField):
    """Structured facts."""


class Bytes(_Declared, models.BinaryField):  # type: ignore[type-arg]
    """Bytes that are no words: wrapped keys, seals."""


def declaration(field: models.Field[Any, Any]) -> Data | None:
    """What a column says of itself, or what its model says for all its columns without words."""
    own = getattr(field, "data", None)
    if isinstance(own, Data):
        return own
    if holds_words(field):
        return None
    shared = getattr(field.model, "data", None)
    return shared if isinstance(shared, Data) else None


def holds_words(field: models.Field[Any, Any]) -> bool:
    """Whether a column could hold a person's data in words or bytes, so must speak for itself."""
    free = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.FileField)
    return isinstance(field, free) and not field.choices
