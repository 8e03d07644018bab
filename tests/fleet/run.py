"""The whole run: officers' phones in the field, a desk that acts meanwhile and moves matters between beats."""

from __future__ import annotations

import random
import threading
import time
from datetime import UTC, datetime, timedelta

from fengqiao.kit.ids import uuid7
from tests.fleet.phones import SimulatedPhone
from tests.fleet.reckoning import Reckoning, reckon
from tests.program import Running

BEATS = ("016", "006", "003", "012", "020")


def run(running: Running, *, phones: int, seconds: float, seed: int, officers: int = 4) -> Reckoning:
    """Raises nothing of its own: what went wrong stands in the reckoning."""
    officers = min(officers, len(BEATS), phones)
    desk = running.command("token", "desk")
    tokens = [running.command("token", f"officer-{beat}") for beat in BEATS[:officers]]
    chance = random.Random(seed)
    began = datetime.now(UTC) - timedelta(seconds=1)
    matters = [_take_in(running, desk, number, BEATS[number % officers]) for number in range(phones * 4)]
    fleet = [
        SimulatedPhone(
            running, tokens[number % officers], random.Random(seed * 1000 + number), frozenset(matters)
        )
        for number in range(phones)
    ]
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=phone.live, args=(until,)) for phone in fleet]
    threads.append(
        threading.Thread(target=_meanwhile, args=(running, desk, matters, officers, chance, until))
    )
    _all(threads)
    _all([threading.Thread(target=phone.come_home) for phone in fleet])
    ended = datetime.now(UTC) + timedelta(seconds=1)
    names = {_name(running, token) for token in tokens}
    return reckon(running, desk, fleet, matters, names, began=began, ended=ended)


def _all(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _take_in(running: Running, desk: str, number: int, beat: str) -> str:
    content = {
        "reference": f"FLEET-{number}",
        "level": ("critical", "high", "medium", "low")[number % 4],
        "fraud_type": "冒充客服",
        "received_at": datetime.now(UTC).isoformat(),
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "容桂街道某路 12 号",
        "community": f"440606006{beat}",
    }
    answer = running.call("POST", "/api/v1/fraud-alerts", desk, content)
    assert answer is not None
    return str(answer[1]["id"])


def _meanwhile(
    running: Running, desk: str, matters: list[str], officers: int, chance: random.Random, until: float
) -> None:
    """The desk signs and calls on its own, and moves matters to other beats."""
    while time.monotonic() < until:
        matter = chance.choice(matters)
        act, given = chance.choice(
            (
                ("sign", {}),
                ("call", {"result": "no_answer"}),
                ("place", {"community": f"440606006{chance.choice(BEATS[:officers])}"}),
            )
        )
        running.call(
            "POST", f"/api/v1/matters/{matter}/acts/{act}", desk, {"key": str(uuid7()), "given": given}
        )
        time.sleep(chance.uniform(0.05, 0.2))


def _name(running: Running, token: str) -> str:
    answer = running.call("GET", "/api/v1/field/slice", token)
    assert answer is not None
    return str(answer[1]["frame"]["me"]["name"])
