"""Where a request comes from: its address, and whether this browser is one an account has used before.

The cookie holds a random id and keyed digests of accounts, signed; no name, nothing of the machine.
"""

from __future__ import annotations

import ipaddress
import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from fengqiao.people.models import Person
from fengqiao.store.vault import fingerprint

COOKIE = "fengqiao_device"
LIFE = 180 * 86400
MOST_ACCOUNTS = 20
_SALT = "fengqiao.device"


def address_of(request: HttpRequest) -> str:
    """The caller's address; an IPv6 one by its /64, which one household or attacker holds whole."""
    told = str(request.META.get("REMOTE_ADDR", ""))
    proxies: int = settings.TRUSTED_PROXIES
    if proxies:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
        told = hops[-proxies] if len(hops) >= proxies else told
    try:
        address = ipaddress.ip_address(told)
    except ValueError:
        return told[:60]
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


def device_digest(device: str) -> str:
    """As the logs keep it: by the station's key, enough to tell two apart."""
    return fingerprint(["signed-in-device", device])


def digest_of(request: HttpRequest) -> str:
    """Of the browser that signed in, or of the token that came instead; empty for neither."""
    device = str(_held(request)["id"]) or request.headers.get("Authorization", "")
    return device_digest(device) if device else ""


def known_device(request: HttpRequest, username: str) -> str:
    """This browser's id, if the account has signed in from it before; else empty."""
    held = _held(request)
    return str(held["id"]) if _mark(username) in held["accounts"] else ""


def remember(request: HttpRequest, response: HttpResponse, person: Person) -> str:
    """Note in the browser that this account has signed in here; gives the browser's id."""
    held = _held(request)
    device = str(held["id"]) or secrets.token_hex(16)
    mark = _mark(person.username or "")
    accounts = [mark, *(other for other in held["accounts"] if other != mark)][:MOST_ACCOUNTS]
    response.set_cookie(
        COOKIE,
        signing.dumps({"id": device, "accounts": accounts}, salt=_SALT),
        max_age=LIFE,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return device


def _held(request: HttpRequest) -> dict[str, Any]:
    try:
        held: dict[str, Any] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=LIFE)
    except signing.BadSignature:
        return {"id": "", "accounts": []}
    return held


def _mark(username: str) -> str:
    return fingerprint(["device-account", username])[:24]
