"""What is sealed opens again, whatever sealed it; what was changed or moved does not."""

from __future__ import annotations

import os
import uuid

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fengqiao.kit.problems import WordsDestroyed
from fengqiao.store.ciphers import NONCE, SUITES, Unreadable, open_sealed, seal
from fengqiao.store.vault import Key, fingerprint, fingerprints

KEY = bytes(range(32))
WORDS = "事主甲 13900000001".encode()


@pytest.mark.parametrize("name", SUITES)
def test_what_is_sealed_opens_and_shows_nothing(name: str):
    sealed = seal(name, KEY, WORDS, b"row")

    assert sealed[:1] == SUITES[name].mark
    assert WORDS not in sealed
    assert open_sealed(KEY, sealed, b"row") == WORDS


@pytest.mark.parametrize("name", SUITES)
def test_a_changed_moved_or_cut_seal_does_not_open(name: str):
    sealed = seal(name, KEY, WORDS, b"row")
    flipped = sealed[:-1] + bytes([sealed[-1] ^ 1])
    other = next(suite.mark for suite in SUITES.values() if suite.mark != sealed[:1])

    for key, body, bound in (
        (KEY, flipped, b"row"),
        (KEY, sealed, b"another row"),
        (os.urandom(32), sealed, b"row"),
        (KEY, other + sealed[1:], b"row"),
        (KEY, sealed[:20], b"row"),
        (KEY, b"", b"row"),
    ):
        with pytest.raises(Unreadable):
            open_sealed(key, body, bound)


@pytest.mark.parametrize("first", [b"\x00", b"\x01", b"\x02"])
def test_bytes_of_before_the_mark_still_open(first: bytes):
    """Old bytes begin with a random nonce, which may look like a mark."""
    nonce = first + os.urandom(NONCE - 1)
    old = nonce + AESGCM(KEY).encrypt(nonce, WORDS, b"row")

    assert open_sealed(KEY, old, b"row") == WORDS


def test_sm4_is_the_national_cipher():
    """GB/T 32907 example 1: the block cipher beneath is SM4 and no other."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    block = bytes.fromhex("0123456789abcdeffedcba9876543210")
    worker = Cipher(algorithms.SM4(block), modes.ECB()).encryptor()

    assert worker.update(block).hex() == "681edf34d206965e86b3e94f536e4246"


def test_a_station_that_changes_its_cipher_reads_what_it_wrote(settings):
    key = Key.fresh(subject=uuid.uuid4(), station_id=1)
    by_aes = key.seal("甲", column="words")

    settings.FENGQIAO_CIPHER = "sm4-gcm"
    by_sm4 = key.seal("乙", column="words")
    fresh = Key.fresh(subject=uuid.uuid4(), station_id=1)

    assert by_sm4[:1] == bytes(fresh.wrapped)[:1] == SUITES["sm4-gcm"].mark
    settings.FENGQIAO_CIPHER = "aes-gcm"
    assert [key.open(sealed, column="words") for sealed in (by_aes, by_sm4)] == ["甲", "乙"]


def test_a_repeat_is_known_again_after_the_cipher_changed(settings):
    before = fingerprint(["sign", {"a": 1}])

    settings.FENGQIAO_CIPHER = "sm4-gcm"

    assert fingerprint(["sign", {"a": 1}]) != before
    assert before in fingerprints(["sign", {"a": 1}])
    assert before not in fingerprints(["sign", {"a": 2}])


def test_nothing_is_sealed_under_a_destroyed_key():
    key = Key(id=uuid.uuid4(), station_id=1, wrapped=None)

    with pytest.raises(WordsDestroyed, match="请登记新事项"):
        key.seal("甲", column="words")
