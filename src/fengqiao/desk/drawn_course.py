"""A kind's course from month to month, as a small drawing and the table it is drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from fengqiao.figures.computing import Window
from fengqiao.figures.course import course
from fengqiao.matters.registry import Kind
from fengqiao.pages.gauges import line_points
from fengqiao.people.actors import Actor

WIDTH, HEIGHT = 600, 160
COURSE_SAYS = "按记录计算：每月最后一刻(本月为现在)各事项所处的环节；已过去的月份不再变动。"


def drawn_course(caller: Actor, page: Kind, months: Sequence[Window], *, as_of: datetime) -> dict[str, Any]:
    """Every point opens to its rows. All lines share one scale, which begins at nothing."""
    told = course(caller, page, months, as_of=as_of)
    most = max((count for _month, counts in told for count in counts.values()), default=0)
    return {
        "most": most,
        "says": _(COURSE_SAYS),
        "names": [{"says": _(line.says), "slug": line.slug} for line in page.course],
        "lines": [
            line_points([counts[line.slug] for _month, counts in told], width=WIDTH, height=HEIGHT, most=most)
            for line in page.course
        ],
        "months": [
            {
                "name": f"{month.first:%Y-%m}",
                "counts": [_point(page, line.slug, counts[line.slug], month) for line in page.course],
            }
            for month, counts in told
        ],
    }


def _point(page: Kind, line: str, count: int, month: Window) -> dict[str, Any]:
    asked = {"from": month.first.isoformat(), "to": month.last.isoformat(), "community": month.community}
    query = urlencode({name: value for name, value in asked.items() if value})
    return {"count": count, "url": f"{reverse('desk:course_rows', args=[page.slug, line])}?{query}"}
