"""The second factor: six digits of the moment (TOTP, RFC 6238), each good for one sign-in.

The shared secret is stored sealed under the master key, which lies outside the database.
"""

from __future__ import annotations

import base64
import hmac
import os
from datetime import datetime
from uuid import UUID

import pyotp
import segno
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils.translation import gettext as _

from fengqiao.kit.problems import BadInput
from fengqiao.kit.text import digits
from fengqiao.people.commands.accounts import locked, rights_changed
from fengqiao.people.models import Person
from fengqiao.store.vault import master_key

STEP = 30  # seconds a code stands for
DRIFT = 1  # steps a clock may be off
_NONCE = 12


def new_secret(person_id: UUID) -> str:
    """A fresh 160-bit secret, sealed for this person; not yet theirs."""
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(master_key()).encrypt(nonce, os.urandom(20), person_id.bytes)
    return base64.b64encode(nonce + sealed).decode()


def words_of(sealed: str, person_id: UUID) -> str:
    """The secret as an authenticator takes it, in base32."""
    raw = base64.b64decode(sealed)
    return base64.b32encode(
        AESGCM(master_key()).decrypt(raw[:_NONCE], raw[_NONCE:], person_id.bytes)
    ).decode()


def picture(sealed: str, person: Person) -> str:
    """The QR code an authenticator reads, as a data address of an SVG."""
    totp = pyotp.TOTP(words_of(sealed, person.pk))
    address = totp.provisioning_uri(name=person.username or str(person.pk), issuer_name="fengqiao")
    return str(segno.make(address, error="m").svg_data_uri(scale=5, border=3, light="white"))


def confirm(*, person_id: UUID, sealed: str, code: str, at: datetime) -> Person:
    """The authenticator shows the right digits: from now on they are asked. Raises BadInput."""
    person = locked(person_id)
    step = _matching(words_of(sealed, person.pk), code, at=at)
    if step is None:
        raise BadInput.at("code", _("验证码不对，请核对手机时间后再试"))
    person.totp_secret, person.totp_confirmed_at, person.totp_last_step = sealed, at, step
    return rights_changed(person, "totp_secret", "totp_confirmed_at", "totp_last_step")


def is_asked(person: Person) -> bool:
    return person.totp_confirmed_at is not None


def spend(person: Person, code: str, *, at: datetime) -> bool:
    """Whether the digits are right and were not used before; a right code is used up by asking."""
    step = _matching(words_of(person.totp_secret, person.pk), code, at=at)
    if step is None:
        return False
    fresh = Person.objects.filter(pk=person.pk, totp_last_step__lt=step)
    return fresh.update(totp_last_step=step) == 1


def _matching(secret: str, code: str, *, at: datetime) -> int | None:
    totp, typed = pyotp.TOTP(secret), digits(code)
    now = int(at.timestamp()) // STEP
    right = [
        step
        for step in range(now - DRIFT, now + DRIFT + 1)
        if hmac.compare_digest(totp.generate_otp(step), typed)
    ]
    return right[-1] if right else None
