"""What two named persons decide: asked by one, answered by another. Both rows are only added to, and sealed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from fengqiao.ground.models import OfStation
from fengqiao.store.appended import Appended
from fengqiao.store.declare import LOG, Char, Json


class About(models.TextChoices):
    """What it is about."""

    EXPORT = "export", _("导出")
    KEEP = "keep", _("改保存期限")
    ROLE = "role", _("岗位任免")
    DESTROY = "destroy", _("依申请删除")
    DELAY = "delay", _("暂缓告知查看")


class Approval(OfStation, Appended):
    """Asked for. `by` nobody: from the machine's own command line. `says` names it in words without a person's data; `digest` is of exactly what would be done, `content`
    what is needed to do it when it is granted. `rows` counts what would leave as a file."""

    data = LOG

    by = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    about = models.CharField(max_length=20, choices=About.choices)
    says = Char(max_length=200, data=LOG)
    rows = models.PositiveIntegerField(default=0)
    purpose = Char(max_length=200, data=LOG)
    content = Json(default=dict, data=LOG)
    digest = Char(max_length=64, data=LOG)
    at = models.DateTimeField()

    class Meta:
        app_label = "people"
        indexes = (
            models.Index(fields=["station", "tx", "id"], name="approval_tail"),
            # what waits, and what somebody was granted lately
            models.Index(fields=["station", "at"], name="approval_at"),
        )

    def __str__(self) -> str:
        return str(self.says)


class ApprovalAnswer(OfStation, Appended):
    """Granted or not, by somebody else; the first answer counts. `by` nobody: the operator, who asked, too."""

    data = LOG

    approval = models.OneToOneField(
        Approval, on_delete=models.PROTECT, related_name="answer", db_constraint=False
    )
    by = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    granted = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        app_label = "people"
        indexes = (models.Index(fields=["station", "tx", "id"], name="approvalanswer_tail"),)

    def __str__(self) -> str:
        return f"{self.approval_id} {self.granted}"
