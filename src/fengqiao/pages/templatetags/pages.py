"""The components of the design language. `{% load pages %}`; every tag is listed in pages/README.md."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.template import Context, Library
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from fengqiao.kit.documents import Block, told
from fengqiao.pages import gauges, spans

register = Library()
THEMES = ("light", "dark")
# tone and words of the loop's states; a kind's own word for its stage overrides the words
STATES = {
    "raised": ("maple", _("待受理")),
    "assigned": ("accent", _("处理中")),
    "acted": ("warn", _("待核查")),
    "verified": ("good", _("已核查")),
    "closed": ("plain", _("已办结")),
}
GRADES = {"red": (_("红色"), "burn"), "yellow": (_("黄色"), "warn"), "green": (_("绿色"), "good")}
LEVELS = {"critical": (4, _("特高")), "high": (3, _("高")), "medium": (2, _("中")), "low": (1, _("低"))}


@register.simple_tag(name="icon")
def picture(name: str, says: str = "") -> SafeString:
    """A picture from the sprite; decoration unless `says` names it."""
    if says:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', says, _in_sprite(name)
        )
    return _decoration(name)


@cache
def _decoration(name: str) -> SafeString:
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', _in_sprite(name))


def _in_sprite(name: str) -> str:
    return f"{static('fengqiao/dist/icons.svg')}#{name}"


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """The theme the person chose in this browser, or nothing: then the system decides."""
    chosen = context["request"].COOKIES.get("fengqiao_theme", "") if "request" in context else ""
    return chosen if chosen in THEMES else ""


@register.simple_tag
def words() -> str:
    """The browser's words in the page's language, as JSON for a data attribute."""
    return json.dumps(spans.words(), ensure_ascii=False)


@register.simple_tag
def badge(says: str, tone: str = "plain", icon: str = "") -> SafeString:
    """A short label. Tones: plain, accent, maple, good, warn, burn, solid."""
    drawn = picture(icon) if icon else ""
    return format_html('<span class="badge {}">{}{}</span>', tone, drawn, says)


@register.simple_tag
def state_badge(state: str, says: str = "") -> SafeString:
    """The loop state of a matter; `says` is the kind's own word for its stage."""
    tone, default = STATES.get(str(state), ("plain", str(state)))
    return format_html('<span class="badge state {}">{}</span>', tone, says or default)


@register.simple_tag
def grade_badge(grade: str) -> SafeString:
    """The grade of a place: a word and a shape of its own, never colour alone."""
    says, tone = GRADES.get(str(grade), (_("未评级"), "plain"))
    return format_html('<span class="badge grade {} {}">{}</span>', tone, grade, says)


@register.inclusion_tag("pages/loop.html")
def loop_steps(state: str) -> dict[str, Any]:
    """The one loop of all matters, and how far this one has come."""
    names = list(STATES)
    now = names.index(state)
    at = ("done",) * now + ("here",) + ("",) * (len(names) - now - 1)
    return {"steps": [{"says": STATES[n][1], "at": a} for n, a in zip(names, at, strict=True)]}


@register.inclusion_tag("pages/level.html")
def level_badge(level: str, says: str = "") -> dict[str, Any]:
    """critical, high, medium or low, as bars and a word: never by colour alone."""
    height, default = LEVELS.get(str(level), (0, str(level)))
    bars = [{"x": 1 + i * 4, "y": 9 - i * 3, "height": 3 + i * 3, "full": i < height} for i in range(4)]
    return {"bars": bars, "says": says or default, "level": level}


@register.inclusion_tag("pages/clock.html")
def clock(
    due: datetime | None,
    at: datetime | None = None,
    started: datetime | None = None,
    stopped: datetime | None = None,
    warn_at: datetime | None = None,
    says: str = "",
    why: str = "",
    big: bool = False,
) -> dict[str, Any]:
    """A deadline that ticks. `says` names it (签收), `why` is the sentence that derives it."""
    if due is None:
        return {"due": None}
    face = gauges.clock_face(due, at=at or timezone.now(), started=started, stopped=stopped, warn_at=warn_at)
    return {"due": due, "started": started, "face": face, "says": says, "why": why, "big": big}


@register.inclusion_tag("pages/stat.html")
def stat(
    says: str, value: Any, note: str = "", icon: str = "", tone: str = "", url: str = "", unit: str = ""
) -> dict[str, Any]:
    """A number that matters, with its word; with `url` it opens to its rows."""
    return locals()


@register.inclusion_tag("pages/empty.html")
def empty(
    says: str, note: str = "", action_says: str = "", action_url: str = "", art: str = "calm"
) -> dict[str, Any]:
    """Nothing here, said kindly. art: calm (all done), none (nothing yet), search (nothing found)."""
    return locals()


@register.inclusion_tag("pages/crumbs.html")
def crumbs(trail: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Where we are: (url, words) pairs; the last is this page."""
    return {"trail": trail}


@register.inclusion_tag("pages/tabs.html")
def tabs(items: Sequence[dict[str, Any]], says: str = "") -> dict[str, Any]:
    """Views of one thing: {url, says, active, count}; `says` names the group for a screen reader."""
    return {"items": items, "says": says}


@register.inclusion_tag("pages/pager.html", takes_context=True)
def pager(context: Context, page: Any) -> dict[str, Any]:
    """Numbered pages of a Django `Page`."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {"page": page, "numbers": list(numbers), "request": context.get("request")}


@register.inclusion_tag("pages/cursor.html")
def cursor(next_url: str = "", previous_url: str = "") -> dict[str, Any]:
    """Newer and older, where counting all pages would cost too much."""
    return locals()


@register.inclusion_tag("pages/sort_header.html", takes_context=True)
def sort_header(context: Context, field: str, says: str, numeric: bool = False) -> dict[str, Any]:
    """A column head that sorts by `?sort=field`, and by `-field` when pressed again."""
    now = context["request"].GET.get("sort", "")
    order = {field: "ascending", f"-{field}": "descending"}.get(now, "none")
    return {
        "request": context["request"],
        "next": f"-{field}" if now == field else field,
        "says": says,
        "order": order,
        "numeric": numeric,
    }


@register.inclusion_tag("pages/bar.html")
def bar(value: float, most: float = 100, says: str = "", tone: str = "") -> dict[str, Any]:
    """A length for a share; `says` is what a screen reader hears."""
    return {"width": gauges.percent(value, most), "says": says, "tone": tone}


@register.inclusion_tag("pages/interval.html")
def interval(rate: float, low: float, high: float, says: str = "") -> dict[str, Any]:
    """A rate with its interval, all 0 to 1, on one line from 0 to 100 %."""
    left, right = gauges.percent(low, 1), gauges.percent(high, 1)
    return {"rate": gauges.percent(rate, 1), "low": left, "width": round(right - left, 1), "says": says}


@register.inclusion_tag("pages/spark.html")
def spark(values: Sequence[float], says: str = "") -> dict[str, Any]:
    """A small line of the last values."""
    return {"points": gauges.line_points(values), "says": says}


@register.inclusion_tag("pages/progress.html")
def progress(value: float, most: float = 100, says: str = "") -> dict[str, Any]:
    """How far a task has come."""
    return locals()


@register.inclusion_tag("pages/blocks.html")
def blocks(content: tuple[Block, ...], rows_url: str = "") -> dict[str, Any]:
    """Blocks of a paper on a page; those that are for the hand alone (signatures, codes) are left out. With
    `rows_url` what `opens` leads there."""
    parts = told(content)
    for part in parts:
        if part["is"] == "grid":
            opens = part["opens"] or [[""] * len(part["heads"]) for _row in part["rows"]]
            part["lines"] = [
                list(zip(part["heads"], row, opened, strict=True))
                for row, opened in zip(part["rows"], opens, strict=True)
            ]
        elif part["is"] == "bar":
            part["line"] = f"{part['says']} {part['words']}"
    return {"parts": parts, "rows_url": rows_url}


@register.inclusion_tag("pages/file_drop.html")
def file_drop(
    name: str, says: str, accept: str = "", hint: str = "", multiple: bool = False, most_mb: int = 8
) -> dict[str, Any]:
    """A file input one can also drop files on."""
    return locals()


@register.inclusion_tag("pages/skeleton.html")
def skeleton(rows: int = 3) -> dict[str, Any]:
    """Grey lines while a part is on its way."""
    return {"rows": range(rows)}


@register.simple_tag
def key(keys: str) -> SafeString:
    """Keys to press, one after the other: `g b`."""
    return SafeString(" ".join(format_html("<kbd>{}</kbd>", one) for one in keys.split()))


@register.simple_block_tag
def card(content: str, says: str = "", icon: str = "", tone: str = "", more: str = "") -> SafeString:
    """A surface with a head; `more` is an address opening the whole."""
    return _block("card", locals())


@register.simple_block_tag
def notice(content: str, tone: str = "info", says: str = "") -> SafeString:
    """Something to know here. Tones: info, good, warn, burn."""
    pictures = {"good": "check-circle", "warn": "warning", "burn": "error"}
    return _block("notice", locals() | {"icon": pictures.get(tone, "info")})


@register.simple_block_tag
def dialog(content: str, id: str, says: str) -> SafeString:
    """A native dialog; any element with `data-opens="<id>"` opens it."""
    return _block("dialog", locals())


@register.simple_block_tag
def menu(content: str, says: str, icon: str = "more", tone: str = "quiet") -> SafeString:
    """A small menu that opens below its button; fill it with links and buttons."""
    return _block("menu", locals())


def _block(name: str, values: dict[str, Any]) -> SafeString:
    return render_to_string(f"pages/{name}.html", values)


@register.filter
def spell(span: timedelta | None) -> str:
    """2 小时 5 分."""
    return spans.spell(span) if span is not None else ""


@register.filter
def moment(when: datetime | None, at: datetime | None = None) -> str:
    """Today 10:02, this year 5-09 10:02, else with the year."""
    return spans.moment(when, at or timezone.now()) if when else ""
