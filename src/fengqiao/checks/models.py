"""A checklist and its versions. A version is what somebody answered by, so none is ever changed."""

from __future__ import annotations

from django.db import models

from fengqiao.ground.models import OfStation
from fengqiao.people.models import Person
from fengqiao.store.appended import Appended
from fengqiao.store.declare import PLACE, Char, Json


class Checklist(OfStation):
    """One list by its lasting name; `premises_kinds` are the kinds of place it is the regular list for."""

    data = PLACE

    slug = Char(max_length=60, data=PLACE)
    name = Char(max_length=80, data=PLACE)
    premises_kinds = Json(default=list, data=PLACE)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["station", "slug"], name="checklist_slug"),)
        ordering = ("slug",)

    def __str__(self) -> str:
        return str(self.name)


class ChecklistVersion(OfStation, Appended):
    """One published content, `items` as `kit.sheets` tells them. Nobody in `published_by` is the program itself."""

    data = PLACE

    checklist = models.ForeignKey(
        Checklist, on_delete=models.PROTECT, related_name="versions", db_constraint=False
    )
    number = models.PositiveIntegerField()
    items = Json(data=PLACE)
    digest = Char(max_length=64, data=PLACE)
    note = Char(max_length=200, blank=True, data=PLACE)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )

    class Meta:
        constraints = (models.UniqueConstraint(fields=["checklist", "number"], name="checklist_version"),)
        indexes = (models.Index(fields=["station", "tx", "id"], name="checklistversion_tail"),)
        ordering = ("checklist", "-number")

    def __str__(self) -> str:
        return f"{self.checklist_id} v{self.number}"
