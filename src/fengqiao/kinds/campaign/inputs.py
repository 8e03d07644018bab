"""What each step asks, once for desk, phone and API."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import model_validator

from fengqiao.kit.inputs import Choice, Input, asks


class PlaceKind(Choice):
    RENTAL_HOUSE = "rental_house", "出租屋"
    SHOP = "shop", "三小场所"
    SCHOOL = "school", "学校/幼儿园"
    CHARGING_AREA = "charging_area", "充电场所"
    ENTERPRISE = "enterprise", "企业"
    OFFICE = "office", "机关单位"
    RESIDENCE = "residence", "住宅楼"
    OTHER = "other", "其他"


class Grade(Choice):
    RED = "red", "红"
    YELLOW = "yellow", "黄"
    GREEN = "green", "绿"


class CampaignIntake(Input):
    name: str = asks("名称", hint="如：出租屋电动自行车专项整治", min_length=2, max_length=80)
    kinds: list[PlaceKind] = asks("哪几类场所", min_length=1, max_length=8)
    communities: list[str] = asks(
        "哪些社区", default_factory=list, hint="不选为全部社区", source="communities", max_length=100
    )
    grades: list[Grade] = asks("哪些等级", default_factory=list, hint="不选为全部等级", max_length=3)
    e_bikes_only: bool = asks("只查有电动自行车的", default=False)
    checklist: str | None = asks(
        "检查清单", default=None, hint="不选用各类场所的常规清单", source="checklists"
    )
    starts_on: date = asks("开始日期")
    ends_on: date = asks("结束日期")
    rounds: int = asks("查几轮", default=1, ge=1, le=6)
    departments: str | None = asks(
        "联合部门", default=None, hint="如：消防救援、供电、住建、街道", max_length=120
    )

    @model_validator(mode="after")
    def _in_order(self) -> Any:
        if self.ends_on < self.starts_on:
            raise ValueError("结束日期不能早于开始日期")
        return self


class ExtendInput(Input):
    ends_on: date = asks("延长到", known=True)
    reason: str = asks("原因", min_length=4, max_length=200)


class FinishInput(Input):
    summary: str = asks(
        "小结", hint="做了什么、还留下什么、怎么跟进", long=True, min_length=4, max_length=1000
    )


class CallOffInput(Input):
    reason: str = asks("取消的原因", min_length=4, max_length=200)
