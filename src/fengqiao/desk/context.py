"""What every desk page shows around its content: station, person, navigation, live state."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from fengqiao.people.break_glass import waiting_for_review
from fengqiao.people.commands.approving import ANSWERING
from fengqiao.people.roles import ADMINS, FIELD, SERVING, STATION_WIDE, Role
from fengqiao.store.heartbeat import SCANNER, stands_still
from fengqiao.store.seals import last_seal

# Who is told of every emergency opening.
REVIEWERS = frozenset({Role.CHIEF, Role.AUDIT_ADMIN})
# (group, address name, words, icon, who finds it in the navigation)
NAV = [
    (_("日常"), "desk:board", _("事项看板"), "board", SERVING),
    (_("日常"), "desk:matters", _("事项登记簿"), "list", SERVING),
    (_("日常"), "field:app", _("手机端"), "phone", FIELD),
    (_("日常"), "desk:questions", _("待核实"), "help", SERVING),
    (_("日常"), "desk:map", _("地图"), "map", SERVING),
    (_("日常"), "desk:figures", _("数据"), "chart", SERVING),
    (_("日常"), "desk:wall_setup", _("大屏"), "live", {Role.DESK, Role.CHIEF}),
    (_("日常"), "desk:door_check", _("核验上门人员"), "shield", STATION_WIDE),
    (_("日常"), "desk:break_glass", _("紧急查看"), "lock", {Role.OFFICER}),
    (_("底数"), "desk:premises", _("场所登记簿"), "house", SERVING),
    (_("底数"), "desk:past_register", _("以往检查发现"), "search", SERVING),
    (_("底数"), "desk:communities", _("社区"), "flag", SERVING),
    (_("底数"), "desk:divisions", _("行政区划"), "pin", SERVING),
    (_("管理"), "desk:imports", _("导入"), "upload", {Role.DESK, Role.CHIEF, Role.SECURITY_ADMIN}),
    (_("管理"), "desk:beats", _("辖区移交"), "assign", {Role.DESK, Role.CHIEF}),
    (_("管理"), "desk:checklists", _("检查清单"), "list", {Role.DESK, Role.CHIEF}),
    (_("管理"), "desk:clock_settings", _("时限设置"), "clock", {Role.CHIEF}),
    (_("管理"), "desk:grade_settings", _("场所评级规则"), "flag", SERVING),
    (_("管理"), "desk:keep_settings", _("保存期限"), "lock", {Role.CHIEF}),
    (_("管理"), "desk:dictionary", _("数据字典"), "info", {Role.CHIEF, *ADMINS}),
    (_("管理"), "desk:phones", _("手机登记"), "phone", {Role.DESK, Role.CHIEF, Role.SECURITY_ADMIN}),
    (_("管理"), "desk:accounts", _("账号与岗位"), "people", {Role.SECURITY_ADMIN}),
    (_("管理"), "desk:approvals", _("双人批准"), "signed", ANSWERING),
    (_("监督"), "desk:looks", _("查看记录"), "eye", {Role.AUDIT_ADMIN}),
    (_("监督"), "desk:exports", _("导出记录"), "download", {Role.AUDIT_ADMIN}),
    (_("监督"), "desk:openings", _("紧急查看记录"), "lock", REVIEWERS),
    (_("监督"), "desk:findings", _("异常使用"), "shield", {Role.CHIEF, Role.AUDIT_ADMIN}),
    (_("监督"), "desk:seals", _("日志封存"), "signed", {Role.AUDIT_ADMIN}),
    (_("运行"), "system_health", _("运行状况"), "live", {Role.SYSTEM_ADMIN}),
]
# Where each administrator lands.
HOMES = {
    Role.SYSTEM_ADMIN: "system_health",
    Role.SECURITY_ADMIN: "desk:accounts",
    Role.AUDIT_ADMIN: "desk:looks",
}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context for pages/shell.html; empty for a visitor who has not signed in."""
    actor = getattr(request, "actor", None)
    if actor is None:
        return {"nav": [], "person": None, "station": None}
    serves = not actor.is_admin
    openings = waiting_for_review() if actor.roles & REVIEWERS else 0
    badges = {"desk:openings": openings}
    return {
        "nav": [
            item for row in NAV if actor.roles & frozenset(row[4]) and (item := _item(request, row, badges))
        ],
        "openings_waiting": openings,
        "person": request.user,
        "actor": actor,
        "station": request.station,  # type: ignore[attr-defined]
        "live_url": _address("desk:live") if serves else "",
        "search_url": _address("desk:matters") if serves else "",
        "account_url": _address("desk:me"),
        "sign_out_url": _address("desk:sign_out"),
        "handover_url": _address("desk:handover") if Role.DESK in actor.roles else "",
        "last_seal": last_seal(),
        "clocks_stand_still": serves and stands_still(SCANNER),
    }


def home_of(roles: frozenset[Role]) -> str:
    """The page somebody lands on: the board for those who serve, else the page of their administration."""
    if roles & ADMINS:
        return next(HOMES[role] for role in Role if role in roles and role in HOMES)
    return "desk:board"


def _item(request: HttpRequest, row: Any, badges: dict[str, int]) -> dict[str, Any] | None:
    group, name, says, icon, _who = row
    url = _address(name)
    active = request.path == url or (url != "/" and request.path.startswith(url))
    return (
        {"group": group, "url": url, "says": says, "icon": icon, "active": active, "badge": badges.get(name)}
        if url
        else None
    )


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
