"""Where: division > station > community > grid > premises."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from fengqiao.ground.seeing import PremisesQuerySet
from fengqiao.kit.grading import Grade
from fengqiao.store.declare import LOG, PLACE, PUBLIC, Char, Data, DataClass, Json, Life, Text
from fengqiao.store.secrets import SecretField

CONTACT = Data(
    DataClass.CONTACT, "联系场所负责人", "消防法第53条；个人信息保护法第13条第3项", Life("更换", 30)
)
UPLOADED = Data(DataClass.IN_NEED, "导入前逐行核对", "个人信息保护法第13条第3项", Life("上传", 1))


class Division(models.Model):
    """An administrative division. A code means nothing without its system and edition."""

    data = PUBLIC

    system = Char(max_length=20, data=PUBLIC)
    edition = Char(max_length=20, data=PUBLIC)
    code = Char(max_length=12, data=PUBLIC)
    name = Char(max_length=80, data=PUBLIC)
    full_name = Char(max_length=200, data=PUBLIC)
    level = models.PositiveSmallIntegerField()
    parent_code = Char(max_length=12, blank=True, data=PUBLIC)
    urban_rural = Char(max_length=4, blank=True, data=PUBLIC)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["system", "edition", "code"], name="division_code_in_edition"),
        )
        indexes = (
            # the register's tree: children of one division
            models.Index(fields=["system", "edition", "parent_code"], name="division_children"),
            # the gazetteer asks whether anything changed
            models.Index(fields=["updated_at"], name="division_changed"),
        )

    def __str__(self) -> str:
        return str(self.full_name)


class Station(models.Model):
    """A police station: the wall between rows of different stations is drawn at it."""

    data = PUBLIC

    name = Char(max_length=80, data=PUBLIC)
    short_name = Char(max_length=40, data=PUBLIC)
    division_code = Char(max_length=12, data=PUBLIC)
    public_phone = Char(max_length=30, blank=True, data=PUBLIC)
    demo = models.BooleanField(default=False)
    settings = Json(default=dict, data=PUBLIC)

    def __str__(self) -> str:
        return str(self.name)


class OfStation(models.Model):
    """A row that belongs to one station, and that nobody else sees."""

    station: models.ForeignKey[Any, Any] = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True


class Community(OfStation):
    """The lowest self-governing area served (社区/村居); `boundary` is a GeoJSON geometry in WGS-84."""

    data = PLACE

    code = Char(max_length=12, data=PUBLIC)
    name = Char(max_length=80, data=PUBLIC)
    boundary = Json(null=True, blank=True, data=PUBLIC)
    boundary_source = Char(max_length=120, blank=True, data=PUBLIC)
    illustrative = models.BooleanField(default=False, help_text=_("边界仅为示意"))
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    aliases = Json(default=list, blank=True, data=PUBLIC)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["station", "code"], name="community_code"),)
        ordering = ("code",)

    def __str__(self) -> str:
        return str(self.name)


class Grid(OfStation):
    """Part of a community under one grid member."""

    data = PLACE

    community = models.ForeignKey(
        Community, on_delete=models.PROTECT, related_name="grids", db_constraint=False
    )
    code = Char(max_length=30, data=PUBLIC)
    name = Char(max_length=80, data=PUBLIC)
    boundary = Json(null=True, blank=True, data=PUBLIC)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["station", "code"], name="grid_code"),)
        ordering = ("code",)

    def __str__(self) -> str:
        return str(self.name)


class PremisesKind(models.TextChoices):
    RENTAL_HOUSE = "rental_house", _("出租屋")
    SHOP = "shop", _("三小场所")
    SCHOOL = "school", _("学校/幼儿园")
    CHARGING_AREA = "charging_area", _("充电场所")
    ENTERPRISE = "enterprise", _("企业")
    OFFICE = "office", _("机关单位")
    RESIDENCE = "residence", _("住宅楼")
    OTHER = "other", _("其他")


class PremisesGrade(models.TextChoices):
    RED = Grade.RED.value, _("红")
    YELLOW = Grade.YELLOW.value, _("黄")
    GREEN = Grade.GREEN.value, _("绿")


class Via(models.TextChoices):
    """How somebody who verified a place had come to its page: `NO_TAG` means by search or list."""

    NO_TAG = "", _("未扫码")
    QR = "qr", _("扫码或输编码")
    NFC = "nfc", _("碰 NFC 标签")


class Premises(OfStation):
    """A building or shop the station visits: the object is the place, not who lives there.

    `lon`, `lat` are WGS-84; `point_source` says where they came from, `point_accuracy_m` how well.
    `tag` numbers the tag on its door and never changes, whatever becomes of number and address.
    `grade` follows from `grade_facts` and what the register knows (kit.grading); `grade_why`, `check_why`
    are the sentences that derive it and `check_due`. `e_bikes`, `separated` None: nobody has looked.
    """

    data = PLACE

    id = models.UUIDField(primary_key=True)
    number = Char(max_length=40, data=PLACE)
    kind = models.CharField(max_length=20, choices=PremisesKind.choices)
    name = Char(max_length=120, data=PLACE)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    grid = models.ForeignKey(
        Grid, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    address = Char(max_length=200, data=PLACE)
    door_plate = Char(max_length=40, blank=True, data=PLACE)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    point_source = Char(max_length=40, blank=True, data=PLACE)
    point_accuracy_m = models.FloatField(null=True, blank=True)
    rooms = models.PositiveIntegerField(null=True, blank=True)
    contact_name = Char(max_length=60, blank=True, data=CONTACT)
    contact_phone = Char(max_length=30, blank=True, data=CONTACT)
    note = Text(blank=True, data=PLACE)
    tag = models.BigIntegerField(
        db_default=models.Func(models.Value("ground_tag"), function="nextval"), editable=False
    )
    e_bikes = models.BooleanField(null=True, blank=True)
    separated = models.BooleanField(null=True, blank=True)
    grade = models.CharField(max_length=6, choices=PremisesGrade.choices, blank=True)
    grade_why = Char(max_length=300, blank=True, data=PLACE)
    grade_facts = Json(default=dict, blank=True, data=PLACE)
    graded_at = models.DateTimeField(null=True, blank=True)
    check_due = models.DateField(null=True, blank=True)
    check_why = Char(max_length=120, blank=True, data=PLACE)
    last_check_at = models.DateTimeField(null=True, blank=True)
    registered_on = models.DateField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_what = Char(max_length=80, blank=True, data=PLACE)
    verified_via = models.CharField(max_length=3, choices=Via.choices, blank=True)
    verified_by = Char(max_length=60, blank=True, data=LOG)
    voided_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        db_constraint=False,
        db_index=False,
    )
    updated_at = models.DateTimeField()

    objects = models.Manager.from_queryset(PremisesQuerySet)()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["station", "number"], name="premises_number"),
            models.UniqueConstraint(fields=["station", "tag"], name="premises_tag"),
        )
        indexes = (
            # the register: one community's places by number
            models.Index(fields=["station", "community", "number"], name="premises_of_community"),
            # the gazetteer asks whether anything changed
            models.Index(fields=["station", "updated_at"], name="premises_changed"),
            # a place's page: the doubles merged into it
            models.Index(
                fields=["merged_into"], name="premises_merged", condition=models.Q(merged_into__isnull=False)
            ),
        )
        # No index holds a column that grading writes: with room on the page (see migration 0003) a night's
        # grading touches none of them.
        ordering = ("number",)

    def __str__(self) -> str:
        return str(self.name)


class AddressChange(OfStation):
    """What a place was called before: addresses are renamed, places stay."""

    data = PLACE

    premises = models.ForeignKey(Premises, on_delete=models.CASCADE, related_name="past", db_constraint=False)
    address = Char(max_length=200, data=PLACE)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.address)


class Voiding(OfStation):
    """A place taken out of the register: why, by whom; and when it came back, if it did."""

    data = PLACE

    premises = models.ForeignKey(
        Premises, on_delete=models.CASCADE, related_name="voidings", db_constraint=False
    )
    at = models.DateTimeField()
    reason = Char(max_length=200, data=PLACE)
    by_name = Char(max_length=60, data=LOG)
    restored_at = models.DateTimeField(null=True)
    restored_why = Char(max_length=200, blank=True, data=PLACE)
    restored_by = Char(max_length=60, blank=True, data=LOG)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["premises"], name="voiding_at_a_time", condition=models.Q(restored_at=None)
            ),
        )
        ordering = ("-at",)

    def __str__(self) -> str:
        return str(self.reason)


class DayRule(OfStation):
    """One day the station's calendar knows better than the published table (or before it is published)."""

    data = PUBLIC

    day = models.DateField()
    works = models.BooleanField()
    name = Char(max_length=40, blank=True, data=PUBLIC)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["station", "day"], name="dayrule_day"),)
        ordering = ("day",)

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class ImportState(models.TextChoices):
    """How far a file has come. Rows lie in parts; a run works through them one after the other."""

    MAPPING = "mapping", _("待对应")
    JUDGING = "judging", _("核对中")
    JUDGED = "judged", _("待确认")
    WRITING = "writing", _("写入中")
    DONE = "done", _("已导入")


class ImportRun(OfStation):
    """One file that was read: what it would do, and, once committed, what it did.

    `content` holds the table as it was read while its columns are still to be mapped, sealed under a key
    of the run's own (the rows of a file may be about persons); the rows lie in `ImportPart`s under the same
    key. After `expires_at` the key is destroyed and only the counts remain. `done` says how many parts the
    present state is through with: whoever carries the run goes on from there.
    """

    data = LOG

    id = models.UUIDField(primary_key=True)
    what = Char(max_length=40, data=LOG)
    filename = Char(max_length=120, data=LOG)
    file_digest = Char(max_length=64, data=LOG)
    options = Json(default=dict, data=LOG)
    mapping = Json(default=dict, data=LOG)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.JUDGED)
    parts = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    ok = models.PositiveIntegerField()
    failed = models.PositiveIntegerField()
    skipped = models.PositiveIntegerField()
    content = SecretField(data=UPLOADED)
    by_name = Char(max_length=60, data=LOG)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    committed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            # the list of past runs, and those whose content must go
            models.Index(fields=["station", "created_at"], name="importrun_recent"),
            # those somebody must carry on
            models.Index(
                fields=["station"],
                name="importrun_carried",
                condition=models.Q(state__in=["judging", "writing"]),
            ),
        )
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.what} {self.filename}"

    @property
    def rows(self) -> int:
        return self.ok + self.failed + self.skipped

    @property
    def is_carried(self) -> bool:
        """Whether there is work left that nobody need wait for."""
        return self.state in (ImportState.JUDGING, ImportState.WRITING)


class ImportPart(OfStation):
    """Some rows of a run with their verdicts: as many as are judged and written in one transaction."""

    data = LOG

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    number = models.PositiveIntegerField()
    ok = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    content = SecretField(data=UPLOADED)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["station", "run", "number"], name="importpart_number"),
        )
        ordering = ("number",)

    def __str__(self) -> str:
        return f"{self.run_id} {self.number}"


class ImportMapping(OfStation):
    """How somebody else's columns become ours, under a name; `headers` is the fingerprint of the file's."""

    data = PUBLIC

    what = Char(max_length=40, data=PUBLIC)
    name = Char(max_length=60, data=PUBLIC)
    headers = Char(max_length=64, data=PUBLIC)
    content = Json(default=dict, data=PUBLIC)
    by_name = Char(max_length=60, data=LOG)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["station", "what", "name"], name="importmapping_name"),
        )
        ordering = ("what", "name")

    def __str__(self) -> str:
        return str(self.name)
