"""One phone as the app is built (web/js/field): an outbox in order, frozen at its first sending, and a bad line."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from fengqiao.kit.ids import uuid7
from tests.fleet.answers import Told, answered, asks_sheet, wants_photo
from tests.program import Running

DAYS = 3 * 86400
TRIES = 3  # while there is a line at all
HELD = ("id", "kind", "stage", "level", "version", "may_not", "sheets")
# The same for whoever has the same frame, and big: each is held once for all phones.
CATALOGUES: dict[str, dict[str, list[Told]]] = {}
SHEETS: dict[str, list[Told]] = {}


@dataclass
class Officer:
    """Whose phones these are. The token dies when the posts change; the next is had by signing in anew."""

    id: str
    name: str
    username: str
    beat: str
    token: str


@dataclass
class Visit:
    """`body` never changes once sent; `answer` is what the server said last."""

    body: Told
    tries: int = 0
    answer: Told | None = None
    refused: Told | None = None

    @property
    def waits(self) -> bool:
        return self.answer is None and self.refused is None


@dataclass
class SimulatedPhone:
    """`skew`: how wrong its clock is, in seconds; `offset`: what it believes to be wrong, from the last slice.
    `pause`: seconds between two visits, on average. `fleets`: the matters of this run, which are counted
    afterwards; others are left alone."""

    running: Running
    of: Officer
    chance: random.Random
    fleets: set[str]
    pause: float
    skew: float = 0
    offset: float = 0
    cursor: str = ""
    matters: dict[str, Told] = field(default_factory=dict)
    acts: dict[str, list[Told]] = field(default_factory=dict)
    outbox: list[Visit] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    lost_answers: int = 0
    doubled: int = 0
    strayed: float = 0
    took: list[float] = field(default_factory=list)

    def live(self, until: float) -> None:
        """Out of reach for a while, then in reach on a bad line, again and again."""
        self._set_clock()
        self._rest(until)
        while time.monotonic() < until:
            self.receive()
            for _ in range(self.chance.randint(1, 5)):
                self.visit()
                self._rest(until)
            if self.chance.random() < 0.1:
                # Somebody sets the clock while there is no network to tell the time.
                self._set_clock()
                self.visit()
            for _ in range(TRIES):
                self.receive()
                self.send(bad=True)

    def come_home(self, until: float) -> None:
        """The line is good at last: everything goes out."""
        while self.waiting() and time.monotonic() < until:
            self.receive()
            self.send(bad=False)

    def clock(self) -> float:
        return time.time() + self.skew + self.offset

    def _set_clock(self) -> None:
        self.skew = self.chance.uniform(-DAYS, DAYS)
        self.strayed = max(self.strayed, abs(self.skew))

    def _rest(self, until: float) -> None:
        time.sleep(max(0, min(self.chance.uniform(0, 2 * self.pause), until - time.monotonic())))

    def receive(self) -> None:
        while (answer := self._call("GET", f"/api/v1/field/slice?cursor={self.cursor}")) is not None:
            if answer[0] != 200:
                return
            self._hear(answer[1])
            if not answer[1]["more"]:
                return

    def _hear(self, told: Told) -> None:
        self.offset = datetime.fromisoformat(told["now"]).timestamp() - (time.time() + self.skew)
        self.cursor = told["cursor"]
        if told["whole"]:
            self.matters = {}
        if told["frame"]:
            mark = self.cursor.rpartition(".")[2]
            self.acts = CATALOGUES.setdefault(mark, {one["kind"]: one["acts"] for one in told["catalogue"]})
        for mark, items in told["sheets"].items():
            SHEETS.setdefault(mark, items)
        for gone in (*told["gone"], *(matter["id"] for matter in told["matters"] if matter["closed_at"])):
            self.matters.pop(gone, None)
        for matter in told["matters"]:
            if not matter["closed_at"]:
                self.matters[matter["id"]] = {name: matter[name] for name in HELD}

    def visit(self) -> None:
        """One to three acts on one matter, each upon the version the one before will leave."""
        here = [matter for matter in self.matters.values() if matter["id"] in self.fleets]
        if not here:
            return
        matter = self._chosen(here)
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
            sheet = matter["sheets"].get(act["name"])
            acts.append(
                {
                    "key": str(uuid7()),
                    "matter": matter["id"],
                    "act": act["name"],
                    "given": answered(act["asks"], self.chance, sheet and SHEETS[sheet["sheet"]]),
                    "base": matter["version"] + len(pending) + len(acts),
                }
            )
            stages = self._after(stages, act["name"], matter)
        if acts:
            self.outbox.append(Visit({"id": str(uuid7()), "observed_at": self.clock(), "acts": acts}))

    def _chosen(self, here: list[Told]) -> Told:
        """Every second time on with what the last visit, still unsent, was about."""
        if self.outbox and self.outbox[-1].waits and self.chance.random() < 0.5:
            last = self.outbox[-1].body["acts"][0]["matter"]
            here = [matter for matter in here if matter["id"] == last] or here
        return self.chance.choice(here)

    def _fits(self, act: Told, matter: Told, stages: set[str]) -> bool:
        if act["name"] in matter["may_not"] or not stages & set(act["from_stages"]):
            return False
        if wants_photo(act["asks"]) or (asks_sheet(act["asks"]) and act["name"] not in matter["sheets"]):
            return False
        return not act["levels"] or matter["level"] in act["levels"]

    def _after(self, stages: set[str], name: str, matter: Told) -> set[str]:
        leads = next((set(act["to"]) for act in self.acts[matter["kind"]] if act["name"] == name), set())
        return leads or stages

    def waiting(self) -> list[Visit]:
        return [visit for visit in self.outbox if visit.waits]

    def send(self, *, bad: bool) -> None:
        """Now and then from two tabs at once, or the second overtakes the first."""
        waiting = self.waiting()
        if bad and len(waiting) > 1 and self.chance.random() < 0.2:
            self._freeze(waiting[0])
            self._freeze(waiting[1], behind=True)
            waiting[0], waiting[1] = waiting[1], waiting[0]
        if bad and waiting and self.chance.random() < 0.3:
            self.doubled += 1
            with ThreadPoolExecutor(2) as tabs:
                list(tabs.map(lambda _: self._send_all(waiting, bad=True), range(2)))
        else:
            self._send_all(waiting, bad=bad)

    def _send_all(self, waiting: Iterable[Visit], *, bad: bool) -> None:
        for visit in waiting:
            fate = self.chance.random() if bad else 1
            if fate < 0.15:
                return  # the request never leaves: the line is gone
            self._freeze(visit)
            answer = self._call("POST", "/api/v1/visits", visit.body)
            visit.tries += 1
            if fate < 0.35:
                self.lost_answers += 1
                return  # the server heard it; the phone does not know
            if answer is None or answer[0] >= 500 or answer[0] in (401, 429):
                return
            if answer[0] == 200:
                visit.answer = answer[1]
                self._note(visit)
            else:
                visit.refused = answer[1]

    def _call(self, method: str, path: str, body: Told | None = None) -> tuple[int, Any] | None:
        began = time.monotonic()
        answer = self.running.call(method, path, self.of.token, body)
        self.took.append(time.monotonic() - began)
        return answer

    def _note(self, visit: Visit) -> None:
        """What was done counts on the phone at once, until the next slice says so itself."""
        for act, said in zip(visit.body["acts"], visit.answer["acts"] if visit.answer else (), strict=False):
            held = self.matters.get(act["matter"])
            if held and said["result"] == "done":
                held["version"] = max(held["version"], act["base"] + 1)

    def _freeze(self, visit: Visit, *, behind: bool = False) -> None:
        """`behind`: what it was made upon is on its way, too."""
        with self.lock:
            if isinstance(visit.body["observed_at"], float):
                at = min(visit.body["observed_at"], self.clock())
                visit.body["observed_at"] = datetime.fromtimestamp(at, tz=UTC).isoformat()
                for place, act in enumerate(visit.body["acts"]):
                    if (held := self.matters.get(act["matter"])) and not behind:
                        act["base"] = min(act["base"], held["version"] + place)
