"""The phone's own door: enrolled by a code, lent its part of the key, wiped."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from fengqiao.kit.problems import SignInNeeded
from fengqiao.people.commands.phones import MOST_PINS, enrol, lease, note_wiped
from fengqiao.people.doors import person
from fengqiao.people.models import Person
from fengqiao.people.phone_calls import PhoneNeeded, PhoneOfAnother, calling_phone
from fengqiao.people.phone_keys import packed, station_point, unpacked
from fengqiao.store.scope import say

router = Router(tags=["field"])


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class EnrolmentAsked(Asked):
    """`key`: the phone's public signing key, an uncompressed P-256 point in base64url."""

    code: str = Field(min_length=1, max_length=64)
    key: str = Field(min_length=1, max_length=200)
    name: str = Field(default="", max_length=60)


class Enrolled(BaseModel):
    """`station_key`: what the phone seals its outbox to."""

    phone: UUID
    person: UUID
    name: str
    station_key: str
    now: datetime


class LeaseAsked(Asked):
    wrong_pins: int = Field(default=0, ge=0, le=MOST_PINS)


class Lent(BaseModel):
    """`part`: 32 bytes, base64url; held until `until` and no longer."""

    part: str
    until: datetime
    now: datetime


class Standing(BaseModel):
    phone: UUID
    now: datetime


class Emptied(BaseModel):
    wiped: Literal[True] = True


def phones(refusals: dict[int, Any]) -> Router:
    """The door for phones; `refusals` are the documented problem answers of the API it hangs in."""

    @router.post(
        "/field/phones", auth=None, response={201: Enrolled, **refusals}, summary="Enrol a phone by its code"
    )
    def post_phone(request: HttpRequest, payload: EnrolmentAsked) -> Status[Enrolled]:
        at = timezone.now()
        name = payload.name.replace("\x00", "").strip()
        phone = enrol(code=payload.code, public_key=unpacked(payload.key), name=name, at=at)
        told = Enrolled(
            phone=phone.pk,
            person=phone.person_id,
            name=Person.objects.get(pk=phone.person_id).name,
            station_key=packed(station_point(phone.station_id)),
            now=at,
        )
        return Status(201, told)

    @router.get(
        "/field/phone",
        auth=None,
        response={200: Standing, **refusals},
        summary="Whether this phone still stands",
    )
    def get_phone(request: HttpRequest) -> Standing:
        """Without a session: a locked phone, too, hears at its next contact that it is to be wiped."""
        return Standing(phone=calling_phone(request).pk, now=timezone.now())

    @router.post("/field/lease", response={200: Lent, **refusals}, summary="Borrow the server's key part")
    def post_lease(request: HttpRequest, payload: LeaseAsked) -> Lent:
        at = timezone.now()
        phone = calling_phone(request)
        if phone.person_id != person(request).pk:
            raise PhoneOfAnother
        lent = lease(phone=phone, wrong_pins=payload.wrong_pins, at=at)
        return Lent(part=packed(lent.part), until=lent.until, now=at)

    @router.post(
        "/field/wiped", auth=None, response={200: Emptied, **refusals}, summary="Say that this phone is empty"
    )
    def post_wiped(request: HttpRequest, payload: LeaseAsked) -> Emptied:
        """Without a session: a phone wiped months later is still heard."""
        try:
            phone = calling_phone(request, even_wiped=True)
        except PhoneNeeded:
            raise SignInNeeded from None
        say(station=phone.station_id)
        note_wiped(phone=phone, wrong_pins=payload.wrong_pins, at=timezone.now())
        return Emptied()

    return router
