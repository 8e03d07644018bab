"""A kind is one declared page: its stages, acts, clocks, outcomes and figures, and nothing else.

Doors, forms, clocks, figures and the law tests read these declarations; none of them knows a kind by
name. A kind registers its page when its app is ready.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from fengqiao.ground.seeing import PremisesQuerySet
from fengqiao.kit.documents import Block
from fengqiao.kit.inputs import Input
from fengqiao.kit.problems import NotFound
from fengqiao.kit.sheets import Sheet
from fengqiao.matters.at_door import AtDoor, DoorInput
from fengqiao.matters.figure import By, Figure, Line
from fengqiao.matters.paper import Paper
from fengqiao.matters.party import PartyPage
from fengqiao.matters.states import LoopState
from fengqiao.people.actors import Actor
from fengqiao.people.roles import Role
from fengqiao.store.declare import Life

if TYPE_CHECKING:
    from fengqiao.matters.models import Detail, Matter

TDetail = TypeVar("TDetail", bound="Detail")
RAISE = "raise"
SETTLE = "settle"
CODE_CHECKED = "code_checked"
PASSED_ON, LEFT_ALONE = "passed_on", "left_alone"
KERNEL_SAYS = {
    RAISE: "登记",
    SETTLE: "核实",
    CODE_CHECKED: "群众核验",
    PASSED_ON: "责任人离岗，转由社区民警负责",
    LEFT_ALONE: "责任人离岗，等待指派",
}
# What is agreed about a clock by name: its span in words ("24h", "3wd"), its last day, or None: it does not start.
Terms = dict[str, str | date | None]


@dataclass(slots=True)
class Taking:
    """What an intake hands to `takes`: fill in how the new matter is placed, levelled and titled.

    `parent`: the matter whose act gave rise to it. `stage`: where it begins, if not in the kind's first stage. `terms`: what is agreed about its clocks.
    """

    station_id: int
    by: Actor
    at: datetime
    level: str = ""
    title: str = ""
    reference: str = ""
    community_code: str = ""
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    premises_id: UUID | None = None
    raised_at: datetime | None = None
    stage: str = ""
    terms: Terms = field(default_factory=dict)
    parent: Matter | None = None


@dataclass(slots=True)
class Doing(Generic[TDetail]):
    """What an act's function works on. It changes these objects and saves nothing.

    `also`: the matters this act gives rise to, (kind, intake) each, raised beneath this one.
    `terms`: what this act agrees about the clocks it starts, instead of the kind's and the station's spans.
    `in_vain`: it was tried and came to nothing; the event says so, the matter stays and its clocks run on.
    """

    matter: Matter
    detail: TDetail
    by: Actor
    at: datetime
    to: str
    also: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    terms: Terms = field(default_factory=dict)
    in_vain: bool = False

    def move_to(self, stage: str) -> None:
        """For an act that can lead to several stages: which one it is."""
        self.to = stage

    def tried_in_vain(self) -> None:
        """Nobody was reached: no stage changes, no clock starts or stops."""
        self.to, self.in_vain = self.matter.stage, True

    def raise_also(self, kind: str, given: Mapping[str, Any]) -> None:
        """Raise another matter with this act, in the actor's name; the slug of the kind is all they share."""
        self.also.append((kind, given))


@dataclass(frozen=True, slots=True)
class Owed:
    """A matter due by the calendar and not by an event: its intake, and a key that is the same each time asked.

    `kind` and `parent`, where it is of another kind, or beneath a matter that is there.
    """

    key: str
    given: Mapping[str, Any]
    kind: str = ""
    parent: UUID | None = None


Does = Callable[[Any, Any], None]
Owes = Callable[[int, datetime], Iterable[Owed]]
Follows = Callable[["Matter", datetime], None]
Counts = Callable[[Collection[UUID] | None, datetime], Mapping[UUID, Mapping[str, int]]]
Board = Callable[["Matter", datetime], tuple[Block, ...]]
Behind = Callable[["Matter", str], QuerySet[Any]]
ScopeOf = Callable[["Matter"], PremisesQuerySet]
When = Callable[["Matter"], bool]
# The checklist a matter is answered by, and the answers that are known already.
SheetOf = Callable[["Matter"], tuple[Sheet, Mapping[str, Any]]]
Takes = Callable[[Taking, Any], Any]
# The choices of a register: (value, words).
Choices = Callable[[], list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Stage:
    """`unraced`: why it need not race a clock, where one may lie open in it while none runs."""

    slug: str
    says: str
    state: LoopState
    unraced: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """`weight` says across all kinds what goes first when time is equally short (matters/ordering.py): 4 a loss
    is under way, 3 it is likely today, 2 people are in danger, 1 it matters, 0 it is routine."""

    slug: str
    says: str
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended, apart from whether it ended. `solved` is never implied by closed."""

    slug: str
    says: str
    solved: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """A role may do an act only at these levels, and only in these stages; none means any."""

    levels: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()

    def holds(self, matter: Matter) -> bool:
        at_level = not self.levels or matter.level in self.levels
        return at_level and (not self.stages or matter.stage in self.stages)


@dataclass(frozen=True)
class Act:
    """Something a role may do in a stage. What it asks is read off the input of `does`.

    `to`: the stage it leads to; several, when `does` chooses; none, when the stage stays.
    `stays`: the stages among `from_` in which it leaves the matter where it is.
    `from_` may name closed stages: such an act reopens the matter, or is a fact after its closing.
    `verifies`: may not be done by whoever did the last acting (the handler never verifies own work).
    `not_raiser`: nor by whoever raised the matter.
    `issues`: the numbered papers this act issues, those that are to be had then.
    `serves`: it asks a `ServiceInput` and records how the last issued of these papers was served.
    `levels`: only at these levels; none means at any.
    `limits`: what bounds one of its roles further.
    `when`: only at matters of which this holds; none means at any.
    `afterwards`: `anywhere`, and once the matter is closed too.
    `restores`: leads back to the stage the matter was closed from, and its clocks run on.
    `sheet`: for an act that asks a checklist: which, and what is known of its answers.
    `icon`: a name of the pages' sprite; decoration only.
    """

    name: str
    says: str
    does: Does
    by: tuple[Role, ...]
    from_: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()
    verifies: bool = False
    not_raiser: bool = False
    issues: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    anywhere: bool = False
    afterwards: bool = False
    levels: tuple[str, ...] = ()
    limits: Mapping[Role, Limit] = field(default_factory=dict)
    when: When | None = None
    restores: bool = False
    grave: bool = False
    sheet: SheetOf | None = None
    hint: str = ""
    icon: str = ""

    def roles(self, matter: Matter) -> list[Role]:
        """Those that may do it on this matter, as it stands."""
        return [role for role in self.by if role not in self.limits or self.limits[role].holds(matter)]

    @cached_property
    def asks(self) -> type[Input]:
        hints = typing.get_type_hints(self.does)
        return typing.cast("type[Input]", hints["given"])

    @cached_property
    def knocks(self) -> bool:
        return issubclass(self.asks, DoorInput)  # done at a door: what it asks says so


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline. `within` maps a level ('' for any) to a span ('5min', '24h', '3d', '3wd').

    `starts_with`, `stops_with` name acts; RAISE is the raising itself. Entering a stage of
    `starts_in`, `stops_in` does the same, whatever led there; every clock stops when the matter closes. `basis` is the article
    or norm; a station may set its own spans, and what an act agrees for one matter (`Doing.terms`) goes
    before both. An act named in both stops the running one and starts it anew.
    """

    name: str
    says: str
    within: Mapping[str, str]
    starts_with: tuple[str, ...]
    stops_with: tuple[str, ...]
    starts_in: tuple[str, ...] = ()
    stops_in: tuple[str, ...] = ()
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """The earliest moment of `acts`: not before `within` has gone since the last of the acts `after`. `within` is
    read, and set by a station, like a clock's; a station may set `0`, and then they wait for nothing.
    """

    name: str
    says: str
    within: Mapping[str, str]
    after: tuple[str, ...]
    acts: tuple[str, ...]
    basis: str = ""


@dataclass(frozen=True)
class Kind:
    """The whole kind. The first stage is where a new matter stands; `prefix` starts its number; `file` names
    what `fengqiao import` calls its intake, if it can come as a file. `everywhere`: it is the whole station's; it is
    not placed in a community, and whoever raises it holds it. `owes` (station id, time) tells what the
    calendar makes due; it is asked every hour, and what was raised before is known by its key. `compares` are two
    columns of the detail that hold photos, before and after, shown side by side. `follows` is called
    after every act and intake, in the same transaction: what the place keeps of the matter is told to the ground there.
    `counts` (places or all, time) tells what its matters mean for their places' grades, by fact (kit.grading), in one query.
    `board` (matter, time) tells how a matter stands that is many things at once: its page shows it, live, and `behind` (matter,
    name) gives the places or matters a number of it counts (`opens`).
    `scope`: the places such a matter is about, each with `done`, for the map.
    `sources` are registers of its own which its intake chooses from, by the name `asks(source=…)` uses.
    `by` are breakdowns of its figures besides community and kind of place, `course` its lines from month to month.
    """

    slug: str
    says: str
    prefix: str
    detail: type[Detail]
    intake: type[Input]
    takes: Takes
    raised_by: tuple[Role, ...]
    stages: tuple[Stage, ...]
    acts: tuple[Act, ...]
    outcomes: tuple[Outcome, ...]
    clocks: tuple[Clock, ...] = ()
    waits: tuple[Wait, ...] = ()
    levels: tuple[Level, ...] = ()
    figures: tuple[Figure, ...] = ()
    by: tuple[By, ...] = ()
    course: tuple[Line, ...] = ()
    papers: tuple[Paper, ...] = ()
    at_door: AtDoor | None = None
    party: PartyPage | None = None
    file: str = ""
    everywhere: bool = False
    owes: Owes | None = None
    follows: Follows | None = None
    counts: Counts | None = None
    compares: tuple[str, str] | None = None
    board: Board | None = None
    behind: Behind | None = None
    scope: ScopeOf | None = None
    sources: Mapping[str, Choices] = field(default_factory=dict)
    keep: Life = field(default_factory=lambda: Life("办结", 1095))

    @property
    def timed(self) -> tuple[Clock | Wait, ...]:
        """All that a station may set the length of."""
        return (*self.clocks, *self.waits)

    def stage(self, slug: str) -> Stage:
        return self._stages[slug]

    def act(self, name: str) -> Act:
        try:
            return self._acts[name]
        except KeyError:
            raise NotFound(f"没有“{name}”这个操作") from None

    def paper(self, slug: str) -> Paper:
        try:
            return next(paper for paper in self.papers if paper.slug == slug)
        except StopIteration:
            raise NotFound("没有这份文书") from None

    def has_act(self, name: str) -> bool:
        return name in self._acts

    def level_says(self, slug: str) -> str:
        return next((level.says for level in self.levels if level.slug == slug), slug)

    def outcome_says(self, slug: str) -> str:
        return next((outcome.says for outcome in self.outcomes if outcome.slug == slug), slug)

    def act_says(self, name: str) -> str:
        """The words for an event of this kind, also for the kernel's own events."""
        if name in self._acts:
            return self._acts[name].says
        if name.startswith("clock:"):
            return next((clock.says for clock in self.clocks if clock.name == name.split(":")[1]), name)
        return KERNEL_SAYS.get(name, name)

    @cached_property
    def solved(self) -> frozenset[str]:
        return frozenset(outcome.slug for outcome in self.outcomes if outcome.solved)

    @cached_property
    def _stages(self) -> dict[str, Stage]:
        return {stage.slug: stage for stage in self.stages}

    @cached_property
    def _acts(self) -> dict[str, Act]:
        return {act.name: act for act in self.acts}


_kinds: dict[str, Kind] = {}


def add(kind: Kind) -> None:
    """Two kinds of one slug are a mistake. Apps call `registering.register`."""
    if kind.slug in _kinds and _kinds[kind.slug] is not kind:
        raise ValueError(f"kind {kind.slug} is registered twice")
    _kinds[kind.slug] = kind


def kinds() -> tuple[Kind, ...]:
    return tuple(_kinds[slug] for slug in sorted(_kinds))


def kind(slug: str) -> Kind:
    try:
        return _kinds[slug]
    except KeyError:
        raise NotFound(f"没有“{slug}”这类事项") from None


def placed_kinds() -> list[str]:
    """The kinds whose matters each belong to a community."""
    return [page.slug for page in kinds() if not page.everywhere]
