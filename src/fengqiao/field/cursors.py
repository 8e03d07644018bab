"""How far a phone has read: the event log, the register of places, and under which posts and forms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection

from fengqiao.kit.problems import BadInput
from fengqiao.matters.queries import Cursor

# The database's clock and a writer's may differ by so much.
MARGIN = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class PhoneCursor:
    """`places`: from when on changes of places are told again. `scope` changes with the person's posts,
    `frame` with forms, people, communities and cards."""

    events: Cursor
    places: datetime
    scope: str
    frame: str

    def __str__(self) -> str:
        return f"{self.events}.{int(self.places.timestamp() * 1000)}.{self.scope}.{self.frame}"

    @classmethod
    def read(cls, text: str) -> PhoneCursor:
        """Raises BadInput for anything but a cursor this program gave."""
        parts = text.split(".")
        if len(text) > 200 or len(parts) != 5 or not (parts[2].isascii() and parts[2].isdigit()):
            raise BadInput.at("cursor", "游标无效，请重新开始")
        places = datetime.fromtimestamp(min(int(parts[2]), 32503680000000) / 1000, tz=UTC)
        return cls(Cursor.read(f"{parts[0]}.{parts[1]}"), places, parts[3], parts[4])


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
