"""What a phone's keys are for: signing what it asks, and sealing what only the server may open.

All of it is NIST P-256, which every browser has (WebCrypto). The station's own pair is worked out from the
master key, so that no private key lies in the database; docs/decisions/0024 describes the bytes.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fengqiao.store.ciphers import Unreadable, keyed_digest
from fengqiao.store.vault import master_key

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
SIGNED, POINT, NONCE = 64, 65, 12
_ECDSA = ec.ECDSA(hashes.SHA256())


@dataclass(frozen=True, slots=True)
class Sealed:
    """Bytes for the station: the sender's one-time point, the nonce, the text with its tag."""

    point: bytes
    nonce: bytes
    text: bytes


def station_point(station_id: int) -> bytes:
    """The station's public key, as phones are told it."""
    return _private(station_id).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def open_for_station(station_id: int, sealed: Sealed, *, bound: bytes) -> bytes:
    """ECDH with the one-time point, HKDF-SHA256, AES-256-GCM; raises Unreadable for anything else."""
    try:
        shared = _private(station_id).exchange(ec.ECDH(), point_of(sealed.point))
        key = HKDF(hashes.SHA256(), 32, sealed.point, b"fengqiao sealed for the station").derive(shared)
        return AESGCM(key).decrypt(sealed.nonce, sealed.text, bound)
    except (InvalidTag, ValueError):
        raise Unreadable from None


def point_of(raw: bytes) -> ec.EllipticCurvePublicKey:
    """Raises ValueError for what is no point of the curve."""
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, raw)


def is_signed(public_key: bytes, signature: bytes, said: bytes) -> bool:
    """Whether the phone of this key signed these bytes (ECDSA-SHA256, r and s of 32 bytes each)."""
    if len(signature) != SIGNED:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        point_of(bytes(public_key)).verify(utils.encode_dss_signature(r, s), said, _ECDSA)
    except (InvalidSignature, ValueError):
        return False
    return True


def unpacked(text: str, *, most: int = 200) -> bytes:
    """Base64url, without padding; empty for what is none."""
    if len(text) > most:
        return b""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return b""


def packed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _private(station_id: int) -> ec.EllipticCurvePrivateKey:
    seed = keyed_digest(master_key(), f"fengqiao phones of station {station_id}".encode(), hashes.SHA512())
    return ec.derive_private_key(int.from_bytes(seed, "big") % (ORDER - 1) + 1, CURVE)
