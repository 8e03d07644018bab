"""Who serves: persons, their posts for a time, their keys to the API, and the log of looks."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from fengqiao.ground.models import Community, OfStation
from fengqiao.people.approval import Approval, ApprovalAnswer
from fengqiao.people.asking import device_digest, request_id
from fengqiao.people.logbook import Export, FindingReview, Opening, OpeningReview, SealCheck, SignIn
from fengqiao.people.phones import Enrolment, Phone
from fengqiao.people.roles import POST_ROLES
from fengqiao.store.appended import Appended
from fengqiao.store.declare import LOG, STAFF, Char, Data, DataClass, Life

__all__ = [
    "ApiToken",
    "Approval",
    "ApprovalAnswer",
    "Enrolment",
    "Export",
    "FindingReview",
    "Look",
    "Opening",
    "OpeningReview",
    "Person",
    "Phone",
    "Post",
    "SealCheck",
    "SignIn",
    "SignInTrial",
]

REACH = Data(DataClass.CONTACT, "联系值勤人员", "人民警察法第6条", Life("离任", 365))
CREDENTIAL = Data(DataClass.STAFF, "身份鉴别", "GB/T 22239-2019 8.1.4.1", Life("离任", 0))


class Person(AbstractBaseUser, OfStation):
    """One who serves: staff, auxiliary, grid member, volunteer. Residents are no Persons.

    `rights_version` grows with every change of password, posts or standing; a session made under an
    older version is dead at its next request.
    """

    data = STAFF

    id = models.UUIDField(primary_key=True)
    username = Char(max_length=60, unique=True, null=True, blank=True, data=STAFF)
    password = Char(max_length=128, blank=True, data=CREDENTIAL)
    name = Char(max_length=60, data=STAFF)
    phone = Char(max_length=30, blank=True, data=REACH)
    language = models.CharField(
        max_length=10, choices=[("zh-hans", "中文"), ("en", "English")], default="zh-hans"
    )
    is_active = models.BooleanField(default=True)
    rights_version = models.PositiveIntegerField(default=1)
    must_change_password = models.BooleanField(default=False)
    password_changed_at = models.DateTimeField(null=True)
    totp_secret = Char(max_length=64, blank=True, data=CREDENTIAL)
    totp_confirmed_at = models.DateTimeField(null=True)
    totp_last_step = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "username"
    objects = BaseUserManager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return str(self.name)


class Post(OfStation):
    """A role in a community (or, with none, the whole station) for a time; `ends_on` is the last day.

    A voided post was a mistake: it counts on no day, and stays to be seen.
    """

    data = STAFF

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts", db_constraint=False)
    role = models.CharField(max_length=20, choices=POST_ROLES)
    community = models.ForeignKey(
        Community, on_delete=models.PROTECT, null=True, blank=True, related_name="posts", db_constraint=False
    )
    title = Char(max_length=60, blank=True, data=STAFF)
    lead = models.BooleanField(default=False, help_text=_("该社区的责任警长"))
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="post_ends_after_start",
            ),
        )
        indexes = (
            # who serves this community today
            models.Index(fields=["station", "community", "role"], name="post_of_community"),
            models.Index(fields=["person"], name="post_of_person"),
        )
        ordering = ("starts_on",)

    def __str__(self) -> str:
        return self.title or str(self.role)


class ApiToken(OfStation):
    """A machine's or a phone's key to the API; only its SHA-256 is stored."""

    data = STAFF

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens", db_constraint=False)
    name = Char(max_length=60, data=STAFF)
    digest = Char(max_length=64, unique=True, data=CREDENTIAL)
    rights_version = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.name)


class SignInTrial(models.Model):
    """One failed sign-in or wrong visit code, by keyed digests of account, address and device: enough to slow
    guessing down."""

    data = LOG

    scope = Char(max_length=20, data=LOG)
    digest = Char(max_length=64, data=LOG)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["scope", "digest", "at"], name="trial_of_scope"),)

    def __str__(self) -> str:
        return str(self.scope)


class Look(OfStation, Appended):
    """One look at words about a person: who, when, why, of which record, from which device and by which request;
    never the words themselves."""

    data = LOG
    forgotten_after = 1095

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    role = models.CharField(max_length=20, choices=POST_ROLES)
    subject = models.UUIDField()
    columns = Char(max_length=200, data=LOG)
    reason = Char(max_length=200, data=LOG)
    task = models.BooleanField()
    at = models.DateTimeField(db_default=Now())
    request_id = Char(max_length=40, blank=True, default=request_id, data=LOG)
    device = Char(max_length=64, blank=True, default=device_digest, db_default="", data=LOG)

    class Meta:
        indexes = (
            models.Index(fields=["station", "subject", "at"], name="look_at_subject"),
            # how often this person looked without a task
            models.Index(fields=["station", "person", "at"], name="look_by_person"),
            models.Index(fields=["station", "tx", "id"], name="look_tail"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.subject}"
