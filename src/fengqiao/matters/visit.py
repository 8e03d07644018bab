"""A visit as a row: who knocked where and when, and the one point said on the officer's tap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from fengqiao.ground.models import OfStation, Premises
from fengqiao.people.models import Person
from fengqiao.store.declare import LOG, WORK, Char, Data, DataClass, Life
from fengqiao.store.secrets import SecretField
from fengqiao.store.vault import Key

if TYPE_CHECKING:
    from uuid import UUID

POINT = Data(DataClass.STAFF, "证明上门到场", "人民警察法第6条；个人信息保护法第13条第3项", Life("走访", 180))


class Visit(OfStation):
    """One knock at one door, made by a team; what it carried are the events that name it.

    `point` is where the phone was when its officer tapped, sealed under a key of its own (`vault`): it may be
    a dwelling's. One a visit, and never asked for in a row; see `visit_points`.
    """

    data = WORK

    id: models.UUIDField[Any, UUID] = models.UUIDField(primary_key=True)
    premises = models.ForeignKey(
        Premises, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    team = ArrayField(models.UUIDField(), default=list)
    observed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    digest = Char(max_length=64, data=LOG)
    vault = models.ForeignKey(Key, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False)
    point = SecretField(data=POINT)

    class Meta:
        app_label = "matters"
        indexes = (
            # the retention run: points still held, by their day
            models.Index(
                fields=["station", "observed_at"],
                name="visit_with_point",
                condition=models.Q(point__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return str(self.id)
