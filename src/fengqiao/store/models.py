"""What the store itself keeps: keys, signs of life, and the record of what was destroyed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import models

from fengqiao.store.appended import Appended
from fengqiao.store.declare import LOG, Char, Data, DataClass, Life
from fengqiao.store.lives import Gone
from fengqiao.store.seals import Seal
from fengqiao.store.vault import Key

__all__ = ["Destruction", "Heartbeat", "Key", "Seal"]

# The proof that something was destroyed outlives what was destroyed; it names no person but who signed.
PROOF = Data(DataClass.LOG, "数据销毁可证明", "个人信息保护法第47条、第51条", Life("系统运行", None))


class Heartbeat(models.Model):
    """When a part of the program last did its round; the board shows red when the clocks stand still."""

    data = LOG

    name = Char(max_length=40, primary_key=True, data=LOG)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.name)


class Destruction(Appended):
    """What a retention run ended in one batch, or a person's request: the set, its basis and life, how many, how, by whom, when.

    Added to and never changed: the record of destruction a supervisor may ask for. `run` joins the batches
    of one run; `by_name` is the system on its day, or who signed; `second_name` who signed with them.
    """

    data = PROOF

    station_id = models.BigIntegerField()
    run = models.UUIDField()
    at = models.DateTimeField()
    what = Char(max_length=200, data=PROOF)
    says = Char(max_length=200, data=PROOF)
    basis = Char(max_length=200, data=PROOF)
    life = Char(max_length=60, data=PROOF)
    method = Char(max_length=20, data=PROOF)
    count = models.PositiveIntegerField()
    by_name = Char(max_length=60, data=PROOF)
    second_name = Char(max_length=60, blank=True, data=PROOF)

    class Meta:
        indexes = (
            models.Index(fields=["station_id", "at"], name="destruction_recent"),
            models.Index(fields=["station_id", "tx", "id"], name="destruction_tail"),
        )
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.what} {self.count}"

    @classmethod
    def of(
        cls, gone: Gone, *, run: UUID, station_id: int, at: datetime, by_name: str, second_name: str = ""
    ) -> Destruction:
        """The record of what was ended, not yet saved."""
        return cls(
            station_id=station_id,
            run=run,
            at=at,
            what=gone.what[:200],
            says=gone.says[:200],
            basis=gone.basis[:200],
            life=gone.life,
            method=gone.method,
            count=gone.count,
            by_name=by_name,
            second_name=second_name,
        )
