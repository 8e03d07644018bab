"""Words about a person in need are stored under a key that can be destroyed.

Each matter (or other subject) owns one random key; the key is stored wrapped by the station's master
key, which lies outside the database. Destroying the key makes the words unreadable wherever a copy of
the row has gone (copies of the key: see keys_apart). AES-256-GCM (NIST SP 800-38D) or, by setting,
SM4-GCM; station, subject and column are bound in, so a ciphertext moved to another row does not open.
"""

from __future__ import annotations

import base64
import os
import uuid
from typing import Any

from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.db import models

from fengqiao.kit.ids import canonical
from fengqiao.kit.problems import WordsDestroyed
from fengqiao.store.ciphers import SUITES, Unreadable, keyed_digest, open_sealed, seal
from fengqiao.store.declare import Bytes, Data, DataClass, Life

__all__ = ["Key", "Unreadable", "fingerprint", "fingerprints", "master_key", "new_wrapped_key"]
KEYS = Data(DataClass.LOG, "加密保护个人信息", "个人信息保护法第51条", Life("到期销毁", 0))


def master_key() -> bytes:
    """32 bytes from the deployment's secrets; never in the database."""
    return base64.b64decode(settings.FENGQIAO_MASTER_KEY)


def new_wrapped_key() -> bytes:
    """A fresh 256-bit key, wrapped by the master key."""
    return _seal(master_key(), os.urandom(32), b"key")


def _seal(key: bytes, plain: bytes, bound: bytes) -> bytes:
    return seal(settings.FENGQIAO_CIPHER, key, plain, bound)


def fingerprint(content: Any) -> str:
    """Keyed digest: tells equal contents apart without letting a phone number be guessed."""
    return _digest(settings.FENGQIAO_CIPHER, content)


def fingerprints(content: Any) -> frozenset[str]:
    """The digest under every suite: a repeat is known again after a deployment changed its cipher."""
    return frozenset(_digest(name, content) for name in SUITES)


def _digest(name: str, content: Any) -> str:
    return keyed_digest(master_key(), canonical(content), SUITES[name].hash()).hex()


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
        """Raises WordsDestroyed when the key was destroyed: nothing new may be written under it."""
        return self.seal_bytes(words.encode(), column=column)

    def open(self, sealed: bytes | memoryview, *, column: str) -> str:
        """Raises Unreadable when the key was destroyed."""
        return self.open_bytes(sealed, column=column).decode()

    def seal_bytes(self, plain: bytes, *, column: str) -> bytes:
        """Like seal, for what is no words: a picture."""
        if self.wrapped is None:
            raise WordsDestroyed
        return _seal(self._plain(), plain, self._bound(column))

    def open_bytes(self, sealed: bytes | memoryview, *, column: str) -> bytes:
        return open_sealed(self._plain(), bytes(sealed), self._bound(column))

    def derived(self, purpose: str) -> bytes:
        """32 bytes that only this key gives for this purpose; raises Unreadable when it was destroyed."""
        return keyed_digest(self._plain(), self._bound(purpose), hashes.SHA256())

    def _plain(self) -> bytes:
        if self.wrapped is None:
            raise Unreadable
        return open_sealed(master_key(), bytes(self.wrapped), b"key")

    def _bound(self, column: str) -> bytes:
        return f"{self.station_id}|{self.id}|{column}".encode()
