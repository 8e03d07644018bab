"""A link that opens one matter to a party to it: a landlord, later a school's contact or a disputant."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models

from fengqiao.ground.models import OfStation
from fengqiao.people.models import Person
from fengqiao.store.declare import LOG, Char
from fengqiao.store.vault import fingerprint


class PartyLink(OfStation):
    """Only a keyed digest of the link's token is stored: who reads the database can open nothing with it."""

    data = LOG

    id: models.UUIDField[Any, UUID] = models.UUIDField(primary_key=True)
    matter = models.ForeignKey(
        "matters.Matter", on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    digest = Char(max_length=64, unique=True, data=LOG)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used = models.PositiveIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["station", "matter"], name="party_link_of_matter"),)
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return f"{self.made_at} {self.used}"


def digest_of(token: str) -> str:
    """By which a link is found."""
    return fingerprint(["party-link", token])
