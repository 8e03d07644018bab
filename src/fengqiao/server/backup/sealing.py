"""The sealed stream of a backup: what is cut off, moved, added or changed is refused, not read.

Layout: MAGIC, four bytes length, a JSON head that holds the wrapped key, then chunks of 1 MiB, each under
AES-256-GCM. A chunk's nonce is its number (11 bytes) and whether it is the last one (1 byte): the STREAM
construction (Hoang, Reyhanitabar, Rogaway and Vizár 2015). The key is made for one file, so numbers never
repeat under a key; the digest of the head is bound into every chunk.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fengqiao.server.backup.locks import BackupRefused, Lock

MAGIC = b"fengqiao backup 1\n"
CHUNK = 1024 * 1024
TAG = 16
LONGEST_HEAD = 64 * 1024


class SealedWriter:
    """A file to write plain bytes into; `close` seals the last chunk and leaves the file under it open."""

    def __init__(self, file: BinaryIO, lock: Lock) -> None:
        key = AESGCM.generate_key(256)
        head = json.dumps(lock.wrap(key), sort_keys=True).encode()
        start = MAGIC + len(head).to_bytes(4, "big") + head
        file.write(start)
        self._file, self._cipher = file, AESGCM(key)
        self._bound = hashlib.sha256(start).digest()
        self._held = bytearray()
        self._number = 0

    def write(self, plain: bytes) -> int:
        self._held += plain
        # One whole chunk is held back: only at the end is it known which one is the last.
        while len(self._held) > CHUNK:
            self._seal(bytes(self._held[:CHUNK]), last=False)
            del self._held[:CHUNK]
        return len(plain)

    def close(self) -> None:
        self._seal(bytes(self._held), last=True)
        self._held.clear()

    def _seal(self, plain: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last=last), plain, self._bound))
        self._number += 1


class SealedReader:
    """A file to read plain bytes from; every byte given out was authenticated.

    Raises BackupRefused. Whoever reads has read the whole only when `read` gave nothing more.
    """

    def __init__(self, file: BinaryIO, lock: Lock, watch: Callable[[int], None] | None = None) -> None:
        start, head = _head(file)
        self._file, self._cipher = file, AESGCM(lock.unwrap(head))
        self._bound = hashlib.sha256(start).digest()
        self._plain = b""
        self._number = 0
        self._ended = False
        self._next = file.read(CHUNK + TAG)
        self._watch = watch

    def read(self, size: int) -> bytes:
        """At most `size` bytes; nothing at the end."""
        parts, wanted = [], size
        while wanted and (self._plain or self._open_next()):
            part, self._plain = self._plain[:wanted], self._plain[wanted:]
            parts.append(part)
            wanted -= len(part)
        return b"".join(parts)

    def _open_next(self) -> bool:
        while not self._ended and not self._plain:
            sealed, self._next = self._next, self._file.read(CHUNK + TAG)
            self._ended = not self._next
            try:
                nonce = _nonce(self._number, last=self._ended)
                self._plain = self._cipher.decrypt(nonce, sealed, self._bound)
            except InvalidTag as error:
                where = self._number * (CHUNK + TAG) // CHUNK
                raise BackupRefused(f"备份不完整或已损坏（约第 {where} MB 处），不能用来恢复。") from error
            self._number += 1
            if self._watch:
                self._watch(len(sealed))
        return bool(self._plain)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _head(file: BinaryIO) -> tuple[bytes, dict[str, Any]]:
    magic = file.read(len(MAGIC))
    if magic != MAGIC:
        raise BackupRefused("这不是枫桥的备份文件，或文件开头已损坏。")
    size = file.read(4)
    length = int.from_bytes(size, "big")
    raw = file.read(length) if length <= LONGEST_HEAD else b""
    try:
        head = json.loads(raw)
    except ValueError as error:
        raise BackupRefused("备份文件的开头不完整或已损坏。") from error
    if len(size) < 4 or not isinstance(head, dict):
        raise BackupRefused("备份文件的开头不完整或已损坏。")
    return magic + size + raw, head


def size_of(file: BinaryIO) -> int:
    return os.fstat(file.fileno()).st_size
