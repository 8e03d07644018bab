"""The logs about those who serve: sign-ins, files taken out, matters opened in an emergency, and what the
chief and the audit administrator made of it. All are only added to, and sealed."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from fengqiao.ground.models import OfStation
from fengqiao.people.roles import POST_ROLES
from fengqiao.store.appended import Appended
from fengqiao.store.declare import LOG, Char


class SignIn(OfStation, Appended):
    """Somebody came in; device and address stand as keyed digests, enough to tell two apart."""

    data = LOG

    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    device = Char(max_length=64, data=LOG)
    address = Char(max_length=64, data=LOG)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        app_label = "people"
        indexes = (
            models.Index(fields=["station", "tx", "id"], name="signin_tail"),
            models.Index(fields=["station", "at"], name="signin_at"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.at}"


class Export(OfStation, Appended):
    """A file or print that left the program: what, how many rows, for what purpose; never the rows."""

    data = LOG

    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    role = models.CharField(max_length=20, choices=POST_ROLES)
    what = Char(max_length=60, data=LOG)
    rows = models.PositiveIntegerField()
    purpose = Char(max_length=200, blank=True, data=LOG)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        app_label = "people"
        indexes = (
            models.Index(fields=["station", "tx", "id"], name="export_tail"),
            models.Index(fields=["station", "at"], name="export_at"),
        )

    def __str__(self) -> str:
        return f"{self.what} {self.rows}"


class Opening(OfStation, Appended):
    """Break-glass: one matter opened to one person for reading, for a reason and under a case number."""

    data = LOG

    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    subject = models.UUIDField()
    reference = Char(max_length=80, data=LOG)
    reason = Char(max_length=200, data=LOG)
    at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        app_label = "people"
        indexes = (
            models.Index(fields=["station", "tx", "id"], name="opening_tail"),
            # at every request: what is open to this person now
            models.Index(fields=["station", "person", "until"], name="opening_of_person"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.subject}"


class Verdict(models.TextChoices):
    JUSTIFIED = "justified", _("确有必要")
    UNJUSTIFIED = "unjustified", _("不当查看")


class OpeningReview(OfStation, Appended):
    """The chief's word on one opening; the first one counts."""

    data = LOG

    opening = models.OneToOneField(
        Opening, on_delete=models.PROTECT, related_name="review", db_constraint=False
    )
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+", db_constraint=False)
    verdict = models.CharField(max_length=20, choices=Verdict.choices)
    reason = Char(max_length=200, data=LOG)
    at = models.DateTimeField()

    class Meta:
        app_label = "people"
        indexes = (models.Index(fields=["station", "tx", "id"], name="openingreview_tail"),)

    def __str__(self) -> str:
        return f"{self.opening_id} {self.verdict}"


class FindingReview(OfStation, Appended):
    """The chief looked into one finding of the misuse detector and says what it was."""

    data = LOG

    finding = Char(max_length=120, data=LOG)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+", db_constraint=False)
    reason = Char(max_length=200, data=LOG)
    at = models.DateTimeField()

    class Meta:
        app_label = "people"
        constraints = (models.UniqueConstraint(fields=["station", "finding"], name="finding_reviewed_once"),)
        indexes = (models.Index(fields=["station", "tx", "id"], name="findingreview_tail"),)

    def __str__(self) -> str:
        return str(self.finding)


class SealCheck(OfStation, Appended):
    """The log was read again whole: how much, and the first thing that was wrong with it."""

    data = LOG

    at = models.DateTimeField(db_default=Now())
    seals = models.BigIntegerField()
    rows = models.BigIntegerField()
    good = models.BooleanField()
    first_fault = Char(max_length=200, blank=True, data=LOG)

    class Meta:
        app_label = "people"
        indexes = (models.Index(fields=["station", "tx", "id"], name="sealcheck_tail"),)

    def __str__(self) -> str:
        return f"{self.at} {self.good}"
