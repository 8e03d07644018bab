"""A column for words about a person in need: what Python holds is a `Secret`, never the bare words.

A command writes `alert.phone = Secret.of("13812341234")`; the one writer seals it before the row is
saved. Reading gives a sealed `Secret` that shows nothing until it is opened with its key, so no
template, log line or serializer can leak it by accident.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from fengqiao.store.declare import Data
from fengqiao.store.vault import Key, Unreadable

GONE = "(已销毁)"


class Secret:
    """Sealed or not-yet-sealed words. `str()` and `repr()` give dots."""

    __slots__ = ("_plain", "_sealed")

    def __init__(self, *, plain: str | None = None, sealed: bytes | None = None) -> None:
        self._plain, self._sealed = plain, sealed

    @classmethod
    def of(cls, words: str) -> Secret:
        return cls(plain=words or None)

    @property
    def sealed(self) -> bytes | None:
        return self._sealed

    def seal(self, key: Key, column: str) -> None:
        """Turn plain words into ciphertext; a sealed one stays as it is."""
        if self._plain is not None:
            self._sealed, self._plain = key.seal(self._plain, column=column), None

    def open(self, key: Key, column: str) -> str:
        """The words themselves. Callers log the look first (see people.looks)."""
        if self._plain is not None:
            return self._plain
        if self._sealed is None:
            return ""
        return key.open(self._sealed, column=column)

    def glimpse(self, key: Key, column: str) -> str:
        """Like open, but a destroyed key gives a plain statement instead of an error."""
        try:
            return self.open(key, column)
        except Unreadable:
            return GONE

    def __bool__(self) -> bool:
        return bool(self._plain or self._sealed)

    def __str__(self) -> str:
        return "●●●"

    __repr__ = __str__


class SecretField(models.BinaryField):  # type: ignore[type-arg]
    """Stores a `Secret`'s ciphertext; refuses to store anything unsealed. `mask` says how a glimpse of it
    is shown before it is revealed: name, phone, address, or nothing at all."""

    data: Data | None

    def __init__(self, *args: Any, data: Data | None = None, mask: str = "", **kwargs: Any) -> None:
        self.data, self.mask = data, mask
        kwargs.setdefault("null", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[Any, Any, Any, Any]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.BinaryField", args, kwargs

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Secret:
        return Secret(sealed=None if value is None else bytes(value))

    def get_default(self) -> Secret:
        return Secret()

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, Secret):
            if value and value.sealed is None:
                raise ValueError(f"{self.name} was not sealed before saving")
            value = value.sealed
        return super().get_db_prep_value(value, connection, prepared)


def seal_all(row: models.Model, key: Key) -> None:
    """Seal every secret of a row before it is saved."""
    for field in row._meta.concrete_fields:
        if isinstance(field, SecretField):
            secret = getattr(row, field.attname)
            if isinstance(secret, Secret):
                secret.seal(key, field.attname)
