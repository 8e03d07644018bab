"""Ids and digests: made by whoever creates the thing, the phone too."""

from __future__ import annotations

import hashlib
import json
import os
import time
import uuid
from typing import Any


def uuid7(*, at_ms: int | None = None) -> uuid.UUID:
    """A UUIDv7 (RFC 9562 §5.7): 48 bits of milliseconds, then 74 random bits; sorts by time of making."""
    ms = time.time_ns() // 1_000_000 if at_ms is None else at_ms
    value = (ms << 80) | int.from_bytes(os.urandom(10), "big")
    value &= ~(0xF << 76) & ~(0x3 << 62)
    return uuid.UUID(int=value | (0x7 << 76) | (0x2 << 62))


def canonical(content: Any) -> bytes:
    """The bytes two equal contents share, whatever the order of their keys."""
    return json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str
    ).encode()


def digest(content: Any) -> str:
    """SHA-256 of the canonical content, hex; tells a repeat from a reuse with other content."""
    return hashlib.sha256(canonical(content)).hexdigest()
