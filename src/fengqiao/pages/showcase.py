"""Sample data for the living style page: every component in its common states."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest

from fengqiao.kit.inputs import Choice, Input, asks, validate
from fengqiao.kit.problems import BadInput
from fengqiao.kit.sheets import Sheet
from fengqiao.pages.forms import BoundForm


class Reached(Choice):
    MET = "met", "已见面"
    PHONE = "phone", "电话接通"
    NOT_HOME = "not_home", "不在常住地"


class Told(Choice):
    NO_TRANSFER = "no_transfer", "不转账"
    NO_SCREEN = "no_screen", "不共享屏幕"
    NO_CODE = "no_code", "不告知验证码"


class SampleInput(Input):
    """An act's questions, one of each widget."""

    reached: Reached = asks("是否见到本人")
    told: list[Told] = asks("已告知事项", default=[])
    deceived: bool | None = asks("是否已转账", default=None)
    saved: Decimal | None = asks("挽回金额", default=None, hint="确认未转出的金额，没有则不填", ge=0)
    met_at: datetime = asks("见面时间")
    officer: str = asks("同行人员", source="people")
    talk: str = asks("劝阻经过", long=True, hint="写清对方的说法和您的答复，不写身份证号", max_length=500)
    photos: list[UUID] = asks("现场照片", photos=True, default=[], max_length=6)
    signed: list[UUID] = asks("签名", signature=True, default=[])


class SampleSheet(Input):
    """A checklist among an act's questions."""

    checks: dict[str, Any] = asks("检查项", sheet=True)


SHEET = Sheet.from_json(
    [
        {"code": "ebike", "says": "有住户使用电动自行车", "group": "电动自行车"},
        {
            "code": "indoors",
            "says": "门厅、楼梯间、走道没有停放电动自行车、没有充电",
            "group": "电动自行车",
            "good": ["yes"],
            "severity": "serious",
            "photo_needed": True,
            "advice": "立即移到室外充电点",
        },
        {
            "code": "place",
            "says": "停放充电的地方",
            "group": "电动自行车",
            "type": "choice",
            "choices": [["outdoor", "室外"], ["room", "室内独立房间"], ["none", "没有固定地方"]],
            "good": ["outdoor", "room"],
            "relevant": "${ebike} = 'yes'",
        },
        {"code": "exits", "says": "安全出口畅通", "group": "消防设施", "good": ["yes"]},
        {
            "code": "count",
            "says": "灭火器数量",
            "group": "消防设施",
            "type": "number",
            "unit": "具",
            "good": [">=2"],
        },
        {"code": "area", "says": "建筑面积", "group": "消防设施", "type": "measure", "unit": "平方米"},
        {"code": "front", "says": "门头照", "group": "消防设施", "type": "photo", "required": False},
    ]
)

NAV = [
    ("board", "事项看板", 7, "值守"),
    ("list", "事项登记簿", 0, "值守"),
    ("chart", "数据", 0, "值守"),
    ("house", "场所登记簿", 0, "辖区"),
    ("map", "社区与区划", 0, "辖区"),
    ("upload", "导入", 0, "辖区"),
    ("clock", "时限设置", 0, "管理"),
    ("people", "账号与岗位", 0, "管理"),
]


def showcase(request: HttpRequest, *, at: datetime) -> dict[str, Any]:
    """Context of pages/design.html."""
    posted = request.GET.copy()
    posted.update({"w-saved": "很多", "w-met_at": "2022-05-10T10:02", "w-talk": "对方自称客服，已当面说明。"})
    return {
        "nav": [
            {"url": "#", "icon": icon, "says": says, "badge": count, "active": index == 0, "group": group}
            for index, (icon, says, count, group) in enumerate(NAV)
        ],
        "person": "海尾社区警长",
        "station": "容桂派出所",
        "search_url": "#",
        "live_url": "/static/no-stream",
        "at": at,
        "rows": _rows(at),
        "entries": _entries(at),
        "page": Paginator(range(412), 20).page(4),
        "tabs": [
            {"url": "#", "says": "全部未办结", "active": True, "count": 12},
            {"url": "#", "says": "我的", "active": False, "count": 3},
            {"url": "#", "says": "将超时", "active": False, "count": 2},
        ],
        "trail": [("#", "事项看板"), ("#", "反诈预警"), ("", "YJ-2022-0510-017")],
        "facts": [
            ("来文编号", "YJ-2022-0510-017"),
            ("涉嫌类型", "冒充客服退款"),
            ("社区", "海尾社区"),
            ("备注", ""),
        ],
        "values": [4, 6, 5, 9, 7, 11, 8, 12],
        "form": BoundForm(SampleInput, initial={"reached": "met", "met_at": at}, sources=_sources()),
        "sheet_form": BoundForm(
            SampleSheet,
            initial={"checks": {"count": {"value": 3}, "exits": {"value": "yes", "note": "上次已查"}}},
            sheets={"checks": SHEET},
            prefix="s",
        ),
        "wrong_form": BoundForm(
            SampleInput, data=posted, errors=_errors(posted), sources=_sources(), prefix="w"
        ),
    }


def _sources() -> dict[str, list[tuple[str, str]]]:
    return {"people": [("1", "海尾社区辅警一"), ("2", "海尾社区辅警二")]}


def _errors(posted: Any) -> Any:
    try:
        validate(SampleInput, BoundForm(SampleInput, data=posted, prefix="w").given())
    except BadInput as problem:
        return problem.errors
    return ()


def _rows(at: datetime) -> list[dict[str, Any]]:
    samples = [
        ("017", "critical", "assigned", "海尾社区", "上门劝阻", -4, 20, "burning"),
        ("016", "high", "assigned", "桂洲社区", "首次电话", 0.8, 5, "warning"),
        ("015", "high", "raised", "红旗社区", "签收", 4, 5, ""),
        ("012", "medium", "acted", "容山社区", "核查", 150, 240, ""),
        ("009", "low", "verified", "东风社区", "回访", 1500, 4320, ""),
    ]
    return [
        {
            "number": f"YJ-2022-0510-{number}",
            "level": level,
            "state": state,
            "community": community,
            "clock": clock,
            "due": at + timedelta(minutes=left),
            "started": at + timedelta(minutes=left - whole),
            "tone": tone,
        }
        for number, level, state, community, clock, left, whole, tone in samples
    ]


def _entries(at: datetime) -> list[dict[str, Any]]:
    def entry(minutes: int, says: str, icon: str, tone: str = "", **more: Any) -> dict[str, Any]:
        return {"at": at - timedelta(minutes=minutes), "says": says, "icon": icon, "tone": tone, **more}

    return [
        entry(42, "收到预警", "bell", "maple", who="反诈中心接口"),
        entry(41, "已签收", "signed", "accent", who="值班室"),
        entry(38, "电话劝阻", "phone", "", who="海尾社区辅警", note="三次未接，已发提示短信。"),
        entry(9, "上门未遇", "door", "warn", who="海尾社区警长", badge="待核实", badge_tone="warn"),
        entry(
            2,
            "已见面劝阻",
            "check",
            "good",
            who="海尾社区警长",
            facts=[("结果", "及时劝阻"), ("挽回", "30,000.00 元")],
        ),
    ]
