"""Requests offered at a rate by many threads; what was acknowledged is written down, what was not is retried."""

from __future__ import annotations

import http.client
import itertools
import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.browserless import Desk
from tests.program import DEMO_PASSWORD, Running

PHONE = "13900000001"
# Half of a critical alert's two minutes is gone after 60 s; the last rung fires after 240 s.
YOUNGEST, OLDEST = 30.0, 250.0


@dataclass(frozen=True)
class Call:
    """One request that may be sent any number of times: a new alert, or an act under its key."""

    key: str
    path: str
    body: dict[str, Any]


@dataclass
class Ledger:
    """What the doors said. `told`: key -> matter; `good`: (began, ended) of every answer 2xx, monotonic."""

    told: dict[str, str] = field(default_factory=dict)
    calls: dict[str, Call] = field(default_factory=dict)
    unanswered: dict[str, Call] = field(default_factory=dict)
    looked: set[str] = field(default_factory=set)
    good: list[tuple[float, float]] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Line:
    """One kept-alive connection to the API."""

    def __init__(self, running: Running, token: str) -> None:
        self._port, self._line = running.port, None
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def post(self, path: str, body: Any) -> tuple[int, Any] | None:
        try:
            self._line = self._line or http.client.HTTPConnection("127.0.0.1", self._port, timeout=15)
            self._line.request("POST", path, json.dumps(body), self._headers)
            answer = self._line.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            self.close()
            return None

    def close(self) -> None:
        if self._line:
            self._line.close()
        self._line = None


class Load:
    """`rate` requests a second are offered by `threads`, each sending one until it is answered; whoever is
    late does not catch up."""

    def __init__(self, running: Running, token: str, *, rate: float, threads: int, seed: int) -> None:
        self.ledger = Ledger()
        self._running, self._token, self._desk = running, token, Desk(running.url)
        self._stop = threading.Event()
        self._numbers = itertools.count(1)
        self._pause = threads / rate
        self._threads = [
            threading.Thread(target=self._call_on, args=(random.Random(seed + number),))
            for number in range(threads)
        ]
        self._threads.append(
            threading.Thread(target=self._look_on, args=(random.Random(seed - 1), 20 / rate))
        )

    def start(self) -> None:
        assert self._desk.sign_in("officer-016", DEMO_PASSWORD)
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def send(self, line: Line, call: Call) -> bool:
        """Whether it was answered; a second answer must name the matter of the first."""
        began = time.monotonic()
        answer = line.post(call.path, call.body)
        with self.ledger.lock:
            self.ledger.answers[str(answer[0]) if answer else "none"] += 1
            if answer is None or answer[0] >= 500:
                self.ledger.unanswered.setdefault(call.key, call)
                return False
            if answer[0] not in (200, 201):
                self.ledger.wrong.append(f"{answer[0]} {call.key} {answer[1]}")
                return True
            self.ledger.good.append((began, time.monotonic()))
            self.ledger.calls[call.key] = call
            self.ledger.unanswered.pop(call.key, None)
            first = self.ledger.told.setdefault(call.key, answer[1]["id"])
            if first != answer[1]["id"]:
                self.ledger.wrong.append(f"{call.key}: {first}, then {answer[1]['id']}")
            return True

    def settle(self) -> None:
        """Whatever got no answer is sent until it gets one: its sender would do the same."""
        line = Line(self._running, self._token)
        deadline = time.monotonic() + 120
        while self.ledger.unanswered and time.monotonic() < deadline:
            for call in list(self.ledger.unanswered.values()):
                self.send(line, call)
        line.close()

    def replay(self, most: int, dice: random.Random) -> int:
        """Send acknowledged calls again, up to so many; gives how many there were."""
        keys = sorted(self.ledger.calls)
        keys = keys if len(keys) <= most else dice.sample(keys, most)
        shares = [keys[start::8] for start in range(8)]

        def again(share: list[str]) -> None:
            line = Line(self._running, self._token)
            for key in share:
                self.send(line, self.ledger.calls[key])
            line.close()

        threads = [threading.Thread(target=again, args=(share,)) for share in shares]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return len(keys)

    def _call_on(self, dice: random.Random) -> None:
        line = Line(self._running, self._token)
        call: Call | None = None
        self._stop.wait(dice.uniform(0, self._pause))
        while not self._stop.is_set():
            began = time.monotonic()
            call = call or self._next(dice)
            call = None if self.send(line, call) else call
            self._stop.wait(max(0.0, self._pause - (time.monotonic() - began)))
        line.close()

    def _next(self, dice: random.Random) -> Call:
        """A new alert, an act on one that is there, or a repeat."""
        with self.ledger.lock:
            matters = [dice.choice(list(self.ledger.told.values())[-200:])] if self.ledger.told else []
            known = dice.choice(list(self.ledger.calls)[-500:]) if self.ledger.calls else ""
        lot = dice.random()
        if known and lot < 0.3:
            return self.ledger.calls[known]
        if matters and lot < 0.6:
            return self._act(matters[0])
        return self._alert(dice)

    def _alert(self, dice: random.Random) -> Call:
        reference = f"C-{next(self._numbers)}"
        age = timedelta(seconds=dice.uniform(YOUNGEST, OLDEST))
        body = {
            "reference": reference,
            "level": "critical",
            "fraud_type": "冒充客服",
            "received_at": (datetime.now(UTC) - age).isoformat(),
            "target": {"name": "事主甲", "phone": PHONE},
            "address": "海尾社区海尾大道 12 号",
            "community": "440606006016",
        }
        return Call(f"fraud_alert#{reference}", "/api/v1/fraud-alerts", body)

    def _act(self, matter: str) -> Call:
        """A remark may be made at any stage: every act is in turn, whatever came before."""
        key = f"K-{next(self._numbers)}"
        body = {"key": key, "given": {"note": "核对"}}
        return Call(key, f"/api/v1/matters/{matter}/acts/note", body)

    def _look_on(self, dice: random.Random, pause: float) -> None:
        while not self._stop.wait(pause):
            matters = list(self.ledger.told.values())
            if not matters:
                continue
            reason = f"核对来电 {next(self._numbers)}"
            answer = self._desk.ask(f"/matters/{dice.choice(matters)}/look", {"reason": reason})
            self.ledger.answers[f"look {answer[0] if answer else 'none'}"] += 1
            if answer and answer[0] == 200 and PHONE in answer[1]:
                self.ledger.looked.add(reason)
