"""What the phones made against what the station holds: nothing lost, nothing twice, nothing overwritten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fleet.phones import SimulatedPhone, Visit
from tests.fleet.station import Station

KEPT = ("done", "repeated", "question")
# Why an act on a matter that has left the beat waits (matters.commands.late).
CHANGED_HANDS = "办理时还在其辖区"
# What a form that changed under somebody's hands would be refused with.
MISREAD = ("清单里没有这一项", "检查项有")


@dataclass
class Reckoning:
    """`overwritten`: matters whose version is not the number of acts that count; `moved`: events whose recorded
    time lies outside the run, or that were observed after they were recorded; `misread`: checks answered by
    the list the phone was told and refused by another; `broken`: what went wrong in the run itself. The rest says how bad it was."""

    visits: int = 0
    acts: int = 0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    overwritten: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    misread: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    stuck: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    questions: int = 0
    caught_up: int = 0
    changed_hands: int = 0
    lost_answers: int = 0
    doubled: int = 0
    worst_clock_days: float = 0
    versions: int = 0
    answered_by_an_older_version: int = 0
    officers_moved: int = 0
    matters_placed: int = 0
    calls: int = 0
    answer_p50: float = 0
    answer_p95: float = 0

    @property
    def clean(self) -> bool:
        wrong = (self.lost, self.twice, self.overwritten, self.moved, self.misread, self.broken, self.stuck)
        return not any(wrong)


def reckon(station: Station, fleet: list[SimulatedPhone], broken: list[str], *, began: datetime) -> Reckoning:
    found = Reckoning(
        broken=broken,
        versions=len(station.published),
        officers_moved=station.moved,
        matters_placed=station.placed,
    )
    made: Counter[str] = Counter()
    for phone in fleet:
        found.lost_answers += phone.lost_answers
        found.doubled += phone.doubled
        found.stuck += len(phone.waiting())
        found.worst_clock_days = max(found.worst_clock_days, phone.strayed / 86400)
        for visit in phone.outbox:
            _count(visit, made, found, station.published)
    _time(fleet, found)
    names = {officer.name for officer in station.officers}
    with ThreadPoolExecutor(8) as asking:
        for matter in asking.map(lambda one: _matter(station, one), station.matters):
            _of_matter(matter, made[matter["id"]], names, found, began)
        # Last, because what was refused before may be in turn by now.
        for lost in asking.map(lambda phone: list(_forgotten(phone)), fleet):
            found.lost += lost
    return found


def _count(visit: Visit, made: Counter[str], found: Reckoning, published: list[datetime]) -> None:
    found.visits += 1
    if visit.refused is not None:
        found.refused[visit.refused.get("detail", "") or visit.refused["title"]] += 1
    for act, said in zip(visit.body["acts"], visit.answer["acts"] if visit.answer else (), strict=False):
        found.acts += 1
        if said["result"] in KEPT:
            made[act["matter"]] += 1
            found.answered_by_an_older_version += _is_older(act, visit, published)
        else:
            why = said["problem"]["detail"]
            found.refused[why] += 1
            if why.startswith(MISREAD):
                found.misread.append(f"{act['act']} {act['key']}: {why}")


def _is_older(act: dict[str, Any], visit: Visit, published: list[datetime]) -> bool:
    """Whether another version was in force when the answers arrived (their codes say theirs: v3_1)."""
    answers = act["given"].get("answers")
    if not answers or visit.answer is None:
        return False
    heard = datetime.fromisoformat(visit.answer["received_at"])
    return int(next(iter(answers)).partition("_")[0][1:]) < sum(at <= heard for at in published)


def _time(fleet: list[SimulatedPhone], found: Reckoning) -> None:
    """Seconds from asking to the answer, of slices and visits together."""
    took = sorted(one for phone in fleet for one in phone.took)
    found.calls = len(took)
    if took:
        found.answer_p50, found.answer_p95 = (round(took[int(len(took) * part)], 3) for part in (0.5, 0.95))


def _matter(station: Station, matter: str) -> dict[str, Any]:
    answer = station.running.call("GET", f"/api/v1/matters/{matter}", station.desk)
    assert answer is not None
    assert answer[0] == 200, answer
    told: dict[str, Any] = answer[1]
    return told


def _forgotten(phone: SimulatedPhone) -> Iterator[str]:
    """Each visit asked once more: what was kept must be known."""
    for visit in phone.outbox:
        if visit.answer is None:
            continue
        again = phone.running.call("POST", "/api/v1/visits", phone.of.token, visit.body)
        results = {act["key"]: act["result"] for act in again[1].get("acts", [])} if again else {}
        for act, said in zip(visit.body["acts"], visit.answer["acts"], strict=True):
            if said["result"] in KEPT and results.get(act["key"]) != "repeated":
                yield f"{act['act']} {act['key']}: {results.get(act['key'])}"


def _of_matter(
    matter: dict[str, Any], made: int, officers: set[str], found: Reckoning, began: datetime
) -> None:
    theirs = [event for event in matter["events"] if event["by"] in officers]
    standing = Counter(event["standing"] for event in theirs)
    found.questions += standing["question"]
    found.changed_hands += sum(event["reason"].startswith(CHANGED_HANDS) for event in theirs)
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
    # Clocks go on firing while this is read.
    ended = datetime.now(UTC) + timedelta(seconds=1)
    for event in matter["events"]:
        recorded, observed = (datetime.fromisoformat(event[name]) for name in ("recorded_at", "observed_at"))
        if not began <= recorded <= ended or observed > recorded:
            found.moved.append(f"{matter['number']} {event['act']}: {observed} {recorded}")
