"""What a notice of lost property alone has."""

from __future__ import annotations

from fengqiao.matters.models import Detail
from fengqiao.store.declare import WORK, Char, Data, DataClass, Life
from fengqiao.store.secrets import SecretField

FINDER = Data(DataClass.IN_NEED, "归还拾得物", "民法典第314条至第318条", Life("办结", 30))


class LostProperty(Detail):
    data = WORK

    what = Char("物品", max_length=80, data=WORK)
    finder_phone = SecretField("拾得人电话", mask="phone", data=FINDER)

    def __str__(self) -> str:
        return str(self.what)
