"""Reading matters: what an actor may do next, what burns, what was written since a cursor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import (
    Count,
    Prefetch,
    Q,
    QuerySet,
)

from fengqiao.kit.problems import BadInput, NotFound, Problem
from fengqiao.kit.text import normalise
from fengqiao.matters.clocks import LAST_RUNG
from fengqiao.matters.commands.performing import check_right, in_stage, in_turn
from fengqiao.matters.models import Clock, Event, Matter, MatterQuerySet
from fengqiao.matters.numbering import number as number
from fengqiao.matters.registry import Act, Kind, kind, kinds, placed_kinds
from fengqiao.matters.states import Standing
from fengqiao.people.actors import Actor


def numbered(typed: str) -> UUID:
    """The id of the station's matter of this number, whoever may see it: for break-glass alone, which writes
    its row before it shows anything. Raises NotFound."""
    prefix, _, serial = normalise(typed).upper().partition("-")
    whole = serial.isascii() and serial.isdigit() and len(serial) < 18
    found = Matter.objects.filter(serial=int(serial)).first() if whole else None
    if found is None or number(found).partition("-")[0] != prefix:
        raise NotFound("没有这个编号的事项")
    return found.pk


def allowed_acts(matter: Matter, actor: Actor) -> list[Act]:
    """The acts this actor may do on this matter now, in the order of the kind's page."""
    here = [act for act in kind(matter.kind).acts if in_stage(act, matter)]
    # What `when` asks may cost a query: it comes last.
    return [act for act in here if _may(act, matter, actor) and in_turn(act, matter)]


def _may(act: Act, matter: Matter, actor: Actor) -> bool:
    try:
        check_right(act, matter, actor)
    except Problem:
        return False
    return True


def raisable(actor: Actor) -> list[Kind]:
    """The kinds this actor may take in."""
    return [page for page in kinds() if actor.roles & frozenset(page.raised_by)]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list asks for; empty means all."""

    kind: str = ""
    state: str = ""
    community: str = ""
    level: str = ""
    outcome: str = ""
    overdue: bool | None = None
    holder: UUID | None = None
    parent: UUID | None = None
    open: bool | None = None
    wants: str = ""
    text: str = ""


def wanting(what: str) -> Q:
    """Matters that wait for somebody to see to them: for the desk to say where one belongs and who takes it, for
    the chief since time ran out once more, or for a reason of that. Raises KeyError for anything else."""
    return {
        "unplaced": Q(closed_at=None, community=None, kind__in=placed_kinds()),
        "unheld": Q(closed_at=None, holder=None, kind__in=placed_kinds()),
        "escalated": Q(closed_at=None, escalation__gte=LAST_RUNG),
        "unexplained": Q(overdue_unexplained=True),
    }[what]


def listed(actor: Actor, filters: Filters, *, at: datetime) -> MatterQuerySet:
    """The matters an actor sees, filtered. Number, title and reference are searched as they are typed."""
    found = Matter.objects.seen_by(actor)
    exact = {
        "kind": filters.kind,
        "state": filters.state,
        "community__code": filters.community,
        "level": filters.level,
        "outcome": filters.outcome,
        "holder_id": filters.holder,
        "parent_id": filters.parent,
    }
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if filters.open is not None:
        found = found.filter(closed_at__isnull=filters.open)
    if filters.overdue is not None:
        late = Q(closed_at=None, burns_at__lte=at)
        found = found.filter(late if filters.overdue else ~late)
    if filters.wants:
        found = found.filter(wanting(filters.wants))
    return found.filter(_typed(filters.text)) if filters.text else found


def _typed(text: str) -> Q:
    found = Q(title__icontains=text) | Q(reference__icontains=text)
    serial = text.rpartition("-")[2].lstrip("0")
    if serial.isascii() and serial.isdigit() and len(serial) < 18:
        found |= Q(serial=int(serial))
    return found


def shown(found: MatterQuerySet) -> MatterQuerySet:
    """What a row on a list shows, in two queries however many rows."""
    clocks = Prefetch("clocks", queryset=Clock.objects.order_by("due_at"))
    rows = found.select_related("community", "premises", "holder").prefetch_related(clocks)
    return rows.defer("community__boundary")


def one(actor: Actor, matter_id: UUID) -> Matter:
    """A matter the actor may see, with what its page shows; NotFound otherwise."""
    seen = shown(Matter.objects.seen_by(actor)).select_related("vault", "merged_into", "parent")
    try:
        return seen.get(pk=matter_id)
    except Matter.DoesNotExist:
        raise NotFound("没有这个事项，或不在您的辖区") from None


def timeline(matter: Matter) -> list[Event]:
    """Every event of a matter in the order it happened; `stands` says what it counts for by now.

    A question that something settles is settled, though its row never changes. Sorted here: given an order, the ORM
    compares it with every column it reads, which costs more than asking.
    """
    found = Event.objects.filter(matter=matter).select_related("by", "settled_by").order_by()
    events = sorted(found, key=lambda event: (event.observed_at, event.pk))
    settled = {event.settles_id for event in events}
    for event in events:
        open_no_more = event.standing == Standing.QUESTION and event.pk in settled
        event.stands = Standing.SETTLED if open_no_more else event.standing  # type: ignore[attr-defined]
    return events


def questions(actor: Actor, *, kind: str = "", community: str = "", settled: bool = False) -> QuerySet[Event]:
    """Open questions of the matters the actor sees, the longest waiting first; or those settled, the last first."""
    exact = {"kind": kind, "community__code": community}
    seen = Matter.objects.seen_by(actor).filter(**{name: value for name, value in exact.items() if value})
    found = Event.objects.filter(standing=Standing.QUESTION, settled__isnull=not settled, matter__in=seen)
    shown = found.select_related("by", "matter__community", "matter__holder", "matter__vault")
    return shown.order_by("-settled__recorded_at", "-id") if settled else shown.order_by("recorded_at", "id")


def own_questions(actor: Actor) -> list[tuple[str, UUID, str]]:
    """What this person handed in and nobody has settled yet: key, matter, why; also where the beat was lost."""
    found = Event.objects.filter(standing=Standing.QUESTION, settled=None, by_id=actor.person_id)
    return list(found.order_by("recorded_at", "id").values_list("key", "matter_id", "reason"))


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the event log's tail: (writing transaction, event id)."""

    tx: int = 0
    event: int = 0

    def __str__(self) -> str:
        return f"{self.tx}.{self.event}"

    @classmethod
    def read(cls, text: str) -> Cursor:
        """Raises BadInput for anything but a cursor this program gave."""
        tx, _, event = text.partition(".")
        if not (tx.isascii() and tx.isdigit() and event.isascii() and event.isdigit() and len(text) < 40):
            raise BadInput.at("cursor", "游标无效，请重新开始")
        return cls(min(int(tx), 2**62), min(int(event), 2**62))


def tail(since: Cursor, *, limit: int = 500) -> tuple[list[dict[str, Any]], Cursor]:
    """Events written since the cursor, never past a transaction that is still running.

    `pg_snapshot_xmin` is the oldest transaction still open: rows of younger ones wait for the next call,
    so that no row of a slow writer is ever skipped.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT e.id, e.tx, e.act, e.standing, e.matter_id, m.kind, m.community_id, m.holder_id
            FROM matters_event e JOIN matters_matter m ON m.station_id = e.station_id AND m.id = e.matter_id
            WHERE (e.tx, e.id) > (%s, %s)
              AND e.tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
            ORDER BY e.tx, e.id LIMIT %s
            """,
            [since.tx, since.event, limit],
        )
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    reached = Cursor(rows[-1]["tx"], rows[-1]["id"]) if rows else since
    return rows, reached


def end_of_tail() -> Cursor:
    """Where the tail ends now: a stream opened here hears what is written from here on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        (xmin,) = cursor.fetchone()
    return Cursor(xmin - 1, 2**62)


def visible(row: dict[str, Any], actor: Actor) -> bool:
    """Whether a row of the tail may be told to this actor (the same law as seen_by)."""
    if actor.is_admin:
        return False
    return (
        actor.sees_station
        or row["community_id"] in actor.community_ids
        or row["holder_id"] == actor.person_id
    )


def sees(actor: Actor, matter: Matter) -> bool:
    """Whether the matter is the actor's to see."""
    return Matter.objects.seen_by(actor).filter(pk=matter.pk).exists()


def counts(actor: Actor, *, at: datetime) -> dict[str, int]:
    """What stands at the top of the board."""
    asked = {what: wanting(what) for what in ("unplaced", "unheld", "escalated")}
    counted = (
        Matter.objects.seen_by(actor)
        .open()
        .aggregate(
            open=Count("pk"),
            overdue=Count("pk", filter=Q(burns_at__lte=at)),
            **{what: Count("pk", filter=those) for what, those in asked.items()},
        )
    )
    return counted | {"questions": questions(actor).count()}


def unexplained(actor: Actor) -> int:
    """How many matters went up to the chief, and nobody wrote why."""
    return Matter.objects.seen_by(actor).filter(wanting("unexplained")).count()


@dataclass(frozen=True, slots=True)
class Beneath:
    """The matters a matter gave rise to, of one kind: how many in which stage."""

    kind: str
    stages: list[tuple[str, int]]
    total: int


def beneath(actor: Actor, matter: Matter) -> list[Beneath]:
    """What was raised beneath a matter, counted by kind and stage in the order of the kind's page."""
    held = Matter.objects.seen_by(actor).filter(parent=matter).order_by()
    counted = {
        (row["kind"], row["stage"]): row["n"] for row in held.values("kind", "stage").annotate(n=Count("pk"))
    }
    found = []
    for page in kinds():
        stages = [
            (stage.says, counted[key]) for stage in page.stages if (key := (page.slug, stage.slug)) in counted
        ]
        if stages:
            found.append(Beneath(page.slug, stages, sum(n for _says, n in stages)))
    return found


def merged(matter: Matter) -> list[Matter]:
    """The duplicates that were merged into this one."""
    return list(shown(Matter.objects.filter(merged_into=matter)).order_by("serial"))


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with open matters in charge: how many, and how many of them are late."""

    person_id: UUID
    name: str
    open: int
    late: int


def holders(actor: Actor, *, at: datetime) -> list[Holder]:
    """Everybody who holds open matters the actor sees, by name."""
    held = Matter.objects.seen_by(actor).open().filter(holder__isnull=False).order_by("holder__name")
    told = held.values_list("holder_id", "holder__name").annotate(
        open=Count("pk"), late=Count("pk", filter=Q(burns_at__lte=at))
    )
    return [Holder(*row) for row in told]


def held_open(person_id: UUID, community_id: int | None) -> int:
    """How many open matters a person holds, in one community or (None) anywhere; see people.leaving."""
    held = Matter.objects.filter(holder_id=person_id, closed_at=None)
    return (held if community_id is None else held.filter(community_id=community_id)).count()
