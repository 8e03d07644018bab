"""One seal: what was added to the logs of a station in an interval, bound to the seal before it."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import models

from fengqiao.kit.ids import canonical
from fengqiao.store.declare import LOG, Bytes, Json

BEFORE_THE_FIRST = bytes(32)
_LEAF = struct.Struct(">q32s")
Leaf = tuple[int, bytes]  # a row's id and its SHA-256


@dataclass(frozen=True, slots=True)
class Part:
    """How far one table is sealed: every row is, but those with `tx >= until` and `id > floor`.

    `rows` were added by this seal, rendered by `columns`; `top` is the largest id sealed so far. `floor`
    is 0 until the numbers of transactions run back, as they do when a backup is restored elsewhere.
    """

    table: str
    until: int = 0
    floor: int = 0
    top: int = 0
    rows: int = 0
    columns: tuple[str, ...] = ()


class Seal(models.Model):
    """`digest` is SHA-256 over everything else of the row; `leaves` hold id and digest of each sealed row,
    table by table in the order of `parts`."""

    data = LOG
    append_only = True

    station_id = models.BigIntegerField()
    number = models.BigIntegerField()
    at = models.DateTimeField()
    previous = Bytes(data=LOG)
    parts = Json(data=LOG)
    leaves = Bytes(data=LOG)
    digest = Bytes(data=LOG)

    class Meta:
        app_label = "store"
        constraints = (models.UniqueConstraint(fields=["station_id", "number"], name="seal_number"),)

    def __str__(self) -> str:
        return f"{self.number} {self.short}"

    @property
    def short(self) -> str:
        """The first eight hexadecimal digits: enough to compare by eye."""
        return bytes(self.digest).hex()[:8]

    @property
    def rows(self) -> int:
        return sum(part["rows"] for part in self.parts)

    def told(self) -> list[Part]:
        return [Part(**{**part, "columns": tuple(part["columns"])}) for part in self.parts]

    def leaves_of(self) -> Iterator[tuple[Part, list[Leaf]]]:
        """Each table's part with its leaves."""
        leaves = list(_LEAF.iter_unpack(bytes(self.leaves)))
        begin = 0
        for part in self.told():
            yield part, leaves[begin : begin + part.rows]
            begin += part.rows

    def computed(self) -> bytes:
        """What `digest` must be."""
        head = {
            "station": self.station_id,
            "number": self.number,
            "at": self.at.astimezone(UTC).isoformat(),
            "previous": bytes(self.previous).hex(),
            "parts": self.parts,
        }
        return hashlib.sha256(canonical(head) + bytes(self.leaves)).digest()

    def line(self) -> dict[str, Any]:
        """What is copied out of the database."""
        return {
            "number": self.number,
            "at": self.at.astimezone(UTC).isoformat(),
            "rows": self.rows,
            "previous": bytes(self.previous).hex(),
            "digest": bytes(self.digest).hex(),
        }

    @classmethod
    def over(
        cls, *, station_id: int, before: Seal | None, at: datetime, found: Iterable[tuple[Part, list[Leaf]]]
    ) -> Seal:
        """The next seal, not yet saved."""
        pairs = list(found)
        seal = cls(
            station_id=station_id,
            number=before.number + 1 if before else 1,
            at=at,
            previous=bytes(before.digest) if before else BEFORE_THE_FIRST,
            parts=[{**asdict(part), "columns": list(part.columns)} for part, _ in pairs],
            leaves=b"".join(_LEAF.pack(*leaf) for _, leaves in pairs for leaf in leaves),
        )
        seal.digest = seal.computed()
        return seal


def last_seal() -> Seal | None:
    """The newest seal of the station said, without its leaves."""
    return Seal.objects.defer("leaves").order_by("-number").first()
