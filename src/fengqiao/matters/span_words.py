"""A span of time in the reader's words."""

from __future__ import annotations

from django.utils.translation import ngettext

from fengqiao.kit.calendar import Unit, parse_span


def span_told(text: str) -> str:
    """`3wd` as it is read: 3 个工作日. Raises ValueError for what is no span."""
    span = parse_span(text)
    says = {
        Unit.MINUTES: ngettext("{} 分钟", "{} 分钟", span.amount),
        Unit.HOURS: ngettext("{} 小时", "{} 小时", span.amount),
        Unit.DAYS: ngettext("{} 日", "{} 日", span.amount),
        Unit.WORKDAYS: ngettext("{} 个工作日", "{} 个工作日", span.amount),
    }
    return says[span.unit].format(span.amount)
