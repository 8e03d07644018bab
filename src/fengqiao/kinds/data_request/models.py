"""What a request has; the matter it is about is its parent."""

from __future__ import annotations

from django.db import models

from fengqiao.kinds.data_request.inputs import Ground, Wanted
from fengqiao.matters.models import Detail
from fengqiao.store.declare import KIND_LIFE, WORK, Data, DataClass, Text
from fengqiao.store.secrets import SecretField

ASKED = Data(DataClass.IN_NEED, "受理、答复个人信息请求", "个人信息保护法第50条", KIND_LIFE)


class DataRequest(Detail):
    data = WORK

    wanted = models.CharField("请求", max_length=20, choices=Wanted.pairs())
    words = SecretField("情况说明", data=ASKED)
    phone = SecretField("联系电话", mask="phone", data=ASKED)
    ground = models.CharField("不予办理的依据", max_length=20, blank=True, choices=Ground.pairs())
    reply = Text("答复", blank=True, data=WORK)

    def __str__(self) -> str:
        return str(self.wanted)
