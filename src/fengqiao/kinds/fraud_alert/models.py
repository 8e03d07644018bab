"""What a fraud alert alone has. Nothing of the phone's contents, no account number, no label on the person."""

from __future__ import annotations

from django.db import models

from fengqiao.kinds.fraud_alert.inputs import Dissuasion, Lead, LeadResult, Rating
from fengqiao.matters.models import Detail
from fengqiao.store.declare import KIND_LIFE, WORK, Char, Data, DataClass, Json
from fengqiao.store.secrets import SecretField

TARGET = Data(
    DataClass.IN_NEED,
    "找到并劝阻可能被骗的人",
    "反电信网络诈骗法第34条；个人信息保护法第13条第3项",
    KIND_LIFE,
)


class FraudAlert(Detail):
    """`leads` are the search tasks: [{lead, round, result}], `result` empty while somebody is on it.

    Times are when a leg first ended: `contacted_at` by phone or at a door, `met_at` face to face only. Of the
    `visits`, `met_visits` met the person and `wrong_visits` came to an address that was the source's mistake.
    """

    data = WORK

    fraud_type = Char("诈骗类型", max_length=40, data=WORK)
    target_name = SecretField("事主姓名", mask="name", data=TARGET)
    target_phone = SecretField("事主电话", mask="phone", data=TARGET)
    address = SecretField("地址", mask="address", data=TARGET)
    calls = models.PositiveSmallIntegerField("拨打次数", default=0)
    visits = models.PositiveSmallIntegerField("上门次数", default=0)
    met_visits = models.PositiveSmallIntegerField("见到本人的上门", default=0)
    wrong_visits = models.PositiveSmallIntegerField("地址有误的上门", default=0)
    on_the_way = models.BooleanField("已出发未到", default=False)
    leads = Json("排查线索", default=list, blank=True, data=WORK)
    search_round = models.PositiveSmallIntegerField("排查轮次", default=0)
    found_in_search = models.BooleanField("经排查找到", default=False)
    identity_checked = models.BooleanField("身份已核对", default=False)
    signed_at = models.DateTimeField("签收时间", null=True)
    contacted_at = models.DateTimeField("首次联系上", null=True)
    met_at = models.DateTimeField("见面时间", null=True)
    result = models.CharField("劝阻结果", max_length=20, blank=True, choices=Dissuasion.pairs())
    dissuaded_at = models.DateTimeField("劝阻时间", null=True)
    refused_at = models.DateTimeField("拒绝劝阻时间", null=True)
    second_talk_at = models.DateTimeField("二次劝阻时间", null=True)
    paid_at = models.DateTimeField("得知已转账", null=True)
    handed_off_at = models.DateTimeField("转止付时间", null=True)
    handoff_reference = Char("止付/报案编号", max_length=60, blank=True, data=WORK)
    transferred_to = Char("移交至", max_length=60, blank=True, data=WORK)
    receipt = Char("接收回执", max_length=60, blank=True, data=WORK)
    amount_intended = models.DecimalField("拟转金额(自述)", max_digits=14, decimal_places=2, null=True)
    amount_lost = models.DecimalField("已转金额(自述)", max_digits=14, decimal_places=2, null=True)
    called_back_at = models.DateTimeField("24小时回访", null=True)
    confirmed_at = models.DateTimeField("72小时回访确认", null=True)
    visited_at = models.DateTimeField("7日上门回访", null=True)
    relapsed_at = models.DateTimeField("再次转账时间", null=True)
    rating = models.CharField("事主评价", max_length=20, blank=True, choices=Rating.pairs())

    def __str__(self) -> str:
        return str(self.fraud_type)

    def leads_says(self) -> str:
        """The search tasks as the matter's page tells them."""
        names, results = dict(Lead.pairs()), dict(LeadResult.pairs())
        told = [
            f"{names[item['lead']]}({results.get(item['result'], '排查中')})" for item in self.leads or ()
        ]
        return "、".join(told)
