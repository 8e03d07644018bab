"""Clocks as rows: started and stopped by acts, each with the sentence that derives its due time.

A clock has four rungs: half its span gone, four fifths, due, and one more span over. The scanner
(`scanning.py`) fires them; nothing else does.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils.timezone import localtime
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from fengqiao.ground.models import DayRule
from fengqiao.kit.calendar import WorkCalendar, due_or_estimate, parse_span
from fengqiao.kit.days import midnight
from fengqiao.matters import registry
from fengqiao.matters.models import Clock, ClockSetting, Event, Matter
from fengqiao.matters.registry import Kind, Terms, kind
from fengqiao.matters.span_words import span_told
from fengqiao.matters.states import Standing

# Shares of the span after which each rung fires; the third is the due time itself.
RUNGS = (0.5, 0.8, 1.0, 2.0)
DUE_RUNG = 3
LAST_RUNG = len(RUNGS)
# The language sentences are stored in.
STORED = "zh-hans"
# A changed setting reaches every process within this many seconds.
FRESH_FOR = 5.0


@dataclass(frozen=True, slots=True)
class Rules:
    """A station's own spans and calendar, as read at `read_at` (monotonic seconds)."""

    read_at: float
    calendar: WorkCalendar
    spans: Mapping[tuple[str, str, str], str] = field(default_factory=dict)

    def span(self, page: Kind, clock: registry.Clock | registry.Wait, level: str) -> str | None:
        """The station's span for this level, else for any level, else the kind's default."""
        for wanted in (level, ""):
            own = self.spans.get((page.slug, clock.name, wanted))
            if own:
                return own
        return clock.within.get(level) or clock.within.get("")


_rules: dict[int, Rules] = {}


def rules(station_id: int) -> Rules:
    """The station's rules, read again after a few seconds."""
    held = _rules.get(station_id)
    if held is None or time.monotonic() - held.read_at > FRESH_FOR:
        held = _rules[station_id] = _read_rules()
    return held


def forget_rules() -> None:
    """After a change in this process, and between tests."""
    _rules.clear()


def _read_rules() -> Rules:
    days = {rule.day: rule.works for rule in DayRule.objects.all()}
    calendar = WorkCalendar.published(overrides=days)
    settings = ClockSetting.objects.values_list("kind", "clock", "level", "span")
    spans = {(kind, clock, level): span for kind, clock, level, span in settings}
    return Rules(read_at=time.monotonic(), calendar=calendar, spans=spans)


def last_day(station_id: int, at: datetime, span: str) -> date:
    """The day on which a span that starts now is over, by the station's calendar; `0d` is today."""
    if span == "0d":
        return localtime(at).date()
    due, _certain = due_or_estimate(at, parse_span(span), rules(station_id).calendar)
    return localtime(due - timedelta(microseconds=1)).date()


def end_of(day: date) -> datetime:
    """The moment a last day is over."""
    return midnight(day + timedelta(days=1))


def starting(
    matter: Matter,
    page: Kind,
    act: str,
    at: datetime,
    *,
    entered: bool = True,
    terms: Terms | None = None,
) -> list[Clock]:
    """The clocks this act sets running, or the stage it `entered`; not yet saved. What `terms` agree about a
    clock goes before the spans."""
    known, agreed = rules(matter.station_id), terms or {}
    stage = matter.stage if entered else None
    wanted = [c for c in page.clocks if act in c.starts_with or stage in c.starts_in]
    spans = [(c, agreed[c.name] if c.name in agreed else known.span(page, c, matter.level)) for c in wanted]
    return [_clock(matter, page, clock, span, at, known.calendar) for clock, span in spans if span]


def _clock(
    matter: Matter,
    page: Kind,
    declared: registry.Clock,
    span: str | date,
    at: datetime,
    calendar: WorkCalendar,
) -> Clock:
    if isinstance(span, date):
        due, certain = end_of(span), True
    else:
        due, certain = due_or_estimate(at, parse_span(span), calendar)
    with override(STORED):
        why = _sentence(page, declared, span, matter.level, at, certain)
    clock = Clock(
        station_id=matter.station_id,
        matter=matter,
        name=declared.name,
        span=str(span),
        why=why,
        certain=certain,
        starts_at=at,
        due_at=due,
    )
    clock.next_at = rung_time(clock, 1)
    return clock


def _sentence(
    page: Kind, declared: registry.Clock, span: str | date, level: str, at: datetime, certain: bool
) -> str:
    parts = [f"{_(declared.says)} {_length(span)}"]
    if level and len(declared.within) > 1 and not isinstance(span, date):
        parts.append(_("{level}级{kind}").format(level=_(page.level_says(level)), kind=_(page.says)))
    parts.append(_("自 {} 起").format(f"{localtime(at):%m-%d %H:%M}"))
    if declared.basis:
        parts.append(_(declared.basis))
    if not certain:
        parts.append(_("放假安排未公布，暂按平常周计"))
    return "，".join(parts)


def why_told(clock: Clock, matter: Matter) -> str:
    """The sentence in the reader's language. The stored one counts; another is said anew from the columns."""
    declared = next((one for one in kind(matter.kind).clocks if one.name == clock.name), None)
    if declared is None or get_language() == STORED:
        return str(clock.why)
    span = date.fromisoformat(clock.span) if "-" in clock.span else str(clock.span)
    return _sentence(kind(matter.kind), declared, span, matter.level, clock.starts_at, clock.certain)


def _length(span: str | date) -> str:
    return _("到 {}").format(f"{span:%Y-%m-%d}") if isinstance(span, date) else span_told(span)


def rung_time(clock: Clock, rung: int) -> datetime | None:
    """When a rung (1 to 4) fires; None past the last."""
    if rung > len(RUNGS):
        return None
    return clock.starts_at + (clock.due_at - clock.starts_at) * RUNGS[rung - 1]


def start(clocks: list[Clock]) -> None:
    """Save new clocks; one that runs already keeps running as it was."""
    if clocks:
        Clock.objects.bulk_create(clocks, ignore_conflicts=True)


def stop(matter: Matter, page: Kind, act: str, at: datetime) -> None:
    """Stop what this act, or the stage it led to, stops; a closed matter has no running clock."""
    names = [c.name for c in page.clocks if act in c.stops_with or matter.stage in c.stops_in]
    running: QuerySet[Clock] = Clock.objects.filter(matter=matter, stopped_at=None)
    if matter.is_open:
        if not names:
            return
        running = running.filter(name__in=names)
    running.update(stopped_at=at, stopped_by=act, next_at=None)


def relevel(matter: Matter, page: Kind, act: str, at: datetime, *, was: str) -> None:
    """The level was corrected: what runs ends and begins anew with the spans of the new one, from the correction on;
    so does what only the new level races and would be running by now."""
    known = rules(matter.station_id)
    running = Clock.objects.filter(matter=matter, stopped_at=None)
    names = set(running.values_list("name", flat=True))
    wanted = [
        (declared, span)
        for declared in page.clocks
        if (span := known.span(page, declared, matter.level))
        and (declared.name in names or (not known.span(page, declared, was) and _would_run(matter, declared)))
    ]
    running.update(stopped_at=at, stopped_by=act, next_at=None)
    start([_clock(matter, page, declared, span, at, known.calendar) for declared, span in wanted])


def _would_run(matter: Matter, declared: registry.Clock) -> bool:
    """Whether, as the events tell, the clock was started last and not stopped since."""
    runs = False
    done = Event.objects.filter(matter=matter, standing=Standing.DONE).order_by("observed_at", "id")
    for act, stage_from, stage_to in done.values_list("act", "stage_from", "stage_to"):
        if act in declared.stops_with or stage_to in declared.stops_in:
            runs = False
        if act in declared.starts_with or (stage_to != stage_from and stage_to in declared.starts_in):
            runs = True
    return runs


def resume(matter: Matter, closed_at: datetime) -> None:
    """What the closing stopped runs on as if it had not happened; its due time stays."""
    stopped = list(Clock.objects.filter(matter=matter, stopped_at=closed_at))
    for clock in stopped:
        clock.stopped_at, clock.stopped_by = None, ""
        clock.next_at = rung_time(clock, clock.rung + 1)
    Clock.objects.bulk_update(stopped, ["stopped_at", "stopped_by", "next_at"])


# For the matter's UPDATE: what burns first, and the highest rung among running clocks.
STANDING = """
    burns_at = (SELECT min(due_at) FROM matters_clock c WHERE c.matter_id = matters_matter.id AND c.stopped_at IS NULL),
    escalation = coalesce(
        (SELECT max(rung) FROM matters_clock c WHERE c.matter_id = matters_matter.id AND c.stopped_at IS NULL), 0)
"""
