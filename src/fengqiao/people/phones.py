"""The phones of those who serve: enrolled once, known by a key of their own, wiped on order."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from fengqiao.ground.models import OfStation
from fengqiao.store.declare import STAFF, Bytes, Char, Data, DataClass, Life

CREDENTIAL = Data(DataClass.STAFF, "手机身份鉴别", "GB/T 22239-2019 8.1.4.1", Life("离任", 0))


class Phone(OfStation):
    """One person's phone. `public_key` is its P-256 point (65 bytes): what it asks and seals is signed by the
    other half, which never leaves it. Its `Key` (store.vault) has the same id and gives the lease; a wipe
    destroys it at once. `wiped_at` is when the phone itself said that it is empty.
    """

    data = STAFF

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="phones", db_constraint=False
    )
    name = Char(max_length=60, data=STAFF)
    public_key = Bytes(data=CREDENTIAL)
    enrolled_at = models.DateTimeField()
    enrolled_by = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    last_seen_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    wrong_pins = models.PositiveIntegerField(default=0)
    wipe_ordered_at = models.DateTimeField(null=True)
    wipe_ordered_by = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    wiped_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "people"
        ordering = ("-enrolled_at",)
        indexes = (models.Index(fields=["person"], name="phone_of_person"),)

    def __str__(self) -> str:
        return str(self.name)

    @property
    def is_over(self) -> bool:
        """Wiped, or ordered to be: it is answered nothing else any more."""
        return self.wipe_ordered_at is not None or self.wiped_at is not None

    @property
    def standing(self) -> tuple[str, str]:
        """Its state in words, and the tone they are shown in."""
        if self.wiped_at is not None:
            return str(_("已擦除")), ""
        if self.wipe_ordered_at is not None:
            return str(_("待擦除")), "burn"
        return str(_("在用")), "good"


class Enrolment(OfStation):
    """A code by which one phone is enrolled for one person, once, within minutes; only its digest is stored."""

    data = STAFF

    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    made_by = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    digest = Char(max_length=64, unique=True, data=CREDENTIAL)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        app_label = "people"

    def __str__(self) -> str:
        return f"enrolment of {self.person_id}"
