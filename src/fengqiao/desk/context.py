"""What every desk page shows around its content: station, person, navigation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from fengqiao.people.roles import SERVING, Role

EVERY = SERVING
# (address name, words, icon, who finds it in the navigation)
NAV = [
    ("desk:board", _("事项看板"), "board", EVERY),
    ("desk:matters", _("事项登记簿"), "list", EVERY),
    ("desk:figures", _("数据"), "chart", EVERY),
    ("desk:premises", _("场所登记簿"), "house", EVERY),
    ("desk:communities", _("社区与区划"), "map", EVERY),
    ("desk:imports", _("导入"), "upload", {Role.DESK, Role.CHIEF}),
    ("desk:clock_settings", _("时限设置"), "clock", {Role.CHIEF}),
    ("desk:accounts", _("账号与岗位"), "people", {Role.SECURITY_ADMIN}),
]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context for pages/shell.html; empty for a visitor who has not signed in."""
    actor = getattr(request, "actor", None)
    if actor is None:
        return {"nav": [], "person": None, "station": None}
    return {
        "nav": [item for item in map(lambda row: _item(request, row), _shown(actor.roles)) if item],
        "person": request.user,
        "actor": actor,
        "station": request.station,  # type: ignore[attr-defined]
    }


def _shown(roles: frozenset[Role]) -> list[Any]:
    return [row for row in NAV if roles & frozenset(row[3])]


def _item(request: HttpRequest, row: Any) -> dict[str, Any] | None:
    name, says, icon, _who = row
    try:
        url = reverse(name)
    except NoReverseMatch:
        return None
    active = request.path == url or (url != "/" and request.path.startswith(url))
    return {"url": url, "says": says, "icon": icon, "active": active}
