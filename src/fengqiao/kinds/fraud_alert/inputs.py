"""What each step asks, once for desk, phone and API."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from fengqiao.kit.geometry import Datum
from fengqiao.kit.inputs import Choice, Input, asks
from fengqiao.kit.rules import Rule

# Not found can be signed only after so many tries by phone.
LEAST_CALLS = 3


PHONE = r"^[0-9+\- ()]+$"


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
    phone: str = asks("事主电话", min_length=5, max_length=30, pattern=PHONE)


class AlertIntake(Input):
    reference: str = asks(
        "预警编号", hint="反诈中心指令编号，重复录入不会重复登记", min_length=1, max_length=80
    )
    level: AlertLevel = asks("预警等级")
    fraud_type: str = asks(
        "诈骗类型",
        hint="如：刷单返利、冒充客服、虚假投资",
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
    RELATIVE = "relative", "接通亲友"
    NO_ANSWER = "no_answer", "无人接听"
    BUSY = "busy", "占线"
    HUNG_UP = "hung_up", "接通即挂"
    WRONG_NUMBER = "wrong_number", "空号或错号"


class CallInput(Input):
    result: CallResult = asks("通话结果")
    identity_checked: bool | None = asks("双方身份已核对", default=None, hint="接通本人时填")
    note: str | None = asks("备注", default=None, long=True, personal=True, max_length=500)


class NotHomeInput(Input):
    told_by: str | None = asks(
        "谁告知的去向", default=None, personal=True, hint="如：邻居、房东、物业", max_length=40
    )
    lead: str | None = asks("去向线索", default=None, long=True, personal=True, max_length=500)


class WrongAddressInput(Input):
    found: str = asks("核实情况", personal=True, hint="如：无此门牌、已搬走", min_length=2, max_length=200)


class Lead(Choice):
    NEIGHBOURS = "neighbours", "邻居、物业"
    WORKPLACE = "workplace", "单位"
    LANDLORD = "landlord", "房东"
    FAMILY = "family", "家属电话"
    BANK = "bank", "银行网点"
    OTHER_STATION = "other_station", "外地派出所"
    GRID = "grid", "网格、群防力量"
    MESSAGES = "messages", "持续电话短信"


class SearchInput(Input):
    leads: list[Lead] = asks("同时排查", hint="各路同时走，共用一个时限", min_length=1, max_length=8)
    note: str | None = asks("分工和线索", default=None, long=True, personal=True, max_length=500)


class LeadResult(Choice):
    NOTHING = "nothing", "没有结果"
    WHEREABOUTS = "whereabouts", "得知去向"
    REACHED = "reached", "联系上本人"


class LeadInput(Input):
    lead: Lead = asks("线索")
    result: LeadResult = asks("结果")
    note: str | None = asks("情况", default=None, long=True, personal=True, max_length=500)


class JointInput(Input):
    parties: list[Lead] = asks("参加的各方", min_length=1, max_length=8)
    plan: str = asks(
        "分工", personal=True, hint="如：研判、现场、持续电话短信三路", min_length=4, max_length=200
    )


class TransferInput(Input):
    station: str = asks("移交给", hint="人所在地的派出所", min_length=2, max_length=60)
    contact: str | None = asks("对方联系人和电话", default=None, personal=True, max_length=80)
    where: str | None = asks("去向", default=None, personal=True, max_length=200)


class ReceiptInput(Input):
    receipt: str = asks(
        "回执编号",
        hint="对方派出所和编号，如：某所回〔2022〕12 号；没有编号写接收的派出所、岗位和值班电话",
        min_length=2,
        max_length=60,
    )
    accepted_at: datetime | None = asks("对方接收时间", default=None)
    receiver: str | None = asks("对方接收人岗位和电话", default=None, personal=True, max_length=80)


class ReasonInput(Input):
    reason: str = asks("原因", personal=True, min_length=4, max_length=200)


class MeetInput(Input):
    rules = (Rule("identity_checked", "须先互相核对身份再开始劝阻", "not(${identity_checked})"),)
    identity_checked: bool = asks("双方身份已核对", hint="已出示证件，并提示事主可拨打 110 核实")
    where: str | None = asks("见面地点", default=None, personal=True, max_length=100)


class Dissuasion(Choice):
    DISSUADED_IN_TIME = "dissuaded", "及时劝阻"
    AWARE = "aware", "自主防范(本人已识破)"


class Deceived(Choice):
    YES = "yes", "已受骗上当"
    NO = "no", "未受骗"
    UNKNOWN = "unknown", "不清楚"


class DissuadeInput(Input):
    rules = (
        Rule("contact_cut", "未断开联系时不能记为劝阻成功", "not(${contact_cut})"),
        # Not answered is not "no": most frauds need no remote control.
        Rule("remote_removed", "屏幕共享或远程软件未移除时不能记为劝阻成功", "${remote_removed} = 0"),
    )
    result: Dissuasion = asks("劝阻结果")
    contact_cut: bool = asks("已与对方断开联系", hint="拉黑、退群、挂断")
    identity_checked: bool | None = asks("双方身份已核对", default=None, hint="只通过电话联系时必填")
    remote_removed: bool | None = asks("已关闭屏幕共享/卸载远程软件", default=None, hint="不涉及可不填")
    amount_intended: Decimal | None = asks(
        "拟转金额(元，自述)", default=None, ge=0, max_digits=14, decimal_places=2
    )
    judged: AlertLevel | None = asks("现场研判等级", default=None)
    deceived: Deceived | None = asks("是否受骗", default=None, hint="是否已经相信对方")
    began_at: datetime | None = asks("诈骗发生时间", default=None, hint="对方第一次联系")
    summary: str | None = asks("谈话要点", default=None, long=True, personal=True, max_length=1000)


class RefuseInput(Input):
    warned: bool = asks("已送达书面提示")
    centre_told: bool | None = asks("已报反诈中心", default=None, hint="不听劝阻的应马上报")
    deceived: Deceived | None = asks("是否受骗", default=None, hint="是否已经相信对方")
    began_at: datetime | None = asks("诈骗发生时间", default=None, hint="对方第一次联系")
    summary: str | None = asks("情况说明", default=None, long=True, personal=True, max_length=1000)


class FamilyTold(Choice):
    CONSENT = "consent", "经本人同意已告知"
    EMERGENCY = "emergency", "危及生命财产，已告知"
    NOT_TOLD = "not_told", "未告知"


class SecondTalkInput(Input):
    rules = (Rule("second_officer", "二次劝阻须有第二名民警参加", "not(${second_officer})"),)
    second_officer: bool = asks("有第二名民警参加")
    family: FamilyTold = asks("家属")
    bank_told: bool = asks("已联系银行网点")
    summary: str | None = asks("情况说明", default=None, long=True, personal=True, max_length=1000)


class PaidInput(Input):
    amount_lost: Decimal = asks("已转金额(元，自述)", ge=0, max_digits=14, decimal_places=2)
    paid_at: datetime | None = asks("转账时间", default=None)
    note: str | None = asks("情况说明", default=None, long=True, personal=True, max_length=500)


class HandOffTo(Choice):
    CENTRE = "centre", "反诈中心"
    POLICE_110 = "110", "110"


class HandOffInput(Input):
    to: HandOffTo = asks("转至")
    handoff_reference: str = asks(
        "止付/报案编号", hint="由 110 或反诈中心给出，账号等要素不在本系统登记", min_length=1, max_length=60
    )


class CallBackInput(Input):
    reached: bool = asks("已联系上本人", hint="没有联系上只记一次，时限继续走")
    note: str | None = asks("备注", default=None, long=True, personal=True, max_length=500)


class ConfirmInput(Input):
    reached: bool | None = asks("已联系上本人", default=None, hint="没有联系上选“否”：只记一次，时限继续走")
    no_transfer: bool = asks("联系后未再转账", hint="没有联系上时选哪个都不作数")
    amount_lost: Decimal | None = asks(
        "已转金额(元，自述)", default=None, hint="又转账时填", ge=0, max_digits=14, decimal_places=2
    )
    note: str | None = asks("备注", default=None, long=True, personal=True, max_length=500)


class CloseInput(Input):
    reason: str | None = asks(
        "提前办结原因",
        default=None,
        personal=True,
        hint="特高、高等级未做 7 日上门回访时必填",
        max_length=200,
    )


class Rating(Choice):
    GOOD = "satisfied", "满意"
    FAIR = "fairly", "基本满意"
    BAD = "dissatisfied", "不满意"
    NONE = "declined", "不评价"


class RatingInput(Input):
    rating: Rating = asks("事主评价", hint="电话回访，不作为对民警的考核")


class ExhaustInput(Input):
    tried: str = asks("已做的查找", long=True, personal=True, min_length=4, max_length=500)


class ReopenInput(Input):
    lead: Lead = asks("新线索来自")
    note: str | None = asks("线索", default=None, long=True, personal=True, max_length=500)


class FalseAlarmInput(Input):
    reason: str = asks("误报依据", personal=True, min_length=4, max_length=200)


class CorrectInput(Input):
    """What is left empty stays as it is."""

    level: AlertLevel | None = asks("预警等级", default=None, hint="时限自更正起按新等级重新计")
    name: str | None = asks("事主姓名", default=None, personal=True, min_length=1, max_length=60)
    phone: str | None = asks(
        "事主电话", default=None, personal=True, min_length=5, max_length=30, pattern=PHONE
    )
    address: str | None = asks(
        "地址", default=None, personal=True, hint="换了社区请再“确认社区”", min_length=1, max_length=200
    )
    reason: str = asks(
        "更正原因", personal=True, hint="如：录入时打错、反诈中心来电更正", min_length=4, max_length=200
    )
