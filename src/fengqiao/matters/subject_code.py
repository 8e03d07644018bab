"""The code by which a person finds their own page: who looked at what is held of them in one matter."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models

from fengqiao.ground.models import OfStation
from fengqiao.store.declare import LOG, Char
from fengqiao.store.vault import fingerprint

DIGITS = 16  # 53 bits: with ten wrong ones in ten minutes from an address, nobody finds one by trying


class SubjectCode(OfStation):
    """Neither code nor anything to guess it from is stored: like a visit's code it is worked out from the row's id
    by the master key, and found again by a keyed digest. It holds as long as there is a log to read."""

    data = LOG

    id: models.UUIDField[Any, UUID] = models.UUIDField(primary_key=True)
    matter = models.OneToOneField(
        "matters.Matter", on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    digest = Char(max_length=64, unique=True, data=LOG)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.made_at)

    @property
    def code(self) -> str:
        """Its sixteen digits."""
        return str(int(fingerprint(["subject-code", str(self.pk)]), 16) % 10**DIGITS).zfill(DIGITS)

    @property
    def printed(self) -> str:
        """The digits in groups of four, as they are read and typed."""
        return " ".join(self.code[start : start + 4] for start in range(0, DIGITS, 4))


def digest_of(code: str) -> str:
    """By which a typed code is found."""
    return fingerprint(["subject-code-digest", code])
