"""A photo: what came, from whom, when; its picture sealed under a key of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.functions import Now

from fengqiao.ground.models import OfStation
from fengqiao.people.models import Person
from fengqiao.store.declare import KIND_LIFE, LOG, WORK, Char, Data, DataClass
from fengqiao.store.secrets import SecretField
from fengqiao.store.vault import Key

if TYPE_CHECKING:
    from uuid import UUID

PICTURE = Data(DataClass.IN_NEED, "上门办理留证", "人民警察法第6条；个人信息保护法第13条第3项", KIND_LIFE)


class PhotoKind(models.TextChoices):
    PHOTO = "photo", "照片"
    SIGNATURE = "signature", "签名"


class Photo(OfStation):
    """One picture. Its id is made by whoever took it; `sha256`, `media` and `size` are of the bytes as they came.

    What is kept is drawn anew from them: upright, at most 1600 pixels long (`width` x `height`), without a
    word of metadata. `taken_at` is the device's word, `received_at` the server's. The point comes from the
    form, never from the file. `subject` is the matter it belongs to; nothing yet, for seven days.
    A party who came by a link is nobody of ours: `by` is empty, and it is their matter's from the beginning.

    Destroying the key `vault` ends the picture wherever a copy of the row has gone.
    """

    data = WORK

    id: models.UUIDField[Any, UUID] = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=10, choices=PhotoKind.choices, default=PhotoKind.PHOTO)
    sha256 = Char(max_length=64, data=LOG)
    media = Char(max_length=20, data=WORK)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    taken_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    subject: models.UUIDField[Any, UUID | None] = models.UUIDField(null=True)
    vault = models.ForeignKey(Key, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    image = SecretField(data=PICTURE)
    thumb = SecretField(data=PICTURE)

    class Meta:
        indexes = (
            # a matter's end: its photos
            models.Index(fields=["subject"], name="photo_of", condition=models.Q(subject__isnull=False)),
            # the retention run: what nobody has used
            models.Index(
                fields=["station", "received_at"], name="photo_unused", condition=models.Q(subject=None)
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
