"""Three tables kept apart: somebody was there, something was found, something was put right.

What came in from elsewhere is no matter of ours: nobody here owes it, and no clock runs for it.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from fengqiao.ground.models import OfStation, Premises
from fengqiao.ground.seeing import Viewer
from fengqiao.store.declare import PLACE_LIFE, Char, Data, DataClass, Text

HISTORY = Data(DataClass.PLACE, "了解场所以往的检查和整改", "消防法第53条；人民警察法第6条", PLACE_LIFE)


class OfPlaces(models.QuerySet[Any]):
    def seen_by(self, viewer: Viewer) -> OfPlaces:
        """What belongs to a place is seen by those who see the place."""
        if viewer.is_admin:
            return self.none()
        return self if viewer.sees_station else self.filter(premises__community_id__in=viewer.community_ids)


class DueSource(models.TextChoices):
    """Where a due date comes from: it decides what lateness means."""

    ORIGINAL = "original", _("原始到期日")
    NEW = "new", _("新到期日")
    DERIVED = "derived", _("推算")


class PastVisit(OfStation):
    """A check of a place on a day, as its source tells it."""

    data = HISTORY

    premises = models.ForeignKey(Premises, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    day = models.DateField()
    by = Char(max_length=80, blank=True, data=HISTORY)
    sheet = Char(max_length=120, blank=True, data=HISTORY)
    source = Char(max_length=60, data=HISTORY)
    file = Char(max_length=120, data=HISTORY)

    objects = models.Manager.from_queryset(OfPlaces)()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["station", "premises", "day", "source", "by", "sheet"], name="pastvisit_once"
            ),
        )
        ordering = ("-day", "-pk")

    def __str__(self) -> str:
        return f"{self.day} {self.by or self.source}"


class PastFinding(OfStation):
    """One defect. `due_on` is the day by which putting it right had to be reported, `fix_on` the day by which
    it had to be put right; each with where that day comes from."""

    data = HISTORY

    visit = models.ForeignKey(
        PastVisit, on_delete=models.PROTECT, related_name="findings", db_constraint=False
    )
    premises = models.ForeignKey(Premises, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    source = Char(max_length=60, data=HISTORY)
    reference = Char(max_length=60, data=HISTORY)
    item = Char(max_length=120, blank=True, data=HISTORY)
    severity = Char(max_length=40, blank=True, data=HISTORY)
    says = Text(blank=True, data=HISTORY)
    spot = Char(max_length=120, blank=True, data=HISTORY)
    state = Char(max_length=60, blank=True, data=HISTORY)
    found_on = models.DateField()
    notified_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    due_source = models.CharField(max_length=10, choices=DueSource.choices, blank=True)
    fix_on = models.DateField(null=True)
    fix_source = models.CharField(max_length=10, choices=DueSource.choices, blank=True)

    objects = models.Manager.from_queryset(OfPlaces)()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["station", "source", "reference"], name="pastfinding_reference"),
        )
        indexes = (
            # one place's history, the newest first
            models.Index(fields=["station", "premises", "found_on"], name="pastfinding_of_place"),
            # the register, the newest first
            models.Index(fields=["station", "found_on", "id"], name="pastfinding_recent"),
        )
        ordering = ("-found_on", "-pk")

    def __str__(self) -> str:
        return f"{self.source} {self.reference}"


class PastRectification(OfStation):
    """Putting right, as it was reported (`certified_on`) and as somebody saw it (`verified_on`).

    `late`: reported, or where nothing was reported seen, after the due day in force; unknown without one.
    """

    data = HISTORY

    finding = models.OneToOneField(
        PastFinding, on_delete=models.PROTECT, related_name="rectification", db_constraint=False
    )
    certified_on = models.DateField(null=True)
    verified_on = models.DateField(null=True)
    late = models.BooleanField(null=True)

    def __str__(self) -> str:
        return f"{self.finding_id} {self.certified_on or self.verified_on}"
