from django.db import models

from fengqiao.store.declare import LOG, Char
from fengqiao.store.seals import Seal
from fengqiao.store.vault import Key

__all__ = ["Heartbeat", "Key", "Seal"]


class Heartbeat(models.Model):
    """When a part of the program last did its round; the board shows red when the clocks stand still."""

    data = LOG

    name = Char(max_length=40, primary_key=True, data=LOG)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.name)
