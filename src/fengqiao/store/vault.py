"""Words about a person in need are stored under a key that can be destroyed.

Each matter (or other subject) owns one random key; the key is stored wrapped by the station's master
key, which lies outside the database. Destroying the key makes the words unreadable wherever a copy of
the row has gone. AES-256-GCM (NIST SP 800-38D); the table, column and row are bound in as associated
data, so a ciphertext moved to another row does not open.
"""

from __future__ import annotations

import base64
import hmac
import os
import uuid
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

from fengqiao.kit.ids import canonical
from fengqiao.store.declare import Bytes, Data, DataClass, Life

NONCE = 12
KEYS = Data(DataClass.LOG, "加密保护个人信息", "个人信息保护法第51条", Life("到期销毁", 0))


class Unreadable(Exception):
    """The key is gone (destroyed on its day) or the bytes are not what was stored."""


def master_key() -> bytes:
    """32 bytes from the deployment's secrets; never in the database."""
    return base64.b64decode(settings.FENGQIAO_MASTER_KEY)


def new_wrapped_key() -> bytes:
    """A fresh 256-bit key, wrapped by the master key."""
    return _seal(master_key(), AESGCM.generate_key(256), b"key")


def _seal(key: bytes, plain: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound)


def _open(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], bound)
    except InvalidTag as error:
        raise Unreadable from error


def fingerprint(content: Any) -> str:
    """Keyed digest (HMAC-SHA-256): tells equal contents apart without letting a phone number be guessed."""
    return hmac.new(master_key(), canonical(content), "sha256").hexdigest()


class Key(models.Model):
    """One subject's wrapped key. `wrapped` empty means destroyed: what it sealed is gone for good."""

    data = KEYS

    id = models.UUIDField(primary_key=True)
    station_id = models.BigIntegerField()
    wrapped = Bytes(null=True, data=KEYS)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "store"
        db_table = "store_key"

    def __str__(self) -> str:
        return f"key {self.id}"

    @classmethod
    def fresh(cls, *, subject: uuid.UUID, station_id: int) -> Key:
        """The subject's key, not yet saved; its id is the subject's."""
        return cls(id=subject, station_id=station_id, wrapped=new_wrapped_key())

    def seal(self, words: str, *, column: str) -> bytes:
        return _seal(self._plain(), words.encode(), self._bound(column))

    def open(self, sealed: bytes | memoryview, *, column: str) -> str:
        """Raises Unreadable when the key was destroyed."""
        return _open(self._plain(), bytes(sealed), self._bound(column)).decode()

    def _plain(self) -> bytes:
        if self.wrapped is None:
            raise Unreadable
        return _open(master_key(), bytes(self.wrapped), b"key")

    def _bound(self, column: str) -> bytes:
        return f"{self.station_id}|{self.id}|{column}".encode()
