"""What a fraud alert alone has. Nothing of the phone's contents, no account number, no label on the person."""

from __future__ import annotations

from django.db import models

from fengqiao.matters.models import Detail
from fengqiao.store.declare import KIND_LIFE, WORK, Char, Data, DataClass
from fengqiao.store.secrets import SecretField

TARGET = Data(
    DataClass.IN_NEED,
    "找到并劝阻可能被骗的人",
    "反电信网络诈骗法第34条;个人信息保护法第13条第3项",
    KIND_LIFE,
)


class FraudAlert(Detail):
    data = WORK

    fraud_type = Char("诈骗类型", max_length=40, data=WORK)
    target_name = SecretField("事主姓名", mask="name", data=TARGET)
    target_phone = SecretField("事主电话", mask="phone", data=TARGET)
    address = SecretField("地址", mask="address", data=TARGET)
    calls = models.PositiveSmallIntegerField("拨打次数", default=0)
    met_at = models.DateTimeField("见面/接通时间", null=True)
    met_in_person = models.BooleanField("当面见到", default=False)
    amount_intended = models.DecimalField("拟转金额(自述)", max_digits=14, decimal_places=2, null=True)
    amount_lost = models.DecimalField("已转金额(自述)", max_digits=14, decimal_places=2, null=True)
    confirmed_at = models.DateTimeField("回访确认时间", null=True)

    def __str__(self) -> str:
        return str(self.fraud_type)
