"""What each step asks, once for desk, phone and API."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from fengqiao.kit.geometry import Datum
from fengqiao.kit.inputs import Choice, Input, asks


class AlertLevel(Choice):
    CRITICAL = "critical", "特高"
    HIGH = "high", "高"
    MEDIUM = "medium", "中"
    LOW = "low", "低"


# Words in common use; what the centre writes stands as it wrote it.
FRAUD_TYPES = (
    "刷单返利",
    "虚假投资理财",
    "虚假购物服务",
    "冒充电商客服",
    "虚假贷款",
    "虚假征信",
    "冒充公检法",
    "冒充领导熟人",
    "网络游戏交易",
    "网络婚恋交友",
)


class Target(Input):
    name: str = asks("事主姓名", min_length=1, max_length=60)
    phone: str = asks("事主电话", min_length=5, max_length=30, pattern=r"^[0-9+\- ()]+$")


class AlertIntake(Input):
    reference: str = asks(
        "预警编号", hint="反诈中心指令编号,重复录入不会重复登记", min_length=1, max_length=80
    )
    level: AlertLevel = asks("预警等级")
    fraud_type: str = asks(
        "诈骗类型",
        hint="如:刷单返利、冒充客服、虚假投资",
        suggest=FRAUD_TYPES,
        min_length=1,
        max_length=40,
    )
    received_at: datetime = asks("收到时间")
    target: Target = asks("事主", personal=True)
    address: str = asks("地址", personal=True, min_length=1, max_length=200)
    community: str | None = asks("社区", default=None, source="communities", max_length=12)
    lon: float | None = asks("经度", default=None, personal=True, ge=-180, le=180, allow_inf_nan=False)
    lat: float | None = asks("纬度", default=None, personal=True, ge=-90, le=90, allow_inf_nan=False)
    datum: Datum | None = asks("坐标系", default=None, hint="不填为 WGS-84")


class CallResult(Choice):
    REACHED = "reached", "已接通本人"
    NO_ANSWER = "no_answer", "无人接听"
    BUSY = "busy", "占线"
    HUNG_UP = "hung_up", "接通即挂"
    WRONG_NUMBER = "wrong_number", "空号或错号"


class CallInput(Input):
    result: CallResult = asks("通话结果")
    note: str | None = asks("备注", default=None, long=True, personal=True, max_length=500)


class NotHomeInput(Input):
    told_by: str | None = asks("谁告知的去向", default=None, hint="如:邻居、房东、物业", max_length=40)
    lead: str | None = asks("去向线索", default=None, long=True, personal=True, max_length=500)


class MeetInput(Input):
    identity_checked: bool = asks("双方身份已核对", hint="已出示证件,并提示事主可拨打 110 核实")
    where: str | None = asks("见面地点", default=None, personal=True, max_length=100)


class Dissuasion(Choice):
    DISSUADED_IN_TIME = "dissuaded", "及时劝阻"
    AWARE = "aware", "自主防范(本人已识破)"


class DissuadeInput(Input):
    result: Dissuasion = asks("劝阻结果")
    contact_cut: bool = asks("已与对方断开联系", hint="拉黑、退群、挂断")
    remote_removed: bool | None = asks("已关闭屏幕共享/卸载远程软件", default=None, hint="不涉及可不填")
    amount_intended: Decimal | None = asks(
        "拟转金额(元,自述)", default=None, ge=0, max_digits=14, decimal_places=2
    )
    summary: str | None = asks("谈话要点", default=None, long=True, personal=True, max_length=1000)


class RefuseInput(Input):
    warned: bool = asks("已送达书面提示")
    summary: str | None = asks("情况说明", default=None, long=True, personal=True, max_length=1000)


class PaidInput(Input):
    amount_lost: Decimal = asks("已转金额(元,自述)", ge=0, max_digits=14, decimal_places=2)
    handoff_reference: str = asks(
        "止付/报案编号", hint="由 110 或反诈中心给出,账号等要素不在本系统登记", max_length=60
    )


class ConfirmInput(Input):
    no_transfer: bool = asks("联系后未再转账")
    note: str | None = asks("备注", default=None, long=True, personal=True, max_length=500)


class ExhaustInput(Input):
    tried: str = asks("已做的查找", long=True, personal=True, min_length=4, max_length=500)


class FalseAlarmInput(Input):
    reason: str = asks("误报依据", min_length=4, max_length=200)
