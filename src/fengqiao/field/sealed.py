"""The sealed outbox: what a phone sealed to the station while its person could still read it, and handed in
when nobody on the phone can any more. Opened here, in the name of whose phone sealed it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import File, Form, Router
from ninja.files import UploadedFile
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fengqiao.evidence.commands import MOST_BYTES, PhotoGiven, keep_photo
from fengqiao.field.doors import VisitAnswer, VisitCarried, take_in
from fengqiao.kit.inputs import bad_input, validate
from fengqiao.kit.problems import BadInput, TooLarge
from fengqiao.people.actors import Actor, actor_of
from fengqiao.people.doors import actor
from fengqiao.people.models import Person, Phone
from fengqiao.people.phone_keys import NONCE, POINT, Sealed, is_signed, open_for_station, unpacked
from fengqiao.people.roles import SERVING
from fengqiao.store.ciphers import Unreadable

router = Router(tags=["field"])
ROOM = 4096  # what stands around a picture


class Envelope(BaseModel):
    """What is written on the outside, and signed: which phone sealed what, when (its own clock, in ms)."""

    model_config = ConfigDict(extra="forbid")
    phone: UUID
    id: UUID
    sealed_at: int = Field(ge=0, le=10**14)
    point: str = Field(max_length=100)
    nonce: str = Field(max_length=20)
    sign: str = Field(max_length=100)


class PhotoTaken(BaseModel):
    id: UUID


@dataclass(frozen=True, slots=True)
class Opened:
    """`author` holds their posts of today; `served` those of today or, if none are left, of the day it was sealed."""

    plain: bytes
    author: Actor
    served: Actor


def sealed(refusals: dict[int, Any]) -> Router:
    """The doors for what is sealed; whoever is signed in may carry it, it is its author's all the same."""

    @router.post("/visits/sealed", response={200: VisitAnswer, **refusals}, summary="Hand in a sealed visit")
    def post_visit(request: HttpRequest, file: File[UploadedFile], head: Form[Envelope]) -> VisitAnswer:
        found = _open("visit", head, file, actor(request))
        try:
            payload = VisitCarried.model_validate_json(found.plain)
        except ValidationError as error:
            raise bad_input(error.errors()) from None
        if payload.id != head.id:
            raise BadInput.at("id", "信封与内容不是同一次走访")
        return take_in(payload, found.author, served=found.served)

    @router.post("/photos/sealed", response={200: PhotoTaken, **refusals}, summary="Hand in a sealed photo")
    def post_photo(request: HttpRequest, file: File[UploadedFile], head: Form[Envelope]) -> PhotoTaken:
        """Inside: one line of JSON, then the picture."""
        found = _open("photo", head, file, actor(request))
        line, _, picture = found.plain.partition(b"\n")
        try:
            given = validate(PhotoGiven, json.loads(line))
        except ValueError:
            raise BadInput.at("file", "内容不是照片") from None
        if given.id != head.id:
            raise BadInput.at("id", "信封与内容不是同一张照片")
        return PhotoTaken(id=keep_photo(given=given, content=picture, by=found.served).photo.pk)

    return router


def _open(what: str, head: Envelope, file: UploadedFile, carrier: Actor) -> Opened:
    """Raises BadInput, which is final for the phone, for what no phone of this station sealed, or one that had been
    ordered to wipe by then, or somebody who did not serve."""
    text = file.read(MOST_BYTES + ROOM + 1)
    if len(text) > MOST_BYTES + ROOM:
        raise TooLarge("密封内容过大")
    phone = Phone.objects.filter(pk=head.phone).first()
    outside = f"fengqiao sealed 1\n{what}\n{head.id}\n{head.phone}\n{head.sealed_at}"
    sealed = Sealed(unpacked(head.point), unpacked(head.nonce), text)
    said = f"{outside}\n{head.point}\n{head.nonce}\n{hashlib.sha256(text).hexdigest()}".encode()
    if phone is None or not is_signed(phone.public_key, unpacked(head.sign), said):
        raise BadInput.at("sign", "不是本所登记的手机密封的内容")
    if phone.wipe_ordered_at and datetime.fromtimestamp(head.sealed_at / 1000, UTC) > phone.wipe_ordered_at:
        raise BadInput.at("sealed_at", "手机已被停用，之后密封的内容不予接收")
    if len(sealed.point) != POINT or len(sealed.nonce) != NONCE:
        raise BadInput.at("file", "密封内容不完整")
    try:
        plain = open_for_station(carrier.station_id, sealed, bound=outside.encode())
    except Unreadable:
        raise BadInput.at("file", "密封内容不完整") from None
    return Opened(plain, *_author(phone, sealed_at=datetime.fromtimestamp(head.sealed_at / 1000, UTC)))


def _author(phone: Phone, *, sealed_at: datetime) -> tuple[Actor, Actor]:
    """Whose phone it is, with the posts of today, and as they served: what was done on duty is not lost because
    they left before it arrived."""
    person, now = Person.objects.get(pk=phone.person_id), timezone.now()
    author = actor_of(person=person, day=timezone.localdate(now))
    if author.roles & SERVING:
        return author, author
    served = actor_of(person=person, day=timezone.localdate(min(sealed_at, now)))
    if not served.roles & SERVING:
        raise BadInput.at("phone", "密封时已不在岗，不予接收")
    return author, served
