"""What happens next to one matter, and when: the playbook's first move that the declaration allows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from typing import Any

from fengqiao.ground.models import Community
from fengqiao.kit.problems import Forbidden
from fengqiao.matters.commands import Performed, perform
from fengqiao.matters.commands.performing import check_right, in_turn
from fengqiao.matters.knocks import month_for
from fengqiao.matters.models import Matter
from fengqiao.matters.registry import Act, kind
from fengqiao.people.actors import Actor
from fengqiao.play.pictures import with_pictures
from fengqiao.play.playbook import Answers, Arrival, Move, Playbook, Scene
from fengqiao.play.staff import Staff


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast people act: every wait is at most `longest` minutes, and divided by `speed`. No clock runs
    faster for it."""

    speed: float = 1.0
    longest: float = inf

    def of(self, minutes: float) -> timedelta:
        return timedelta(minutes=min(minutes, self.longest) / self.speed)


REAL = Pace()
# Beyond the month's budget of knocks whoever goes has telephoned first, and writes that down.
AGREED = "已电话约好时间"


@dataclass(slots=True)
class Step:
    """Who does what, and when it is written down; the answers are `given` as things are then."""

    move: Move
    by: Actor
    scene: Scene
    at: datetime
    given: Answers = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Player:
    """Plays matters of one kind with the staff there is."""

    book: Playbook
    staff: Staff
    pace: Pace = REAL

    def next(
        self,
        matter: Matter,
        arrival: Arrival,
        done: Iterable[str],
        *,
        at: datetime,
        besides: Collection[str] = (),
    ) -> Step | None:
        """The next step after `at`, its actor booked for it; None where the playbook has no line.

        `besides` are acts that were refused a moment ago.
        """
        scene = _scene(self.book, matter, arrival, done, at)
        acts = {act.name: act for act in kind(matter.kind).acts if act.name not in besides}
        for move in self.book.moves:
            act = acts.get(move.act)
            if act is None or not in_turn(act, matter) or not move.when(scene):
                continue
            able = [who for who in self.staff.who(move.who, matter, at) if _may(act, matter, who)]
            if able:
                return self._step(move, able, scene, at)
        return None

    def _step(self, move: Move, able: list[Actor], scene: Scene, at: datetime) -> Step:
        """Whoever is free first does it; of several, the one who is asked first."""
        haste = 1.0 if move.calm else self.book.haste.get(scene.level, 1.0)
        turns = at + self.pace.of(move.after.draw(scene.rng) * haste)
        takes = self.pace.of(move.takes.draw(scene.rng))
        by = min(able, key=lambda who: self.staff.free_from(who, turns, takes))
        begins = self.staff.free_from(by, turns, takes)
        self.staff.book(by, begins, takes)
        scene.beside = self.staff.beside(by, matter=scene.matter, at=at)
        return Step(move, by, scene, begins + takes)


def act_out(matter: Matter, arrival: Arrival, step: Step) -> Performed:
    """Do the step through the one door. Its key is of this matter in this version, so it happens once."""
    scene, key = step.scene, f"play:{arrival.reference}:{matter.version}:{step.move.act}"
    scene.matter, scene.by, scene.at = matter, step.by, step.at
    step.given = step.move.given(scene) | _why_again(matter, step)
    given = with_pictures(step.given, by=step.by, at=step.at, mark=f"{key}:{step.by.person_id}")
    return perform(matter_id=matter.pk, act=step.move.act, given=given, by=step.by, at=step.at, key=key)


def _why_again(matter: Matter, step: Step) -> Answers:
    if not kind(matter.kind).act(step.move.act).knocks:
        return {}
    return {"knock_reason": AGREED} if month_for(matter, by=step.by, at=step.at).over else {}


def _scene(book: Playbook, matter: Matter, arrival: Arrival, done: Iterable[str], at: datetime) -> Scene:
    unplaced = matter.community_id is None
    return Scene(
        truth=book.truth(arrival.chance("truth")),
        level=matter.level,
        stage=matter.stage,
        rng=arrival.chance(str(matter.version)),
        unplaced=unplaced,
        candidates=_candidates(matter) if unplaced else (),
        done=Counter(done),
        matter=matter,
        at=at,
    )


def _candidates(matter: Matter) -> tuple[str, ...]:
    """The communities the intake thought of, else every one of the station."""
    found: Any = Community.objects.filter(valid_to=None).order_by("code").values_list("code", "pk")
    listed = [(str(code), pk) for code, pk in found]
    asked = [code for code, pk in listed if pk in matter.candidates]
    return tuple(asked or [code for code, _pk in listed])


def _may(act: Act, matter: Matter, actor: Actor) -> bool:
    try:
        check_right(act, matter, actor)
    except Forbidden:
        return False
    return True
