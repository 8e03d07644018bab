"""What a hazard alone has: the place and the defect. No tenant, no owner, no name."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils.timezone import localtime

from fengqiao.kinds.hazard.inputs import (
    DeadlineSpan,
    HandOffTo,
    HandOffWhy,
    ReinspectResult,
    Source,
)
from fengqiao.kinds.hazard.items import says_of
from fengqiao.kinds.hazard.own_lists import HazardOrder, HazardScope
from fengqiao.matters.models import Detail, Matter
from fengqiao.store.declare import PLACE, WORK, Char, Json

__all__ = ["Hazard", "HazardOrder", "HazardScope"]


class Hazard(Detail):
    """`due_at` is the first deadline, later if extended in time; `second_due_at` the one after a re-inspection
    that found it not (wholly) fixed. `settle_at` is ten working days after the first: what is verified by
    then counts. `check_due_at` is by when it had to be looked at again, the first time.

    `unseen_since` is when the place had last been looked at before: the finding cannot be older.
    `earlier` is the verified hazard of the same item at the same place this one repeats.
    """

    data = WORK

    item = Char("隐患项目", max_length=60, data=WORK)
    finding = Char("发现的问题", max_length=1000, data=WORK)
    spot = Char("具体部位", max_length=100, data=WORK)
    address = Char("地址", max_length=200, blank=True, data=PLACE)
    source = models.CharField("来源", max_length=20, choices=Source.pairs())
    basis = Char("依据", max_length=200, blank=True, data=WORK)
    advice = Char("整改建议", max_length=500, blank=True, data=WORK)
    span = Char("整改时限", max_length=12, data=WORK)
    checklist_version = models.PositiveIntegerField("检查表版本", null=True)
    photos = Json("整改前照片", default=list, blank=True, data=WORK)
    after_photos = Json("整改后照片", default=list, blank=True, data=WORK)
    unseen_since = models.DateTimeField("此前最近一次核实", null=True)
    earlier = models.ForeignKey(
        Matter,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        verbose_name="此前同类隐患",
    )
    due_at = models.DateTimeField("整改期限截止", null=True)
    settle_at = models.DateTimeField("统计截止", null=True)
    check_due_at = models.DateTimeField("复查期限", null=True)
    second_due_at = models.DateTimeField("第二次整改期限", null=True)
    told_at = models.DateTimeField("告知时间", null=True)
    ordered_at = models.DateTimeField("责令时间", null=True)
    ordered_at_once = models.BooleanField("责令立即改正", null=True)
    served_at = models.DateTimeField("送达时间", null=True)
    refused_at = models.DateTimeField("拒收时间", null=True)
    fixed_at = models.DateTimeField("整改完成", null=True)
    checked_at = models.DateTimeField("首次复查", null=True)
    check_result = models.CharField("复查结果", max_length=10, blank=True, choices=ReinspectResult.pairs())
    verified_at = models.DateTimeField("确认整改到位", null=True)
    revisited_at = models.DateTimeField("突击回查", null=True)
    recurred_at = models.DateTimeField("发现反弹", null=True)
    handed_to = models.CharField("移交给", max_length=20, blank=True, choices=HandOffTo.pairs())
    handed_why = models.CharField("移交原因", max_length=20, blank=True, choices=HandOffWhy.pairs())
    handed_at = models.DateTimeField("移交时间", null=True)
    receipt_due_at = models.DateTimeField("回执期限", null=True)
    receipted_at = models.DateTimeField("收到回执", null=True)
    receipt = Char("回执", max_length=200, blank=True, data=WORK)
    major_at = models.DateTimeField("认定重大火灾隐患", null=True)
    reported_at = models.DateTimeField("重大火灾隐患书面报告", null=True)
    objected_at = models.DateTimeField("提出异议", null=True)
    answered_at = models.DateTimeField("答复异议", null=True)

    class Meta(Detail.Meta):
        abstract = False
        indexes = (
            # a recurrence: what repeats this one
            models.Index(
                fields=["earlier"], name="hazard_repeats", condition=models.Q(earlier__isnull=False)
            ),
            # a new finding asks for verified ones of its item
            models.Index(fields=["station", "item", "verified_at"], name="hazard_of_item"),
        )

    def __str__(self) -> str:
        return str(self.finding)

    def item_says(self) -> str:
        return says_of(self.item, self.checklist_version)

    def address_says(self) -> str:
        """Where the place is in the register, that says it."""
        return "" if self.matter.premises_id else self.address

    def span_says(self) -> str:
        return DeadlineSpan(self.span).says

    def due_at_says(self) -> str:
        return _last_day(self.due_at)

    def second_due_at_says(self) -> str:
        return _last_day(self.second_due_at)

    def check_due_at_says(self) -> str:
        return _last_day(self.check_due_at)

    def receipt_due_at_says(self) -> str:
        return _last_day(self.receipt_due_at)

    def settle_at_says(self) -> str:
        return _last_day(self.settle_at)

    def photos_says(self) -> str:
        return f"{len(self.photos)} 张" if self.photos else ""

    def after_photos_says(self) -> str:
        return f"{len(self.after_photos)} 张" if self.after_photos else ""

    def earlier_id_says(self) -> str:
        return "是" if self.earlier_id else ""


def _last_day(over: datetime | None) -> str:
    """A period ends with its last day; the moment it is over is the next one's beginning."""
    return f"{localtime(over - timedelta(minutes=1)):%Y-%m-%d}" if over else ""
