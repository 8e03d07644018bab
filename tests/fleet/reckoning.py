"""What the phones made against what the station holds: nothing lost, nothing twice, nothing overwritten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.fleet.phones import SimulatedPhone, Visit
from tests.program import Running

KEPT = ("done", "repeated", "question")


@dataclass
class Reckoning:
    """`overwritten`: matters whose version is not the number of acts that count; `moved`: events whose recorded
    time lies outside the run, or that were observed after they were recorded."""

    visits: int = 0
    acts: int = 0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    overwritten: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    stuck: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    questions: int = 0
    caught_up: int = 0
    lost_answers: int = 0
    doubled: int = 0

    @property
    def clean(self) -> bool:
        return not (self.lost or self.twice or self.overwritten or self.moved or self.stuck)


def reckon(
    running: Running,
    desk: str,
    phones: Iterable[SimulatedPhone],
    matters: Iterable[str],
    officers: set[str],
    *,
    began: datetime,
    ended: datetime,
) -> Reckoning:
    found = Reckoning()
    made: Counter[str] = Counter()
    fleet = list(phones)
    for phone in fleet:
        found.lost_answers += phone.lost_answers
        found.doubled += phone.doubled
        found.stuck += len(phone.waiting())
        for visit in phone.outbox:
            _count(visit, made, found)
    for matter in matters:
        answer = running.call("GET", f"/api/v1/matters/{matter}", desk)
        assert answer is not None
        assert answer[0] == 200, answer
        _of_matter(answer[1], made[matter], officers, found, began, ended)
    # Last, because what was refused before may be in turn by now.
    with ThreadPoolExecutor(8) as asking:
        for lost in asking.map(lambda phone: list(_forgotten(running, phone)), fleet):
            found.lost += lost
    return found


def _count(visit: Visit, made: Counter[str], found: Reckoning) -> None:
    found.visits += 1
    if visit.refused is not None:
        found.refused[visit.refused.get("detail", "") or visit.refused["title"]] += 1
    for act, said in zip(visit.body["acts"], visit.answer["acts"] if visit.answer else (), strict=False):
        found.acts += 1
        if said["result"] in KEPT:
            made[act["matter"]] += 1
        else:
            found.refused[said["problem"]["detail"]] += 1


def _forgotten(running: Running, phone: SimulatedPhone) -> Iterator[str]:
    """Each visit asked once more: what was kept must be known."""
    for visit in phone.outbox:
        if visit.answer is None:
            continue
        again = running.call("POST", "/api/v1/visits", phone.token, visit.body)
        results = {act["key"]: act["result"] for act in again[1].get("acts", [])} if again else {}
        for act, said in zip(visit.body["acts"], visit.answer["acts"], strict=True):
            if said["result"] in KEPT and results.get(act["key"]) != "repeated":
                yield f"{act['act']} {act['key']}: {results.get(act['key'])}"


def _of_matter(
    matter: dict[str, Any], made: int, officers: set[str], found: Reckoning, began: datetime, ended: datetime
) -> None:
    theirs = [event for event in matter["events"] if event["by"] in officers]
    standing = Counter(event["standing"] for event in theirs)
    found.questions += standing["question"]
    # Nobody settles anything here: what is settled was done when its predecessor came, as an event of its own.
    found.caught_up += standing["settled"]
    kept = len(theirs) - standing["settled"]
    if kept < made:
        found.lost.append(f"{matter['number']}: {made} acts made, {kept} kept")
    if kept > made:
        found.twice.append(f"{matter['number']}: {made} acts made, {kept} kept")
    counted = [event for event in matter["events"] if event["by"] and event["standing"] == "done" and event["act"] != "raise"]  # fmt: skip
    if matter["version"] != 1 + len(counted):
        found.overwritten.append(f"{matter['number']}: version {matter['version']}, {len(counted)} acts")
    for event in matter["events"]:
        recorded, observed = (datetime.fromisoformat(event[name]) for name in ("recorded_at", "observed_at"))
        if not began <= recorded <= ended or observed > recorded:
            found.moved.append(f"{matter['number']} {event['act']}: {observed} {recorded}")
