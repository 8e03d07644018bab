"""`fengqiao simulate`: a play of the demo station, of its past in one go or of its present until stopped."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from fengqiao.checks.starting import ensure_lists
from fengqiao.ground.demo import more_premises
from fengqiao.ground.models import Station
from fengqiao.kit.problems import BadInput, Forbidden
from fengqiao.play import switch
from fengqiao.play.history import Life, play_history
from fengqiao.play.live import LivePlay
from fengqiao.play.promises import Broken, broken
from fengqiao.play.rounds import play_rounds
from fengqiao.play.summary import Summary, summary
from fengqiao.server.player import books, standings
from fengqiao.server.stations import the_station
from fengqiao.store.scope import acting_for

MOST_PREMISES = 20_000
Say = Callable[[str], object]


def demo_station() -> Station:
    """Raises Forbidden where the database holds a real station: invented alerts have no place in it."""
    station = the_station()
    if not station.demo:
        raise Forbidden("这是正式派出所的数据库，模拟只能在演示派出所里运行")
    return station


@dataclass(frozen=True, slots=True)
class Played:
    """What arrived, what the calendar owed with all that came of it, and which promises the rounds broke."""

    arrived: Summary
    rounds: Summary
    broken: Broken
    seconds: float

    @property
    def good(self) -> bool:
        return not self.arrived.stuck and not self.rounds.stuck and self.broken.none

    def plain(self) -> dict[str, Any]:
        return self.arrived.told() | {
            "rounds": self.rounds.told(),
            "broken": asdict(self.broken),
            "seconds": round(self.seconds, 1),
        }


def batch(*, days: int, seed: int, rate: float | None, ends: datetime, premises: int = 0) -> Played:
    """Play the days before `ends`, with so many invented places more; gives what it added up to.

    Arrivals first, each a life of its own; then the rounds, day by day.
    """
    if not 1 <= days <= 3660:
        raise BadInput.at("days", "天数须在 1 到 3660 之间")
    if rate is not None and not 0 < rate <= 500:
        raise BadInput.at("rate", "每天的数量须在 0 到 500 之间")
    if not 0 <= premises <= MOST_PREMISES:
        raise BadInput.at("premises", f"场所数须在 0 到 {MOST_PREMISES} 之间")
    station, began = demo_station(), time.monotonic()
    begins, known = ends - timedelta(days=days), books()
    with acting_for(station.pk):
        ensure_lists(station_id=station.pk, at=begins)
        more_premises(station, premises, seed=seed, at=begins)
    lives = play_history(station.pk, known, begins=begins, ends=ends, seed=seed, rate=rate)
    walked = play_rounds(station.pk, known, begins=begins, ends=ends, seed=seed)
    with acting_for(station.pk):
        found = broken(station.pk, _of_rounds(walked), at=ends)
    return Played(summary(lives), summary(walked), found, time.monotonic() - began)


def _of_rounds(walked: Sequence[Life]) -> list[str]:
    return sorted({life.kind for life in walked})


def live(*, speed: float, say: Say) -> None:
    """Play the present until interrupted; the worker's own play rests meanwhile."""
    if not 0 < speed <= 600:
        raise BadInput.at("speed", "速度须大于 0，不超过 600")
    station = demo_station()
    play = LivePlay(station.pk, books(), standings())
    with _worker_at_rest(station):
        say(f"正在以 {speed:g} 倍速度演示，按 Ctrl-C 停止。")
        try:
            while True:
                play.round(at=timezone.now(), speed=speed)
                time.sleep(1.0)
        except KeyboardInterrupt:
            say("已停止。")


@contextmanager
def _worker_at_rest(station: Station) -> Iterator[None]:
    before = switch.read(station).speed
    switch.set_speed(station.pk, 0)
    try:
        yield
    finally:
        switch.set_speed(station.pk, before)


def told(played: Played) -> Iterator[str]:
    """The summary in lines."""
    yield from _lines("登记", played.arrived, "联系上事主")
    yield from _lines("滚动检查和由此产生的", played.rounds, "检查或告知")
    found = played.broken
    yield f"无人负责超过 1 分钟 {found.unowned} 件，到期未提醒 {found.unfired} 个"
    yield f"没有照片或书面理由就办结 {found.unproven} 件，超出走访次数没有写原因 {found.unexplained} 次"
    yield f"共用时 {played.seconds:.1f} 秒"


def _lines(says: str, found: Summary, reached: str) -> Iterator[str]:
    yield f"{says} {found.raised} 件(另有 {found.repeated} 件早已登记)"
    yield f"办理 {found.acts} 次，时限提醒 {found.rungs} 次"
    yield f"已办结 {found.ended} 件，还在等 {found.waiting} 件，走不下去 {found.stuck} 件"
    yield f"超过 1 分钟没有责任人的 {found.unowned} 件，最长 {found.longest_unowned_seconds:g} 秒"
    if found.to_contact_median is not None:
        yield (
            f"{reached} {found.reached} 件，从登记起中位数 {found.to_contact_median:g} 分钟，"
            f"九成在 {found.to_contact_p90:g} 分钟内"
        )
    yield "结果  " + ("，".join(f"{name} {count}" for name, count in found.outcomes.items()) or "无")
    yield from (f"未办结  {why}: {count} 件" for why, count in found.why_open.items())
