"""The code by which a resident tells whether somebody at the door is really sent by the station."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models

from fengqiao.ground.models import OfStation
from fengqiao.people.models import Person
from fengqiao.store.declare import LOG, WORK, Char, Data, DataClass, Life
from fengqiao.store.vault import fingerprint

CHECKING = Data(DataClass.LOG, "群众核验上门人员身份", "人民警察法第23条", Life("失效", 1))
DIGITS = 6


class VisitCode(OfStation):
    """One person's code for one matter, for a time. Neither code nor anything to guess it from is stored:
    it is worked out from the row's id by the master key, and found again by a keyed digest.

    The digest is unique in the whole database, so that a code read out means one visit whichever station
    it is read out to; ended codes give theirs back (NULL) and may be used anew. `post` is what whoever
    checks is told: a role and a community, no name.
    """

    data = LOG

    id: models.UUIDField[Any, UUID] = models.UUIDField(primary_key=True)
    matter = models.ForeignKey(
        "matters.Matter", on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    post = Char(max_length=60, data=WORK)
    digest = Char(max_length=64, unique=True, null=True, data=CHECKING)
    issued_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["station", "matter"], name="visit_code_of_matter"),)

    def __str__(self) -> str:
        return f"{self.post} {self.ends_at}"

    @property
    def code(self) -> str:
        """Its six digits."""
        return str(int(fingerprint(["visit-code", str(self.pk)]), 16) % 10**DIGITS).zfill(DIGITS)


def digest_of(code: str) -> str:
    """By which a typed code is found."""
    return fingerprint(["visit-code-digest", code])
