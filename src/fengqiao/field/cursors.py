"""How far a phone has read: the event log, the register of places, and under which posts and forms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import connection

from fengqiao.kit.problems import BadInput
from fengqiao.matters.queries import Cursor

# The database's clock and a writer's may differ by so much.
MARGIN = timedelta(seconds=5)


BEFORE_ALL = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Part:
    """How far the register has been told, by id: up to which place, and how many."""

    after: UUID = BEFORE_ALL
    told: int = 0

    def __str__(self) -> str:
        return f"{self.after.hex}-{self.told}"

    @classmethod
    def read(cls, text: str) -> Part:
        after, _, told = text.partition("-")
        if len(after) != 32 or not (told.isascii() and told.isdigit()):
            raise ValueError(text)
        return cls(UUID(after), int(told))


@dataclass(frozen=True, slots=True)
class PhoneCursor:
    """`places`: from when on changes of places are told again. `scope` changes with the person's posts,
    `frame` with forms, people, communities and cards. `part`: while the register is still being told for the first
    time; `places` stays the mark of its beginning until then, so that what changed meanwhile is told after it."""

    events: Cursor
    places: datetime
    scope: str
    frame: str
    part: Part | None = None

    def __str__(self) -> str:
        marks = f"{self.events}.{int(self.places.timestamp() * 1000)}.{self.scope}.{self.frame}"
        return marks if self.part is None else f"{marks}.{self.part}"

    @classmethod
    def read(cls, text: str) -> PhoneCursor:
        """Raises BadInput for anything but a cursor this program gave."""
        parts = text.split(".")
        wrong = BadInput.at("cursor", "游标无效，请重新开始")
        if len(text) > 200 or len(parts) not in (5, 6) or not (parts[2].isascii() and parts[2].isdigit()):
            raise wrong
        places = datetime.fromtimestamp(min(int(parts[2]), 32503680000000) / 1000, tz=UTC)
        try:
            part = Part.read(parts[5]) if len(parts) == 6 else None
        except ValueError:
            raise wrong from None
        return cls(Cursor.read(f"{parts[0]}.{parts[1]}"), places, parts[3], parts[4], part)


def look_back() -> datetime:
    """When the oldest transaction still running began: what it writes bears a later time, whenever it commits.

    So a place saved by a slow writer is told once it is there, although others saved later were told before.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT least(min(xact_start), now()) FROM pg_stat_activity WHERE datname = current_database()"
        )
        (since,) = cursor.fetchone()
    found: datetime = since
    return found - MARGIN
