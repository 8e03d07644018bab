"""What a station has set otherwise than by default: its own list of orders, and the kinds of places in scope."""

from __future__ import annotations

from django.db import models

from fengqiao.ground.models import OfStation, PremisesKind
from fengqiao.store.declare import PUBLIC, Char


class HazardOrder(OfStation):
    """One violation on a station's own list of what it may order to be put right, with its article."""

    data = PUBLIC

    code = Char(max_length=60, data=PUBLIC)
    says = Char(max_length=120, data=PUBLIC)
    basis = Char(max_length=200, data=PUBLIC)
    at_once = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["station", "code"], name="hazard_order_code"),)

    def __str__(self) -> str:
        return str(self.says)


class HazardScope(OfStation):
    """A kind of place a station sees otherwise than the default: whether it may order something put right there."""

    data = PUBLIC

    premises_kind = models.CharField(max_length=20, choices=PremisesKind.choices)
    ordered = models.BooleanField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["station", "premises_kind"], name="hazard_scope_kind"),
        )

    def __str__(self) -> str:
        return f"{self.premises_kind} {self.ordered}"
