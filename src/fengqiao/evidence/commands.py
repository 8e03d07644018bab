"""keep_photo, attach, forget: how a photo comes, to what it belongs, and how it ends."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from pydantic import model_validator

from fengqiao.evidence.drawing import Drawn, draw
from fengqiao.evidence.media import media_of
from fengqiao.evidence.models import Photo, PhotoKind
from fengqiao.kit.ids import uuid7
from fengqiao.kit.inputs import Choice, Input, asks
from fengqiao.kit.problems import (
    BadInput,
    FieldError,
    Forbidden,
    KeyReused,
    Problem,
    TooLarge,
    TooMany,
    WordsDestroyed,
)
from fengqiao.people.actors import Actor
from fengqiao.people.roles import SERVING
from fengqiao.people.throttle import note, require_few
from fengqiao.store.scope import require_transaction
from fengqiao.store.secrets import Secret
from fengqiao.store.vault import Key

MOST_BYTES = 12 * 2**20
# By link: so many photos of one matter in all, and so many that could not be kept within ten minutes.
MOST_BY_PARTY = 27
SCOPE, WRONG_ONES, WINDOW = "party_photo", 10, timedelta(minutes=10)


class Purpose(Choice):
    PHOTO = PhotoKind.PHOTO.value, "照片"
    SIGNATURE = PhotoKind.SIGNATURE.value, "签名"


class PhotoGiven(Input):
    """What comes beside the bytes; the point is the device's at the time, if the person let it say one."""

    id: UUID = asks("编号", hint="由拍摄者生成；重复提交得到第一次的结果")
    kind: Purpose = asks("用途", default=Purpose.PHOTO)
    taken_at: datetime | None = asks("拍摄时间", default=None)
    lon: float | None = asks("经度", default=None, ge=-180, le=180, allow_inf_nan=False)
    lat: float | None = asks("纬度", default=None, ge=-90, le=90, allow_inf_nan=False)
    accuracy: float | None = asks("定位精度(米)", default=None, ge=0, le=1e7, allow_inf_nan=False)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.lon is None) != (self.lat is None):
            raise ValueError("经度和纬度须同时填写")
        if self.taken_at is not None and self.taken_at.tzinfo is None:
            raise ValueError("拍摄时间须带时区，如 2022-05-10T10:02:00+08:00")
        return self


@dataclass(frozen=True, slots=True)
class Kept:
    """`repeated`: these bytes had come under this id before; nothing was written now."""

    photo: Photo
    repeated: bool = False


def keep_photo(*, given: PhotoGiven, content: bytes, by: Actor) -> Kept:
    """Take a photo in, drawn anew and sealed. The same id with the same bytes gives the first result.

    Raises Forbidden, TooLarge, UnsupportedFile, BadInput (cannot be read), TooMany, KeyReused.
    """
    require_transaction()
    _require_right(by)
    if len(content) > MOST_BYTES:
        raise TooLarge(_("照片不能超过 {} MB").format(MOST_BYTES // 2**20))
    media, mark = media_of(content), hashlib.sha256(content).hexdigest()
    before = _before(given.id, mark, by)
    if before is not None:
        return Kept(before, repeated=True)
    _require_room(by)
    return keep_drawn(given=given, drawn=draw(content, media), content=content, media=media, by=by)


def keep_photo_of_party(*, given: PhotoGiven, content: bytes, by: Actor, at: datetime) -> Kept:
    """`keep_photo` for whoever came by a link; ten files that were none within ten minutes have to wait."""
    require_few(SCOPE, str(by.party_to), most=WRONG_ONES, window=WINDOW, at=at)
    try:
        return keep_photo(given=given, content=content, by=by)
    except Problem:
        note(SCOPE, str(by.party_to), at=at)
        raise


def keep_drawn(*, given: PhotoGiven, drawn: Drawn, content: bytes, media: str, by: Actor) -> Kept:
    """Keep a picture that was drawn already: `content` is what it was drawn from."""
    require_transaction()
    _require_right(by)
    mark = hashlib.sha256(content).hexdigest()
    photo = Photo(
        id=given.id,
        station_id=by.station_id,
        kind=given.kind.value,
        sha256=mark,
        media=media,
        size=len(content),
        width=drawn.width,
        height=drawn.height,
        taken_at=given.taken_at,
        by_id=by.person_id,
        lon=given.lon,
        lat=given.lat,
        accuracy_m=given.accuracy,
        subject=by.party_to,
    )
    return _written(photo, drawn, by)


def _require_right(by: Actor) -> None:
    """Who serves, and a party to the matter of their link."""
    serves = by.person_id is not None and by.roles & frozenset(SERVING)
    if not serves and by.party_to is None:
        raise Forbidden(_("您的岗位不能上传照片"))


def _require_room(by: Actor) -> None:
    """Raises TooMany where a link has brought as many as one matter takes."""
    if by.party_to is None:
        return
    if Photo.objects.filter(subject=by.party_to, by=None).count() >= MOST_BY_PARTY:
        raise TooMany(_("通过链接最多上传 {} 张照片，其余请交给来核查的人员").format(MOST_BY_PARTY))


def _own(photo: Photo, by: Actor) -> bool:
    """Whether this actor sent it: the person, or the party to this very matter."""
    return photo.by_id == by.person_id and (by.party_to is None or photo.subject == by.party_to)


def _before(photo_id: UUID, mark: str, by: Actor) -> Photo | None:
    """The photo of this id, if it is this person's and has these bytes; raises KeyReused otherwise."""
    found = Photo.objects.defer("image", "thumb").filter(pk=photo_id).first()
    if found is not None and (found.sha256 != mark or not _own(found, by)):
        raise KeyReused(_("这个编号已用于另一张照片，未作任何改动"))
    return found


def _written(photo: Photo, drawn: Drawn, by: Actor) -> Kept:
    """Of two that come at once the second waits for the first, and is its repeat."""
    key = Key.fresh(subject=uuid7(), station_id=photo.station_id)
    photo.vault = key
    photo.image = Secret(sealed=key.seal_bytes(drawn.image, column="image"))
    photo.thumb = Secret(sealed=key.seal_bytes(drawn.thumb, column="thumb"))
    try:
        with transaction.atomic():
            key.save(force_insert=True)
            photo.save(force_insert=True)
    except IntegrityError:
        before = _before(photo.pk, photo.sha256, by)
        if before is None:  # another station's: it is not told
            raise KeyReused(_("这个编号已用于另一张照片，未作任何改动")) from None
        return Kept(before, repeated=True)
    return Kept(photo)


def attach(
    found: Sequence[tuple[str, UUID]], *, subject: UUID, key: Key, by: Actor, parent: UUID | None = None
) -> None:
    """The photos of an answer belong to the matter from now on, and end when its words do. `found` are
    (field, photo); `key` is the matter's.

    Whoever uploaded a photo attaches it; one that belongs to this matter already, or to the one this was
    raised from (`parent`), stays where it is. Raises BadInput naming each wrong field, WordsDestroyed.
    """
    if not found:
        return
    require_transaction()
    rows = Photo.objects.filter(pk__in={photo_id for _field, photo_id in found}).only("subject", "by_id")
    photos = {photo.pk: photo for photo in rows.order_by("pk").select_for_update()}
    theirs = {subject, parent}
    wrong = tuple(
        FieldError(field, says)
        for field, photo_id in found
        if (says := _wrong(photos.get(photo_id), theirs, by))
    )
    if wrong:
        raise BadInput(wrong[0].says, errors=wrong)
    fresh = [photo.pk for photo in photos.values() if photo.subject is None]
    if fresh and key.wrapped is None:
        raise WordsDestroyed
    Photo.objects.filter(pk__in=fresh).update(subject=subject)


def _wrong(photo: Photo | None, theirs: set[UUID | None], by: Actor) -> str:
    """What is wrong with a photo; another person's looks like none. A party names what they sent themselves."""
    theirs = theirs - {None}
    if photo is not None and photo.subject in theirs and (by.party_to is None or _own(photo, by)):
        return ""
    if photo is None or not _own(photo, by):
        return str(_("没有这张照片，请重新拍摄上传"))
    return str(_("这张照片已用于另一件事，请重新拍摄")) if photo.subject is not None else ""


def forget(subjects: Iterable[UUID], *, at: datetime) -> int:
    """Destroy the pictures of matters whose words end, and the points; gives how many. What stays is that
    there was one: when, by whom, its digest."""
    require_transaction()
    return _end([*Photo.objects.filter(subject__in=list(subjects)).values_list("pk", "vault_id")], at)


def _end(found: Sequence[tuple[UUID, UUID]], at: datetime) -> int:
    if found:
        Key.objects.filter(pk__in=[vault for _photo, vault in found]).update(wrapped=None, destroyed_at=at)
        gone = dict.fromkeys(("image", "thumb", "lon", "lat", "accuracy_m"))
        Photo.objects.filter(pk__in=[photo for photo, _vault in found]).update(**gone)
    return len(found)


def drop_unused(found: Sequence[tuple[UUID, UUID]], *, at: datetime) -> int:
    """Photos no act has used: their keys are destroyed, their rows deleted. The id may come again."""
    _end(found, at)
    Photo.objects.filter(pk__in=[photo for photo, _vault in found]).delete()
    return len(found)
