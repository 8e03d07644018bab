"""The laws every kind's page must keep. One test runs them over the registry; a new kind is judged by them."""

from __future__ import annotations

from collections.abc import Iterator

from fengqiao.kit.inputs import questions
from fengqiao.matters.at_door import DoorInput
from fengqiao.matters.racing import unraced
from fengqiao.matters.registry import RAISE, Kind
from fengqiao.matters.rules import FACTS
from fengqiao.matters.service import ServiceInput
from fengqiao.matters.states import LoopState
from fengqiao.people.roles import Role
from fengqiao.store.declare import declaration
from fengqiao.store.lives import has_end
from fengqiao.store.secrets import SecretField


def breaches(page: Kind) -> list[str]:
    """What is wrong with a kind's page, in words; empty when it keeps every law."""
    return [
        *_names(page),
        *_can_end(page),
        *_acts_can_happen(page),
        *_clocks_run(page),
        *_raced(page),
        *_waits_end(page),
        *_outcomes(page),
        *_verified_by_another(page),
        *_papers(page),
        *_issuing(page),
        *_at_door(page),
        *_party(page),
        *_asked_once(page),
        *_pictured(page),
        *_ruled(page),
        *_asked_at_doors(page),
        *_declared(page),
        *_words_end(page),
    ]


def _reachable(page: Kind, start: str) -> set[str]:
    found, edge = {start}, [start]
    while edge:
        stage = edge.pop()
        nexts = {to for act in page.acts if stage in act.from_ or act.anywhere for to in act.to}
        edge += nexts - found
        found |= nexts
    return found


def _names(page: Kind) -> Iterator[str]:
    for what, slugs in (
        ("stage", [s.slug for s in page.stages]),
        ("act", [a.name for a in page.acts]),
        ("clock", [c.name for c in page.timed]),
        ("outcome", [o.slug for o in page.outcomes]),
        ("figure", [f.slug for f in page.figures]),
        ("paper", [p.slug for p in page.papers]),
    ):
        if len(slugs) != len(set(slugs)):
            yield f"a {what} is declared twice"
    known = {s.slug for s in page.stages}
    for act in page.acts:
        for slug in {*act.from_, *act.to} - known:
            yield f"act {act.name} names the unknown stage {slug}"
        if not {*act.stays} <= {*act.from_}:
            yield f"act {act.name} stays where it cannot be done"
    if page.stages[0].state != LoopState.RAISED:
        yield "the first stage is not a RAISED one"


def _can_end(page: Kind) -> Iterator[str]:
    closed = {s.slug for s in page.stages if s.state == LoopState.CLOSED}
    for stage in _reachable(page, page.stages[0].slug):
        if stage not in closed and not _reachable(page, stage) & closed:
            yield f"from stage {stage} no end can be reached"
    standing = {to for act in page.acts if act.anywhere for to in act.to}
    own_ends = (closed - standing) & _reachable(page, page.stages[0].slug)
    if not own_ends:
        yield "it can end only by being voided"


def _acts_can_happen(page: Kind) -> Iterator[str]:
    reachable = _reachable(page, page.stages[0].slug)
    levels = {level.slug for level in page.levels}
    for stage in {s.slug for s in page.stages} - reachable:
        yield f"stage {stage} can never be reached"
    for act in page.acts:
        if not act.by:
            yield f"nobody may do {act.name}"
        for role, limit in act.limits.items():
            if role not in act.by or not {*limit.levels} <= levels or not {*limit.stages} <= reachable:
                yield f"act {act.name} bounds a role, level or stage that is not there"
        if not act.anywhere and not set(act.from_) & reachable:
            yield f"act {act.name} can never happen"
        if act.asks is None:
            yield f"act {act.name} does not say what it asks"


def _clocks_run(page: Kind) -> Iterator[str]:
    acts = {act.name for act in page.acts}
    stages = _reachable(page, page.stages[0].slug)
    levels = {level.slug for level in page.levels} | {""}
    for clock in page.clocks:
        starts, stops = clock.starts_with + clock.starts_in, clock.stops_with + clock.stops_in
        if not starts or not set(clock.starts_with) <= acts | {RAISE} or not set(clock.starts_in) <= stages:
            yield f"clock {clock.name} can never start"
        if not stops or not set(clock.stops_with) <= acts or not set(clock.stops_in) <= stages:
            yield f"clock {clock.name} can never stop"
        if not clock.within or not set(clock.within) <= levels:
            yield f"clock {clock.name} names an unknown level"


def _raced(page: Kind) -> Iterator[str]:
    """An open matter races a clock, or its stage says why it need not."""
    bare = unraced(page)
    for stage in page.stages:
        if stage.slug in bare and not stage.unraced:
            yield f"in stage {stage.slug} no clock may be running, and it does not say why"
        if stage.unraced and stage.slug not in bare:
            yield f"stage {stage.slug} says why no clock runs, and one always does"


def _waits_end(page: Kind) -> Iterator[str]:
    acts, levels = {act.name for act in page.acts}, {level.slug for level in page.levels} | {""}
    for wait in page.waits:
        if not wait.acts or not wait.after or not {*wait.acts, *wait.after} <= acts:
            yield f"wait {wait.name} names no act, or an unknown one"
        if not wait.within or not set(wait.within) <= levels:
            yield f"wait {wait.name} names an unknown level"


def _outcomes(page: Kind) -> Iterator[str]:
    if not page.outcomes:
        yield "no outcome is declared"
    if not any(outcome.solved for outcome in page.outcomes):
        yield "no outcome counts as solved"


def _verified_by_another(page: Kind) -> Iterator[str]:
    """What was acted becomes verified by an act that whoever acted may not do."""
    states = {stage.slug: stage.state for stage in page.stages}
    for act in page.acts:
        acted = LoopState.ACTED in {states.get(slug) for slug in act.from_}
        if acted and LoopState.VERIFIED in {states.get(slug) for slug in act.to} and not act.verifies:
            yield f"act {act.name} verifies what was acted, and whoever acted may do it"


def _papers(page: Kind) -> Iterator[str]:
    columns = {field.attname for field in page.detail._meta.concrete_fields}
    for paper in page.papers:
        if not paper.by:
            yield f"nobody may print {paper.slug}"
        if not set(paper.opens) <= columns:
            yield f"paper {paper.slug} opens a column that is not there"


def _at_door(page: Kind) -> Iterator[str]:
    if page.at_door is None:
        knocks = [act.name for act in page.acts if act.knocks]
        if knocks:
            yield f"{knocks} are done at a door, and the page does not say what for"
        return
    ended = {s.slug for s in page.stages if s.state == LoopState.CLOSED}
    known = {s.slug for s in page.stages}
    for stage in page.at_door.stages:
        if stage not in known or stage in ended:
            yield f"nobody stands at a door in the stage {stage}"


def _issuing(page: Kind) -> Iterator[str]:
    numbered = {paper.slug for paper in page.papers if paper.mark}
    issued = {slug for act in page.acts for slug in act.issues}
    for act in page.acts:
        for slug in {*act.issues, *act.serves} - numbered:
            yield f"act {act.name} issues or serves {slug}, which is no paper with a number"
        if bool(act.serves) != issubclass(act.asks, ServiceInput):
            yield f"act {act.name} serves a paper and asks a ServiceInput, or neither"
    for slug in numbered - issued:
        yield f"no act issues the paper {slug}"


def _party(page: Kind) -> Iterator[str]:
    may = {act.name for act in page.acts if Role.PARTY in act.by}
    if page.party is None:
        if may:
            yield f"a party may do {sorted(may)} and has no page"
        return
    for name in {*may} ^ {*page.party.acts}:
        yield f"a party's page and the roles of {name} disagree"
    if page.party.board and page.board is None:
        yield "a party is shown a board, and the kind has none"
    open_columns = {f.name for f in page.detail._meta.concrete_fields if not isinstance(f, SecretField)}
    for name in set(page.party.columns) - open_columns:
        yield f"a party is shown {name}, which is no plain column"
    for name in set(page.party.photos) - open_columns:
        yield f"a party is shown the photos {name}, which are no plain column"


def _pictured(page: Kind) -> Iterator[str]:
    """Photos are compared with, and taken beside, those of columns that are there."""
    columns = {f.name for f in page.detail._meta.concrete_fields if not isinstance(f, SecretField)}
    ghosts = {question.ghost for act in page.acts for question in questions(act.asks) if question.ghost}
    for name in {*(page.compares or ()), *ghosts} - columns:
        yield f"photos are shown of {name}, which is no plain column"


def _ruled(page: Kind) -> Iterator[str]:
    """A rule refuses a question that is asked, and looks at answers and facts that are there."""
    for asks in {page.intake, *(act.asks for act in page.acts)}:
        asked = {question.name for question in questions(asks)}
        for name in {question.only for question in questions(asks)} - {"", *FACTS}:
            yield f"a question of {asks.__name__} hangs on {name}, which nobody knows"
        if issubclass(asks, DoorInput) and not any(rule.field == "knock_reason" for rule in asks.rules):
            yield f"{asks.__name__} is asked at a door and has no rule for one knock too many"
        for rule in asks.rules:
            for name in {rule.field, *rule.codes} - asked - (FACTS - {rule.field}):
                yield f"a rule of {asks.__name__} looks at {name}, which nobody asks"


def _asked_at_doors(page: Kind) -> Iterator[str]:
    """What the phone leaves out can be left out."""
    for asks in {page.intake, *(act.asks for act in page.acts)}:
        for name, field in asks.model_fields.items():
            extra = field.json_schema_extra
            if isinstance(extra, dict) and extra.get("x-desk-only") and field.is_required():
                yield f"{asks.__name__} needs {name}, which only the desk is asked"


# Seen anew each time, so asked anew.
_EVIDENCE = ("photos", "signature", "sheet")
# What the register of premises holds; a correction is made there, once for every duty.
_OF_REGISTER = {
    "name",
    "address",
    "community",
    "door_plate",
    "rooms",
    "contact_name",
    "contact_phone",
    "lon",
    "lat",
}


def _asked_once(page: Kind) -> Iterator[str]:
    """No act asks again what the intake was told, or what the register of premises holds (指尖上的形式主义).

    `asks(…, known=True)` is for an answer that is shown and may be corrected.
    """
    told = {question.name for question in questions(page.intake)}
    of_place = "premises" in {question.source for question in questions(page.intake)}
    held = told | (_OF_REGISTER if of_place else set())
    standing = {act.name for act in page.acts if act.anywhere}
    for act in page.acts:
        if act.name in standing:
            continue
        for question in questions(act.asks):
            if question.name in held and question.widget not in _EVIDENCE and not question.known:
                yield f"act {act.name} asks for {question.name}, which is known already"


def _declared(page: Kind) -> Iterator[str]:
    for field in page.detail._meta.concrete_fields:
        if declaration(field) is None:
            yield f"column {field.name} says nothing of class, purpose and end of life"


def _words_end(page: Kind) -> Iterator[str]:
    """The kind's words have a day, and no sealed column is promised an earlier one than the key's."""
    if page.keep.days is None:
        yield "its words never end: keep=Life(…, days)"
    for field in page.detail._meta.concrete_fields:
        said = declaration(field)
        if said is not None and said.personal and not has_end(page.detail, said):
            yield f"column {field.name} says {said.life}, the page keeps its words {page.keep}"
