"""Which phone is calling: its id, the time and its signature come in headers of every call of the app.

Signed are the method, the address, the time and, for JSON, the digest of the body. A signature holds five
minutes; within them a repeat does what it did before, as every call of the app may be repeated. While the phone is
open its calls say so too: an idle session goes on for them (docs/decisions/0028).
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from fengqiao.kit.problems import Problem
from fengqiao.people.commands.phones import PhoneWiped
from fengqiao.people.phone_keys import is_signed, unpacked
from fengqiao.people.phones import Phone
from fengqiao.store.ciphers import Unreadable
from fengqiao.store.scope import say
from fengqiao.store.vault import Key

HOLDS = timedelta(minutes=5)
NOTED_EVERY = timedelta(minutes=1)


class PhoneNeeded(Problem):
    code, status, says = "phone_needed", 403, "这部手机还没有登记"


class PhoneClock(Problem):
    """`now` says what time it is: the app corrects itself and asks again."""

    code, status, says = "phone_clock", 403, "手机时间与服务器相差太多"


class PhoneOfAnother(Problem):
    code, status, says = "phone_of_another", 403, "这部手机登记给别人，请用本人的账号登录"


def calling_phone(request: HttpRequest, *, even_wiped: bool = False) -> Phone:
    """The phone whose key signed this call; raises PhoneNeeded, PhoneClock, PhoneWiped."""
    phone = _named(request)
    at, told = timezone.now(), request.headers.get("X-Phone-Time", "")
    signature = unpacked(request.headers.get("X-Phone-Sign", ""))
    if phone is None or not is_signed(phone.public_key, signature, _said(request, told)):
        raise PhoneNeeded
    if phone.is_over and not even_wiped:
        raise PhoneWiped
    if not told.isdigit() or abs(_moment(told) - at) > HOLDS:
        raise PhoneClock(now=at.isoformat())
    return phone


def is_opened(request: HttpRequest, phone_id: str) -> bool:
    """Whether this call comes from that phone, under a running lease, and open: beside the signature it bears a MAC
    under the part it was lent, which lies on the phone under its PIN alone. Its station's wall must have been said.
    """
    if not phone_id or request.headers.get("X-Phone") != phone_id:
        return False
    try:
        phone = calling_phone(request)
        part = Key.objects.get(pk=phone.pk).derived("lease")
    except (Problem, Key.DoesNotExist, Unreadable):
        return False
    said = _said(request, request.headers["X-Phone-Time"])
    proof = hmac.digest(part, b"fengqiao open\n" + said, "sha256")
    leased = phone.lease_until is not None and timezone.now() < phone.lease_until
    return leased and hmac.compare_digest(proof, unpacked(request.headers.get("X-Phone-Open", "")))


def note_seen(phone: Phone) -> None:
    """When it was last heard of, to the minute. Its station's wall must have been said."""
    at = timezone.now()
    if at - phone.last_seen_at >= NOTED_EVERY:
        Phone.objects.filter(pk=phone.pk).update(last_seen_at=at)


def _named(request: HttpRequest) -> Phone | None:
    try:
        named = UUID(request.headers.get("X-Phone", ""))
    except ValueError:
        return None
    say(phone=str(named))
    return Phone.objects.filter(pk=named).first()


def _said(request: HttpRequest, told: str) -> bytes:
    # A multipart body is not read for this: what it carries has an id and a digest of its own.
    body = request.body if request.content_type == "application/json" else b""
    parts = [request.method or "", request.get_full_path(), told, hashlib.sha256(body).hexdigest()]
    return "\n".join(parts).encode()


def _moment(told: str) -> datetime:
    return datetime.fromtimestamp(min(int(told[:16]), 10**14) / 1000, UTC)
