"""One phone as the app is built (web/js/field): an outbox in order, frozen at its first sending, and a bad line."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from fengqiao.kit.ids import uuid7
from tests.program import Running

DAYS = 3 * 86400
Told = dict[str, Any]


@dataclass
class Visit:
    """`body` never changes; `answer` is what the server said last."""

    body: Told
    tries: int = 0
    answer: Told | None = None
    refused: Told | None = None


@dataclass
class SimulatedPhone:
    """`skew`: how wrong its clock is, in seconds; `offset`: what it believes to be wrong, from the last slice.
    `fleets`: the matters of this run, which are counted afterwards; others are left alone."""

    running: Running
    token: str
    chance: random.Random
    fleets: frozenset[str]
    skew: float = 0
    offset: float = 0
    cursor: str = ""
    matters: dict[str, Told] = field(default_factory=dict)
    acts: dict[str, list[Told]] = field(default_factory=dict)
    outbox: list[Visit] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    lost_answers: int = 0
    doubled: int = 0

    def live(self, until: float) -> None:
        """Out of reach for a while, then in reach on a bad line, again and again."""
        self.skew = self.chance.uniform(-DAYS, DAYS)
        while time.monotonic() < until:
            self.receive()
            for _ in range(self.chance.randint(1, 5)):
                self.visit()
                time.sleep(self.chance.uniform(0, 0.05))
            if self.chance.random() < 0.1:
                # Somebody sets the clock while there is no network to tell the time.
                self.skew = self.chance.uniform(-DAYS, DAYS)
                self.visit()
            self.receive()
            self.send(bad=True)
            time.sleep(self.chance.uniform(0, 0.2))

    def come_home(self) -> None:
        """The line is good at last: everything goes out."""
        deadline = time.monotonic() + 60
        while self.waiting() and time.monotonic() < deadline:
            self.receive()
            self.send(bad=False)

    def clock(self) -> float:
        return time.time() + self.skew + self.offset

    def receive(self) -> None:
        answer = self.running.call("GET", f"/api/v1/field/slice?cursor={self.cursor}", self.token)
        if answer is None or answer[0] != 200:
            return
        told = answer[1]
        self.offset = datetime.fromisoformat(told["now"]).timestamp() - (time.time() + self.skew)
        self.cursor = told["cursor"]
        if told["whole"]:
            self.matters = {}
        if told["frame"]:
            self.acts = {kind["kind"]: kind["acts"] for kind in told["catalogue"]}
        for gone in told["gone"]:
            self.matters.pop(gone, None)
        for matter in told["matters"]:
            self.matters[matter["id"]] = matter
            if matter["closed_at"]:
                del self.matters[matter["id"]]

    def visit(self) -> None:
        """One to three acts on one matter, each upon the version the one before will leave."""
        here = [matter for matter in self.matters.values() if matter["id"] in self.fleets]
        if not here:
            return
        matter = self.chance.choice(here)
        pending = [
            act for visit in self.waiting() for act in visit.body["acts"] if act["matter"] == matter["id"]
        ]
        stages, acts = {matter["stage"]}, []
        for done in pending:
            stages = self._after(stages, done["act"], matter)
        for _ in range(self.chance.randint(1, 3)):
            fitting = [act for act in self.acts[matter["kind"]] if self._fits(act, matter, stages)]
            if not fitting:
                break
            act = self.chance.choice(fitting)
            base = matter["version"] + len(pending) + len(acts)
            given = answered(act["asks"], self.chance)
            acts.append(
                {
                    "key": str(uuid7()),
                    "matter": matter["id"],
                    "act": act["name"],
                    "given": given,
                    "base": base,
                }
            )
            stages = self._after(stages, act["name"], matter)
        if acts:
            body = {"id": str(uuid7()), "observed_at": self.clock(), "acts": acts}
            self.outbox.append(Visit(body))

    def _fits(self, act: Told, matter: Told, stages: set[str]) -> bool:
        fits = act["name"] not in matter["may_not"] and stages & set(act["from_stages"])
        return bool(fits) and (not act["levels"] or matter["level"] in act["levels"])

    def _after(self, stages: set[str], name: str, matter: Told) -> set[str]:
        leads = next((set(act["to"]) for act in self.acts[matter["kind"]] if act["name"] == name), set())
        return leads or stages

    def waiting(self) -> list[Visit]:
        return [visit for visit in self.outbox if visit.answer is None and visit.refused is None]

    def send(self, *, bad: bool) -> None:
        """Now and then from two tabs at once, or the second before the first."""
        waiting = self.waiting()
        if bad and len(waiting) > 1 and self.chance.random() < 0.2:
            waiting[0], waiting[1] = waiting[1], waiting[0]
        if bad and self.chance.random() < 0.3:
            self.doubled += 1
            with ThreadPoolExecutor(2) as tabs:
                list(tabs.map(lambda _: self._send_all(list(waiting), bad=True), range(2)))
        else:
            self._send_all(waiting, bad=bad)

    def _send_all(self, waiting: list[Visit], *, bad: bool) -> None:
        for visit in waiting:
            fate = self.chance.random() if bad else 1
            if fate < 0.15:
                return  # the request never leaves: the line is gone
            self._freeze(visit)
            answer = self.running.call("POST", "/api/v1/visits", self.token, visit.body)
            visit.tries += 1
            if fate < 0.35:
                self.lost_answers += 1
                return  # the server heard it; the phone does not know
            if answer is None or answer[0] >= 500 or answer[0] in (401, 429):
                return
            if answer[0] == 200:
                visit.answer = answer[1]
            else:
                visit.refused = answer[1]

    def _freeze(self, visit: Visit) -> None:
        with self.lock:
            if isinstance(visit.body["observed_at"], float):
                at = min(visit.body["observed_at"], self.clock())
                visit.body["observed_at"] = datetime.fromtimestamp(at, tz=UTC).isoformat()
                for place, act in enumerate(visit.body["acts"]):
                    if held := self.matters.get(act["matter"]):
                        act["base"] = min(act["base"], held["version"] + place)


def answered(schema: Told, chance: random.Random) -> Told:
    """Answers a form accepts, drawn where there is a choice."""
    given: Told = {}
    for name in schema.get("required", []):
        asked = schema["properties"][name]
        if "$ref" in asked:
            asked = schema["$defs"][asked["$ref"].rpartition("/")[2]]
        given[name] = _value(asked, schema, chance)
    return given


def _value(asked: Told, schema: Told, chance: random.Random) -> Any:
    if "enum" in asked:
        return chance.choice(asked["enum"])
    if asked.get("type") == "array":
        items = asked["items"]
        inner = schema["$defs"][items["$ref"].rpartition("/")[2]] if "$ref" in items else items
        return [_value(inner, schema, chance)]
    if asked.get("type") == "boolean":
        return True
    if "anyOf" in asked:
        return "100"
    return f"四个字够长{chance.randint(0, 999)}"
