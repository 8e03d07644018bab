"""The ciphers words are sealed with, and the keyed digests beside them: AES-256-GCM with HMAC-SHA-256, or
SM4-GCM with HMAC-SM3 where a deployment must use the national ones (GB/T 32907, GB/T 32905).

Sealed bytes begin with one byte that says which. Bytes of before that byte have none: they open as
AES-256-GCM, told apart by GCM's own tag, so nothing stored has to be rewritten.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE, TAG = 12, 16
DEFAULT = "aes-gcm"
Work = Callable[[bytes, bytes, bytes, bytes], bytes]  # key of 32 bytes, nonce, text, bound data


class Unreadable(Exception):
    """The key is gone (destroyed on its day) or the bytes are not what was stored."""


@dataclass(frozen=True, slots=True)
class Suite:
    """One choice: `mark` is the first byte of what it sealed."""

    mark: bytes
    seal: Work
    open: Work
    hash: Callable[[], hashes.HashAlgorithm]


def keyed_digest(key: bytes, content: bytes, algorithm: hashes.HashAlgorithm) -> bytes:
    """HMAC, 32 bytes."""
    mac = hmac.HMAC(key, algorithm)
    mac.update(content)
    return mac.finalize()


def seal(name: str, key: bytes, plain: bytes, bound: bytes) -> bytes:
    """mark | nonce | ciphertext | tag; the mark is bound in too, so that it cannot be swapped."""
    suite, nonce = SUITES[name], os.urandom(NONCE)
    return suite.mark + nonce + suite.seal(key, nonce, plain, suite.mark + bound)


def open_sealed(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    """Whatever sealed it; raises Unreadable. A first byte that looks like a mark may be an old nonce's."""
    for work, body, tied in _readings(sealed, bound):
        try:
            return work(key, body[:NONCE], body[NONCE:], tied)
        except (InvalidTag, ValueError):
            continue
    raise Unreadable


def _readings(sealed: bytes, bound: bytes) -> Iterator[tuple[Work, bytes, bytes]]:
    for suite in SUITES.values():
        if sealed[:1] == suite.mark:
            yield suite.open, sealed[1:], suite.mark + bound
    yield _aes_open, sealed, bound


def _aes_seal(key: bytes, nonce: bytes, plain: bytes, bound: bytes) -> bytes:
    return AESGCM(key).encrypt(nonce, plain, bound)


def _aes_open(key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
    return AESGCM(key).decrypt(nonce, sealed, bound)


def _sm4_seal(key: bytes, nonce: bytes, plain: bytes, bound: bytes) -> bytes:
    worker = Cipher(algorithms.SM4(_sm4_key(key)), modes.GCM(nonce)).encryptor()
    worker.authenticate_additional_data(bound)
    return worker.update(plain) + worker.finalize() + worker.tag


def _sm4_open(key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
    worker = Cipher(algorithms.SM4(_sm4_key(key)), modes.GCM(nonce, sealed[-TAG:])).decryptor()
    worker.authenticate_additional_data(bound)
    return worker.update(sealed[:-TAG]) + worker.finalize()


def _sm4_key(key: bytes) -> bytes:
    """SM4 takes 16 bytes: derived by HMAC-SM3, so one stored key never serves two ciphers."""
    return keyed_digest(key, b"fengqiao sm4-gcm", hashes.SM3())[:16]


SUITES = {
    "aes-gcm": Suite(b"\x01", _aes_seal, _aes_open, hashes.SHA256),
    "sm4-gcm": Suite(b"\x02", _sm4_seal, _sm4_open, hashes.SM3),
}
