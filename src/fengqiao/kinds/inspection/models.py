"""What a check alone has: the list it was answered by, the answers, and who was there as a role. Nobody's name."""

from __future__ import annotations

from django.db import models

from fengqiao.checks.models import ChecklistVersion
from fengqiao.checks.queries import sheet_of
from fengqiao.kinds.inspection.inputs import Accompanied, Source
from fengqiao.kit.sheets import findings
from fengqiao.matters.models import Detail
from fengqiao.store.declare import WORK, Char, Json


class Inspection(Detail):
    """`version` pins what was asked for ever; `answers` are as `kit.sheets` tells them.

    `found` counts the findings raised as hazards, `known` those that were open already. `due_on` is the last
    day of the round, `why` the sentence that says how the check came to be due.
    """

    data = WORK

    source = models.CharField("检查来由", max_length=12, choices=Source.pairs())
    why = Char("为何检查", max_length=120, blank=True, data=WORK)
    due_on = models.DateField("最迟日期", null=True)
    version = models.ForeignKey(
        ChecklistVersion,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        verbose_name="检查清单",
    )
    answers = Json("检查情况", default=dict, blank=True, data=WORK)
    inspected_at = models.DateTimeField("检查时间", null=True)
    found = models.PositiveSmallIntegerField("新发现隐患", default=0)
    known = models.PositiveSmallIntegerField("已在整改的", default=0)
    tries = models.PositiveSmallIntegerField("未见到人", default=0)
    accompanied = models.CharField("陪同检查", max_length=10, blank=True, choices=Accompanied.pairs())
    officers = models.PositiveSmallIntegerField("检查人数", default=0)
    signed = models.BooleanField("已签名", default=False)
    witness = Char("拒签见证人(身份)", max_length=40, blank=True, data=WORK)
    letter_on = models.DateField("责任保证书出具日期", null=True)
    letter_until = models.DateField("责任保证书有效期至", null=True)
    letter_signed_on = models.DateField("责任保证书签订日期", null=True)
    knock_reason = Char("超出走访次数的原因", max_length=200, blank=True, data=WORK)

    def __str__(self) -> str:
        return str(self.why)

    def version_id_says(self) -> str:
        """Which list, and which of its versions."""
        return f"{self.version.checklist.name} 第 {self.version.number} 版" if self.version else ""

    def answers_says(self) -> str:
        """The findings as the matter's page tells them; the whole list stands on the printed record."""
        return "、".join(self.findings()) or ("未发现隐患" if self.inspected_at else "")

    def findings(self) -> list[str]:
        """What was not as it should be, in the words of the list."""
        if self.version_id is None or not self.answers:
            return []
        sheet = sheet_of(self.version_id)
        return [finding.says for finding in findings(sheet, self.answers)]
