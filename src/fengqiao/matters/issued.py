"""Papers that left the station under a number: what they said, and how they were served. Never changed."""

from __future__ import annotations

from django.db import models

from fengqiao.ground.models import OfStation
from fengqiao.matters.service import ServedBy
from fengqiao.people.models import Person
from fengqiao.store.appended import Appended
from fengqiao.store.declare import KIND_LIFE, WORK, Char, Data, DataClass
from fengqiao.store.secrets import SecretField

PAPER = Data(DataClass.IN_NEED, "保存已签发文书的原文", "公安机关办理行政案件程序规定第36条", KIND_LIFE)
RECEIPT = Data(DataClass.IN_NEED, "证明文书已经送达", "公安机关办理行政案件程序规定第36条", KIND_LIFE)


class IssueCount(OfStation):
    """The last number of a form in a year. Its row is locked until the issuing commits, so that a number is
    never given twice and none is left out."""

    data = WORK

    form = Char(max_length=20, data=WORK)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["station", "form", "year"], name="issue_count_of"),)

    def __str__(self) -> str:
        return f"{self.form} {self.year} {self.last}"


class Issued(OfStation, Appended):
    """One paper as it was issued. `content` is the whole paper, sealed under the matter's key: printing it again
    gives the same words, until the words of the matter are due to end."""

    data = WORK

    matter = models.ForeignKey(
        "matters.Matter", on_delete=models.PROTECT, related_name="issued", db_constraint=False
    )
    paper = Char(max_length=40, data=WORK)
    form = Char(max_length=20, data=WORK)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    number = Char(max_length=60, data=WORK)
    content = SecretField(data=PAPER)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False)
    issued_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["station", "form", "year", "serial"], name="issued_number"),
        )
        indexes = (
            models.Index(fields=["matter", "id"], name="issued_of_matter"),
            models.Index(fields=["station", "tx", "id"], name="issued_tail"),
        )
        ordering = ("id",)

    def __str__(self) -> str:
        return str(self.number)


class ServiceReceipt(OfStation, Appended):
    """How one issued paper was served; once. Who received it, and what was said, is sealed in `words`."""

    data = WORK

    issued = models.OneToOneField(
        Issued, on_delete=models.PROTECT, related_name="receipt", db_constraint=False
    )
    method = models.CharField(max_length=20, choices=ServedBy.pairs())
    place = Char(max_length=100, data=WORK)
    relation = Char(max_length=40, blank=True, data=WORK)
    recorded = models.BooleanField(default=False)
    words = SecretField(data=RECEIPT)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False)
    served_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["station", "tx", "id"], name="service_tail"),)

    def __str__(self) -> str:
        return f"{self.issued_id} {self.method}"
