"""Killed in the middle of work: nothing acknowledged is lost, nothing is doubled, every clock fires once."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.program import Running, descendants, program

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

# Seconds of load and the pause between kills; by hand: FENGQIAO_CRASH_SECONDS=600 make test.
SECONDS = float(os.environ.get("FENGQIAO_CRASH_SECONDS", "15"))
SEED = int(os.environ.get("FENGQIAO_CRASH_SEED", "20220510"))
VICTIMS = ("fengqiao.server.web", "fengqiao.server.worker", "bin/postgres -D")


def sender(running: Running, token: str, number: int, stop: threading.Event, told: dict[str, str]) -> None:
    """Send alerts, each until it is acknowledged: a repeat must give the first matter again."""
    count = 0
    while not stop.is_set():
        count += 1
        reference = f"C-{number}-{count}"
        alert = {
            "reference": reference,
            "level": "critical",
            "fraud_type": "冒充客服",
            "received_at": (datetime.now(UTC) - timedelta(minutes=3, seconds=50)).isoformat(),
            "target": {"name": "事主甲", "phone": "13900000001"},
            "address": "海尾社区海尾大道 12 号",
            "community": "440606006016",
        }
        while not stop.is_set():
            answer = running.call("POST", "/api/v1/fraud-alerts", token, alert)
            if answer and answer[0] in (200, 201):
                assert told.setdefault(reference, answer[1]["id"]) == answer[1]["id"]
                break
            time.sleep(0.1)


def kill_one(running: Running, dice: random.Random) -> str:
    """SIGKILL one of web, worker and database; says which."""
    wanted = dice.choice(VICTIMS)
    victims = [pid for pid, words in descendants(running.process.pid).items() if wanted in words]
    for pid in victims[:1]:
        os.kill(pid, signal.SIGKILL)
    return wanted if victims else ""


def test_random_kills_lose_nothing_and_double_nothing(tmp_path: Path):
    dice, told, stop = random.Random(SEED), {}, threading.Event()
    with program(tmp_path / "home") as running:
        token = running.command("token", "desk")
        senders = [
            threading.Thread(target=sender, args=(running, token, number, stop, told)) for number in range(8)
        ]
        for thread in senders:
            thread.start()
        end, killed = time.monotonic() + SECONDS, []
        while time.monotonic() < end:
            time.sleep(dice.uniform(0.8, 2.0))
            killed.append(kill_one(running, dice))
        stop.set()
        for thread in senders:
            thread.join()
        running.wait_until_ready()
        found = everything(running, token)
        fired = wait_for_clocks(running, token, sorted(told.values())[:20])

    assert len(set(filter(None, killed))) >= 2, killed
    assert len(told) > 50
    lost = {reference for reference, matter in told.items() if found.get(matter) is None}
    assert lost == set()
    assert len(set(told.values())) == len(told)
    assert all(set(counts.values()) == {1} and len(counts) == 4 for counts in fired)


def everything(running: Running, token: str) -> dict[str, str]:
    rows, cursor = {}, ""
    while cursor is not None:
        answer = running.call("GET", f"/api/v1/matters?kind=fraud_alert&limit=500&cursor={cursor}", token)
        assert answer is not None
        assert answer[0] == 200
        rows |= {row["id"]: row["stage"] for row in answer[1]["items"]}
        cursor = answer[1]["next"]
    return rows


def wait_for_clocks(running: Running, token: str, matters: list[str]) -> list[Counter[str]]:
    """The rungs of each matter's signing clock, once all four must have fired (two minutes, twice over)."""
    deadline = time.monotonic() + 200
    while True:
        told = []
        for matter in matters:
            answer = running.call("GET", f"/api/v1/matters/{matter}", token)
            assert answer is not None
            told.append(Counter(e["act"] for e in answer[1]["events"] if e["act"].startswith("clock:")))
        if all(len(counts) == 4 for counts in told) or time.monotonic() > deadline:
            return told
        time.sleep(0.5)
