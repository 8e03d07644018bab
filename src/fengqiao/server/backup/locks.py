"""What opens a backup: a passphrase somebody remembers, or the key file of the installation.

A lock wraps the random key of one file. Under a passphrase the station's own secrets travel in the file,
so that whoever has both can restore on a bare machine. Under the key file they do not: file and keys are
apart, and the master key has to be brought from where it is kept.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from fengqiao.server.cannot_start import CannotStart

NONCE = 12
SALT = 16
SHORTEST = 12
# 128 MiB and about half a second a guess; what a file asks for is bounded, so that it cannot exhaust us.
COST, BLOCK, LANES = 2**17, 8, 1
DEAREST = 2**20


class BackupRefused(CannotStart):
    """A backup that is not made, not believed or not restored; the text says why and what to do."""


class Lock(Protocol):
    carries_secrets: bool

    def wrap(self, key: bytes) -> dict[str, Any]:
        """What the head of the file says: plain JSON."""

    def unwrap(self, head: Mapping[str, Any]) -> bytes:
        """The file's key; raises BackupRefused."""


@dataclass(frozen=True)
class Passphrase:
    words: bytes
    carries_secrets = True

    def wrap(self, key: bytes) -> dict[str, Any]:
        salt = os.urandom(SALT)
        said = {"lock": "passphrase", "salt": _text(salt), "n": COST, "r": BLOCK, "p": LANES}
        return said | {"wrapped": _wrap(self._derived(salt, COST, BLOCK, LANES), key)}

    def unwrap(self, head: Mapping[str, Any]) -> bytes:
        if head.get("lock") != "passphrase":
            raise BackupRefused("这份备份不是用口令锁的，而是用备份密钥文件：请用 --key-file 指出它。")
        cost, block, lanes = (int(head[name]) for name in ("n", "r", "p"))
        if not 1 < cost <= DEAREST or block != BLOCK or lanes != LANES:
            raise BackupRefused("备份文件的开头已损坏。")
        salt = base64.b64decode(head["salt"])
        return _unwrap(self._derived(salt, cost, block, lanes), head, "口令不对，或文件开头已损坏。")

    def _derived(self, salt: bytes, n: int, r: int, p: int) -> bytes:
        return Scrypt(salt=salt, length=32, n=n, r=r, p=p).derive(self.words)


@dataclass(frozen=True)
class KeyFile:
    text: bytes
    carries_secrets = False

    def wrap(self, key: bytes) -> dict[str, Any]:
        return {"lock": "key", "wrapped": _wrap(self._derived(), key)}

    def unwrap(self, head: Mapping[str, Any]) -> bytes:
        if head.get("lock") != "key":
            raise BackupRefused("这份备份是用口令锁的：请用 --passphrase-file 指出写有口令的文件。")
        return _unwrap(self._derived(), head, "备份密钥不对，或文件开头已损坏。")

    def _derived(self) -> bytes:
        return HKDF(SHA256(), 32, salt=None, info=b"fengqiao backup").derive(self.text)


def passphrase_in(path: Path) -> Passphrase:
    """The first line of the file; refuses one too short to stand against guessing."""
    words = _line(path)
    if len(words.decode(errors="replace")) < SHORTEST:
        raise BackupRefused(f"口令太短：{path} 的第一行至少要有 {SHORTEST} 个字符。")
    return Passphrase(words)


def key_in(path: Path) -> KeyFile:
    return KeyFile(_line(path))


def _line(path: Path) -> bytes:
    try:
        line = path.read_bytes().split(b"\n", 1)[0].strip()
    except OSError as error:
        raise BackupRefused(f"读不到 {path}（{error.strerror}）。") from error
    if not line:
        raise BackupRefused(f"{path} 的第一行是空的。")
    return line


def _wrap(under: bytes, key: bytes) -> str:
    nonce = os.urandom(NONCE)
    return _text(nonce + AESGCM(under).encrypt(nonce, key, b"fengqiao backup key"))


def _unwrap(under: bytes, head: Mapping[str, Any], says: str) -> bytes:
    try:
        wrapped = base64.b64decode(head["wrapped"])
        return AESGCM(under).decrypt(wrapped[:NONCE], wrapped[NONCE:], b"fengqiao backup key")
    except (InvalidTag, ValueError) as error:
        raise BackupRefused(says) from error


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
