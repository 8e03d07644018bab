"""`fengqiao simulate`: a play of the demo station, of its past in one go or of its present until stopped."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.utils import timezone

from fengqiao.ground.models import Station
from fengqiao.kit.problems import BadInput, Forbidden
from fengqiao.play import switch
from fengqiao.play.history import play_history
from fengqiao.play.live import LivePlay
from fengqiao.play.summary import Summary, summary
from fengqiao.server.player import books
from fengqiao.server.stations import the_station

Say = Callable[[str], object]


def demo_station() -> Station:
    """Raises Forbidden where the database holds a real station: invented alerts have no place in it."""
    station = the_station()
    if not station.demo:
        raise Forbidden("这是正式派出所的数据库,模拟只能在演示派出所里运行")
    return station


def batch(*, days: int, seed: int, rate: float | None, ends: datetime) -> tuple[Summary, float]:
    """Play the days before `ends`; gives what it added up to, and how many seconds it took."""
    if not 1 <= days <= 3660:
        raise BadInput.at("days", "天数须在 1 到 3660 之间")
    if rate is not None and not 0 < rate <= 500:
        raise BadInput.at("rate", "每天的数量须在 0 到 500 之间")
    station, began = demo_station(), time.monotonic()
    begins = ends - timedelta(days=days)
    lives = play_history(station.pk, books(), begins=begins, ends=ends, seed=seed, rate=rate)
    return summary(lives), time.monotonic() - began


def live(*, speed: float, say: Say) -> None:
    """Play the present until interrupted; the worker's own play rests meanwhile."""
    if not 0 < speed <= 600:
        raise BadInput.at("speed", "速度须大于 0,不超过 600")
    station = demo_station()
    play = LivePlay(station.pk, books())
    with _worker_at_rest(station):
        say(f"正在以 {speed:g} 倍速度演示,按 Ctrl-C 停止。")
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


def told(found: Summary, seconds: float) -> Iterator[str]:
    """The summary in lines."""
    rate = found.raised / seconds if seconds else 0.0
    yield f"登记 {found.raised} 件(另有 {found.repeated} 件早已登记),用时 {seconds:.1f} 秒,每秒 {rate:.1f} 件"
    yield f"办理 {found.acts} 次,时限提醒 {found.rungs} 次"
    yield f"已办结 {found.ended} 件,还在等 {found.waiting} 件,走不下去 {found.stuck} 件"
    yield f"超过 1 分钟没有责任人的 {found.unowned} 件,最长 {found.longest_unowned_seconds:g} 秒"
    if found.to_contact_median is not None:
        yield (
            f"联系上事主 {found.reached} 件,从登记起中位数 {found.to_contact_median:g} 分钟,"
            f"九成在 {found.to_contact_p90:g} 分钟内"
        )
    yield "结果  " + (", ".join(f"{name} {count}" for name, count in found.outcomes.items()) or "无")
    yield from (f"未办结  {why}: {count} 件" for why, count in found.why_open.items())
