"""What each step asks, once for desk, phone and API. Places only: nobody's name."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from fengqiao.ground.models import PremisesKind
from fengqiao.kit.inputs import Choice, Input, asks
from fengqiao.kit.rules import Rule
from fengqiao.matters.at_door import DoorInput

# 消防监督检查规定: a unit is checked by two; a house that is let may be visited by one.
TWO_OFFICERS = (PremisesKind.ENTERPRISE, PremisesKind.SCHOOL, PremisesKind.OFFICE)


class Source(Choice):
    ROUND = "round", "滚动检查"
    CAMPAIGN = "campaign", "专项整治"
    COMPLAINT = "complaint", "群众举报"
    AFTER_FIRE = "after_fire", "火灾后排查"


class InspectionIntake(Input):
    premises: UUID = asks("场所", source="premises")
    source: Source = asks("检查来由")
    why: str | None = asks("为何检查", default=None, max_length=120)
    due_on: date | None = asks("最迟日期", default=None, hint="不填按场所等级的时限")
    checklist: str | None = asks(
        "检查清单", default=None, hint="不填用这类场所的常规清单", source="checklists"
    )


class Accompanied(Choice):
    LANDLORD = "landlord", "房东或代理人"
    KEEPER = "keeper", "店长或负责人"
    SECURITY = "security", "物业、保安"
    RESIDENT = "resident", "住户"
    NOBODY = "nobody", "无人陪同"


class InspectInput(DoorInput):
    """Signed by whoever came along, or the refusal witnessed."""

    rules = (
        *DoorInput.rules,
        Rule(
            "second_officer",
            "检查单位须有两人，请选另一名检查人",
            f"selected('{' '.join(TWO_OFFICERS)}', ${{place.kind}})"
            " and (not(${second_officer}) or ${second_officer} = ${me})",
        ),
        Rule("second_officer", "请选另一名检查人", "${second_officer} and ${second_officer} = ${me}"),
        Rule(
            "signature",
            "请陪同人签名；拒绝签名的请注明并填见证人",
            "not(${accompanied} = 'nobody' or ${signature} or ${refused_signature})",
        ),
        Rule("witness", "拒绝签名的，须填见证人身份", "${refused_signature} and not(${witness})"),
    )
    answers: dict[str, Any] = asks("检查项", sheet=True)
    accompanied: Accompanied = asks("陪同检查")
    second_officer: UUID | None = asks("另一名检查人", default=None, source="people", hint="单位检查须两人")
    signature: list[UUID] = asks("陪同人签名", default_factory=list, max_length=1, signature=True)
    refused_signature: bool | None = asks("拒绝签名", default=None)
    witness: str | None = asks(
        "见证人(身份)", default=None, hint="拒绝签名时填，如：居委会干部", max_length=40
    )
    photos: list[UUID] = asks(
        "现场照片", default_factory=list, max_length=9, hint="只拍部位，不拍人", photos=True
    )


class NobodyInInput(DoorInput):
    left_notice: bool = asks("已留联系告知单", hint="请对方约时间")


class RefusedEntryInput(DoorInput):
    rules = (
        *DoorInput.rules,
        Rule("explained", "须先说明检查依据", "not(${explained})"),
    )
    explained: bool = asks("已说明检查依据", hint="消防法第53条")
    note: str | None = asks("情况", default=None, hint="只写经过，不写人名", max_length=200)


class SkipInput(Input):
    reason: str = asks("本轮不查的原因", hint="如：空置、停业、已拆除", min_length=4, max_length=200)


class LetterSignedInput(Input):
    signed_on: date = asks("签订日期")
    photos: list[UUID] = asks("签好的保证书照片", hint="拍清签名页", min_length=1, max_length=4, photos=True)
