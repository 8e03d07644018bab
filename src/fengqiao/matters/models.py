"""One row a matter, its clocks as rows, its events as rows nobody may change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Cast, Now

from fengqiao.ground.models import Community, OfStation, Premises
from fengqiao.matters.issued import IssueCount, Issued, ServiceReceipt
from fengqiao.matters.party_link import PartyLink
from fengqiao.matters.states import LoopState, Standing
from fengqiao.matters.visit import Visit
from fengqiao.matters.visit_code import VisitCode
from fengqiao.people.actors import Actor
from fengqiao.people.models import Person
from fengqiao.store.declare import KIND_LIFE, LOG, PUBLIC, WORK, Char, Data, DataClass, Json
from fengqiao.store.secrets import SecretField
from fengqiao.store.vault import Key

if TYPE_CHECKING:
    from uuid import UUID

__all__ = [
    "Clock",
    "ClockSetting",
    "Detail",
    "Event",
    "IssueCount",
    "Issued",
    "KeepSetting",
    "LegalHold",
    "Matter",
    "MatterQuerySet",
    "PartyLink",
    "ServiceReceipt",
    "Visit",
    "VisitCode",
]

SPOKEN = Data(DataClass.IN_NEED, "事项办理过程记录", "人民警察法第6条;个人信息保护法第13条第3项", KIND_LIFE)


class MatterQuerySet(models.QuerySet["Matter"]):
    def seen_by(self, actor: Actor) -> MatterQuerySet:
        """The matters this actor may see: the only way a door reads them.

        Desk and chief see the station; posts in a community see that community; whoever holds a matter
        sees it, and so does who broke it open for a while; a party sees the one matter of its link;
        administrators see none.
        """
        if actor.is_admin:
            return self.none()
        if actor.party_to is not None:
            return self.filter(pk=actor.party_to)
        if actor.sees_station:
            return self
        own = models.Q(holder_id=actor.person_id)
        if actor.opened:
            own |= models.Q(pk__in=actor.opened)
        return self.filter(models.Q(community_id__in=actor.community_ids) | own)

    def open(self) -> MatterQuerySet:
        return self.filter(closed_at=None)


class Matter(OfStation):
    """What is owed. `kind` has no choices: the registry of kinds is the truth.

    `burns_at` is the due time of the running clock that ends first; `escalation` the highest rung a
    clock of this matter has reached (0 none, 1 half, 2 four fifths, 3 due, 4 one more span over).
    `resumes` and `resumes_outcome` say how it stood before it was closed, `merged_into` the matter a duplicate belongs to.
    """

    data = WORK

    id: models.UUIDField[Any, UUID] = models.UUIDField(primary_key=True)
    serial = models.BigIntegerField(
        db_default=models.Func(models.Value("matters_serial"), function="nextval"), editable=False
    )
    kind = Char(max_length=40, data=WORK)
    state = models.CharField(max_length=10, choices=LoopState.choices)
    stage = Char(max_length=40, data=WORK)
    outcome = Char(max_length=40, blank=True, data=WORK)
    level = Char(max_length=20, blank=True, data=WORK)
    title = Char(max_length=120, blank=True, data=WORK)
    community = models.ForeignKey(
        Community, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    premises = models.ForeignKey(
        Premises, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    candidates = ArrayField(models.BigIntegerField(), default=list)
    placed_why = Char(max_length=200, blank=True, data=WORK)
    holder = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="children", db_constraint=False
    )
    vault = models.ForeignKey(Key, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False)
    reference = Char(max_length=80, blank=True, data=WORK)
    raised_at = models.DateTimeField()
    raised_day = models.DateField(db_comment="local day of raised_at: figures ask for ranges of it")
    raised_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    acted_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="merged", db_constraint=False
    )
    closed_at = models.DateTimeField(null=True)
    resumes = Char(max_length=40, blank=True, data=WORK)
    resumes_outcome = Char(max_length=40, blank=True, data=WORK)
    burns_at = models.DateTimeField(null=True)
    escalation = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    objects = models.Manager.from_queryset(MatterQuerySet)()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state="closed", closed_at__isnull=False)
                | (~models.Q(state="closed") & models.Q(closed_at=None)),
                name="matter_closed_has_time",
            ),
        )
        indexes = (
            # the board: open matters of a station by what burns
            models.Index(
                fields=["station", "burns_at", "id"], name="matter_board", condition=models.Q(closed_at=None)
            ),
            # an officer's own open matters
            models.Index(fields=["holder"], name="matter_of_holder", condition=models.Q(closed_at=None)),
            # registers and figures: a kind's matters of a range of days
            models.Index(fields=["station", "kind", "raised_day"], name="matter_of_day"),
            models.Index(fields=["station", "kind", "reference"], name="matter_reference"),
            models.Index(fields=["station", "serial"], name="matter_serial"),
            models.Index(fields=["station", "raised_at", "id"], name="matter_newest"),
            # a place's page: what was owed there, the newest first
            models.Index(
                fields=["premises", "raised_at", "id"],
                name="matter_of_premises",
                condition=models.Q(premises__isnull=False),
            ),
            # a matter's page: the duplicates merged into it
            models.Index(
                fields=["merged_into"], name="matter_merged", condition=models.Q(merged_into__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.serial}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Clock(OfStation):
    """By when. `why` is the sentence that derives `due_at`; `next_at` is when the next rung fires.

    A clock that is late stays late: `fired_at` keeps when it ran out even if it was stopped after.
    """

    data = WORK

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="clocks", db_constraint=False)
    name = Char(max_length=40, data=WORK)
    span = Char(max_length=20, data=WORK)
    why = Char(max_length=200, data=WORK)
    certain = models.BooleanField(default=True)
    starts_at = models.DateTimeField()
    due_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    rung = models.PositiveSmallIntegerField(default=0)
    fired_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_by = Char(max_length=40, blank=True, data=WORK)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["matter", "name"], name="clock_runs_once", condition=models.Q(stopped_at=None)
            ),
        )
        indexes = (
            # the scanner: running clocks whose next rung is due
            models.Index(
                fields=["station", "next_at"],
                name="clock_next",
                condition=models.Q(stopped_at=None, next_at__isnull=False),
            ),
            models.Index(fields=["matter"], name="clock_of_matter"),
        )
        ordering = ("starts_at", "id")

    def __str__(self) -> str:
        return str(self.why)

    @property
    def running(self) -> bool:
        return self.stopped_at is None

    def met(self) -> bool | None:
        """On time, late, or (None) still running before its due time."""
        if self.stopped_at is not None:
            return self.stopped_at <= self.due_at
        return None if self.fired_at is None else False


class Event(OfStation):
    """What an act meant for a matter. Inserted once, never changed, never deleted.

    `key` is made by whoever acts and is unique in the station: a repeat finds it, and a clock's rung
    can fire once only. `given` holds plain facts; words about a person are sealed in `words`. `tx` is
    the writing transaction, so that a reader of the tail can wait for slower writers.

    An open question stays what it is; whatever settled it is an event of its own that `settles` it, at
    most one. `settled_by` names who decided (nobody, where the act's turn had come by itself). `base` is
    the version of the matter an act handed in late was made upon.
    """

    data = WORK
    append_only = True

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="events", db_constraint=False)
    act = Char(max_length=60, data=WORK)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False)
    role = Char(max_length=20, data=WORK)
    observed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    key = Char(max_length=120, data=LOG)
    digest = Char(max_length=64, data=LOG)
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.DONE)
    reason = Char(max_length=200, blank=True, data=WORK)
    stage_from = Char(max_length=40, blank=True, data=WORK)
    stage_to = Char(max_length=40, blank=True, data=WORK)
    version = models.PositiveIntegerField()
    given = Json(default=dict, data=WORK)
    words = SecretField(data=SPOKEN)
    settles = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="settled", db_constraint=False
    )
    settled_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    base = models.PositiveIntegerField(null=True)
    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    tx = models.BigIntegerField(
        db_default=Cast(
            Cast(models.Func(function="pg_current_xact_id"), models.CharField()), models.BigIntegerField()
        )
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["station", "key"], name="event_key"),
            models.UniqueConstraint(fields=["settles"], name="event_settles_once"),
        )
        indexes = (
            models.Index(fields=["matter", "observed_at", "id"], name="event_of_matter"),
            # the tail: what was written since a cursor
            models.Index(fields=["station", "tx", "id"], name="event_tail"),
            # the questions page
            models.Index(
                fields=["station", "matter"], name="event_question", condition=models.Q(standing="question")
            ),
        )
        ordering = ("observed_at", "id")

    def __str__(self) -> str:
        return str(self.act)


class ClockSetting(OfStation):
    """A station's own length for one clock of one kind at one level; without a row the default holds."""

    data = PUBLIC

    kind = Char(max_length=40, data=PUBLIC)
    clock = Char(max_length=40, data=PUBLIC)
    level = Char(max_length=20, blank=True, data=PUBLIC)
    span = Char(max_length=20, data=PUBLIC)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["station", "kind", "clock", "level"], name="clock_setting_of"),
        )

    def __str__(self) -> str:
        return f"{self.kind}.{self.clock} {self.level} {self.span}"


class KeepSetting(OfStation):
    """How many days after closing a station keeps a kind's personal words; without a row the default holds."""

    data = PUBLIC

    kind = Char(max_length=40, data=PUBLIC)
    days = models.PositiveIntegerField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["station", "kind"], name="keep_setting_of"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.days}"


class LegalHold(OfStation):
    """A matter kept past its day because the law asks for it (依法保全): which order, by whom, until when.

    A lifted hold stays to be seen; at most one of a matter holds at a time.
    """

    data = WORK

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="holds", db_constraint=False)
    reason = Char(max_length=200, data=WORK)
    placed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    placed_at = models.DateTimeField()
    until = models.DateField(null=True)
    lifted_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["matter"], name="one_hold_at_a_time", condition=models.Q(lifted_at=None)
            ),
        )
        ordering = ("placed_at",)

    def __str__(self) -> str:
        return str(self.reason)


class Detail(models.Model):
    """What one kind alone has, one to one with its matter. Abstract; each kind derives its own.

    A column the matter's page should tell in words of its own has a method `<column>_says`.
    """

    matter = models.OneToOneField(
        Matter, on_delete=models.PROTECT, primary_key=True, related_name="%(class)s", db_constraint=False
    )
    station = models.ForeignKey("ground.Station", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True
