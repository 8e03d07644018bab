"""A phone without a screen: keys as the app makes them, calls signed and visits sealed as it does."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from fengqiao.people.commands import make_enrolment
from fengqiao.people.phone_keys import packed, unpacked
from tests.doors import client_of
from tests.station import SmallStation


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@dataclass
class FakePhone:
    """`client` is its browser: signed in, or not."""

    client: Client
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: str = ""
    station_key: bytes = b""
    part: bytes = b""

    def enrol(self, code: str, name: str = "测试机") -> Any:
        answer = self.client.post(
            "/api/v1/field/phones",
            {"code": code, "key": packed(point(self.key)), "name": name},
            content_type="application/json",
        )
        if answer.status_code == 201:
            self.id, self.station_key = answer.json()["phone"], unpacked(answer.json()["station_key"])
        return answer

    def open(self) -> None:
        """Lent the server's part, and its PIN entered."""
        self.part = unpacked(self.post("/field/lease", {}).json()["part"])

    def sign(self, said: bytes) -> str:
        r, s = utils.decode_dss_signature(self.key.sign(said, ec.ECDSA(hashes.SHA256())))
        return packed(r.to_bytes(32, "big") + s.to_bytes(32, "big"))

    def headers(self, method: str, path: str, body: str = "", at: datetime | None = None) -> dict[str, str]:
        time = str(int((at or datetime.now(UTC)).timestamp() * 1000))
        said = "\n".join([method, path, time, hashlib.sha256(body.encode()).hexdigest()])
        proof = hmac.digest(self.part, f"fengqiao open\n{said}".encode(), "sha256") if self.part else b""
        opened = {"X-Phone-Open": packed(proof)} if proof else {}
        return {
            "X-Phone": self.id,
            "X-Phone-Time": time,
            "X-Phone-Sign": self.sign(said.encode()),
            **opened,
        }

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(f"/api/v1{path}", headers=self.headers("GET", f"/api/v1{path}", **more))

    def post(self, path: str, body: Any, **more: Any) -> Any:
        text = json.dumps(body)
        headers = self.headers("POST", f"/api/v1{path}", text, **more)
        return self.client.post(f"/api/v1{path}", text, content_type="application/json", headers=headers)

    def sealed(self, what: str, id: UUID | str, plain: bytes, at: datetime | None = None) -> dict[str, Any]:
        """What lies in the outbox: an envelope and a file."""
        once, nonce = ec.generate_private_key(ec.SECP256R1()), os.urandom(12)
        peer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), self.station_key)
        shared = once.exchange(ec.ECDH(), peer)
        key = HKDF(hashes.SHA256(), 32, point(once), b"fengqiao sealed for the station").derive(shared)
        sealed_at = int((at or timezone.now()).timestamp() * 1000)
        outside = f"fengqiao sealed 1\n{what}\n{id}\n{self.id}\n{sealed_at}"
        text = AESGCM(key).encrypt(nonce, plain, outside.encode())
        head = {"phone": self.id, "id": str(id), "sealed_at": sealed_at, "point": packed(point(once)), "nonce": packed(nonce)}  # fmt: skip
        said = f"{outside}\n{head['point']}\n{head['nonce']}\n{hashlib.sha256(text).hexdigest()}"
        return {**head, "sign": self.sign(said.encode()), "file": SimpleUploadedFile("sealed", text)}

    def carry(self, what: str, package: dict[str, Any]) -> Any:
        path = f"/api/v1/{what}s/sealed"
        return self.client.post(path, package, headers=self.headers("POST", path))


def phone_of(place: SmallStation, who: str) -> FakePhone:
    """Enrolled by its person and signed in; the station stays said."""
    found = FakePhone(client_of(place, who))
    code = make_enrolment(person_id=place.people[who].pk, by=place.actor(who), at=timezone.now())
    assert found.enrol(code).status_code == 201
    return found
