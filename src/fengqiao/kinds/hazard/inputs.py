"""What each step asks, once for desk, phone and API. Places and defects only: nobody's name."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from fengqiao.kit.calendar import parse_span
from fengqiao.kit.inputs import Choice, Input, asks
from fengqiao.kit.rules import Rule
from fengqiao.kit.sheets.faults import CODE, LENGTHS
from fengqiao.kit.sheets.judging import LONGEST_NOTE, LONGEST_SPOT
from fengqiao.matters.at_door import DoorInput
from fengqiao.matters.service import ServiceInput
from fengqiao.matters.span_words import span_told

MOST_PHOTOS = 9
# A finding of a check holds what the item says and what was noted beside it, whatever list a station has.
LONGEST_FINDING = LENGTHS["says"] + LONGEST_NOTE + 200
NO_PHOTO = "请拍照片，与整改前同一角度"
SAME_ANGLE = "与整改前同一角度；只拍整改部位，不拍人"


def photos_of(says: str, hint: str = "只拍隐患部位，不拍人") -> Any:
    return asks(says, default_factory=list, max_length=MOST_PHOTOS, hint=hint, photos=True, first=True)


def after_photos_of(says: str, *, needed: bool = False) -> Any:
    """Taken beside the last photo of what was found; `needed` by everybody who does the act."""
    how: dict[str, Any] = {"min_length": 1} if needed else {"default_factory": list}
    return asks(says, max_length=MOST_PHOTOS, hint=SAME_ANGLE, photos=True, ghost="photos", **how)


class Severity(Choice):
    """In the words of the checklists. 重大火灾隐患 is another thing: somebody finds it to be one (`mark_major`)."""

    SERIOUS = "serious", "严重"
    GENERAL = "general", "一般"
    MINOR = "minor", "轻微"

    @classmethod
    def _missing_(cls, value: object) -> Severity | None:
        """Files written before still say 重大."""
        return cls.SERIOUS if value == "重大" else None


class Source(Choice):
    ROUND = "round", "自查巡查"
    COMPLAINT = "complaint", "群众举报"
    AFTER_FIRE = "after_fire", "火灾后排查"
    CAMPAIGN = "campaign", "专项整治"
    IMPORTED = "imported", "外部移送导入"
    SELF_REPORT = "self_report", "单位自报"


# What our own rounds find is photographed; what others tell us of may come without.
OWN_SOURCES = (Source.ROUND, Source.AFTER_FIRE, Source.CAMPAIGN)


class DeadlineSpan(Choice):
    """Those offered; a checklist may say any other span of days or hours."""

    AT_ONCE = "0d", "立即(当天)"
    THREE = "3d", "3 日"
    FIFTEEN = "15d", "15 日"
    THIRTY = "30d", "30 日"

    @classmethod
    def _missing_(cls, value: object) -> DeadlineSpan | None:
        try:
            span = parse_span(str(value))
        except ValueError:
            return None
        other = str.__new__(cls, str(span))
        other._name_ = other._value_ = str(span)
        other.says = span_told(str(span))
        return other


class HazardIntake(Input):
    """What our own rounds find is photographed, also where a check raised it."""

    rules = (
        Rule(
            "photos",
            "自己发现的隐患须拍现场照片，只拍隐患部位，不拍人",
            f"selected('{' '.join(OWN_SOURCES)}', ${{source}}) and not(${{photos}})",
        ),
        Rule(
            "after_photos",
            "当场整改的须拍整改后照片，与整改前同一角度",
            "${fixed_on_spot} and ${source} != 'imported' and not(${after_photos})",
        ),
        Rule("address", "没有选场所的，请填写地址", "not(${premises} or ${address})"),
    )
    premises: UUID | None = asks(
        "场所", default=None, source="premises", first=True, hint="不在登记簿里的，写地址和社区"
    )
    address: str | None = asks("地址", default=None, first=True, max_length=200)
    community: str | None = asks("社区", default=None, first=True, source="communities", max_length=12)
    item: str = asks(
        "隐患项目",
        hint="检查清单或责令改正清单上的项目；都不是的选“其他”",
        source="hazard_items",
        pattern=rf"^(?:{CODE.pattern}|[a-z0-9_.\-]+)$",
        min_length=1,
        max_length=60,
    )
    finding: str = asks(
        "发现的问题", hint="只写部位和问题，不写人名", min_length=2, max_length=LONGEST_FINDING
    )
    spot: str = asks("具体部位", hint="如：首层楼梯间、302 房", min_length=1, max_length=LONGEST_SPOT)
    severity: Severity = asks("隐患等级")
    source: Source = asks("来源")
    deadline: DeadlineSpan = asks("整改期限")
    basis: str | None = asks("依据", default=None, hint="条款或标准", max_length=LENGTHS["basis"])
    advice: str | None = asks("整改建议", default=None, max_length=LENGTHS["advice"])
    fixed_on_spot: bool = asks("已当场整改", default=False)
    photos: list[UUID] = photos_of("现场照片", "自己发现的须拍照；只拍隐患部位，不拍人")
    after_photos: list[UUID] = photos_of("整改后照片", hint="当场整改的，同一角度再拍一张")
    found_at: datetime | None = asks("发现时间", default=None, hint="不填为现在", desk_only=True)
    checklist_version: int | None = asks("检查表版本", default=None, ge=1, desk_only=True)
    reference: str | None = asks(
        "来文编号",
        default=None,
        hint="举报件、移送件的编号，重复录入不会重复登记",
        max_length=80,
        desk_only=True,
    )


class NotifyInput(Input):
    advice: str | None = asks(
        "整改建议", default=None, known=True, hint="登记时的建议，可改", max_length=LENGTHS["advice"]
    )


class OrderInput(Input):
    rules = (Rule("second_officer", "须是另一名民警", "${second_officer} = ${me}"),)
    second_officer: UUID = asks("另一名民警", source="police", hint="责令改正须两名民警")
    immediate: bool | None = asks("责令立即改正", default=None, hint="不选按违法行为清单")


class ServeInput(ServiceInput):
    """送达回证."""


class FixOnSpotInput(DoorInput):
    done: str = asks("怎样整改的", min_length=2, max_length=200)
    photos: list[UUID] = after_photos_of("整改后照片", needed=True)


class ReportFixedInput(Input):
    rules = (Rule("photos", NO_PHOTO, "not(${photos} or ${party})"),)
    note: str | None = asks("整改情况", default=None, long=True, personal=True, max_length=500)
    photos: list[UUID] = after_photos_of("整改后照片")


class ExtendInput(Input):
    until: date = asks("延长到", hint="不晚于原期限后 30 日")
    reason: str = asks("延期原因", min_length=4, max_length=200)


class ReinspectResult(Choice):
    FIXED = "fixed", "整改到位"
    PARTLY = "partly", "部分整改"
    NOT = "not", "未整改"


class ReinspectInput(DoorInput):
    result: ReinspectResult = asks("复查结果")
    seen: str = asks("复查情况", hint="逐项写：哪里已改，哪里未改", min_length=2, max_length=200)
    second_officer: UUID | None = asks(
        "另一名复查民警", default=None, source="police", hint="责令改正后的复查须两名民警"
    )
    photos: list[UUID] = after_photos_of("复查照片", needed=True)


class HandOffTo(Choice):
    FIRE_RESCUE = "fire_rescue", "消防救援机构"
    STREET = "street", "街道办事处"
    HOUSING = "housing", "住建部门"
    POWER = "power", "供电单位"
    OTHER = "other", "其他单位"


class HandOffWhy(Choice):
    REFUSAL = "refusal", "拒不整改"
    SERIOUS = "serious", "严重、重大隐患"
    SCOPE = "scope", "不属本所管辖"
    UNAPPROVED = "unapproved", "未经许可使用、营业"


class HandOffInput(Input):
    to: HandOffTo = asks("移交给")
    why: HandOffWhy = asks("移交原因")
    facts: str = asks("事实和已做的工作", min_length=4, max_length=300)
    attachments: str | None = asks(
        "随附材料", default=None, hint="如：检查记录、照片 4 张、告知单", max_length=200
    )


class ReceiptInput(Input):
    receiver: str = asks("接收单位和岗位", hint="写单位和岗位，不写姓名", min_length=2, max_length=60)
    intends: str = asks("对方拟采取的措施", min_length=2, max_length=200)
    receipt: str | None = asks("回执编号", default=None, max_length=60)


class MajorInput(Input):
    why: str = asks(
        "认定理由", hint="对照《重大火灾隐患判定方法》（GB 35181）写明是哪一条", min_length=4, max_length=200
    )


class SeriousReportInput(Input):
    danger: str = asks("危险性", hint="可能造成什么后果、影响多少户", min_length=4, max_length=300)
    ordered: str = asks("已责令或采取的措施", min_length=4, max_length=300)


class Revisit(Choice):
    STILL = "still", "仍保持整改"
    AGAIN = "again", "同一问题反弹"


class RevisitInput(DoorInput):
    """Here again is a finding of our own: it is photographed."""

    rules = (*DoorInput.rules, Rule("photos", NO_PHOTO, "${result} = 'again' and not(${photos})"))
    result: Revisit = asks("回查结果")
    seen: str = asks("回查情况", min_length=2, max_length=200)
    photos: list[UUID] = after_photos_of("回查照片")


class ObjectInput(Input):
    words: str = asks(
        "异议内容", hint="哪里不对，有什么依据", long=True, personal=True, min_length=4, max_length=500
    )


class Answer(Choice):
    KEPT = "kept", "维持"
    WITHDRAWN = "withdrawn", "撤销告知"


class AnswerInput(Input):
    answer: Answer = asks("答复")
    reason: str = asks("理由", min_length=4, max_length=200)


class UnfoundedInput(DoorInput):
    seen: str = asks("现场核实情况", min_length=4, max_length=200)
    photos: list[UUID] = photos_of("现场照片", "登记人自己核实的须拍照；只拍部位，不拍人")


class CloseReason(Choice):
    HANDED_OFF = "handed_off", "已由接收单位办理"
    CEASED = "ceased", "场所停业、空置"
    DEMOLISHED = "demolished", "已拆除"
    OTHER = "other", "其他"


class CloseInput(Input):
    why: CloseReason = asks("办结原因")
    reason: str = asks("说明", min_length=4, max_length=200)


class TakeBackInput(Input):
    reason: str = asks("收回原因", min_length=4, max_length=200)
