"""Phones: enrolled by a code, leased a part of their key while they are heard of, wiped on order."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from fengqiao.kit.ids import uuid7
from fengqiao.kit.problems import BadInput, Forbidden, NotFound, Problem
from fengqiao.people.actors import Actor
from fengqiao.people.models import Person
from fengqiao.people.phone_keys import point_of
from fengqiao.people.phones import Enrolment, Phone
from fengqiao.people.roles import Role
from fengqiao.store.scope import require_transaction, say
from fengqiao.store.vault import Key

CODE_LASTS = timedelta(minutes=10)
LEASE = timedelta(hours=12)
MOST_PINS = 5
# Who enrols and wipes the phones of others.
KEEPERS = frozenset({Role.DESK, Role.CHIEF, Role.SECURITY_ADMIN})


class PhoneWiped(Problem):
    """The app that hears this empties itself."""

    code, status, says = "phone_wiped", 403, "这部手机已被停用，上面的资料须擦除"


class CodeOver(Problem):
    code, status, says = "code_over", 404, "登记码无效、已用过或已过期，请重新生成"


@dataclass(frozen=True, slots=True)
class Leased:
    """`part` is the server's share of the key to what lies on the phone, lent until `until`."""

    part: bytes
    until: datetime


def make_enrolment(*, person_id: UUID, by: Actor, at: datetime) -> str:
    """A code for one phone of this person, in place of any before; nobody can read it again.

    Raises NotFound, BadInput for an account that has ended, Forbidden for another's phone.
    """
    require_transaction()
    maker = _require_hand(person_id, by)
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise NotFound
    if not person.is_active:
        raise BadInput(_("账号已停用"))
    Enrolment.objects.filter(person=person).delete()
    plain = secrets.token_urlsafe(24)
    Enrolment.objects.create(
        station_id=by.station_id,
        person=person,
        made_by_id=maker,
        digest=_digest(plain),
        made_at=at,
        ends_at=at + CODE_LASTS,
    )
    return plain


def enrol(*, code: str, public_key: bytes, name: str, at: datetime) -> Phone:
    """Whoever holds the code binds this key to its person; the code is spent. Signing in stays to be done.

    Says the station. Raises CodeOver, BadInput for bytes that are no key.
    """
    require_transaction()
    say(enrolment=_digest(code))
    try:
        point_of(public_key)
    except ValueError:
        raise BadInput.at("key", _("手机的密钥不对")) from None
    spent = Enrolment.objects.select_for_update().filter(digest=_digest(code), ends_at__gt=at).first()
    if spent is None:
        raise CodeOver
    say(station=spent.station_id)
    phone = Phone(
        id=uuid7(),
        station_id=spent.station_id,
        person_id=spent.person_id,
        name=name or str(_("手机")),
        public_key=public_key,
        enrolled_at=at,
        enrolled_by_id=spent.made_by_id,
        last_seen_at=at,
    )
    Key.fresh(subject=phone.pk, station_id=phone.station_id).save(force_insert=True)
    phone.save(force_insert=True)
    spent.delete()
    return phone


def lease(*, phone: Phone, wrong_pins: int, at: datetime) -> Leased:
    """Lend the phone the server's part for twelve hours from now; the same part each time."""
    require_transaction()
    held = Phone.objects.select_for_update().get(pk=phone.pk)
    if held.is_over:
        raise PhoneWiped
    held.lease_until, held.last_seen_at, held.wrong_pins = at + LEASE, at, wrong_pins
    held.save(update_fields=["lease_until", "last_seen_at", "wrong_pins"])
    return Leased(Key.objects.get(pk=phone.pk).derived("lease"), held.lease_until)


def order_wipe(*, phone_id: UUID, by: Actor, at: datetime) -> Phone:
    """From now on the phone is refused everywhere and its part of the key is gone for good, whether or not
    it is ever heard of again. Raises NotFound; Forbidden for another's phone."""
    require_transaction()
    phone = Phone.objects.select_for_update().filter(pk=phone_id).first()
    if phone is None:
        raise NotFound
    orderer = _require_hand(phone.person_id, by)
    if not phone.is_over:
        _end(phone, at, ordered_by=orderer)
    return phone


def note_wiped(*, phone: Phone, wrong_pins: int, at: datetime) -> None:
    """The phone says it is empty, by order or of itself after five wrong PINs."""
    require_transaction()
    held = Phone.objects.select_for_update().get(pk=phone.pk)
    if held.wiped_at is not None:
        return
    held.wrong_pins, held.wiped_at = wrong_pins, at
    held.save(update_fields=["wrong_pins", "wiped_at"])
    if held.wipe_ordered_at is None:
        _destroy(held, at)


def wipe_all_of(person: Person, *, by: Person, at: datetime) -> None:
    """Whoever leaves, leaves no phone behind that opens."""
    for phone in Phone.objects.select_for_update().filter(person=person, wipe_ordered_at=None, wiped_at=None):
        _end(phone, at, ordered_by=by.pk)


def _end(phone: Phone, at: datetime, *, ordered_by: UUID) -> None:
    phone.wipe_ordered_at, phone.wipe_ordered_by_id = at, ordered_by
    phone.save(update_fields=["wipe_ordered_at", "wipe_ordered_by"])
    _destroy(phone, at)


def _destroy(phone: Phone, at: datetime) -> None:
    """A session signed in on the phone may lie on it: all of its person's end with the key."""
    Person.objects.filter(pk=phone.person_id).update(rights_version=F("rights_version") + 1)
    Key.objects.filter(pk=phone.pk).update(wrapped=None, destroyed_at=at)


def _require_hand(person_id: UUID, by: Actor) -> UUID:
    """Whose hand it is; raises Forbidden where neither the phone nor the phones are theirs to keep."""
    if by.person_id is None or (by.person_id != person_id and not by.roles & KEEPERS):
        raise Forbidden(_("只能管自己的手机"))
    return by.person_id


def _digest(plain: str) -> str:
    return hashlib.sha256(plain.encode()).hexdigest()
