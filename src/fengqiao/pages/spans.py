"""Time as people say it: "2 小时 5 分", "3 分钟前"; the browser's ticking says the same words."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

UNITS = ((86400, "天"), (3600, "小时"), (60, "分"), (1, "秒"))


def words() -> dict[str, str]:
    """The words the browser needs to go on ticking and to speak for itself."""
    return {
        "day": _("天"),
        "hour": _("小时"),
        "minute": _("分"),
        "second": _("秒"),
        "left": _("剩 {}"),
        "over": _("超 {}"),
        "copied": _("已复制"),
        "unsaved": _("填写的内容还没有保存"),
        "failed": _("操作没有成功，请重试"),
        "offline": _("连不上服务器，请检查网络"),
        "live": _("实时更新中"),
        "waiting": _("正在重新连接"),
        "file_too_big": _("文件过大"),
        "too_many_photos": _("照片太多"),
        "remove_photo": _("去掉这张照片"),
        "sign_here": _("请在框内签名"),
        "clear": _("重签"),
    }


def spell(span: timedelta) -> str:
    """The two largest units of a span, its sign dropped: 2 小时 5 分."""
    rest, parts = abs(int(span.total_seconds())), list[str]()
    for size, unit in UNITS:
        count, rest = divmod(rest, size)
        if count or (unit == "秒" and not parts):
            parts.append(f"{count} {_(unit)}")
        elif parts:
            break
    return " ".join(parts[:2])


def moment(when: datetime, at: datetime) -> str:
    """A past or coming time as short as it stays clear: today by the clock, this year by the day."""
    local, now = timezone.localtime(when), timezone.localtime(at)
    if local.date() == now.date():
        return local.strftime("%H:%M")
    if local.year == now.year:
        return f"{local.month}-{local.day:02} {local:%H:%M}"
    return date_format(local, "Y-m-d H:i")
